"""The desk behind its door: a stack of pages, what the last act came to, and nobody left in charge after a minute.

Upstream: ``page``, the pages, ``kiosk.presenter.area``.
Downstream: ``door`` opens it.

Every tap goes to the page on top. Reads come back to every page that wants them; an act is sent once, and its answer
brings the desk back to the page it belongs to. A volunteer who comes to the camera meanwhile is recorded as always, and
said in the band.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from kiosk.presenter.area import Area, Step
from kiosk.presenter.desk.frame import band_of
from kiosk.presenter.desk.home import Home
from kiosk.presenter.desk.intents import Answered, ScanIntent, ScansBeside
from kiosk.presenter.desk.page import Context
from kiosk.presenter.desk.says import REFUSALS, said_of
from kiosk.presenter.desk.taps import TapBack, TapLock
from kiosk.presenter.desk.views import Action, DeskView
from kiosk.presenter.icons import Icon
from kiosk.presenter.navigation import Screen
from kiosk.presenter.views import Sound, Tone
from kiosk.usecases.desk import DeskBoard
from kiosk.usecases.desk_outcomes import GroupOpen
from kiosk.usecases.outcomes import CheckedIn, CheckedOut, NotRecorded, Refused
from kiosk.usecases.read_people import People
from kiosk.usecases.receive_operator import OwnCard

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from kiosk.presenter.acts import Intent, Tap
    from kiosk.presenter.desk.intents import Came, DeskIntent
    from kiosk.presenter.desk.page import Page, Turn
    from kiosk.presenter.views import Countdown
    from kiosk.presenter.wording import Voice
    from kiosk.usecases.area_outcome import AreaOutcome
    from kiosk.usecases.operator_outcomes import SignedIn
from kiosk.usecases.outcomes import Outcome

_AT_THE_CAMERA = CheckedIn | CheckedOut | Refused


@dataclass(frozen=True, slots=True)
class Desk(Area):
    """值班台 with somebody at it.

    Attributes:
        pages: the page on top last; never empty.
        asked: the act whose answer is awaited.
        came: what the band says until the next touch.
    """

    screen: ClassVar[Screen] = Screen.DESK
    stays_s: ClassVar[int] = 60
    context: Context
    pages: tuple[Page, ...]
    asked: DeskIntent | None = None
    came: Came | None = None

    @classmethod
    def entered(cls, operator: SignedIn) -> Step:
        """Let somebody in."""
        desk = cls(Context(operator), (Home(),))
        return Step(desk, desk.pages[-1].wants(desk.context), Sound.START)

    @property
    def scan_as(self) -> Callable[[str], Intent]:
        """Duty goes on beside the desk, but the operator's own card, still in hand, is no duty."""
        return ScansBeside(self.context.operator)

    # ---- fingers

    def tapped(self, tap: Tap, now_s: float) -> Step:  # noqa: ARG002  the interface's
        """Do what a finger asked for."""
        if isinstance(tap, TapLock):
            return Step(None)
        desk = replace(self, came=None)
        if isinstance(tap, TapBack):
            if len(self.pages) == 1:
                return Step(desk)
            step = desk.above(self.pages[:-1])
            return replace(step, intents=(*self.pages[-1].leaves, *step.intents))
        return desk.turn(self.pages[-1].tapped(tap, self.context))

    def turn(self, turn: Turn) -> Step:
        """Make of the desk what a page says."""
        if turn.act is not None and self.asked is not None:
            return Step(self)
        pages = self.pages if turn.page is None else (*self.pages[:-1], turn.page)
        intents = turn.reads
        if turn.over is not None:
            pages, intents = (*pages, turn.over), (*intents, *turn.over.wants(self.context))
        if turn.act is None:
            return Step(replace(self, pages=pages), intents)
        return Step(replace(self, pages=pages, asked=turn.act), (*intents, turn.act))

    def above(self, pages: tuple[Page, ...], sound: Sound | None = None) -> Step:
        """Stand on these pages, and read what the top one wants."""
        return Step(replace(self, pages=pages), pages[-1].wants(self.context), sound)

    # ---- answers

    def shown(self, outcome: Outcome | AreaOutcome, answers: Intent | None) -> Step | None:
        """Take what was read, done, or recorded at the camera."""
        if isinstance(outcome, NotRecorded):
            return Step(replace(self, asked=None, came=outcome), sound=Sound.REFUSAL, touched=False)
        if isinstance(outcome, _AT_THE_CAMERA) and (answers is None or isinstance(answers, ScanIntent)):
            return self._camera(outcome)
        if not isinstance(outcome, Answered):
            return None
        if self.asked is not None and answers == self.asked:
            return self._answered(outcome.came)
        return self._read(outcome.came)

    def _camera(self, came: CheckedIn | CheckedOut | Refused) -> Step:
        sound = {CheckedIn: Sound.START, CheckedOut: Sound.END}.get(type(came), Sound.REFUSAL)
        return Step(replace(self, came=came), self.pages[-1].wants(self.context), sound, touched=False)

    def _answered(self, came: Came) -> Step:
        """Go back to where the act began; where it was refused, one step back from the question alone."""
        desk = replace(self, asked=None, came=came)
        if isinstance(came, REFUSALS):
            kept = self.pages[:-1] if self.pages[-1].asks_once else self.pages
            return desk.above(kept, Sound.REFUSAL)
        if isinstance(came, GroupOpen):
            return Step(None, sound=Sound.START)  # the group's own screen takes over
        kept = self.pages
        while not kept[-1].is_base:
            kept = kept[:-1]
        return desk.above(tuple(page.took(came) for page in kept), Sound.START)

    def _read(self, came: Came) -> Step:
        context = self.context
        if isinstance(came, DeskBoard):
            context = replace(context, board=came)
        elif isinstance(came, People):
            context = replace(context, people=came)
        pages = tuple(page.took(came) for page in self.pages)
        said = came if isinstance(came, (*REFUSALS, OwnCard)) else self.came
        follows = tuple(intent for page in pages for intent in page.follows(came, context))
        return Step(replace(self, context=context, pages=pages, came=said), follows, touched=bool(follows))

    def left(self) -> tuple[Intent, ...]:
        """Let go of what still runs."""
        return tuple(intent for page in self.pages for intent in page.leaves)

    # ---- words

    def view(self, voice: Voice, now: datetime | None, countdown: Countdown) -> DeskView:
        """Put the page on top into words."""
        phrases, page, operator = voice.phrases, self.pages[-1], self.context.operator
        roles = phrases.say("operator.and").join(phrases.of("role", role) for role in operator.roles)
        back = Action(phrases.say("desk.back"), Icon.GO_BACK, Tone.ACCENT, TapBack() if len(self.pages) > 1 else None)
        who = phrases.say("desk.who", name=operator.name, roles=roles)
        band = band_of(page.title(voice), who, back, voice, now, countdown)
        return DeskView(
            band, None if self.came is None else said_of(self.came, voice), page.body(self.context, voice, now)
        )
