"""Which planned shift a check-in belongs to: early, on time, late, or a walk-in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.policy import DutyPolicy
from kiosk.domain.roster import Match, Punctuality, ends_at, match_shift, starts_at
from sync.protocol.reference import RosteredShift

TEN = datetime(2027, 3, 5, 2, 0, tzinfo=UTC)  # ten o'clock in Luoyang
USUAL = DutyPolicy()


def shift(start_min: float = 0, length_min: float = 120, *, id_: str = "a", volunteer: str = "V1") -> RosteredShift:
    start_ms = int((TEN + timedelta(minutes=start_min)).timestamp() * 1000)
    return RosteredShift(id_, volunteer, "张晓明", "tutoring", start_ms, start_ms + int(length_min * 60_000))


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
    match = match_shift("V1", at, roster, USUAL)
    if match.shift is None:
        assert match.punctuality is Punctuality.WALK_IN
    else:
        assert match.shift.volunteer == "V1"
        assert starts_at(match.shift) - timedelta(hours=1) <= at < ends_at(match.shift)
        assert (match.punctuality is Punctuality.EARLY) == (at < starts_at(match.shift))
