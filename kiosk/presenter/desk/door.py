"""The desk's door: an own certificate, then the PIN, or the first PIN twice.

Upstream: ``kiosk.presenter.area``, ``intents``, ``says``.
Downstream: ``kiosk.presenter.areas`` opens it; once somebody is in, ``desk`` takes over.

::

    card ── certificate of an operator ── PIN stands ──▶ enter ── right ──▶ the desk
                                     └── none yet ──▶ choose ──▶ repeat ── the same ── kept ──▶ the desk
                                                         ▲────────── another ──┘
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar

from kiosk.presenter import acts
from kiosk.presenter.area import Area, Step
from kiosk.presenter.desk.desk import Desk
from kiosk.presenter.desk.frame import band_of
from kiosk.presenter.desk.intents import Answered, ReceiveIntent, SetPinIntent, SignInIntent
from kiosk.presenter.desk.says import REFUSALS, said_of
from kiosk.presenter.desk.taps import TapBack, TapLock
from kiosk.presenter.desk.views import Action, DeskView, MessageBody, PadBody
from kiosk.presenter.icons import Icon
from kiosk.presenter.navigation import Screen
from kiosk.presenter.number_pad import pad_keys
from kiosk.presenter.views import Badge, Sound, Tone
from kiosk.usecases.operator_outcomes import PinSet, SignedIn
from kiosk.usecases.outcomes import NotRecorded
from kiosk.usecases.receive_operator import Received

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from kiosk.presenter.desk.intents import Came
    from kiosk.presenter.views import Countdown
    from kiosk.presenter.wording import Voice
    from kiosk.usecases.area_outcome import AreaOutcome
    from kiosk.usecases.outcomes import Outcome

PIN_DIGITS = 6  # as kiosk.certificate.pin takes them
MASK = "●"


class Ask(StrEnum):
    """What the door asks for."""

    CARD = "card"
    ENTER = "enter"  # the PIN that stands
    CHOOSE = "choose"  # a first PIN
    REPEAT = "repeat"  # the same once more


@dataclass(frozen=True, slots=True)
class Doorway(Area):
    """The page before the desk; ``text`` is the certificate that was shown, ``first`` the PIN chosen so far."""

    screen: ClassVar[Screen] = Screen.DESK
    stays_s: ClassVar[int] = 60
    ask: Ask = Ask.CARD
    name: str = ""
    text: str = ""
    digits: str = ""
    first: str = ""
    asked: bool = False
    differs: bool = False
    came: Came | None = None

    @property
    def scan_as(self) -> Callable[[str], ReceiveIntent]:
        """Whoever shows a card here means the desk; it is no duty."""
        return ReceiveIntent

    def tapped(self, tap: acts.Tap, now_s: float) -> Step:  # noqa: ARG002  the interface's
        """Do what a finger asked for."""
        if isinstance(tap, TapLock) or (isinstance(tap, TapBack) and self.ask is Ask.CARD):
            return Step(None)
        if isinstance(tap, TapBack):
            return Step(Doorway())
        if self.ask is Ask.CARD or self.asked:
            return Step(self)
        if isinstance(tap, acts.TapConfirm):
            return self._confirm()
        return Step(replace(self, digits=_typed(self.digits, tap), came=None, differs=False))

    def _confirm(self) -> Step:
        if len(self.digits) < PIN_DIGITS:  # no try is spent on what cannot be a PIN
            return Step(self)
        if self.ask is Ask.ENTER:
            return Step(replace(self, asked=True), (SignInIntent(self.text, self.digits),))
        if self.ask is Ask.CHOOSE:
            return Step(replace(self, ask=Ask.REPEAT, first=self.digits, digits="", came=None))
        if self.digits != self.first:
            return Step(replace(self, ask=Ask.CHOOSE, first="", digits="", differs=True))
        return Step(replace(self, asked=True), (SetPinIntent(self.text, self.digits),))

    def shown(self, outcome: Outcome | AreaOutcome, answers: acts.Intent | None) -> Step | None:
        """Take what came of a card or of a PIN."""
        if isinstance(outcome, NotRecorded):
            return Step(replace(self, asked=False, digits="", came=outcome), sound=Sound.REFUSAL)
        if not isinstance(outcome, Answered):
            return None
        came = outcome.came
        if isinstance(came, Received) and isinstance(answers, ReceiveIntent):
            ask = Ask.ENTER if came.has_pin else Ask.CHOOSE
            return Step(Doorway(ask, came.name, answers.text), sound=Sound.QUESTION)
        if isinstance(came, SignedIn):
            return Desk.entered(came)
        if isinstance(came, PinSet):
            return Step(replace(self, came=came), (SignInIntent(self.text, self.digits),))
        return self._refused(came)

    def _refused(self, came: Came) -> Step:
        if not isinstance(came, REFUSALS):
            return Step(self)
        ask = Ask.CHOOSE if self.ask is Ask.REPEAT else self.ask
        again = replace(self, ask=ask, digits="", first="", asked=False, came=came)
        return Step(again, sound=Sound.REFUSAL)

    def view(self, voice: Voice, now: datetime | None, countdown: Countdown) -> DeskView:
        """Put the door into words."""
        say = voice.phrases.say
        word = None if self.came is None else said_of(self.came, voice)
        if self.differs:
            word = Badge(Icon.WARNING, say("desk.pin.differs"), Tone.WARN)
        back = Action(say("desk.back"), Icon.GO_BACK, Tone.ACCENT, TapBack())
        who = say("desk.door.who", name=self.name) if self.name else say("desk.door.nobody")
        band = band_of(say("desk.title"), who, back, voice, now, countdown)
        return DeskView(band, word, self._card(voice) if self.ask is Ask.CARD else self._pad(voice))

    def _card(self, voice: Voice) -> MessageBody:
        say = voice.phrases.say
        lines = (say("desk.door.line"), say("desk.door.note"))
        return MessageBody(Tone.CALM, Icon.CERTIFICATE, say("desk.door.headline"), lines, ())

    def _pad(self, voice: Voice) -> PadBody:
        phrases = voice.phrases
        confirm = phrases.say("number_pad.asked" if self.asked else "number_pad.confirm")
        live = len(self.digits) == PIN_DIGITS and not self.asked
        return PadBody(
            title=phrases.of("desk_pin", self.ask, "title"),
            prompt="" if self.digits else phrases.say("desk.pin.prompt"),
            typed=MASK * len(self.digits),
            hint=phrases.of("desk_pin", self.ask, "hint"),
            keys=pad_keys(voice),
            confirm=Action(confirm, Icon.CHECK, Tone.ACCENT, acts.TapConfirm() if live else None),
        )


def _typed(digits: str, tap: acts.Tap) -> str:
    if isinstance(tap, acts.TapDigit):
        return (digits + tap.digit)[:PIN_DIGITS]
    if isinstance(tap, acts.TapErase):
        return digits[:-1]
    return "" if isinstance(tap, acts.TapClear) else digits
