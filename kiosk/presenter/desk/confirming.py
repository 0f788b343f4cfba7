"""确认: the one question before an operator stands for records; a confirmation cannot be taken back.

Upstream: ``page``, ``shapes``, ``lines``.
Downstream: ``queue``, ``sheet``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kiosk.presenter.desk.intents import ConfirmMany
from kiosk.presenter.desk.lines import span
from kiosk.presenter.desk.page import STAYS, Page, Turn
from kiosk.presenter.desk.shapes import act, summary
from kiosk.presenter.desk.taps import Act, TapAct
from kiosk.presenter.icons import Icon
from kiosk.presenter.views import Tone

if TYPE_CHECKING:
    from datetime import datetime

    from kiosk.presenter.acts import Tap
    from kiosk.presenter.desk.page import Context
    from kiosk.presenter.desk.views import Body
    from kiosk.presenter.wording import Voice
    from kiosk.usecases.desk import DeskLine

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
    """Stand for these; ``may_beyond``: the time after the shift of a single one can be let count too."""

    lines: tuple[DeskLine, ...]
    may_beyond: bool = False

    def title(self, voice: Voice) -> str:
        """Say what it is about."""
        return voice.phrases.say("desk.confirm.title")

    def tapped(self, tap: Tap, context: Context) -> Turn:
        """Send it."""
        beyond = self.may_beyond and tap == TapAct(Act.BEYOND)
        if tap != TapAct(Act.CONFIRM) and not beyond:
            return STAYS
        sessions = tuple(line.session_id for line in self.lines)
        return Turn(act=ConfirmMany(context.operator, sessions, beyond_shift=beyond))

    def body(self, context: Context, voice: Voice, now: datetime | None) -> Body:  # noqa: ARG002  the interface's
        """Put it into words."""
        say = voice.phrases.say
        named = [
            say("desk.confirm.line", name=line.name, span=span(line.started_at, line.ended_at, voice))
            for line in self.lines[:MOST_NAMED]
        ]
        if len(self.lines) > MOST_NAMED:
            named[-1] = say("desk.confirm.more", count=len(self.lines) - MOST_NAMED + 1)
        headline = say("desk.confirm.one" if len(self.lines) == 1 else "desk.confirm.many", count=len(self.lines))
        body = summary(voice, headline, (*named, say("desk.confirm.kept")), say("desk.confirm.done"))
        if not self.may_beyond:
            return body
        beyond = act(say("desk.act.beyond"), Icon.CLOCK, Act.BEYOND, Tone.CALM)
        return replace(body, buttons=(body.buttons[0], beyond, body.buttons[1]))
