"""更正: why, then only what is to be corrected, then one summary; the original stays beside it.

Upstream: ``page``, ``shapes``.
Downstream: ``sheet``, ``ruling`` (an objection that is upheld).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kiosk.presenter.desk.confirming import Summing
from kiosk.presenter.desk.intents import AmendIntent, DecideIntent, ReadPeople
from kiosk.presenter.desk.lines import known_end
from kiosk.presenter.desk.page import STAYS, Page, Turn
from kiosk.presenter.desk.shapes import go_on, service_tiles, stepped, summary, tile, time_dial
from kiosk.presenter.desk.taps import Act, TapAct, TapPick, TapStep
from kiosk.presenter.desk.views import ChoicesBody, DialsBody
from kiosk.presenter.icons import Icon
from kiosk.presenter.views import Badge, Tone
from kiosk.usecases.desk_outcomes import Change, Ruling
from sync.protocol.vocabulary import AmendmentReason, DecisionReason

if TYPE_CHECKING:
    from datetime import datetime

    from kiosk.presenter.acts import Tap
    from kiosk.presenter.desk.page import Context
    from kiosk.presenter.desk.views import Body
    from kiosk.presenter.wording import Voice
    from kiosk.usecases.desk import SessionSheet

_START = {AmendmentReason.WRONG_START, AmendmentReason.WRONG_CLOCK, AmendmentReason.OTHER}
_END = {AmendmentReason.WRONG_END, AmendmentReason.WRONG_CLOCK, AmendmentReason.OTHER}
_SERVICE = {AmendmentReason.WRONG_SERVICE, AmendmentReason.OTHER}
_ICONS = {
    AmendmentReason.WRONG_START: Icon.CLOCK,
    AmendmentReason.WRONG_END: Icon.CLOCK,
    AmendmentReason.WRONG_SERVICE: Icon.OTHER_SERVICE,
    AmendmentReason.WRONG_CLOCK: Icon.DEVICE_TROUBLE,
    AmendmentReason.OTHER: Icon.HELP,
}


@dataclass(frozen=True, slots=True)
class WhyCorrect(Page):
    """What is wrong; ``objection`` where the volunteer said so."""

    sheet: SessionSheet
    objection: str | None = None

    def title(self, voice: Voice) -> str:
        """Say what it is about."""
        return voice.phrases.say("desk.correct.title", name=self.sheet.line.name)

    def wants(self, context: Context) -> tuple[ReadPeople, ...]:
        """Read which services there are."""
        return (ReadPeople(context.operator),)

    def tapped(self, tap: Tap, context: Context) -> Turn:  # noqa: ARG002  the interface's
        """Go to what is to be corrected."""
        if not isinstance(tap, TapPick):
            return STAYS
        reason, now = AmendmentReason(tap.key), self.sheet.judged
        said = None if self.sheet.statement is None else self.sheet.statement.ends_at
        starts = now.started_at if reason in _START else None
        ends = (said or now.ended_at or now.started_at) if reason in _END else None
        draft = Draft(self.sheet, Change(reason, starts, ends), self.objection)
        if starts is None and ends is None:
            return Turn(over=CorrectService(draft))
        return Turn(over=CorrectTimes(draft))

    def body(self, context: Context, voice: Voice, now: datetime | None) -> Body:  # noqa: ARG002  the interface's
        """Put it into words."""
        tiles = tuple(tile(_ICONS[each], voice.phrases.of("amendment_reason", each), each) for each in AmendmentReason)
        return ChoicesBody(voice.phrases.say("desk.correct.why"), tiles, 3, ())


@dataclass(frozen=True, slots=True)
class Draft:
    """A correction as far as it is said."""

    sheet: SessionSheet
    change: Change
    objection: str | None = None

    @property
    def begins(self) -> datetime:
        """When the duty would begin."""
        return self.change.starts_at or self.sheet.judged.started_at

    @property
    def ends(self) -> datetime | None:
        """When it would end."""
        return self.change.ends_at or self.sheet.judged.ended_at

    def bare(self) -> Draft:
        """Leave out what stays as it was."""
        was, change = self.sheet.judged, self.change
        starts_at = None if change.starts_at == was.started_at else change.starts_at
        ends_at = None if change.ends_at == known_end(was) else change.ends_at
        return replace(self, change=replace(change, starts_at=starts_at, ends_at=ends_at))

    def served(self, voice: Voice) -> str:
        """Return how long it would be."""
        minutes = 0 if self.ends is None else int((self.ends - self.begins).total_seconds()) // 60
        say = voice.phrases.say
        return say("desk.served", time=voice.duration(minutes)) if minutes > 0 else say("desk.served.backwards")


@dataclass(frozen=True, slots=True)
class CorrectTimes(Page):
    """When it really began and ended."""

    draft: Draft

    def title(self, voice: Voice) -> str:
        """Say what it is about."""
        return voice.phrases.say("desk.correct.title", name=self.draft.sheet.line.name)

    def tapped(self, tap: Tap, context: Context) -> Turn:  # noqa: ARG002  the interface's
        """Turn a dial, or go on."""
        draft = self.draft
        change = draft.change
        if isinstance(tap, TapStep) and tap.dial == "begin" and change.starts_at is not None:
            change = replace(change, starts_at=stepped(change.starts_at, tap.by))
            return Turn(replace(self, draft=replace(draft, change=change)))
        if isinstance(tap, TapStep) and tap.dial == "end" and change.ends_at is not None:
            change = replace(change, ends_at=stepped(change.ends_at, tap.by))
            return Turn(replace(self, draft=replace(draft, change=change)))
        if tap != TapAct(Act.GO_ON):
            return STAYS
        return Turn(over=CorrectService(draft) if change.reason in _SERVICE else SumCorrection(draft.bare()))

    def body(self, context: Context, voice: Voice, now: datetime | None) -> Body:  # noqa: ARG002  the interface's
        """Put it into words."""
        change = self.draft.change
        times = (("begin", change.starts_at), ("end", change.ends_at))
        dials = tuple(time_dial(key, at, voice) for key, at in times if at is not None)
        return DialsBody(dials, Badge(Icon.CLOCK, self.draft.served(voice), Tone.CALM), (go_on(voice),))


@dataclass(frozen=True, slots=True)
class CorrectService(Page):
    """What was really done."""

    draft: Draft

    def title(self, voice: Voice) -> str:
        """Say what it is about."""
        return voice.phrases.say("desk.correct.title", name=self.draft.sheet.line.name)

    def tapped(self, tap: Tap, context: Context) -> Turn:  # noqa: ARG002  the interface's
        """Choose, and go on."""
        if not isinstance(tap, TapPick):
            return STAYS
        same = tap.key == self.draft.sheet.judged.service
        change = replace(self.draft.change, service=None if same else tap.key)
        return Turn(over=SumCorrection(replace(self.draft, change=change).bare()))

    def body(self, context: Context, voice: Voice, now: datetime | None) -> Body:  # noqa: ARG002  the interface's
        """Put it into words."""
        services = () if context.people is None else context.people.services
        chosen = self.draft.change.service or self.draft.sheet.judged.service
        return ChoicesBody(voice.phrases.say("desk.correct.service"), service_tiles(services, chosen, voice), 4, ())


@dataclass(frozen=True, slots=True)
class SumCorrection(Summing):
    """The correction in one look, and that another person must stand for it."""

    draft: Draft

    def title(self, voice: Voice) -> str:
        """Say what it is about."""
        return voice.phrases.say("desk.correct.title", name=self.draft.sheet.line.name)

    def tapped(self, tap: Tap, context: Context) -> Turn:
        """Send it."""
        if tap != TapAct(Act.CONFIRM):
            return STAYS
        session, change, objection = self.draft.sheet.line.session_id, self.draft.change, self.draft.objection
        if objection is None:
            return Turn(act=AmendIntent(context.operator, session, change))
        ruling = Ruling(DecisionReason.CORRECTED, change, objection)
        return Turn(act=DecideIntent(context.operator, session, ruling))

    def body(self, context: Context, voice: Voice, now: datetime | None) -> Body:  # noqa: ARG002  the interface's
        """Put it into words."""
        say, change, was = voice.phrases.say, self.draft.change, self.draft.sheet.judged
        lines = []
        if change.starts_at is not None:
            lines.append(
                say("desk.correct.begin", before=voice.time(was.started_at), after=voice.time(change.starts_at))
            )
        if change.ends_at is not None:
            ended_at = known_end(was)
            before = say("desk.time.unknown") if ended_at is None else voice.time(ended_at)
            lines.append(say("desk.correct.end", before=before, after=voice.time(change.ends_at)))
        if change.service is not None:
            before, after = (voice.phrases.name_of("service", each) for each in (was.service, change.service))
            lines.append(say("desk.correct.did", before=before, after=after))
        waits = say("desk.correct.second" if self.draft.objection is None else "desk.correct.objection")
        headline = say("desk.correct.sum", name=self.draft.sheet.line.name)
        return summary(voice, headline, (*lines, waits), say("desk.submit"))
