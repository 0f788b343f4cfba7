"""Local days and instants: where a span of a day lies, and whether it lies by day. Pure.

Upstream: ``zoneinfo``.
Downstream: all of ``rostering``, ``store.rosters``.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sync.platform.rostering.model import MS_PER_MINUTE

LAND = ZoneInfo("Asia/Shanghai")  # days and shifts are China's (clock.md)
MINORS_FROM, MINORS_UNTIL = 8 * 60, 20 * 60  # duty-rules.md, as kiosk.domain.policy
MINUTES_A_DAY = 24 * 60
MS_PER_SECOND = 1000


def instant_of(on: date, minutes: int) -> int:
    """Return the instant (UTC ms) at which clocks show so many minutes of a local day; 1440 is the next midnight."""
    midnight = datetime.combine(on, time(0), LAND)
    return round(midnight.timestamp() * MS_PER_SECOND) + minutes * MS_PER_MINUTE


def span_of(on: date, starts: int, ends: int) -> tuple[int, int]:
    """Return a span of a local day as UTC ms; one that ends no later than it starts ends on the next day."""
    return instant_of(on, starts), instant_of(on, ends if ends > starts else ends + MINUTES_A_DAY)


def day_of(at_ms: int) -> date:
    """Return the local day of an instant, UTC ms."""
    return datetime.fromtimestamp(at_ms / MS_PER_SECOND, LAND).date()


def minute_of(at_ms: int) -> int:
    """Return how many minutes of its local day have passed at an instant, UTC ms."""
    return (at_ms - instant_of(day_of(at_ms), 0)) // MS_PER_MINUTE


def is_by_day(starts_ms: int, ends_ms: int) -> bool:
    """Tell whether a whole span lies in the hours in which minors serve."""
    begun = day_of(starts_ms)
    return starts_ms >= instant_of(begun, MINORS_FROM) and ends_ms <= instant_of(begun, MINORS_UNTIL)


def week_days(of: date) -> tuple[date, ...]:
    """Return the seven days of the week a day lies in, Monday first."""
    monday = of - timedelta(days=of.weekday())
    return tuple(monday + timedelta(days=count) for count in range(7))


def clock_time(minutes: int) -> str:
    """Return minutes of a day as ``HH:MM``; 1440 is ``24:00``."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def minutes_of(text: str) -> int:
    """Return the minutes of a day written ``HH:MM``, ``24:00`` among them.

    Raises:
        ValueError: it is not such a time.
    """
    hours, _, minutes = text.strip().replace("\uff1a", ":").partition(":")
    if not (hours.isdecimal() and minutes.isdecimal() and len(minutes) == 2):  # noqa: PLR2004 - as clocks write it
        raise ValueError(f"{text!r} is no time of a day; write it as 09:30")
    found = int(hours) * 60 + int(minutes)
    if int(minutes) >= 60 or found > MINUTES_A_DAY:  # noqa: PLR2004 - minutes of an hour
        raise ValueError(f"{text!r} is no time of a day; write it as 09:30")
    return found
