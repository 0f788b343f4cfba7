"""演练: practice with every step real and nothing of it in any total; begun and ended by an operator.

Upstream: ``page``, ``shapes``.
Downstream: ``home``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.presenter.desk.intents import DrillIntent, ReadDesk
from kiosk.presenter.desk.page import STAYS, Page, Turn
from kiosk.presenter.desk.shapes import act
from kiosk.presenter.desk.taps import Act, TapAct
from kiosk.presenter.desk.views import MessageBody
from kiosk.presenter.icons import Icon
from kiosk.presenter.views import Tone

if TYPE_CHECKING:
    from datetime import datetime

    from kiosk.presenter.acts import Tap
    from kiosk.presenter.desk.page import Context
    from kiosk.presenter.desk.views import Body
    from kiosk.presenter.wording import Voice


@dataclass(frozen=True, slots=True)
class DrillPage(Page):
    """Whether practice is on, and what it means."""

    @property
    def is_base(self) -> bool:
        """It is."""
        return True

    def title(self, voice: Voice) -> str:
        """Say what it is about."""
        return voice.phrases.say("desk.drill.title")

    def wants(self, context: Context) -> tuple[ReadDesk, ...]:
        """Read whether it is on."""
        return (ReadDesk(context.operator),)

    def tapped(self, tap: Tap, context: Context) -> Turn:
        """Begin, or end."""
        running = context.board is not None and context.board.drill is not None
        if tap == TapAct(Act.END if running else Act.BEGIN):
            return Turn(act=DrillIntent(context.operator, not running))
        return STAYS

    def body(self, context: Context, voice: Voice, now: datetime | None) -> Body:  # noqa: ARG002  the interface's
        """Put it into words."""
        say = voice.phrases.say
        drill = None if context.board is None else context.board.drill
        if drill is None:
            lines = (say("desk.drill.what"), say("desk.drill.said"), say("desk.drill.ends"))
            begin = act(say("desk.drill.begin"), Icon.TUTORING, Act.BEGIN)
            return MessageBody(Tone.CALM, Icon.TUTORING, say("desk.drill.off"), lines, (begin,))
        lines = (
            say("desk.drill.since", time=voice.time(drill.since), name=drill.by_name),
            say("desk.drill.until", time=voice.time(drill.ends_at)),
            say("desk.drill.what"),
        )
        end = act(say("desk.drill.end"), Icon.DONE, Act.END)
        return MessageBody(Tone.WARN, Icon.TUTORING, say("desk.drill.on"), lines, (end,))
