"""Working days in China, and how many are left to complete a record: ten after its end (令67 Art 11, REQ 2.6a).

Upstream: ``chinesecalendar`` (public holidays and 调休 as the State Council announces them, a year at a time).
Downstream: ``kiosk.usecases.read_desk``, ``sync.platform.console``.

The calendar of a year is announced at the end of the year before. Of a year that this version does not know, Monday to
Friday are taken for working days, and the countdown says that it may still move (「节假日安排待公布」).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from chinese_calendar import in_lieu_days, workdays
from chinese_calendar import is_workday as announced_workday

WORKING_DAYS = 10  # 令67 Art 11: a record is completed within ten working days after the activity
SATURDAY = 5
A_YEAR = 366  # days
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Countdown:
    """Until when a record is to be complete.

    Attributes:
        deadline: the last local date in time.
        days_left: working days that still come, today not counted: 0 on the deadline, negative past it.
        announced: False where the calendar between has a year whose holidays are not known yet.
    """

    deadline: date
    days_left: int
    announced: bool

    @property
    def is_overdue(self) -> bool:
        """Whether the deadline has passed."""
        return self.days_left < 0


def is_announced(on: date) -> bool:
    """Tell whether the holidays of the year of a date are known to this version."""
    try:
        announced_workday(on)
    except NotImplementedError:
        return False
    return True


def is_workday(on: date) -> bool:
    """Tell whether a local date is a working day in China; of years not announced, Monday to Friday are."""
    try:
        return bool(announced_workday(on))
    except NotImplementedError:
        return on.weekday() < SATURDAY


def stands_for(on: date) -> date | None:
    """Return the free weekday for which a make-up day 调休 is worked; None of every other day.

    It is announced of which holiday a make-up day is, not for which of its days: they are taken in their order.
    """
    return _made_up().get(on)


def deadline_of(ended_on: date, working_days: int = WORKING_DAYS) -> date:
    """Return the last of so many working days after a local date; that date itself is not counted."""
    day = ended_on
    for _ in range(working_days):
        day = _next_workday(day)
    return day


def earliest_in_time(today: date) -> date:
    """Return the earliest local date of an end whose deadline has not passed on ``today``."""
    day = today
    while deadline_of(day - _DAY) >= today:
        day -= _DAY
    return day


def countdown(ended_on: date, today: date) -> Countdown:
    """Return the countdown of a record whose duty ended on a local date, as it stands on ``today``."""
    deadline = deadline_of(ended_on)
    announced = all(is_announced(each) for each in (ended_on, deadline))
    if today <= deadline:
        return Countdown(deadline, _workdays_after(today, deadline), announced)
    return Countdown(deadline, -max(1, _workdays_after(deadline, today)), announced)


@cache
def _made_up() -> dict[date, date]:
    holidays = {(on.year, holiday) for on, holiday in workdays.items()}
    found: dict[date, date] = {}
    for year, holiday in sorted(holidays):
        worked, free = (
            sorted(on for on, of in days.items() if (on.year, of) == (year, holiday))
            for days in (workdays, in_lieu_days)
        )
        found.update(zip(worked, free, strict=False))
    return found


def _workdays_after(day: date, until: date) -> int:
    """Return the working days after ``day`` up to ``until``; nobody counts further than a year of them."""
    span = min((until - day).days, A_YEAR)
    return sum(is_workday(day + _DAY * each) for each in range(1, span + 1))


def _next_workday(day: date) -> date:
    day += _DAY
    while not is_workday(day):
        day += _DAY
    return day
