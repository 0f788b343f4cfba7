"""Times of a week as people type them: ``mon-fri=08:00-12:00,14:00-18:00``.

Upstream: ``rostering.hours``.
Downstream: ``roster``.
"""

from __future__ import annotations

from collections.abc import Iterable

from sync.platform.errors import PlatformError
from sync.platform.rostering.hours import clock_time, minutes_of

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Span = tuple[int, int, int]


def weekdays_of(text: str) -> tuple[int, ...]:
    """Return the weekdays of ``mon-fri``, ``sat`` or ``mon,wed``.

    Raises:
        PlatformError: there is no such day.
    """
    found: list[int] = []
    for part in filter(None, text.lower().split(",")):
        first, _, last = part.partition("-")
        if first not in DAYS or (last or first) not in DAYS:
            raise PlatformError(f"{part!r} is no weekday; write mon, tue, wed, thu, fri, sat, sun, or mon-fri.")
        begin, end = DAYS.index(first), DAYS.index(last or first)
        found += range(begin, end + 1) if begin <= end else (*range(begin, 7), *range(end + 1))
    return tuple(sorted(set(found)))


def span_of_day(text: str) -> tuple[int, int]:
    """Return ``09:00-12:00`` as minutes of the day.

    Raises:
        PlatformError: it cannot be read.
    """
    starts, dash, ends = text.partition("-")
    try:
        if dash:
            return minutes_of(starts), minutes_of(ends)
    except ValueError as error:
        raise PlatformError(f"{error}.") from error
    raise PlatformError(f"{text!r} is no span of a day; write it as 09:00-12:00.")


def spans_of(texts: Iterable[str]) -> tuple[Span, ...]:
    """Return weekday, start and end of each span that was typed.

    Raises:
        PlatformError: one cannot be read.
    """
    found: list[Span] = []
    for text in texts:
        days, equals, spans = text.partition("=")
        if not equals:
            raise PlatformError(f"{text!r} says no time; write it as mon-fri=08:00-18:00.")
        found += [
            (weekday, *span_of_day(span)) for weekday in weekdays_of(days) for span in filter(None, spans.split(","))
        ]
    return tuple(sorted(found))


def shown(spans: Iterable[Span]) -> str:
    """Return spans as they are typed, days with the same times together."""
    by_day: dict[int, list[str]] = {}
    for weekday, starts, ends in spans:
        by_day.setdefault(weekday, []).append(f"{clock_time(starts)}-{clock_time(ends)}")
    by_times: dict[str, list[str]] = {}
    for weekday, times in by_day.items():
        by_times.setdefault(",".join(times), []).append(DAYS[weekday])
    return " ".join(f"{','.join(days)}={times}" for times, days in by_times.items())
