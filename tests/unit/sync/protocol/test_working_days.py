"""Ten working days, with public holidays and worked weekends as they were announced."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.protocol.working_days import countdown, deadline_of, earliest_in_time, is_announced, is_workday

UNKNOWN = 2999
DAYS = st.dates(date(2005, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ((2024, 2, 10), (2024, 2, 17)),  # Spring Festival
        ((2024, 5, 1), (2024, 5, 5)),
        ((2024, 10, 1), (2024, 10, 7)),  # National Day
        ((2025, 1, 28), (2025, 2, 4)),  # Spring Festival, of eight days since 2025
        ((2025, 10, 1), (2025, 10, 8)),  # National Day with Mid-autumn
        ((2026, 1, 1), (2026, 1, 3)),
        ((2026, 2, 15), (2026, 2, 23)),  # Spring Festival, the longest ever
        ((2026, 10, 1), (2026, 10, 7)),  # National Day
    ],
)
def test_the_announced_holidays_are_no_working_days(first: tuple[int, int, int], last: tuple[int, int, int]) -> None:
    begin, end = date(*first), date(*last)
    assert not any(is_workday(begin + timedelta(days=each)) for each in range((end - begin).days + 1))


@pytest.mark.parametrize(
    "day",
    [
        (2024, 2, 4),
        (2024, 2, 18),
        (2024, 9, 14),
        (2024, 9, 29),
        (2024, 10, 12),
        (2025, 1, 26),
        (2025, 2, 8),
        (2025, 9, 28),
        (2025, 10, 11),
        (2026, 1, 4),
        (2026, 2, 14),
        (2026, 2, 28),
        (2026, 9, 20),
        (2026, 10, 10),
    ],
)
def test_a_weekend_that_is_worked_is_a_working_day(day: tuple[int, int, int]) -> None:
    assert date(*day).weekday() >= 5
    assert is_workday(date(*day))


def test_ten_working_days_over_national_day_2026() -> None:
    # 28, 29, 30 September, then 8, 9, and Saturday the 10th, then 12 to 15 October
    assert deadline_of(date(2026, 9, 27)) == date(2026, 10, 15)


def test_ten_plain_working_days_are_two_weeks() -> None:
    assert deadline_of(date(2025, 7, 4)) == date(2025, 7, 18)


def test_the_deadline_itself_is_in_time_and_the_next_working_day_is_not() -> None:
    ended = date(2025, 7, 4)
    on_it, after = countdown(ended, date(2025, 7, 18)), countdown(ended, date(2025, 7, 21))
    assert (on_it.days_left, on_it.is_overdue) == (0, False)
    assert (after.days_left, after.is_overdue) == (-1, True)
    assert countdown(ended, date(2025, 7, 19)).is_overdue  # a Saturday
    assert countdown(ended, ended).days_left == 10


def test_of_a_year_not_announced_the_weekends_are_known_and_the_countdown_says_so() -> None:
    assert not is_announced(date(UNKNOWN, 10, 1))
    assert is_workday(date(UNKNOWN, 10, 1)) is (date(UNKNOWN, 10, 1).weekday() < 5)
    assert not countdown(date(UNKNOWN, 3, 1), date(UNKNOWN, 3, 2)).announced
    assert countdown(date(2025, 7, 4), date(2025, 7, 7)).announced
    last = date(2026, 12, 29)
    while is_announced(last + timedelta(days=14)):
        last = last.replace(year=last.year + 1)
    assert not countdown(last, last).announced


@given(DAYS)
def test_between_the_end_and_its_deadline_lie_ten_working_days(ended: date) -> None:
    deadline = deadline_of(ended)
    span = [ended + timedelta(days=each) for each in range(1, (deadline - ended).days + 1)]
    assert is_workday(deadline)
    assert sum(map(is_workday, span)) == 10
    assert countdown(ended, ended).days_left == 10


@given(DAYS)
def test_the_earliest_end_in_time_is_the_one_whose_deadline_is_today_or_later(today: date) -> None:
    earliest = earliest_in_time(today)
    assert not countdown(earliest, today).is_overdue
    assert countdown(earliest - timedelta(days=1), today).is_overdue


@given(DAYS, st.integers(-5, 60))
def test_a_day_later_never_leaves_more(ended: date, days: int) -> None:
    today = ended + timedelta(days=days)
    left, later = (countdown(ended, today + timedelta(days=each)).days_left for each in (0, 1))
    assert 0 <= left - later <= 2  # from the deadline into a weekend, and out of it


def test_a_clock_gone_wild_costs_no_time() -> None:
    assert countdown(date(2025, 7, 4), date(8999, 7, 4)).is_overdue
