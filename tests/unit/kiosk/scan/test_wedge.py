"""Readers that type are told from people who do, whatever layout, lock or method the machine has."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.scan.wedge import KEYS, KeyStroke, Wedge, WedgeLimits
from tests.support.community import Community

MS = 1_000_000
ENTER, TAB, PAD_ENTER, ESCAPE, F1, SHIFT = 40, 43, 88, 41, 58, 225
PLACES: dict[str, tuple[int, bool]] = {}
for _place, _signs in KEYS.items():
    for _at, _sign in enumerate(_signs):
        PLACES.setdefault(_sign, (_place, _at == 1))
CARD = Community().certificate()
BASE45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"


def strokes(text: str, gaps_ms: Sequence[float], *, end: int = ENTER, caps: bool = False) -> list[KeyStroke]:
    """Return a reader's keys and its ending, each so long after the one before."""
    pressed, at_ns = [], 10**9
    keys = [*(PLACES[sign] for sign in text), (end, False)]
    for (place, shifted), gap_ms in zip(keys, gaps_ms, strict=True):
        at_ns += round(gap_ms * MS)
        pressed.append(KeyStroke(place, shifted, caps, repeated=False, after_ns=at_ns, at_ns=at_ns))
    return pressed


def steady(text: str, gap_ms: float, **how: bool | int) -> list[KeyStroke]:
    return strokes(text, [gap_ms] * (len(text) + 1), **how)  # type: ignore[arg-type]


def typed(keys: Sequence[KeyStroke], limits: WedgeLimits | None = None) -> list[str]:
    wedge = Wedge(limits or WedgeLimits())
    return [text for key in keys if (text := wedge.press(key)) is not None]


def seen_in_frames(keys: Sequence[KeyStroke], frame_ms: float) -> list[KeyStroke]:
    """Return the keys as a window tells them, which looks once a frame."""
    frame_ns = round(frame_ms * MS)
    return [
        KeyStroke(key.scancode, key.shifted, key.caps, key.repeated, after, after + frame_ns)
        for key in keys
        for after in [key.at_ns // frame_ns * frame_ns]
    ]


@pytest.mark.parametrize("end", [ENTER, TAB, PAD_ENTER])
@pytest.mark.parametrize("gap_ms", [0, 1, 10, 30])
def test_a_burst_with_its_ending_is_a_code(end: int, gap_ms: float) -> None:
    assert typed(steady(CARD, gap_ms, end=end)) == [CARD]


@pytest.mark.parametrize("gap_ms", [60, 90, 150, 400])
def test_a_person_at_a_keyboard_is_never_a_scan(gap_ms: float) -> None:
    assert typed(steady(CARD, gap_ms)) == []


@pytest.mark.parametrize("frame_ms", [8, 33, 70])
def test_a_window_that_looks_once_a_frame_still_tells_them_apart(frame_ms: float) -> None:
    assert typed(seen_in_frames(steady(CARD, 5), frame_ms)) == [CARD]
    assert typed(seen_in_frames(steady(CARD, 60), frame_ms)) == []


def test_a_window_that_stood_still_makes_no_scan_of_what_a_person_typed_meanwhile() -> None:
    assert typed(seen_in_frames(steady("134567890123456789", 80), 3000)) == []


def test_without_an_ending_nothing_is_a_code() -> None:
    assert typed(steady(CARD, 5)[:-1]) == []


def test_two_cards_one_after_another_are_two_codes() -> None:
    assert typed([*steady("first1", 5), *steady("second", 5)]) == ["first1", "second"]


def test_what_a_person_typed_before_does_not_stick_to_a_code() -> None:
    by_hand = steady("abc", 90)[:-1]
    start_ns = by_hand[-1].at_ns
    scan = [
        KeyStroke(key.scancode, key.shifted, key.caps, repeated=False, after_ns=at_ns, at_ns=at_ns)
        for number, key in enumerate(steady("123456", 5))
        for at_ns in [start_ns + 250 * MS + number * 5 * MS]
    ]
    assert typed([*by_hand, *scan]) == ["123456"]


def test_few_keys_are_no_code() -> None:
    assert typed(steady("12345", 1)) == []


def test_a_held_key_is_no_code() -> None:
    first, *_ = steady("x", 30)
    repeats = [KeyStroke(first.scancode, False, False, True, at, at) for at in range(10**9, 2 * 10**9, 30 * MS)]
    assert typed([first, *repeats, *steady("", 30)]) == []


def test_a_burst_over_the_limit_is_dropped_whole() -> None:
    assert typed(steady("1" * 4096, 1)) == ["1" * 4096]
    assert typed(steady("1" * 4097, 1)) == []
    assert typed([*steady("1" * 9000, 1), *steady("123456", 1)]) == ["123456"]


@pytest.mark.parametrize("other", [ESCAPE, F1, SHIFT])
def test_keys_that_type_nothing_are_passed_over(other: int) -> None:
    keys = steady("123456", 1)
    stray = KeyStroke(other, shifted=False, caps=False, repeated=False, after_ns=keys[2].at_ns, at_ns=keys[2].at_ns)
    assert typed([*keys[:3], stray, *keys[3:]]) == ["123456"]


def test_capslock_turns_letters_only() -> None:
    assert typed(steady("LYZ1:aB$", 1, caps=True)) == ["lyz1:Ab$"]


def test_digits_of_the_number_pad_are_digits() -> None:
    pad = [KeyStroke(place, False, False, False, at, at) for at, place in enumerate([*range(89, 99), ENTER])]
    assert typed(pad) == ["1234567890"]


def test_every_sign_of_base45_has_its_key() -> None:
    assert set(BASE45) <= set(PLACES)


@given(st.text(alphabet=sorted(PLACES), min_size=6, max_size=80), st.data())
def test_any_text_comes_through_at_a_readers_pace(text: str, data: st.DataObject) -> None:
    gaps = data.draw(st.lists(st.floats(0, 30), min_size=len(text) + 1, max_size=len(text) + 1))
    assert typed(strokes(text, gaps)) == [text]


@given(st.text(alphabet=sorted(PLACES), max_size=40), st.data())
def test_no_text_comes_through_at_a_persons_pace(text: str, data: st.DataObject) -> None:
    gaps = data.draw(st.lists(st.floats(45, 2000), min_size=len(text) + 1, max_size=len(text) + 1))
    assert typed(strokes(text, gaps)) == []


@given(
    st.lists(
        st.builds(
            KeyStroke,
            st.integers(0, 300),
            st.booleans(),
            st.booleans(),
            st.booleans(),
            st.integers(0, 10**12),
            st.integers(0, 10**12),
        )
    )
)
def test_no_keys_whatever_break_it(keys: list[KeyStroke]) -> None:
    assert all(6 <= len(text) <= 4096 for text in typed(keys))
