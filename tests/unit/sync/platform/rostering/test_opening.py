"""When a point is open: weekly hours, special days that replace them, nights, and two spans that touch."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from sync.platform.rostering.hours import span_of
from sync.platform.rostering.model import EVERYWHERE, Opening, Post, SpecialDay
from sync.platform.rostering.opening import Calendar, overlapping

MONDAY = date(2026, 7, 6)
DAY = timedelta(days=1)


def post(starts: int, ends: int, on: date = MONDAY, point: str = "east") -> Post:
    begin, end = span_of(on, starts * 60, ends * 60)
    return Post("", point, "directions", begin, end, on)


def calendar(*openings: tuple[int, int, int], specials: tuple[SpecialDay, ...] = ()) -> Calendar:
    return Calendar({"east": [Opening(day, opens * 60, closes * 60) for day, opens, closes in openings]}, specials)


def test_a_post_lies_within_the_hours_of_its_weekday() -> None:
    open_on_mondays = calendar((0, 8, 12), (0, 14, 18))
    assert open_on_mondays.is_open(post(8, 12))
    assert open_on_mondays.is_open(post(15, 17))
    assert not open_on_mondays.is_open(post(11, 15))
    assert not open_on_mondays.is_open(post(7, 9))
    assert not open_on_mondays.is_open(post(8, 12, MONDAY + DAY))
    assert not open_on_mondays.is_open(post(8, 12, point="west"))


def test_spans_that_touch_are_one_and_a_night_reaches_into_the_next_day() -> None:
    assert calendar((0, 8, 12), (0, 12, 18)).is_open(post(10, 14))
    night = calendar((0, 20, 6))
    assert night.is_open(post(22, 4))
    assert night.is_open(post(4, 6, MONDAY + DAY))
    assert not night.is_open(post(4, 7, MONDAY + DAY))
    always = calendar(*((day, 0, 24) for day in range(7)))
    assert always.is_open(post(22, 10))


def test_a_special_day_replaces_the_weekday_and_the_own_one_goes_first() -> None:
    closed = SpecialDay("east", MONDAY, None, None, "修整")
    long = SpecialDay(EVERYWHERE, MONDAY, 6 * 60, 22 * 60, "重阳节")
    assert not calendar((0, 8, 18), specials=(closed,)).is_open(post(9, 11))
    assert calendar((0, 8, 18), specials=(long,)).is_open(post(20, 22))
    both = calendar((0, 8, 18), specials=(closed, long))
    assert both.special("east", MONDAY) == closed
    assert both.spans("east", MONDAY) == ()
    assert both.is_special("west", MONDAY)
    assert not both.is_special("east", MONDAY + DAY)
    assert not calendar(specials=(SpecialDay("east", MONDAY, 60, 120, ""),)).is_special("east", MONDAY)


@pytest.mark.parametrize(
    ("spans", "overlap"),
    [
        ([(0, 8, 12), (0, 12, 18)], False),
        ([(0, 8, 12), (1, 9, 11)], False),
        ([(0, 10, 12), (0, 8, 11)], True),
        ([(0, 20, 6), (0, 22, 23)], True),
    ],
)
def test_spans_of_one_weekday_must_not_overlap(spans: list[tuple[int, int, int]], overlap: bool) -> None:
    assert overlapping([Opening(*span) for span in spans]) is overlap
