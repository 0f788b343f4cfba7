"""Who reads a page: the words of a language, and instants as local days and times.

Upstream: ``wording``, Babel (dates).
Downstream: ``frame`` makes one a request, every module that puts values into words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_timedelta

from sync.platform import wording

LAST_SHOWN_MS = 253_402_300_799_000 - 86_400_000  # the last day a calendar has


@dataclass(frozen=True, slots=True)
class Reader:
    """The eyes a page is made for: a language and a time zone."""

    language: str
    zone: ZoneInfo

    def say(self, msgid: str) -> str:
        """Return a text of the catalogue."""
        return wording.words_in(self.language).gettext(msgid)

    def ngettext(self, one: str, several: str, number: int) -> str:
        """Return a text of the catalogue for a number."""
        return wording.words_in(self.language).ngettext(one, several, number) % {"num": number}

    def word(self, words: Mapping[str, str], key: str) -> str:
        """Return the word for a key; a key of a later version stands for itself."""
        return self.say(words[key]) if key in words else key

    def day_of(self, ms: int) -> date:
        """Return the local date of a UTC instant."""
        return self._local(ms).date()

    def day_title(self, day: date) -> str:
        """Return a date with its weekday."""
        return format_date(day, "full", locale=self.language)

    def clock(self, ms: int, on: date) -> str:
        """Return local hours and minutes, with the date where it is another than ``on``."""
        local = self._local(ms)
        hours = local.strftime("%H:%M")
        return hours if local.date() == on else f"{local.month}/{local.day} {hours}"

    def moment(self, ms: int) -> str:
        """Return local date and time to the minute."""
        return self._local(ms).strftime("%Y-%m-%d %H:%M")

    def second(self, ms: int) -> str:
        """Return local date and time to the second."""
        return self._local(ms).strftime("%Y-%m-%d %H:%M:%S")

    def local_now(self, ms: int) -> datetime:
        """Return an instant as local time."""
        return self._local(ms)

    def ago(self, ms: int, now_ms: int) -> str:
        """Return how long ago an instant was, in words."""
        delta = self._local(ms) - self._local(now_ms)
        return format_timedelta(delta, add_direction=True, locale=self.language)

    def offset(self, ms: int) -> timedelta:
        """Return how far local time is ahead of UTC at an instant."""
        return self._local(ms).utcoffset() or timedelta()

    def _local(self, ms: int) -> datetime:
        return datetime.fromtimestamp(min(max(ms, 0), LAST_SHOWN_MS) / 1000, UTC).astimezone(self.zone)
