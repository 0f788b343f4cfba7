"""Which planned shift a check-in belongs to: early, on time, late, or a walk-in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.domain.policy import DutyPolicy
from kiosk.domain.roster import (
    Match,
    Presence,
    Punctuality,
    candidates,
    ends_at,
    match_shift,
    shift_elsewhere,
    starts_at,
)
from sync.protocol.crediting import credited_minutes
from sync.protocol.events import Shift
from sync.protocol.reference import NearbyShift, RosteredShift
from sync.protocol.vocabulary import AssignmentState

TEN = datetime(2027, 3, 5, 2, 0, tzinfo=UTC)  # ten o'clock in Luoyang
USUAL = DutyPolicy()


def shift(
    start_min: float = 0,
    length_min: float = 120,
    *,
    id_: str = "a",
    volunteer: str = "V1",
    state: AssignmentState = AssignmentState.ACCEPTED,
) -> RosteredShift:
    start_ms = int((TEN + timedelta(minutes=start_min)).timestamp() * 1000)
    length_ms = int(length_min * 60_000)
    return RosteredShift(id_, volunteer, "张晓明", "tutoring", start_ms, start_ms + length_ms, state=state)


def at(minute: float) -> datetime:
    return TEN + timedelta(minutes=minute)


def stay(began: float, ended: float | None = None) -> Presence:
    return Presence(at(began), None if ended is None else at(ended))


FIRST, SECOND = shift(0, 180, id_="first"), shift(180, 180, id_="second")


def matched(minute: float, *stays: Presence, roster: tuple[RosteredShift, ...] = (FIRST, SECOND)) -> tuple[str, str]:
    match = match_shift("V1", at(minute), roster, USUAL, stays)
    return match.punctuality.value, "" if match.shift is None else match.shift.id


@pytest.mark.parametrize(
    ("minutes", "punctuality"),
    [
        (-60.1, Punctuality.WALK_IN),
        (-60, Punctuality.EARLY),
        (-0.1, Punctuality.EARLY),
        (0, Punctuality.ON_TIME),
        (5, Punctuality.ON_TIME),
        (5.1, Punctuality.LATE),
        (119.9, Punctuality.LATE),
        (120, Punctuality.WALK_IN),
    ],
)
def test_a_shift_matches_from_an_hour_before_its_start_until_its_end(minutes: float, punctuality: Punctuality) -> None:
    match = match_shift("V1", TEN + timedelta(minutes=minutes), [shift()], USUAL)
    expected = None if punctuality is Punctuality.WALK_IN else shift()
    assert match == Match(punctuality, expected)


def test_another_volunteers_shift_is_none_of_mine() -> None:
    assert match_shift("V2", TEN, [shift()], USUAL) == Match(Punctuality.WALK_IN)
    assert match_shift("V1", TEN, [], USUAL) == Match(Punctuality.WALK_IN)


@pytest.mark.parametrize("turn", [1, -1])
def test_of_several_the_nearest_start_is_taken(turn: int) -> None:
    roster = [shift(id_="now"), shift(130, id_="next"), shift(-100, 200, id_="before")][::turn]
    for minutes, nearest in ((0, "now"), (40, "now"), (80, "next"), (-45, "now"), (-55, "before")):
        found = match_shift("V1", TEN + timedelta(minutes=minutes), roster, USUAL)
        assert found.shift is not None
        assert found.shift.id == nearest


@given(st.integers(0, 2**41), st.integers(0, 86_400_000))
def test_the_instants_of_a_shift_are_those_of_its_milliseconds(start_ms: int, length_ms: int) -> None:
    planned = RosteredShift("a", "V1", "x", "tea", start_ms, start_ms + length_ms)
    assert starts_at(planned).timestamp() * 1000 == pytest.approx(start_ms, abs=0.01)
    assert starts_at(planned) <= ends_at(planned)
    assert starts_at(planned).tzinfo is UTC


@given(st.lists(st.tuples(st.integers(-3000, 3000), st.integers(0, 600)), max_size=6), st.integers(-3000, 3000))
def test_a_match_is_one_of_the_volunteers_own_shifts_at_that_time(plan: list[tuple[int, int]], minute: int) -> None:
    roster = [shift(start, length, id_=str(n), volunteer=f"V{n % 2}") for n, (start, length) in enumerate(plan)]
    at = TEN + timedelta(minutes=minute)
    match, possible = match_shift("V1", at, roster, USUAL), candidates("V1", at, roster, USUAL)
    assert bool(possible) == (match.shift is not None), "the ledger is asked only where a shift can be meant"
    if match.shift is None:
        assert match.punctuality is Punctuality.WALK_IN
    else:
        assert match.shift in possible
        assert match.shift.volunteer == "V1"
        assert starts_at(match.shift) - timedelta(hours=1) <= at < ends_at(match.shift)
        assert (match.punctuality is Punctuality.EARLY) == (at < starts_at(match.shift))


@pytest.mark.parametrize(
    ("minute", "stays", "expected"),
    [
        (-5, (), ("early", "first")),
        (175, (), ("early", "second")),
        (175, (stay(-5, 170),), ("early", "second")),
        (185, (stay(-5, 181),), ("on_time", "second")),
        (60, (stay(-5, 40),), ("back", "first")),
        (170, (stay(-5, 168),), ("early", "second")),
        (110, (stay(-5, 100),), ("back", "first")),
        (200, (stay(-5, 185),), ("back", "second")),
        (350, (stay(-5, 346),), ("walk_in", "")),
        (30, (stay(-50, -20),), ("late", "first")),
        (30, (stay(-5),), ("back", "first")),
    ],
)
def test_of_two_shifts_in_a_row_the_one_that_is_meant(
    minute: float, stays: tuple[Presence, ...], expected: tuple[str, str]
) -> None:
    assert matched(minute, *stays) == expected


def test_a_shift_that_was_served_to_its_end_is_not_matched_again() -> None:
    assert matched(170, stay(-5, 166), roster=(FIRST,)) == ("walk_in", "")
    assert matched(170, stay(-5, 164), roster=(FIRST,)) == ("back", "first")


def test_an_accepted_shift_comes_before_an_offered_one_and_coming_is_accepting() -> None:
    offered = shift(0, 180, id_="offered", state=AssignmentState.OFFERED)
    assert matched(0, roster=(offered, shift(50, 60, id_="accepted"))) == ("early", "accepted")
    assert matched(0, roster=(offered,)) == ("on_time", "offered")


@pytest.mark.parametrize("state", sorted(set(AssignmentState) - {AssignmentState.OFFERED, AssignmentState.ACCEPTED}))
def test_what_is_a_draft_or_was_given_up_is_no_shift(state: AssignmentState) -> None:
    assert matched(0, roster=(shift(state=state),)) == ("walk_in", "")


def test_a_shift_that_its_volunteer_said_no_to_is_not_met_late() -> None:
    assert match_shift("V1", at(30), [shift()], USUAL, (), {"a"}) == Match(Punctuality.WALK_IN)


def test_shifts_in_a_row_are_one_stay_and_all_of_it_counts() -> None:
    roster = (FIRST, SECOND, shift(374, 60, id_="third"), shift(460, 60, id_="apart"), shift(0, 999, volunteer="V2"))
    match = match_shift("V1", at(-5), roster[::-1], USUAL)
    assert match.span == (FIRST.starts_ms, FIRST.ends_ms + 254 * 60_000)
    assert match.bounds == match.span
    start_ms = FIRST.starts_ms - 5 * 60_000
    assert match.bounds is not None
    assert credited_minutes(start_ms, 365 * 60 * 10**9, Shift("first", *match.bounds)) == 365
    assert credited_minutes(start_ms, 365 * 60 * 10**9, Shift("first", FIRST.starts_ms, FIRST.ends_ms)) == 200


def test_a_shift_already_served_is_no_part_of_the_stay() -> None:
    assert match_shift("V1", at(190), (FIRST, SECOND), USUAL, [stay(-5, 181)]).span is None


PLANS = st.lists(st.tuples(st.integers(-400, 400), st.integers(5, 300), st.sampled_from(AssignmentState)), max_size=5)
STAYS = st.lists(st.tuples(st.integers(-500, 500), st.integers(0, 300)), max_size=3)


@settings(max_examples=60)
@given(PLANS, STAYS, st.integers(-500, 500))
def test_whatever_is_planned_the_match_is_told_unserved_and_holds_its_span(
    plan: list[tuple[int, int, AssignmentState]], stays: list[tuple[int, int]], minute: int
) -> None:
    roster = [shift(start, length, id_=str(n), state=state) for n, (start, length, state) in enumerate(plan)]
    presences = [stay(began, began + lasted) for began, lasted in stays]
    match = match_shift("V1", at(minute), roster, USUAL, presences)
    again = match_shift("V1", at(minute), roster[::-1], USUAL, presences)
    assert again == match or match.shift != again.shift  # of two equally near the first is taken
    if match.shift is None:
        assert match.bounds is None
        return
    assert match.shift.state in {AssignmentState.OFFERED, AssignmentState.ACCEPTED}
    assert starts_at(match.shift) - timedelta(hours=1) <= at(minute) < ends_at(match.shift)
    last = ends_at(match.shift) - timedelta(minutes=15)
    assert not any(each.ended and each.ended >= last and each.began < ends_at(match.shift) for each in presences)
    assert match.bounds is not None
    assert match.bounds[0] <= match.shift.starts_ms < match.shift.ends_ms <= match.bounds[1]


def test_the_way_is_shown_to_the_shift_that_is_about_now() -> None:
    nearby = [
        NearbyShift(id_, volunteer, "point-2", "牡丹广场", starts.starts_ms, starts.ends_ms)
        for id_, volunteer, starts in (
            ("now", "V1", shift(0, 120)),
            ("later", "V1", shift(200, 60)),
            ("another's", "V2", shift(0, 120)),
        )
    ]
    for minute, expected in ((-61, None), (-60, "now"), (119, "now"), (120, None), (150, "later")):
        found = shift_elsewhere("V1", at(minute), nearby, USUAL)
        assert (None if found is None else found.id) == expected
