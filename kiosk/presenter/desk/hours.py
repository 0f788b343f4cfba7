"""补记: whose hours, what was done, when, and why; a second person must stand for them before they count.

Upstream: ``page``, ``people``, ``shapes``.
Downstream: ``home``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from kiosk.domain.hours_entry import HoursEntry
from kiosk.presenter.desk.confirming import Summing
from kiosk.presenter.desk.intents import EnterIntent
from kiosk.presenter.desk.lines import span
from kiosk.presenter.desk.page import STAYS, Page, Turn
from kiosk.presenter.desk.people import PeopleList
from kiosk.presenter.desk.shapes import floored, go_on, service_tiles, stepped, summary, tile, time_dial
from kiosk.presenter.desk.taps import Act, TapAct, TapPick, TapStep
from kiosk.presenter.desk.views import Action, ChoicesBody, Dial, DialsBody
from kiosk.presenter.icons import Icon
from kiosk.presenter.views import Badge, Tone
from sync.protocol.vocabulary import EntryReason

if TYPE_CHECKING:
    from datetime import datetime

    from kiosk.presenter.acts import Tap
    from kiosk.presenter.desk.page import Context
    from kiosk.presenter.desk.views import Body
    from kiosk.presenter.wording import Voice
    from kiosk.usecases.read_people import Chosen

USUAL = timedelta(hours=2)
_DAY = timedelta(days=1)
_ICONS = {
    EntryReason.FORGOT_CARD: Icon.CERTIFICATE,
    EntryReason.KIOSK_FAILED: Icon.DEVICE_TROUBLE,
    EntryReason.SERVED_ELSEWHERE: Icon.DIRECTIONS,
    EntryReason.OTHER: Icon.HELP,
}


@dataclass(frozen=True, slots=True)
class ChooseVolunteer(PeopleList):
    """Whose hours."""

    def chosen(self, who: Chosen) -> Page:
        """Go on to the service."""
        return ChooseService(who)

    def title(self, voice: Voice) -> str:
        """Say what it is about."""
        return voice.phrases.say("desk.enter.whose")


@dataclass(frozen=True, slots=True)
class ChooseService(Page):
    """What was done."""

    who: Chosen

    def title(self, voice: Voice) -> str:
        """Say what it is about."""
        return voice.phrases.say("desk.enter.title", name=self.who.name)

    def tapped(self, tap: Tap, context: Context) -> Turn:
        """Go on to the times, from two hours ago until now."""
        if not isinstance(tap, TapPick) or context.board is None:
            return STAYS
        ends_at = floored(context.board.now)
        return Turn(over=EnterTimes(self.who, tap.key, ends_at - USUAL, ends_at, ends_at))

    def body(self, context: Context, voice: Voice, now: datetime | None) -> Body:  # noqa: ARG002  the interface's
        """Put it into words."""
        services = () if context.people is None else context.people.services
        return ChoicesBody(voice.phrases.say("desk.enter.service"), service_tiles(services, None, voice), 4, ())


@dataclass(frozen=True, slots=True)
class EnterTimes(Page):
    """On which day, from when to when; instants aware UTC, none after ``latest``."""

    who: Chosen
    service: str
    starts_at: datetime
    ends_at: datetime
    latest: datetime

    def title(self, voice: Voice) -> str:
        """Say what it is about."""
        return voice.phrases.say("desk.enter.title", name=self.who.name)

    def tapped(self, tap: Tap, context: Context) -> Turn:  # noqa: ARG002  the interface's
        """Turn a dial, or go on."""
        if isinstance(tap, TapStep):
            return Turn(self._turned(tap))
        if tap != TapAct(Act.GO_ON) or self.starts_at >= self.ends_at:
            return STAYS
        return Turn(over=WhyEnter(self))

    def _turned(self, tap: TapStep) -> EnterTimes:
        if tap.dial == "day":
            moved = replace(self, starts_at=self.starts_at + tap.by * _DAY, ends_at=self.ends_at + tap.by * _DAY)
        elif tap.dial == "begin":
            moved = replace(self, starts_at=stepped(self.starts_at, tap.by))
        else:
            moved = replace(self, ends_at=stepped(self.ends_at, tap.by))
        return moved if moved.ends_at <= self.latest else self

    def body(self, context: Context, voice: Voice, now: datetime | None) -> Body:  # noqa: ARG002  the interface's
        """Put it into words."""
        say = voice.phrases.say
        weekday = voice.weekday(self.starts_at.astimezone(voice.zone).date())
        less = Action(say("desk.step.day_before"), Icon.CALENDAR, Tone.QUIET, TapStep("day", -1))
        more = Action(say("desk.step.day_after"), Icon.CALENDAR, Tone.QUIET, TapStep("day", 1))
        day = Dial(say("desk.dial.day"), voice.day(self.starts_at), weekday, (less,), (more,))
        begin, end = (time_dial(key, at, voice) for key, at in (("begin", self.starts_at), ("end", self.ends_at)))
        minutes = int((self.ends_at - self.starts_at).total_seconds()) // 60
        forward = minutes > 0
        text = say("desk.served", time=voice.duration(minutes)) if forward else say("desk.served.backwards")
        badge = Badge(Icon.CLOCK, text, Tone.CALM if forward else Tone.WARN)
        dials = (day, replace(begin, note=""), replace(end, note=""))
        return DialsBody(dials, badge, (go_on(voice, live=forward),))


@dataclass(frozen=True, slots=True)
class WhyEnter(Page):
    """Why no scan recorded them."""

    times: EnterTimes

    def title(self, voice: Voice) -> str:
        """Say what it is about."""
        return self.times.title(voice)

    def tapped(self, tap: Tap, context: Context) -> Turn:  # noqa: ARG002  the interface's
        """Choose the reason."""
        return Turn(over=SumEntry(self.times, EntryReason(tap.key))) if isinstance(tap, TapPick) else STAYS

    def body(self, context: Context, voice: Voice, now: datetime | None) -> Body:  # noqa: ARG002  the interface's
        """Put it into words."""
        tiles = tuple(tile(_ICONS[each], voice.phrases.of("entry_reason", each), each) for each in EntryReason)
        return ChoicesBody(voice.phrases.say("desk.enter.why"), tiles, 2, ())


@dataclass(frozen=True, slots=True)
class SumEntry(Summing):
    """The hours in one look."""

    times: EnterTimes
    reason: EntryReason

    def title(self, voice: Voice) -> str:
        """Say what it is about."""
        return self.times.title(voice)

    def tapped(self, tap: Tap, context: Context) -> Turn:
        """Send it."""
        if tap != TapAct(Act.CONFIRM):
            return STAYS
        times, own = self.times, None if context.people is None else context.people.own_team
        team = own or times.who.team
        entry = HoursEntry(times.who.volunteer, times.service, times.starts_at, times.ends_at, self.reason, team)
        return Turn(act=EnterIntent(context.operator, entry))

    def body(self, context: Context, voice: Voice, now: datetime | None) -> Body:  # noqa: ARG002  the interface's
        """Put it into words."""
        say, times = voice.phrases.say, self.times
        minutes = int((times.ends_at - times.starts_at).total_seconds()) // 60
        lines = (
            span(times.starts_at, times.ends_at, voice),
            say(
                "desk.enter.did", service=voice.phrases.name_of("service", times.service), time=voice.duration(minutes)
            ),
            say("desk.reason", reason=voice.phrases.of("entry_reason", self.reason)),
            say("desk.enter.second"),
        )
        return summary(voice, say("desk.enter.sum", name=times.who.name), lines, say("desk.submit"))
