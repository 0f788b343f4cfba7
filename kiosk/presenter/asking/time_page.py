"""别的时间: an hour, then a quarter of it, then yes; large keys for gloves, nothing to type and nothing guessed.

Upstream: ``kiosk.domain.unended`` (the times that are possible).
Downstream: ``forgotten``; ``kiosk.ui.screens.time_picker``.

Where the clock was wrong on that day no time of day means anything; then the same keys say how long the duty lasted.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kiosk.domain.unended import times_offered
from kiosk.presenter.acts import TapOutside
from kiosk.presenter.asking.acts import TapBack, TapEnd, TapHour, TapTime
from kiosk.presenter.icons import Icon
from kiosk.presenter.views import AreaView, Button, Key, Tone
from kiosk.presenter.wording import MIN_PER_HOUR, S_PER_MIN
from sync.protocol.vocabulary import StatementAnswer

if TYPE_CHECKING:
    from datetime import datetime

    from kiosk.domain.unended import Unended
    from kiosk.presenter.acts import Tap
    from kiosk.presenter.views import Countdown
    from kiosk.presenter.wording import Voice

S_PER_HOUR = MIN_PER_HOUR * S_PER_MIN


@dataclass(frozen=True, slots=True)
class TimePickerView(AreaView):
    """A time to be put together: ``hours`` in rows, ``times`` of the chosen hour under them; ``confirm`` says it."""

    title: str
    detail: str
    chosen: str
    hours: tuple[Key, ...]
    prompt: str
    times: tuple[Key, ...]
    back: Button
    confirm: Button
    countdown: Countdown


@dataclass(frozen=True, slots=True)
class TimePage:
    """What was tapped so far: the first time of the chosen hour, and the time."""

    duty: Unended
    hour: datetime | None = None
    time: datetime | None = None

    def tapped(self, tap: Tap) -> TimePage:
        """Return the page after one of its keys; another hour takes the time back."""
        if isinstance(tap, TapHour) and tap.first != self.hour:
            return replace(self, hour=tap.first, time=None)
        return replace(self, time=tap.at) if isinstance(tap, TapTime) else self

    def view(self, voice: Voice, countdown: Countdown, *, asked: bool, trouble: str) -> TimePickerView:
        """Put it into words; ``trouble`` says why the last time was not taken, empty where it was not asked yet."""
        phrases, rows = voice.phrases, self._rows(voice)
        row = next((times for times in rows if times[0] == self.hour), ())
        dated = "dated" if self.duty.dated else "undated"
        return TimePickerView(
            title=phrases.of("time_picker", dated, "title", day=voice.day(self.duty.starts_at)),
            detail=trouble or self._detail(voice),
            chosen="" if self.time is None else self._named(self.time, voice),
            hours=tuple(self._hour(times[0], voice) for times in rows),
            prompt="" if row else phrases.of("time_picker", dated, "prompt"),
            times=tuple(self._time(each, voice) for each in row),
            back=Button(phrases.say("time_picker.back"), Icon.GO_BACK, TapBack()),
            confirm=self._confirm(voice, asked=asked),
            countdown=countdown,
        )

    def _detail(self, voice: Voice) -> str:
        if not self.duty.dated:
            return voice.phrases.say("time_picker.undated.detail")
        return voice.phrases.say("time_picker.dated.detail", time=voice.time(self.duty.starts_at))

    def _rows(self, voice: Voice) -> list[tuple[datetime, ...]]:
        """The possible times by hour: of the local day, or since the duty began."""
        rows: dict[object, tuple[datetime, ...]] = {}
        for time in times_offered(self.duty, voice.zone):
            local, lasted = f"{time.astimezone(voice.zone):%F %H}", self._lasted_s(time) // S_PER_HOUR
            hour = local if self.duty.dated else lasted
            rows[hour] = (*rows.get(hour, ()), time)
        return list(rows.values())

    def _lasted_s(self, time: datetime) -> int:
        return round((time - self.duty.starts_at).total_seconds())

    def _hour(self, first: datetime, voice: Voice) -> Key:
        phrases, tone = voice.phrases, Tone.ACCENT if first == self.hour else Tone.QUIET
        if self.duty.dated:
            local, began = first.astimezone(voice.zone), self.duty.starts_at.astimezone(voice.zone)
            name = "time_picker.hour" if local.date() == began.date() else "time_picker.hour_next_day"
            return Key(phrases.say(name, hour=local.hour), None, TapHour(first), tone)
        hours = self._lasted_s(first) // S_PER_HOUR
        name = "time_picker.hours" if hours else "time_picker.under_an_hour"
        return Key(phrases.say(name, hours=hours), None, TapHour(first), tone)

    def _time(self, time: datetime, voice: Voice) -> Key:
        tone = Tone.ACCENT if time == self.time else Tone.CALM
        return Key(self._named(time, voice), None, TapTime(time), tone)

    def _named(self, time: datetime, voice: Voice) -> str:
        return voice.time(time) if self.duty.dated else voice.duration(self._lasted_s(time) // S_PER_MIN)

    def _confirm(self, voice: Voice, *, asked: bool) -> Button:
        if asked:
            return Button(voice.phrases.say("forgotten.asked"), Icon.SAVING, TapOutside())
        text = voice.phrases.say("time_picker.confirm")
        if self.time is None:
            return Button(text, Icon.CHECK, TapOutside())
        return Button(text, Icon.CHECK, TapEnd(StatementAnswer.OTHER_TIME, self.time), Tone.ACCENT)
