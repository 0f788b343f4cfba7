"""A usual week shown in parts of days is the week that was set, to the minute."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sync.platform.rostering.model import Weekly
from sync.platform.rostering.usual import Part, days_of, merged, weekly_of

SPANS = st.tuples(st.integers(0, 95), st.integers(1, 96)).filter(lambda span: span[0] < span[1])
WEEKS = st.lists(st.tuples(st.integers(0, 6), SPANS), max_size=12)


@given(WEEKS)
def test_what_is_shown_and_saved_unchanged_changes_nothing(given_week: list[tuple[int, tuple[int, int]]]) -> None:
    week = [Weekly(day, starts * 15, ends * 15) for day, (starts, ends) in given_week]
    whole = {(day, *span) for day in range(7) for span in merged((w.starts, w.ends) for w in week if w.weekday == day)}
    assert {(one.weekday, one.starts, one.ends) for one in weekly_of(days_of(week))} == whole


def test_who_comes_in_the_morning_and_the_afternoon_comes_over_noon() -> None:
    (monday, *_) = days_of([Weekly(0, 8 * 60, 18 * 60)])
    assert monday.parts == {Part.MORNING, Part.AFTERNOON}
    assert monday.exact == ()
    assert weekly_of([monday]) == (Weekly(0, 8 * 60, 18 * 60),)


def test_a_time_that_is_no_whole_part_stays_exact() -> None:
    (monday, *_) = days_of([Weekly(0, 8 * 60 + 30, 11 * 60 + 30)])
    assert (monday.parts, monday.exact) == (frozenset(), ((510, 690),))
