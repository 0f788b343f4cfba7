"""What the screen does: cards come, stay and go; fingers change them; nothing that was counted is lost."""

from __future__ import annotations

from typing import TypeVar

import pytest

from kiosk.domain.refusal import RecordingFault, RefusalReason, UndoRefusal
from kiosk.presenter.acts import (
    ChooseServiceIntent,
    TallyIntent,
    TapClose,
    TapCount,
    TapLanguage,
    TapOutside,
    TapService,
    TapUndo,
    UndoIntent,
)
from kiosk.presenter.kiosk_presenter import LANGUAGE_S, KioskPresenter
from kiosk.presenter.navigation import Screen
from kiosk.presenter.phrases import Language
from kiosk.presenter.views import CheckInView, CheckOutView, IdleView, NoticeView, QuestionView, ScreenState, Sound
from kiosk.usecases.outcomes import (
    JustStarted,
    NotRecorded,
    Refused,
    ServiceChosen,
    Tallied,
    Undone,
    UndoRefused,
)
from sync.protocol.vocabulary import TallyKind
from tests.unit.kiosk.presenter.station import NOW, a_board, a_check_in, a_check_out, a_presenter

V = TypeVar("V", IdleView, CheckInView, CheckOutView, QuestionView, NoticeView)
REFUSED = Refused(RefusalReason.PAYMENT_CODE)
STARTED = JustStarted("in-s1", "s1", "LY-1", "张建明", NOW, "directions")


@pytest.fixture
def presenter() -> KioskPresenter:
    return a_presenter()


def seen(kind: type[V], state: ScreenState) -> V:
    assert isinstance(state.view, kind)
    return state.view


def test_it_begins_idle_and_silent(presenter: KioskPresenter) -> None:
    state = presenter.tick(0.0)
    assert (state.screen, state.sound, state.intents) == (Screen.IDLE, None, ())
    assert state.header.station == "王城公园站"
    assert state.header.time == ""


def test_the_clock_goes_on_between_boards(presenter: KioskPresenter) -> None:
    assert presenter.board(a_board(), 100.0).header.time == "09:41"
    assert presenter.tick(100.0 + 20 * 60).header.time == "10:01"


@pytest.mark.parametrize(
    ("outcome", "screen", "sound"),
    [
        (a_check_in(), Screen.CHECK_IN, Sound.START),
        (a_check_out(), Screen.CHECK_OUT, Sound.END),
        (STARTED, Screen.QUESTION, Sound.QUESTION),
        (REFUSED, Screen.NOTICE, Sound.REFUSAL),
        (NotRecorded(RecordingFault.BUSY), Screen.NOTICE, Sound.REFUSAL),
        (Undone("s1", "张建明", was_check_in=True), Screen.NOTICE, Sound.QUESTION),
        (UndoRefused(UndoRefusal.TOO_LATE), Screen.NOTICE, Sound.REFUSAL),
    ],
)
def test_each_outcome_has_its_screen_and_sound_once(
    presenter: KioskPresenter, outcome: object, screen: Screen, sound: Sound
) -> None:
    state = presenter.show(outcome, 0.0)  # type: ignore[arg-type]
    assert (state.screen, state.sound) == (screen, sound)
    assert presenter.tick(0.1).sound is None


def test_a_card_counts_down_and_goes(presenter: KioskPresenter) -> None:
    card = seen(CheckInView, presenter.show(a_check_in(), 10.0))
    assert (card.countdown.seconds, card.countdown.fraction) == (8, 1.0)
    card = seen(CheckInView, presenter.tick(14.5))
    assert (card.countdown.seconds, card.countdown.fraction) == (4, 0.44)
    assert presenter.tick(17.99).screen is Screen.CHECK_IN
    assert presenter.tick(18.0).screen is Screen.IDLE


def test_the_undo_outlives_the_card_as_a_bar(presenter: KioskPresenter) -> None:
    presenter.show(a_check_in(), 0.0)
    undo = seen(IdleView, presenter.tick(8.5)).undo
    assert undo is not None
    assert "2" in undo.text
    state = presenter.tap(TapUndo(), 9.0)
    assert state.intents == (UndoIntent("in-s1"),)
    assert seen(IdleView, presenter.tick(10.0)).undo is None


@pytest.mark.parametrize("tap", [TapOutside(), TapClose()])
def test_a_touch_beside_the_controls_closes_the_card(presenter: KioskPresenter, tap: TapOutside | TapClose) -> None:
    presenter.show(a_check_in(), 0.0)
    assert presenter.tap(tap, 1.0).screen is Screen.IDLE
    assert presenter.tap(tap, 2.0).screen is Screen.IDLE


def test_a_touch_on_a_control_lets_the_card_stay(presenter: KioskPresenter) -> None:
    presenter.show(a_check_out(), 0.0)
    presenter.tap(TapCount(TallyKind.TEA, 1), 7.0)
    assert presenter.tick(14.9).screen is Screen.CHECK_OUT
    assert presenter.tick(15.0).screen is Screen.IDLE


def test_a_card_still_held_lets_it_stay_within_reason(presenter: KioskPresenter) -> None:
    presenter.show(a_check_in(), 0.0)
    for second in range(1, 60):
        presenter.still_shown(float(second))
    assert presenter.tick(60.0).screen is Screen.IDLE
    presenter.show(a_check_in(), 100.0)
    presenter.still_shown(107.0)
    assert presenter.tick(114.0).screen is Screen.CHECK_IN


def test_the_next_volunteer_takes_the_screen_at_once(presenter: KioskPresenter) -> None:
    presenter.show(a_check_in(), 0.0)
    card = seen(CheckInView, presenter.show(a_check_in("李㛃", "s2"), 1.0))
    assert "李㛃" in card.greeting
    assert presenter.tap(TapUndo(), 2.0).intents == (UndoIntent("in-s2"),)


def test_recorded_is_said_with_time_and_service(presenter: KioskPresenter) -> None:
    card = seen(CheckInView, presenter.show(a_check_in(), 0.0))
    assert "已记录" in card.recorded.text
    assert "09:41" in card.recorded.text
    assert "已记录" in seen(CheckOutView, presenter.show(a_check_out(), 1.0)).recorded.text


class TestUndo:
    def test_is_asked_once(self, presenter: KioskPresenter) -> None:
        presenter.show(a_check_in(), 0.0)
        state = presenter.tap(TapUndo(), 1.0)
        undo = seen(CheckInView, state).undo
        assert state.intents == (UndoIntent("in-s1"),)
        assert undo is not None
        assert "正在撤销" in undo.text
        assert presenter.tap(TapUndo(), 1.1).intents == ()

    def test_done_is_said_and_is_over(self, presenter: KioskPresenter) -> None:
        presenter.show(a_check_in(), 0.0)
        presenter.tap(TapUndo(), 1.0)
        notice = seen(NoticeView, presenter.show(Undone("s1", "张建明", was_check_in=True), 1.1, UndoIntent("in-s1")))
        assert "上岗已撤销" in notice.what
        assert seen(IdleView, presenter.tap(TapClose(), 2.0)).undo is None

    def test_of_another_leaves_the_newest_offer(self, presenter: KioskPresenter) -> None:
        presenter.show(a_check_in(), 0.0)
        presenter.tap(TapUndo(), 1.0)
        presenter.show(a_check_in("李㛃", "s2"), 1.1)
        presenter.show(Undone("s1", "张建明", was_check_in=True), 1.2, UndoIntent("in-s1"))
        assert presenter.tap(TapUndo(), 2.0).intents == (UndoIntent("in-s2"),)

    def test_that_could_not_be_written_may_be_asked_again(self, presenter: KioskPresenter) -> None:
        presenter.show(a_check_in(), 0.0)
        presenter.tap(TapUndo(), 1.0)
        presenter.show(NotRecorded(RecordingFault.BUSY), 1.5, UndoIntent("in-s1"))
        assert presenter.tap(TapUndo(), 2.0).intents == (UndoIntent("in-s1"),)

    def test_without_an_offer_does_nothing(self, presenter: KioskPresenter) -> None:
        assert presenter.tap(TapUndo(), 0.0).intents == ()
        assert presenter.show(NotRecorded(RecordingFault.BUSY), 1.0).screen is Screen.NOTICE

    def test_of_a_check_out_drops_what_was_counted(self, presenter: KioskPresenter) -> None:
        presenter.show(a_check_out(), 0.0)
        presenter.tap(TapCount(TallyKind.TEA, 1), 1.0)
        presenter.tap(TapUndo(), 2.0)
        assert presenter.show(Undone("s1", "张建明", was_check_in=False), 2.1).intents == ()


class TestServices:
    def test_another_is_asked_for_and_said_to_be_on_its_way(self, presenter: KioskPresenter) -> None:
        presenter.show(a_check_in(), 0.0)
        state = presenter.tap(TapService("tutoring"), 1.0)
        card = seen(CheckInView, state)
        assert state.intents == (ChooseServiceIntent("s1", "tutoring"),)
        assert [tile.name for tile in card.services if tile.chosen] == ["课业辅导"]
        assert "已记录" not in card.recorded.text

    def test_is_said_to_be_recorded_after_it_was(self, presenter: KioskPresenter) -> None:
        presenter.show(a_check_in(), 0.0)
        presenter.tap(TapService("tutoring"), 1.0)
        card = seen(CheckInView, presenter.show(ServiceChosen("s1", "tutoring"), 1.1))
        assert "已记录" in card.recorded.text
        assert "课业辅导" in card.recorded.text

    def test_a_late_answer_to_an_older_choice_changes_nothing(self, presenter: KioskPresenter) -> None:
        presenter.show(a_check_in(), 0.0)
        presenter.tap(TapService("tutoring"), 1.0)
        presenter.tap(TapService("environment"), 1.1)
        card = seen(CheckInView, presenter.show(ServiceChosen("s1", "tutoring"), 1.2))
        assert "已记录" not in card.recorded.text

    def test_the_one_that_is_chosen_is_not_recorded_again(self, presenter: KioskPresenter) -> None:
        presenter.show(a_check_in(), 0.0)
        assert presenter.tap(TapService("directions"), 1.0).intents == ()

    def test_without_a_check_in_card_nothing_is_chosen(self, presenter: KioskPresenter) -> None:
        assert presenter.tap(TapService("tutoring"), 0.0).intents == ()
        assert presenter.show(ServiceChosen("s1", "tutoring"), 0.1).screen is Screen.IDLE

    def test_a_kind_of_the_stations_own_comes_first_under_its_own_name(self, presenter: KioskPresenter) -> None:
        card = seen(CheckInView, presenter.show(a_check_in(service="防溺水巡逻"), 0.0))
        assert card.services[0].name == "防溺水巡逻"
        assert card.services[0].chosen
        assert len(card.services) == 8


class TestTallies:
    def test_are_sent_once_as_the_card_goes(self, presenter: KioskPresenter) -> None:
        presenter.show(a_check_out(), 0.0)
        for tap in (TapCount(TallyKind.TEA, 1), TapCount(TallyKind.TEA, 1), TapCount(TallyKind.CHARGING, -1)):
            assert presenter.tap(tap, 1.0).intents == ()
        assert presenter.tick(9.0).intents == (TallyIntent("s1", {"tea": 2}),)
        assert presenter.tick(10.0).intents == ()
        assert presenter.show(Tallied("s1", {"tea": 2}), 10.1).screen is Screen.IDLE

    def test_are_sent_when_the_next_volunteer_comes(self, presenter: KioskPresenter) -> None:
        presenter.show(a_check_out(), 0.0)
        presenter.tap(TapCount(TallyKind.DIRECTIONS, 1), 1.0)
        state = presenter.show(a_check_in("李㛃", "s2"), 2.0)
        assert state.intents == (TallyIntent("s1", {"directions": 1}),)

    def test_are_sent_by_closing(self, presenter: KioskPresenter) -> None:
        presenter.show(a_check_out(), 0.0)
        presenter.tap(TapCount(TallyKind.DIRECTIONS, 1), 1.0)
        assert presenter.tap(TapClose(), 2.0).intents == (TallyIntent("s1", {"directions": 1}),)

    def test_are_sent_even_when_a_finger_comes_after_time(self, presenter: KioskPresenter) -> None:
        presenter.show(a_check_out(), 0.0)
        presenter.tap(TapCount(TallyKind.DIRECTIONS, 1), 1.0)
        assert presenter.tap(TapOutside(), 20.0).intents == (TallyIntent("s1", {"directions": 1}),)

    def test_that_are_nought_are_not_sent(self, presenter: KioskPresenter) -> None:
        presenter.show(a_check_out(), 0.0)
        presenter.tap(TapCount(TallyKind.TEA, 1), 1.0)
        presenter.tap(TapCount(TallyKind.TEA, -1), 1.0)
        assert presenter.tap(TapClose(), 2.0).intents == ()

    def test_have_an_upper_end(self, presenter: KioskPresenter) -> None:
        presenter.show(a_check_out(), 0.0)
        for _ in range(1005):
            state = presenter.tap(TapCount(TallyKind.TEA, 1), 1.0)
        assert [stepper.count for stepper in seen(CheckOutView, state).tallies] == [0, 999, 0]

    def test_are_counted_on_a_check_out_card_only(self, presenter: KioskPresenter) -> None:
        assert presenter.tap(TapCount(TallyKind.TEA, 1), 0.0).screen is Screen.IDLE


class TestJustStarted:
    def test_asks_with_two_answers(self, presenter: KioskPresenter) -> None:
        question = seen(QuestionView, presenter.show(STARTED, 0.0))
        assert [answer.text for answer in question.answers] == ["继续服务", "撤销上岗"]
        assert "刚刚上岗" in question.sentence

    def test_keeps_serving(self, presenter: KioskPresenter) -> None:
        presenter.show(STARTED, 0.0)
        state = presenter.tap(TapClose(), 1.0)
        assert (state.screen, state.intents) == (Screen.IDLE, ())
        assert seen(IdleView, state).undo is None

    def test_takes_the_check_in_back(self, presenter: KioskPresenter) -> None:
        presenter.show(STARTED, 0.0)
        state = presenter.tap(TapUndo(), 1.0)
        assert state.intents == (UndoIntent("in-s1"),)
        assert [answer.text for answer in seen(QuestionView, state).answers] == ["继续服务", "正在撤销…"]

    def test_loses_nothing_by_time(self, presenter: KioskPresenter) -> None:
        presenter.show(STARTED, 0.0)
        state = presenter.tick(8.0)
        assert (state.screen, state.intents) == (Screen.IDLE, ())

    def test_a_board_behind_it_leaves_it_standing(self, presenter: KioskPresenter) -> None:
        presenter.show(STARTED, 0.0)
        assert presenter.board(a_board(), 1.0).screen is Screen.QUESTION


class TestNotices:
    def test_a_refusal_seen_again_stays_without_another_sound(self, presenter: KioskPresenter) -> None:
        assert presenter.show(REFUSED, 0.0).sound is Sound.REFUSAL
        assert presenter.show(REFUSED, 3.0).sound is None
        assert presenter.tick(8.9).screen is Screen.NOTICE
        assert presenter.show(Refused(RefusalReason.FORGED), 9.0).sound is Sound.REFUSAL

    def test_a_fault_stays_in_the_status_line_until_something_is_written(self, presenter: KioskPresenter) -> None:
        state = presenter.show(NotRecorded(RecordingFault.DISK_FULL), 0.0)
        assert state.status_line.items[1].text == "存储已满"
        assert presenter.tick(10.0).screen is Screen.IDLE
        assert presenter.show(a_check_in(), 20.0).status_line.items[1].text == "记录正常"

    def test_an_undo_refused_leaves_the_record(self, presenter: KioskPresenter) -> None:
        presenter.show(a_check_in(), 0.0)
        presenter.tap(TapUndo(), 1.0)
        notice = seen(NoticeView, presenter.show(UndoRefused(UndoRefusal.TOO_LATE), 2.0, UndoIntent("in-s1")))
        assert "没有变" in notice.note


class TestLanguage:
    def test_the_button_names_the_other_one_on_every_screen(self, presenter: KioskPresenter) -> None:
        assert presenter.tick(0.0).header.language.text == "English"
        assert presenter.show(REFUSED, 1.0).header.language.text == "English"
        state = presenter.tap(TapLanguage(), 2.0)
        assert state.header.language.text == "中文"
        assert "payment code" in seen(NoticeView, state).what
        assert presenter.tap(TapLanguage(), 3.0).header.language.text == "English"

    def test_the_stations_own_comes_back_when_nobody_touches(self, presenter: KioskPresenter) -> None:
        presenter.set_language(Language.ENGLISH, 10.0)
        assert presenter.tick(10.0 + LANGUAGE_S - 0.1).header.language.text == "中文"
        assert presenter.tick(10.0 + LANGUAGE_S).header.language.text == "English"

    def test_it_does_not_change_under_a_card(self, presenter: KioskPresenter) -> None:
        presenter.set_language(Language.ENGLISH, 0.0)
        presenter.show(a_check_in(), LANGUAGE_S - 1.0)
        assert presenter.tick(LANGUAGE_S + 1.0).header.language.text == "中文"
