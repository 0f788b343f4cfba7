"""撤销记录: why, then one summary; what was recorded stays readable.

Upstream: ``page``, ``shapes``.
Downstream: ``sheet``, ``ruling``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.presenter.desk.confirming import Summing
from kiosk.presenter.desk.intents import DecideIntent, VoidIntent
from kiosk.presenter.desk.lines import stay
from kiosk.presenter.desk.page import STAYS, Page, Turn
from kiosk.presenter.desk.shapes import summary, tile
from kiosk.presenter.desk.taps import Act, TapAct, TapPick
from kiosk.presenter.desk.views import ChoicesBody
from kiosk.presenter.icons import Icon
from kiosk.presenter.views import Tone
from kiosk.usecases.desk_outcomes import Ruling
from sync.protocol.vocabulary import DecisionReason, VoidReason

if TYPE_CHECKING:
    from datetime import datetime

    from kiosk.presenter.acts import Tap
    from kiosk.presenter.desk.page import Context
    from kiosk.presenter.desk.views import Body
    from kiosk.presenter.wording import Voice
    from kiosk.usecases.desk import DeskLine

_ICONS = {
    VoidReason.DUPLICATE: Icon.PEOPLE,
    VoidReason.NOT_PRESENT: Icon.FORBIDDEN,
    VoidReason.OTHER_PERSON: Icon.PERSON,
    VoidReason.TRIAL: Icon.TUTORING,
    VoidReason.OTHER: Icon.HELP,
}


@dataclass(frozen=True, slots=True)
class WhyVoid(Page):
    """Why the record is withdrawn; ``objection`` where the volunteer asked for it."""

    line: DeskLine
    objection: str | None = None

    def title(self, voice: Voice) -> str:
        """Say what it is about."""
        return voice.phrases.say("desk.void.title", name=self.line.name)

    def tapped(self, tap: Tap, context: Context) -> Turn:  # noqa: ARG002  the interface's
        """Choose the reason."""
        if not isinstance(tap, TapPick):
            return STAYS
        return Turn(over=SumVoid(self.line, VoidReason(tap.key), self.objection))

    def body(self, context: Context, voice: Voice, now: datetime | None) -> Body:  # noqa: ARG002  the interface's
        """Put it into words."""
        tiles = tuple(tile(_ICONS[each], voice.phrases.of("void_reason", each), each) for each in VoidReason)
        return ChoicesBody(voice.phrases.say("desk.void.why"), tiles, 3, ())


@dataclass(frozen=True, slots=True)
class SumVoid(Summing):
    """The withdrawal in one look."""

    line: DeskLine
    reason: VoidReason
    objection: str | None = None

    def title(self, voice: Voice) -> str:
        """Say what it is about."""
        return voice.phrases.say("desk.void.title", name=self.line.name)

    def tapped(self, tap: Tap, context: Context) -> Turn:
        """Send it."""
        if tap != TapAct(Act.CONFIRM):
            return STAYS
        session = self.line.session_id
        if self.objection is None:
            return Turn(act=VoidIntent(context.operator, session, self.reason))
        ruling = Ruling(DecisionReason.CORRECTED, self.reason, self.objection)
        return Turn(act=DecideIntent(context.operator, session, ruling))

    def body(self, context: Context, voice: Voice, now: datetime | None) -> Body:  # noqa: ARG002  the interface's
        """Put it into words."""
        say, line = voice.phrases.say, self.line
        lines = (
            stay(line, voice),
            say("desk.reason", reason=voice.phrases.of("void_reason", self.reason)),
            say("desk.void.second" if line.credited_minutes else "desk.void.kept"),
        )
        return summary(voice, say("desk.void.sum", name=line.name), lines, say("desk.void.done"), Tone.WARN)
