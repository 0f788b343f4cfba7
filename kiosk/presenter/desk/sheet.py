"""One record: what was recorded beside how it stands, what to look at, and what the operator can do about it.

Upstream: ``page``, ``lines``, ``details``.
Downstream: ``on_duty``, ``queue``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kiosk.presenter.desk.confirming import ConfirmSeveral
from kiosk.presenter.desk.correction import WhyCorrect
from kiosk.presenter.desk.details import flags_of, is_offered, said_of_session, sheets_of
from kiosk.presenter.desk.intents import ReadSheet
from kiosk.presenter.desk.lines import countdown_badge, person, stay
from kiosk.presenter.desk.page import STAYS, Page, Turn
from kiosk.presenter.desk.rating import RatePage
from kiosk.presenter.desk.ruling import Rule
from kiosk.presenter.desk.taps import Act, TapAct
from kiosk.presenter.desk.views import Action, MessageBody, SessionBody
from kiosk.presenter.desk.withdrawal import WhyVoid
from kiosk.presenter.icons import Icon
from kiosk.presenter.views import Tone
from kiosk.usecases.desk import DeskAct, SessionSheet
from sync.protocol.vocabulary import Matter

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from kiosk.presenter.acts import Tap
    from kiosk.presenter.desk.intents import Came
    from kiosk.presenter.desk.page import Context
    from kiosk.presenter.desk.views import Body
    from kiosk.presenter.wording import Voice

ACTS: Mapping[Act, tuple[DeskAct, Icon, Callable[[SessionSheet], Page]]] = {
    Act.CONFIRM: (DeskAct.CONFIRM, Icon.DONE, lambda sheet: ConfirmSeveral((sheet.line,), sheet)),
    Act.AMEND: (DeskAct.AMEND, Icon.HISTORY, WhyCorrect),
    Act.RATE: (DeskAct.RATE, Icon.STAR, lambda sheet: RatePage((sheet.line,), counts=dict(sheet.tallies))),
    Act.VOID: (DeskAct.VOID, Icon.FORBIDDEN, lambda sheet: WhyVoid(sheet.line)),
    Act.DECIDE: (DeskAct.DECIDE, Icon.NOTICE, Rule),
}
_URGENT = {Matter.CONFIRM: Act.CONFIRM, Matter.SECOND_PERSON: Act.CONFIRM, Matter.OBJECTION: Act.DECIDE}
_URGENT |= {Matter.RATE: Act.RATE, Matter.END_UNKNOWN: Act.AMEND}


@dataclass(frozen=True, slots=True)
class SessionPage(Page):
    """A session by its id; ``sheet`` None while it is being read."""

    session_id: str
    sheet: SessionSheet | None = None

    @property
    def is_base(self) -> bool:
        """It is."""
        return True

    def title(self, voice: Voice) -> str:
        """Say what it is about."""
        return voice.phrases.say("desk.session.title")

    def wants(self, context: Context) -> tuple[ReadSheet, ...]:
        """Read it anew."""
        return (ReadSheet(context.operator, self.session_id),)

    def took(self, came: Came) -> Page:
        """Take it."""
        if isinstance(came, SessionSheet) and came.line.session_id == self.session_id:
            return replace(self, sheet=came)
        return self

    def tapped(self, tap: Tap, context: Context) -> Turn:  # noqa: ARG002  the interface's
        """Begin what can be done."""
        sheet = self.sheet
        if sheet is None or not isinstance(tap, TapAct) or tap.act not in ACTS:
            return STAYS
        deed, _, opens = ACTS[tap.act]
        return Turn(over=opens(sheet)) if is_offered(sheet, deed) else STAYS

    def body(self, context: Context, voice: Voice, now: datetime | None) -> Body:  # noqa: ARG002  the interface's
        """Put it into words."""
        sheet = self.sheet
        if sheet is None:
            return MessageBody(Tone.QUIET, Icon.SAVING, voice.phrases.say("desk.reading"), (), ())
        line = sheet.line
        service = voice.phrases.name_of("service", sheet.judged.service)
        return SessionBody(
            name=person(line, voice),
            summary=voice.phrases.say(
                "desk.session.summary",
                span=stay(line, voice),
                service=service,
                state=voice.phrases.of("state", line.state),
            ),
            countdown=countdown_badge(line.countdown, voice),
            said=said_of_session(sheet, voice),
            sheets=sheets_of(sheet, voice),
            flags=flags_of(sheet, voice),
            actions=tuple(_action(which, sheet, voice) for which in ACTS),
        )


def _action(which: Act, sheet: SessionSheet, voice: Voice) -> Action:
    deed, icon, _ = ACTS[which]
    refusal = sheet.refusal_of(deed)
    text = voice.phrases.of("desk_act", which)
    if refusal is not None:
        return Action(text, icon, Tone.QUIET, None, voice.phrases.of("desk_why", refusal))
    first = next((_URGENT[matter] for matter in sheet.line.matters), None)
    return Action(text, icon, Tone.ACCENT if which is first else Tone.CALM, TapAct(which))
