"""What the forms of a volunteer's times and wishes say, read strictly; a slip is said in a sentence, nothing written.

Upstream: ``forms``, ``rostering.usual``.
Downstream: ``my_times``.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from sync.platform.console.forms import Fields, one
from sync.platform.console.queries import read_day
from sync.platform.rostering.hours import MINUTES_A_DAY, day_of, instant_of, minutes_of
from sync.platform.rostering.model import Deviation
from sync.platform.rostering.usual import WEEKDAYS, Part, Span, UsualDay
from sync.platform.wording import marked
from sync.protocol.vocabulary import LeaveReason

MOST_SPANS = 2  # exact ones of a weekday that the page offers
MOST_READ = 6
MOST_MATES = 5
MOST_A_WEEK = 7
MOST_WORD = 64
DAYS_AHEAD = 400


class SlipError(Exception):
    """A form cannot be read as it is; ``msgid`` says what to mend."""

    def __init__(self, msgid: str) -> None:
        super().__init__(msgid)
        self.msgid = msgid


@dataclass(frozen=True, slots=True)
class Wishes:
    """Where, with whom, and how often at most."""

    points: tuple[str, ...]
    mates: frozenset[str]
    most_a_week: int


def read_days(fields: Fields) -> tuple[UsualDay, ...]:
    """Return the usual week of a form.

    Raises:
        SlipError: an exact time cannot be read.
    """
    return tuple(_read_day(fields, weekday) for weekday in WEEKDAYS)


def read_away(fields: Fields, now_ms: int) -> Deviation:
    """Return the days away of a form, or the hours at which one can come though usually not.

    Raises:
        SlipError: they cannot be read, are over, or end before they begin.
    """
    first = read_day(one(fields, "from"))
    last = read_day(one(fields, "until")) if one(fields, "until") else first
    today = day_of(now_ms)
    if first is None or last is None or not _is_near(first, today) or not _is_near(last, today) or last < first:
        raise SlipError(marked("The days cannot be read, are over, or end before they begin."))
    if one(fields, "kind") == "free":
        starts, ends = _span(one(fields, "starts"), one(fields, "ends"))
        return Deviation("", instant_of(first, starts), instant_of(first, ends), free=True)
    reason = one(fields, "reason")
    why = LeaveReason(reason) if reason in set(LeaveReason) else None
    return Deviation("", instant_of(first, 0), instant_of(last, MINUTES_A_DAY), free=False, reason=why)


def read_wishes(fields: Fields, known: Collection[str]) -> Wishes:
    """Return the wishes of a form.

    Raises:
        SlipError: a point is none of these, there are too many mates, or the number of posts is none.
    """
    points = tuple(dict.fromkeys(each.strip() for each in fields.get("point", []) if each.strip()))
    if not set(points) <= set(known):
        raise SlipError(marked("A service point is not known here any more; choose again."))
    mates = frozenset(filter(None, re.split(r"[\s,，、;；]+", one(fields, "mates"))))
    if len(mates) > MOST_MATES or any(len(each) > MOST_WORD for each in mates):
        raise SlipError(marked("Name five volunteers at most, by their numbers."))
    most = one(fields, "most")
    if most not in {str(number) for number in range(MOST_A_WEEK + 1)}:
        raise SlipError(marked("How often you like to serve is not a number from 0 to 7."))
    return Wishes(points, mates, int(most))


def _read_day(fields: Fields, weekday: int) -> UsualDay:
    parts = frozenset(part for part in Part if f"{weekday}-{part.value}" in fields.get("part", []))
    spans: list[Span] = []
    for place in range(MOST_READ):
        starts, ends = one(fields, f"starts-{weekday}-{place}"), one(fields, f"ends-{weekday}-{place}")
        if starts or ends:
            spans.append(_span(starts, ends))
    return UsualDay(weekday, parts, tuple(spans))


def _span(starts: str, ends: str) -> Span:
    """Return a span of a day; one that ends at midnight ends with the day."""
    try:
        begin, end = minutes_of(starts), minutes_of(ends) or MINUTES_A_DAY
    except ValueError as error:
        raise SlipError(marked("A time has two parts, from and until, as 08:30 and 11:30.")) from error
    if begin >= end:
        raise SlipError(marked("A time ends before it begins. One that lasts over midnight is two."))
    return begin, end


def _is_near(day: date, today: date) -> bool:
    return today <= day <= today + timedelta(days=DAYS_AHEAD)
