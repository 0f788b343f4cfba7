"""Durations, times of day and dates, as people say them.

Upstream: ``phrases``.
Downstream: the modules of the screens.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt

    from kiosk.domain.policy import DutyPolicy
    from kiosk.presenter.phrases import Phrases

MIN_PER_HOUR, S_PER_MIN = 60, 60


@dataclass(frozen=True, slots=True)
class Voice:
    """What every screen needs to put a value into words.

    Attributes:
        zone: the station's time zone; instants are shown in it.
    """

    phrases: Phrases
    zone: dt.tzinfo
    policy: DutyPolicy

    def time(self, at: dt.datetime) -> str:
        """Return the local time of day, ``09:02``."""
        return f"{at.astimezone(self.zone):%H:%M}"

    def day(self, at: dt.datetime) -> str:
        """Return the local date in words, ``7月3日``."""
        return self.date(at.astimezone(self.zone).date())

    def date(self, on: dt.date) -> str:
        """Return a date without its year in words."""
        return self.phrases.say(
            "date.month_day", month=on.month, day=on.day, month_name=self.phrases.of("month", str(on.month))
        )

    def weekday(self, on: dt.date) -> str:
        """Return the day of the week in words."""
        return self.phrases.of("weekday", str(on.isoweekday()))

    def time_served(self, seconds: int) -> str:
        """Return a time served in words: seconds where it is under a minute, else whole minutes."""
        if seconds < S_PER_MIN:
            return self.phrases.say("duration.seconds", seconds=seconds)
        return self.duration(seconds // S_PER_MIN)

    def duration(self, minutes: int) -> str:
        """Return whole minutes in words: ``45分钟``, ``2小时``, ``2小时15分``."""
        hours, rest = divmod(minutes, MIN_PER_HOUR)
        if not hours:
            return self.phrases.say("duration.minutes", minutes=rest)
        if not rest:
            return self.phrases.say("duration.hours", hours=hours)
        return self.phrases.say("duration.hours_minutes", hours=hours, minutes=rest)
