"""The pages behind the lists of the own plan, each about one thing: its answers are recorded from here.

Upstream: ``kiosk.presenter.area``, ``acts``, ``plan_sheets``, ``plan_exchange``, ``plan``.
Downstream: ``plan_pages``.
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from kiosk.presenter.acts import TapClose
from kiosk.presenter.area import Area, Step
from kiosk.presenter.icons import Icon
from kiosk.presenter.navigation import Screen
from kiosk.presenter.records import plan, plan_exchange, plan_sheets
from kiosk.presenter.records.acts import (
    AnswerIntent,
    TapBack,
    TapColleague,
    TapLeaveFor,
    TapSay,
    TapStandIns,
    TapTab,
    TapTurn,
)
from kiosk.presenter.views import Button, Sound, Tone
from kiosk.usecases.record_outcomes import Reply, RosterAnswered
from sync.protocol.vocabulary import RosterAnswer

if TYPE_CHECKING:
    from datetime import datetime

    from kiosk.domain.open_posts import OpenPlace
    from kiosk.domain.own_roster import OwnPlace, SwapOfMe
    from kiosk.presenter.acts import Intent, Tap
    from kiosk.presenter.records.plan_pages import Plan
    from kiosk.presenter.records.views import PlanLine
    from kiosk.presenter.views import Countdown, View
    from kiosk.presenter.wording import Voice
    from kiosk.usecases.area_outcome import AreaOutcome
    from kiosk.usecases.outcomes import Outcome
    from sync.protocol.reference import RosteredShift
    from sync.protocol.roster import AnswerSettled

OPEN_S = 30  # ui.md: own records close after 30 s


@dataclass(frozen=True, slots=True)
class Answering(Area):
    """A page that may ask for an answer to be recorded; ``asked`` until it is, so that nothing is asked twice."""

    stays_s: ClassVar[int] = OPEN_S
    lists: Plan
    id: str
    asked: bool = False

    def tapped(self, tap: Tap, now_s: float) -> Step:
        """Go back, close, or do what the page is for."""
        if isinstance(tap, TapBack):
            return Step(self.back())
        if isinstance(tap, TapClose | TapTab):
            return self.lists.tapped(tap, now_s)
        return Step(self) if self.asked else self._touched(tap)

    def back(self) -> Area:
        """Return the page it was opened from."""
        return self.lists

    @abstractmethod
    def _touched(self, tap: Tap) -> Step:
        """Do what the page is for."""

    @abstractmethod
    def _noted(self, lists: Plan) -> Area:
        """Return the page after an answer from here was recorded."""

    def _say(self, reply: Reply) -> Step:
        return Step(replace(self, asked=True), (AnswerIntent(self.lists.under.records.scan, reply),))

    def shown(self, outcome: Outcome | AreaOutcome, answers: Intent | None) -> Step | None:
        """Take the answer to what was asked here."""
        if isinstance(outcome, RosterAnswered) and isinstance(answers, AnswerIntent):
            return Step(self._noted(self.lists.after(outcome.plan)), sound=Sound.END)
        return self.lists.under.refused(outcome, replace(self, asked=False))


@dataclass(frozen=True, slots=True)
class OfPlace(Answering):
    """A page about one own shift, by its assignment; made only of one that is there."""

    @property
    def place(self) -> OwnPlace:
        """The shift."""
        return next(each for each in self.lists.plan.places if each.shift.id == self.id)

    def _noted(self, lists: Plan) -> Area:
        return PlaceSheet(lists, self.id) if lists.plan.place(self.id) else lists


@dataclass(frozen=True, slots=True)
class PlaceSheet(OfPlace):
    """One own shift whole."""

    screen: ClassVar[Screen] = Screen.OWN_PLACE

    def _touched(self, tap: Tap) -> Step:
        place = self.place
        if not isinstance(tap, TapSay) or tap.answer not in self.lists.plan.answers_to(place):
            return Step(self)
        if tap.answer is RosterAnswer.LEAVE:
            return Step(LeavePage(self.lists, self.id))
        if tap.answer is RosterAnswer.ASK_SWAP:
            return Step(ColleaguesPage(self.lists, self.id, favour=not self.lists.plan.shifts_to_swap(place)))
        asked = place.asked if tap.answer is RosterAnswer.WITHDRAW_SWAP else None
        return self._say(Reply(tap.answer, self.id if asked is None else asked[0]))

    def view(self, voice: Voice, now: datetime | None, countdown: Countdown) -> View:  # noqa: ARG002  the scan dates it
        """Put the shift into words."""
        return plan_sheets.place_view(self.lists.plan, self.place, voice, countdown, asked=self.asked)


@dataclass(frozen=True, slots=True)
class LeavePage(OfPlace):
    """请假: why, where one likes to say."""

    screen: ClassVar[Screen] = Screen.OBJECTION

    def back(self) -> Area:
        """Return the shift's own page."""
        return PlaceSheet(self.lists, self.id)

    def _touched(self, tap: Tap) -> Step:
        if not isinstance(tap, TapLeaveFor):
            return Step(self)
        return self._say(Reply(RosterAnswer.LEAVE, self.id, reason=tap.reason))

    def view(self, voice: Voice, now: datetime | None, countdown: Countdown) -> View:  # noqa: ARG002  the scan dates it
        """Put the reasons into words."""
        return plan_sheets.leave_view(self.place, voice, countdown, asked=self.asked)


@dataclass(frozen=True, slots=True)
class ColleaguesPage(OfPlace):
    """换班: a colleague's shift; ``favour``: a colleague who serves for nothing in return."""

    screen: ClassVar[Screen] = Screen.OWN_PLAN
    favour: bool = False
    page: int = 0

    def back(self) -> Area:
        """Return the shift's own page."""
        return PlaceSheet(self.lists, self.id)

    def _touched(self, tap: Tap) -> Step:
        if isinstance(tap, TapStandIns):
            return Step(replace(self, favour=tap.wanted, page=0))
        if isinstance(tap, TapTurn):
            return Step(replace(self, page=plan.page_after(len(self._offered()), tap.page, plan.TITLED_ROWS)))
        chosen = tap.assignment if isinstance(tap, TapColleague) else None
        found = next((each for each in self._offered() if each.id == chosen), None)
        return Step(self) if found is None else Step(AskPage(self.lists, self.id, of=self, colleague=found))

    def _offered(self) -> tuple[RosteredShift, ...]:
        lies_ahead = self.lists.plan
        return lies_ahead.stand_ins(self.place) if self.favour else lies_ahead.shifts_to_swap(self.place)

    def view(self, voice: Voice, now: datetime | None, countdown: Countdown) -> View:  # noqa: ARG002  the scan dates it
        """Put the colleagues into words, their names masked."""
        phrases, favour = voice.phrases, self.favour
        other = Button(
            phrases.say("colleagues.swap" if favour else "colleagues.favour"), Icon.PEOPLE, TapStandIns(not favour)
        )
        return plan.paged(
            self.lists.under.records,
            [_line(each, voice) for each in self._offered()],
            self.page,
            voice,
            countdown,
            ways=(Button(phrases.say("records.back"), Icon.GO_BACK, TapBack(), Tone.QUIET), other),
            title=phrases.say("colleagues.whose" if favour else "colleagues.which"),
            empty="" if self._offered() else phrases.say("colleagues.none"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AskPage(OfPlace):
    """Both shifts side by side before a colleague is asked; ``colleague`` is the shift that was chosen."""

    screen: ClassVar[Screen] = Screen.OWN_EXCHANGE
    of: ColleaguesPage
    colleague: RosteredShift

    def back(self) -> Area:
        """Return to the colleagues."""
        return self.of

    def _touched(self, tap: Tap) -> Step:
        if tap != TapSay(RosterAnswer.ASK_SWAP):
            return Step(self)
        in_return = None if self.of.favour else self.colleague.id
        return self._say(Reply(RosterAnswer.ASK_SWAP, self.id, self.colleague.volunteer, in_return))

    def view(self, voice: Voice, now: datetime | None, countdown: Countdown) -> View:  # noqa: ARG002  the scan dates it
        """Put both into words."""
        return plan_exchange.ask_view(
            self.place, self.colleague, voice, countdown, favour=self.of.favour, waits=self.asked
        )


@dataclass(frozen=True, slots=True)
class SwapSheet(Answering):
    """An exchange that a colleague asks for, by its id."""

    screen: ClassVar[Screen] = Screen.OWN_EXCHANGE

    @property
    def swap(self) -> SwapOfMe:
        """The exchange; a page is only made of one that is there."""
        return next(each for each in self.lists.plan.swaps if each.swap.id == self.id)

    def _touched(self, tap: Tap) -> Step:
        open_ = {RosterAnswer.AGREE_SWAP, RosterAnswer.REFUSE_SWAP} - {self.swap.answered}
        return self._say(Reply(tap.answer, self.id)) if isinstance(tap, TapSay) and tap.answer in open_ else Step(self)

    def _noted(self, lists: Plan) -> Area:
        return SwapSheet(lists, self.id) if lists.plan.swap(self.id) else lists

    def view(self, voice: Voice, now: datetime | None, countdown: Countdown) -> View:  # noqa: ARG002  the scan dates it
        """Put both shifts into words."""
        return plan_exchange.asked_view(self.swap, voice, countdown, waits=self.asked)


@dataclass(frozen=True, slots=True)
class PostSheet(Answering):
    """An open post whole, by its id."""

    screen: ClassVar[Screen] = Screen.OWN_PLACE

    @property
    def post(self) -> OpenPlace:
        """The post; a page is only made of one that is there."""
        return next(each for each in self.lists.plan.posts if each.post.id == self.id)

    def _touched(self, tap: Tap) -> Step:
        free = not self.post.noted and self.post.obstacle is None
        return self._say(Reply(RosterAnswer.TAKE, self.id)) if free and tap == TapSay(RosterAnswer.TAKE) else Step(self)

    def _noted(self, lists: Plan) -> Area:
        return PostSheet(lists, self.id) if lists.plan.post(self.id) else lists

    def view(self, voice: Voice, now: datetime | None, countdown: Countdown) -> View:  # noqa: ARG002  the scan dates it
        """Put the post into words."""
        return plan_sheets.post_view(self.lists.plan, self.post, voice, countdown, asked=self.asked)


@dataclass(frozen=True, slots=True)
class OutcomeSheet(Answering):
    """What became of an answer, by its id."""

    screen: ClassVar[Screen] = Screen.OWN_PLACE

    @property
    def outcome(self) -> AnswerSettled:
        """The outcome; a page is only made of one that is there."""
        return next(each for each in self.lists.plan.outcomes if each.id == self.id)

    def _touched(self, tap: Tap) -> Step:
        return self._say(Reply(RosterAnswer.SEEN, self.id)) if tap == TapSay(RosterAnswer.SEEN) else Step(self)

    def _noted(self, lists: Plan) -> Area:
        return lists

    def view(self, voice: Voice, now: datetime | None, countdown: Countdown) -> View:  # noqa: ARG002  the scan dates it
        """Say what became of it."""
        return plan_sheets.outcome_view(self.lists.plan, self.outcome, voice, countdown, asked=self.asked)


def _line(shift: RosteredShift, voice: Voice) -> PlanLine:
    span = shift.starts_ms, shift.ends_ms
    line = plan.colleague_line(shift.display_name, *span, shift.service, voice)
    return replace(line, tap=TapColleague(shift.id))
