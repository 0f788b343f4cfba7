"""One card held still is one scan."""

from hypothesis import given
from hypothesis import strategies as st

from kiosk.scan.holdoff import HoldOff

HOLD = 5


def scans(sightings: list[tuple[int, str]], most_texts: int = 32) -> list[tuple[int, str]]:
    holdoff = HoldOff(HOLD, most_texts)
    counted = []
    for now, text in sightings:
        if holdoff.is_new(text, now):
            counted.append((now, text))
        holdoff.see(text, now)
    return counted


def test_one_card_held_still_is_one_scan() -> None:
    assert scans([(now, "A") for now in range(100)]) == [(0, "A")]


def test_a_card_shown_again_after_the_hold_off_is_a_new_scan() -> None:
    assert scans([(0, "A"), (4, "A"), (9, "A")]) == [(0, "A"), (9, "A")]


def test_a_short_gap_does_not_make_a_second_scan() -> None:
    assert scans([(0, "A"), (4, "A"), (8, "A"), (12, "A")]) == [(0, "A")]


def test_another_card_passes_at_once() -> None:
    assert scans([(0, "A"), (1, "B"), (2, "A"), (3, "B")]) == [(0, "A"), (1, "B")]


def test_still_seeing_holds_only_what_is_held() -> None:
    holdoff = HoldOff(HOLD, 32)
    holdoff.see("A", 0)
    holdoff.still_see("A", 4)
    holdoff.still_see("B", 4)
    assert not holdoff.is_new("A", 8)
    assert holdoff.is_new("B", 8)


def test_asking_does_not_hold() -> None:
    holdoff = HoldOff(HOLD, 32)
    assert holdoff.is_new("A", 0)
    assert holdoff.is_new("A", 1)


def test_memory_is_bounded_and_the_oldest_gives_way() -> None:
    holdoff = HoldOff(HOLD, 2)
    for now, text in enumerate("ABC"):
        holdoff.see(text, now)
    assert len(holdoff) == 2
    assert holdoff.is_new("A", 3)
    assert not holdoff.is_new("B", 3)


def test_nothing_is_remembered_longer_than_needed() -> None:
    holdoff = HoldOff(HOLD, 32)
    holdoff.see("A", 0)
    assert holdoff.is_new("B", HOLD)
    assert len(holdoff) == 0


@given(st.lists(st.tuples(st.integers(0, 7), st.sampled_from("ABC"))))
def test_a_scan_is_exactly_a_text_not_seen_within_the_hold_off(steps: list[tuple[int, str]]) -> None:
    now, sightings = 0, []
    for step, text in steps:
        now += step
        sightings.append((now, text))
    expected = []
    last: dict[str, int] = {}
    for now, text in sightings:
        if text not in last or now - last[text] >= HOLD:
            expected.append((now, text))
        last[text] = now
    assert scans(sightings) == expected


@given(st.lists(st.tuples(st.integers(0, 3), st.text(max_size=2))), st.integers(1, 4))
def test_the_memory_never_grows_beyond_its_bound(steps: list[tuple[int, str]], most: int) -> None:
    holdoff, now = HoldOff(HOLD, most), 0
    for step, text in steps:
        now += step
        holdoff.see(text, now)
        assert len(holdoff) <= most
