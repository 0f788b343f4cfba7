"""确认: the one question before an operator stands for records; a confirmation cannot be taken back.

Upstream: ``page``, ``shapes``, ``lines``.
Downstream: ``queue``, ``sheet``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kiosk.presenter.desk.details import is_offered, said_of_session
from kiosk.presenter.desk.intents import ConfirmMany, DismissIntent
from kiosk.presenter.desk.lines import stay
from kiosk.presenter.desk.page import STAYS, Page, Turn
from kiosk.presenter.desk.shapes import act, reason_tiles, summary
from kiosk.presenter.desk.taps import Act, TapAct, TapPick
from kiosk.presenter.desk.views import ChoicesBody
from kiosk.presenter.icons import Icon
from kiosk.presenter.views import Tone
from kiosk.usecases.desk import DeskAct
from sync.protocol.vocabulary import DecisionReason

if TYPE_CHECKING:
    from datetime import datetime

    from kiosk.presenter.acts import Tap
    from kiosk.presenter.desk.page import Context
    from kiosk.presenter.desk.views import Body
    from kiosk.presenter.wording import Voice
    from kiosk.usecases.desk import DeskLine, SessionSheet

MOST_NAMED = 4


class Summing(Page):
    """A page that only sums up; a refusal leads one page back."""

    __slots__ = ()

    @property
    def asks_once(self) -> bool:
        """It does."""
        return True


@dataclass(frozen=True, slots=True)
class ConfirmSeveral(Summing):
    """Stand for these; ``sheet`` is of a single one, where more can be said and done."""

    lines: tuple[DeskLine, ...]
    sheet: SessionSheet | None = None

    def _offers(self, deed: DeskAct) -> bool:
        return self.sheet is not None and is_offered(self.sheet, deed)

    def title(self, voice: Voice) -> str:
        """Say what it is about."""
        return voice.phrases.say("desk.confirm.title")

    def tapped(self, tap: Tap, context: Context) -> Turn:
        """Send it."""
        if self._offers(DeskAct.DISMISS) and tap == TapAct(Act.DISMISS):
            return Turn(over=WhyTurnDown(self.lines[0]))
        beyond = self._offers(DeskAct.BEYOND_SHIFT) and tap == TapAct(Act.BEYOND)
        if tap != TapAct(Act.CONFIRM) and not beyond:
            return STAYS
        sessions = tuple(line.session_id for line in self.lines)
        return Turn(act=ConfirmMany(context.operator, sessions, beyond_shift=beyond))

    def body(self, context: Context, voice: Voice, now: datetime | None) -> Body:  # noqa: ARG002  the interface's
        """Put it into words."""
        say = voice.phrases.say
        named = [say("desk.confirm.line", name=line.name, span=stay(line, voice)) for line in self.lines[:MOST_NAMED]]
        if len(self.lines) > MOST_NAMED:
            named[-1] = say("desk.confirm.more", count=len(self.lines) - MOST_NAMED + 1)
        if self.sheet is not None and (said := said_of_session(self.sheet, voice)):
            named.append(said)
        headline = say("desk.confirm.one" if len(self.lines) == 1 else "desk.confirm.many", count=len(self.lines))
        body = summary(voice, headline, (*named, say("desk.confirm.kept")), say("desk.confirm.done"))
        more = []
        if self._offers(DeskAct.BEYOND_SHIFT):
            more.append(act(say("desk_act.beyond"), Icon.CLOCK, Act.BEYOND, Tone.CALM))
        if self._offers(DeskAct.DISMISS):
            more.append(act(say("desk_act.dismiss"), Icon.FORBIDDEN, Act.DISMISS, Tone.CALM))
        return replace(body, buttons=(body.buttons[0], *more, body.buttons[1]))


@dataclass(frozen=True, slots=True)
class WhyTurnDown(Page):
    """Why a correction or a withdrawal by one person is not agreed to."""

    line: DeskLine

    def title(self, voice: Voice) -> str:
        """Say what it is about."""
        return voice.phrases.say("desk.turn_down.title", name=self.line.name)

    def tapped(self, tap: Tap, context: Context) -> Turn:
        """Send it."""
        if not isinstance(tap, TapPick):
            return STAYS
        return Turn(act=DismissIntent(context.operator, self.line.session_id, DecisionReason(tap.key)))

    def body(self, context: Context, voice: Voice, now: datetime | None) -> Body:  # noqa: ARG002  the interface's
        """Put it into words."""
        tiles = reason_tiles(voice)
        return ChoicesBody(voice.phrases.say("desk.turn_down.why"), tiles, 2, ())
