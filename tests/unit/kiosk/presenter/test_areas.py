"""The router: an area gets every tap and is asked first, closes by itself, and never keeps a volunteer from duty."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import pytest

from kiosk.presenter.acts import AreaIntent, AreaTap, TapClose, TapLanguage, TapOutside, TypedNumberIntent
from kiosk.presenter.area import Area, Step
from kiosk.presenter.areas import Openers
from kiosk.presenter.kiosk_presenter import KioskPresenter
from kiosk.presenter.navigation import Screen
from kiosk.presenter.views import AreaView, CheckInView, Countdown, IdleView, NoticeView, ScreenState, Sound
from kiosk.usecases.area_outcome import AreaOutcome
from kiosk.usecases.outcomes import Undone
from tests.unit.kiosk.presenter.station import CATALOGUES, POLICY, ZONE, a_board, a_check_in, a_check_out, a_voice

if TYPE_CHECKING:
    from collections.abc import Callable

    from kiosk.presenter.acts import Intent, Tap
    from kiosk.presenter.wording import Voice
    from kiosk.usecases.outcomes import Outcome


@dataclass(frozen=True, slots=True)
class TapToy(AreaTap):
    pass


@dataclass(frozen=True, slots=True)
class TapNothing(AreaTap):
    pass


@dataclass(frozen=True, slots=True)
class Ask(AreaIntent):
    text: str = ""


@dataclass(frozen=True, slots=True)
class Answer(AreaOutcome):
    page: int = 2


@dataclass(frozen=True, slots=True)
class Push(AreaOutcome):
    page: int = 7


@dataclass(frozen=True, slots=True)
class ToyView(AreaView):
    page: int
    seconds: int
    language: str
    now: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Plain(Area):
    """Says only what it must."""

    screen: ClassVar[Screen] = Screen.QUESTION
    stays_s: ClassVar[int] = 30
    page: int = 1

    def tapped(self, tap: Tap, now_s: float) -> Step:
        return Step(None) if isinstance(tap, TapClose) else Step(self)

    def view(self, voice: Voice, now: dt.datetime | None, countdown: Countdown) -> ToyView:
        return ToyView(self.page, countdown.seconds, voice.phrases.say("header.other_language"), now)


@dataclass(frozen=True, slots=True)
class Toy(Plain):
    """Says everything."""

    sound: ClassVar[Sound] = Sound.QUESTION

    @property
    def scan_as(self) -> Callable[[str], Intent] | None:
        return Ask if self.page == 1 else None

    def tapped(self, tap: Tap, now_s: float) -> Step:
        if isinstance(tap, TapToy):
            return Step(Toy(self.page + 1), (Ask(f"page {self.page}"),), Sound.START)
        return Plain.tapped(self, tap, now_s)

    def shown(self, outcome: Outcome | AreaOutcome, answers: Intent | None) -> Step | None:
        if isinstance(outcome, Answer) and isinstance(answers, Ask):
            return Step(Toy(outcome.page)) if outcome.page else Step(None, then=a_check_in())
        return None

    def left(self) -> tuple[Intent, ...]:
        return (Ask(f"left {self.page}"),)


@pytest.fixture
def toy() -> KioskPresenter:
    openers = Openers(
        {TapToy: lambda _tap, board: None if board is None else Toy()}, {Push: lambda push: Toy(push.page)}
    )
    presenter = KioskPresenter("王城公园站", POLICY, ZONE, CATALOGUES, openers)
    presenter.board(a_board(), 0.0)
    return presenter


def page(state: ScreenState) -> int:
    assert isinstance(state.view, ToyView)
    return state.view.page


def test_a_tap_on_the_idle_screen_opens_it(toy: KioskPresenter) -> None:
    state = toy.tap(TapToy(), 1.0)
    assert (page(state), state.screen, state.sound, state.scan_as) == (1, Screen.QUESTION, Sound.QUESTION, Ask)


def test_what_nobody_registered_or_offers_now_opens_nothing(toy: KioskPresenter) -> None:
    assert isinstance(toy.tap(TapNothing(), 1.0).view, IdleView)
    early = KioskPresenter(
        "站", POLICY, ZONE, CATALOGUES, Openers({TapToy: lambda _tap, board: None if board is None else Toy()})
    )
    assert isinstance(early.tap(TapToy(), 1.0).view, IdleView)


def test_no_area_opens_over_a_card(toy: KioskPresenter) -> None:
    toy.show(a_check_in(), 1.0)
    assert isinstance(toy.tap(TapToy(), 2.0).view, CheckInView)


def test_it_gets_every_tap_and_sends_intents_and_sounds_out(toy: KioskPresenter) -> None:
    toy.tap(TapToy(), 1.0)
    state = toy.tap(TapToy(), 2.0)
    assert (page(state), state.intents, state.sound, state.scan_as) == (2, (Ask("page 1"),), Sound.START, None)
    assert page(toy.tap(TapOutside(), 3.0)) == 2


def test_the_language_is_the_kiosks_own_business(toy: KioskPresenter) -> None:
    before, after = toy.tap(TapToy(), 1.0).view, toy.tap(TapLanguage(), 2.0).view
    assert isinstance(before, ToyView)
    assert isinstance(after, ToyView)
    assert before.language != after.language
    assert after.now == a_board().now + dt.timedelta(seconds=2)


def test_untouched_it_closes_and_says_what_is_left_to_do(toy: KioskPresenter) -> None:
    toy.tap(TapToy(), 0.0)
    toy.tap(TapOutside(), 20.0)
    assert page(toy.tick(49.9)) == 1
    state = toy.tick(50.0)
    assert (state.screen, state.intents, state.scan_as) == (Screen.IDLE, (Ask("left 1"),), None)


def test_a_card_left_before_the_lens_does_not_hold_it(toy: KioskPresenter) -> None:
    toy.tap(TapToy(), 0.0)
    for second in range(31):
        state = toy.still_shown(float(second))
    assert state.screen is Screen.IDLE


def test_it_is_asked_first_about_every_outcome(toy: KioskPresenter) -> None:
    toy.tap(TapToy(), 0.0)
    assert page(toy.show(Answer(5), 10.0, Ask("x"))) == 5
    assert page(toy.tick(39.9)) == 5


def test_a_volunteer_at_the_camera_takes_the_screen(toy: KioskPresenter) -> None:
    toy.tap(TapToy(), 0.0)
    state = toy.show(a_check_in(), 1.0)
    assert isinstance(state.view, CheckInView)
    assert state.intents == (Ask("left 1"),)


def test_it_may_end_in_an_ordinary_screen(toy: KioskPresenter) -> None:
    toy.tap(TapToy(), 0.0)
    state = toy.show(Answer(0), 1.0, Ask("x"))
    assert isinstance(state.view, CheckInView)
    assert (state.intents, state.sound) == ((Ask("left 1"),), Sound.START)


def test_it_closes_by_its_own_word(toy: KioskPresenter) -> None:
    toy.tap(TapToy(), 0.0)
    state = toy.tap(TapClose(), 1.0)
    assert (state.screen, state.intents) == (Screen.IDLE, (Ask("left 1"),))


def test_an_outcome_opens_it_over_a_card(toy: KioskPresenter) -> None:
    toy.show(a_check_out(), 1.0)
    assert page(toy.show(Push(), 2.0)) == 7


def test_the_answer_to_an_area_that_has_gone_changes_nothing(toy: KioskPresenter) -> None:
    toy.show(a_check_in(), 1.0)
    assert isinstance(toy.show(Answer(), 2.0, Ask("late")).view, CheckInView)


def test_an_undo_that_comes_late_loses_nothing_of_an_area(toy: KioskPresenter) -> None:
    toy.tap(TapToy(), 0.0)
    state = toy.show(Undone("s1", "张建明", was_check_in=True), 1.0)
    assert isinstance(state.view, NoticeView)
    assert state.intents == (Ask("left 1"),)


def test_an_area_need_say_no_more_than_it_must() -> None:
    plain = Plain()
    assert (plain.sound, plain.scan_as, plain.left()) == (None, None, ())
    assert plain.view(a_voice(), None, Countdown(1, 0.1)).in_short == ""
    assert plain.shown(Answer(), TypedNumberIntent("1")) is None
    presenter = KioskPresenter("站", POLICY, ZONE, CATALOGUES, Openers({TapToy: lambda _tap, _board: plain}))
    assert presenter.tap(TapToy(), 0.0).sound is None
