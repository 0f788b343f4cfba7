"""异议处理: upheld with a correction or a withdrawal, or dismissed with a reason (令67 Art 13).

Upstream: ``page``, ``correction``, ``withdrawal``.
Downstream: ``sheet``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.presenter.desk.confirming import Summing
from kiosk.presenter.desk.correction import WhyCorrect
from kiosk.presenter.desk.intents import DecideIntent
from kiosk.presenter.desk.page import STAYS, Page, Turn
from kiosk.presenter.desk.shapes import reason_tiles, summary
from kiosk.presenter.desk.taps import Act, TapAct, TapPick
from kiosk.presenter.desk.views import Choice, ChoicesBody
from kiosk.presenter.desk.withdrawal import WhyVoid
from kiosk.presenter.icons import Icon
from kiosk.presenter.views import Tone
from kiosk.usecases.desk_outcomes import Ruling
from sync.protocol.vocabulary import DecisionReason

if TYPE_CHECKING:
    from datetime import datetime

    from kiosk.presenter.acts import Tap
    from kiosk.presenter.desk.page import Context
    from kiosk.presenter.desk.views import Body
    from kiosk.presenter.wording import Voice
    from kiosk.usecases.desk import SessionSheet


@dataclass(frozen=True, slots=True)
class Rule(Page):
    """The earliest objection that stands, and the three answers to it."""

    sheet: SessionSheet

    def title(self, voice: Voice) -> str:
        """Say what it is about."""
        return voice.phrases.say("desk.rule.title", name=self.sheet.line.name)

    def tapped(self, tap: Tap, context: Context) -> Turn:  # noqa: ARG002  the interface's
        """Choose the answer."""
        standing = next((each for each in self.sheet.objections if each.upheld is None), None)
        if not isinstance(tap, TapAct) or standing is None:
            return STAYS
        match tap.act:
            case Act.AMEND:
                return Turn(over=WhyCorrect(self.sheet, standing.event_id))
            case Act.VOID:
                return Turn(over=WhyVoid(self.sheet.line, standing.event_id))
            case Act.DISMISS:
                return Turn(over=WhyDismiss(self.sheet, standing.event_id))
        return STAYS

    def body(self, context: Context, voice: Voice, now: datetime | None) -> Body:  # noqa: ARG002  the interface's
        """Put it into words."""
        say = voice.phrases.say
        reasons = [
            voice.phrases.of("objection_reason", each.reason) for each in self.sheet.objections if each.upheld is None
        ]
        question = say("desk.rule.question", reason=say("desk.and").join(reasons[:1]))
        answers = (
            (Icon.HISTORY, say("desk.rule.amend"), say("desk.rule.amend_note"), Act.AMEND),
            (Icon.FORBIDDEN, say("desk.rule.void"), say("desk.rule.void_note"), Act.VOID),
            (Icon.CERTIFICATE, say("desk.rule.dismiss"), say("desk.rule.dismiss_note"), Act.DISMISS),
        )
        tiles = tuple(
            Choice(icon, name, "", note, Tone.QUIET, chosen=False, tap=TapAct(which))
            for icon, name, note, which in answers
        )
        return ChoicesBody(question, tiles, 3, ())


@dataclass(frozen=True, slots=True)
class WhyDismiss(Page):
    """Why the record stands."""

    sheet: SessionSheet
    objection: str

    def title(self, voice: Voice) -> str:
        """Say what it is about."""
        return voice.phrases.say("desk.rule.title", name=self.sheet.line.name)

    def tapped(self, tap: Tap, context: Context) -> Turn:  # noqa: ARG002  the interface's
        """Choose the reason."""
        if not isinstance(tap, TapPick):
            return STAYS
        return Turn(over=SumDismissal(self.sheet, self.objection, DecisionReason(tap.key)))

    def body(self, context: Context, voice: Voice, now: datetime | None) -> Body:  # noqa: ARG002  the interface's
        """Put it into words."""
        return ChoicesBody(voice.phrases.say("desk.rule.why"), reason_tiles(voice), 2, ())


@dataclass(frozen=True, slots=True)
class SumDismissal(Summing):
    """The dismissal in one look."""

    sheet: SessionSheet
    objection: str
    reason: DecisionReason

    def title(self, voice: Voice) -> str:
        """Say what it is about."""
        return voice.phrases.say("desk.rule.title", name=self.sheet.line.name)

    def tapped(self, tap: Tap, context: Context) -> Turn:
        """Send it."""
        if tap != TapAct(Act.CONFIRM):
            return STAYS
        ruling = Ruling(self.reason, objection=self.objection)
        return Turn(act=DecideIntent(context.operator, self.sheet.line.session_id, ruling))

    def body(self, context: Context, voice: Voice, now: datetime | None) -> Body:  # noqa: ARG002  the interface's
        """Put it into words."""
        say = voice.phrases.say
        reason = say("desk.reason", reason=voice.phrases.of("decision_reason", self.reason))
        lines = (reason, say("desk.rule.stays"))
        return summary(voice, say("desk.rule.sum", name=self.sheet.line.name), lines, say("desk.rule.done"), Tone.WARN)
