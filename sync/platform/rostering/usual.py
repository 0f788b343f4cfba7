"""服务时间 as people set it: parts of a day that are switched on and off, and exact times beside them. Pure.

Upstream: ``model``.
Downstream: ``console.my_times``.

The parts touch each other, so whoever can come in the morning and in the afternoon can come over noon.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from sync.platform.rostering.model import Weekly

WEEKDAYS = range(7)
Span = tuple[int, int]


class Part(StrEnum):
    """A part of a day that is one switch on the page."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


HOURS: dict[Part, Span] = {
    Part.MORNING: (8 * 60, 12 * 60),
    Part.AFTERNOON: (12 * 60, 18 * 60),
    Part.EVENING: (18 * 60, 22 * 60),
}


@dataclass(frozen=True, slots=True)
class UsualDay:
    """One weekday: which parts are on, and the spans (minutes of the day) that no part covers."""

    weekday: int
    parts: frozenset[Part]
    exact: tuple[Span, ...]


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return spans by their begin, those that touch or overlap as one."""
    found: list[Span] = []
    for starts, ends in sorted(spans):
        if found and starts <= found[-1][1]:
            found[-1] = found[-1][0], max(ends, found[-1][1])
        else:
            found.append((starts, ends))
    return tuple(found)


def days_of(weekly: Iterable[Weekly]) -> tuple[UsualDay, ...]:
    """Return the seven days of a usual week as the page shows them, Monday first."""
    given = tuple(weekly)
    return tuple(
        _day_of(weekday, merged((one.starts, one.ends) for one in given if one.weekday == weekday))
        for weekday in WEEKDAYS
    )


def weekly_of(days: Iterable[UsualDay]) -> tuple[Weekly, ...]:
    """Return the usual week that a page says, spans that touch as one."""
    return tuple(
        Weekly(day.weekday, starts, ends)
        for day in days
        for starts, ends in merged((*(HOURS[part] for part in day.parts), *day.exact))
    )


def _day_of(weekday: int, spans: tuple[Span, ...]) -> UsualDay:
    on = frozenset(part for part, hours in HOURS.items() if any(_covers(span, hours) for span in spans))
    rest = spans
    for part in on:
        rest = tuple(piece for span in rest for piece in _without(span, HOURS[part]))
    return UsualDay(weekday, on, rest)


def _covers(span: Span, hours: Span) -> bool:
    return span[0] <= hours[0] and hours[1] <= span[1]


def _without(span: Span, hours: Span) -> Iterable[Span]:
    if span[0] < min(span[1], hours[0]):
        yield span[0], min(span[1], hours[0])
    if max(span[0], hours[1]) < span[1]:
        yield max(span[0], hours[1]), span[1]
