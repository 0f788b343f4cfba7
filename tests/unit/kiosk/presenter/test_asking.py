"""What follows a scan besides its card: questions before it, 换岗 after it, a visiting team, a drill."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

import pytest

from kiosk.domain.refusal import MoveRefusal, RecordingFault, RefusalReason, StatementRefusal, UndoRefusal
from kiosk.domain.roster import Punctuality
from kiosk.domain.standing import Caution, Want
from kiosk.domain.unended import Unended
from kiosk.presenter.acts import (
    ChooseServiceIntent,
    TallyIntent,
    TapClose,
    TapConfirm,
    TapCount,
    TapOutside,
    TapService,
    TapUndo,
    UndoIntent,
)
from kiosk.presenter.asking.acts import (
    ChangeServiceIntent,
    CloseGroupIntent,
    EndElsewhereIntent,
    StateEndIntent,
    TapBack,
    TapChange,
    TapEnd,
    TapGroupDone,
    TapHour,
    TapMoveHere,
    TapOtherTime,
    TapTakeBack,
    TapTime,
)
from kiosk.presenter.asking.change import ChangeView
from kiosk.presenter.asking.group import GroupView
from kiosk.presenter.asking.time_page import TimePickerView
from kiosk.presenter.kiosk_presenter import KioskPresenter
from kiosk.presenter.navigation import Screen
from kiosk.presenter.phrases import Language
from kiosk.presenter.views import CheckInView, CheckOutView, IdleView, NoticeView, QuestionView, ScreenState, Sound
from kiosk.usecases.outcomes import (
    CheckedInAsking,
    ChoiceRefused,
    Elsewhere,
    EndedElsewhere,
    EndStated,
    Forgotten,
    Group,
    GroupDeed,
    GroupEnded,
    GroupMember,
    GroupScanned,
    JustStarted,
    MoveRefused,
    NotRecorded,
    Outcome,
    Refused,
    StatementRefused,
    Undone,
    UndoRefused,
)
from kiosk.usecases.state_end import Said
from sync.protocol.vocabulary import StatementAnswer
from tests.unit.kiosk.presenter.station import NOW, a_board, a_check_in, a_check_out, a_match, a_presenter, local
from tests.unit.kiosk.presenter.test_words_for_every_value import message_ids

V = TypeVar("V")
CAME = local(9, 3) - timedelta(days=9)
DUTY = Unended(CAME, CAME + timedelta(hours=13, minutes=57), CAME + timedelta(hours=3))
LAW = Want("法律基础", strict=True)
GROUP = Group(
    "group-1", "environment", "一中队", 2, 1, (GroupMember("赵小满", left=False), GroupMember("钱多", left=True))
)


@pytest.fixture
def presenter() -> KioskPresenter:
    made = a_presenter()
    made.board(a_board(), 0.0)
    return made


def seen(kind: type[V], state: ScreenState) -> V:
    assert isinstance(state.view, kind), state.view
    assert message_ids(state) == []
    return state.view


def asking(duty: Unended = DUTY) -> CheckedInAsking:
    plain = a_check_in(unfinished_since=duty.starts_at, match=a_match(Punctuality.LATE))
    return CheckedInAsking.of(plain, Forgotten("s0", "tutoring", duty))


def asking_elsewhere(place: str = "牡丹广场") -> CheckedInAsking:
    return CheckedInAsking.of(a_check_in(), Elsewhere("s9", place, NOW - timedelta(hours=1)))


def scanned(deed: GroupDeed = GroupDeed.CAME, event: str = "e1") -> GroupScanned:
    return GroupScanned(GROUP, deed, event, "赵小满", NOW)


SPOKEN = [
    asking(),
    asking(replace(DUTY, dated=False)),
    asking_elsewhere(),
    *map(scanned, GroupDeed),
    *map(MoveRefused, MoveRefusal),
    a_check_in(follows=True, paid=True, cautions=(Caution.GUARDIAN,), answer=EndStated("s0", CAME)),
    a_check_in(cautions=(Caution.NIGHT,), drill=True, wants={"directions": LAW}, answer=EndedElsewhere("s9")),
    a_check_out(paid=True),
    a_check_out(drill=True),
]


@pytest.mark.parametrize("outcome", SPOKEN, ids=lambda outcome: type(outcome).__name__)
def test_everything_is_said_in_english_too(presenter: KioskPresenter, outcome: Outcome) -> None:
    presenter.board(a_board(drill=True), 0.5)
    presenter.set_language(Language.ENGLISH, 0.5)
    state = presenter.show(outcome, 1.0)
    assert message_ids(state) == []
    assert message_ids(presenter.tap(TapOtherTime(), 2.0)) == []


class TestForgotten:
    def test_asks_with_three_answers_and_a_way_past_them(self, presenter: KioskPresenter) -> None:
        state = presenter.show(asking(), 1.0)
        question = seen(QuestionView, state)
        assert (state.screen, state.sound) == (Screen.QUESTION, Sound.QUESTION)
        assert question.sentence == "您7月3日没有下岗登记，几点离开的？"
        assert "已记录" in question.greeting
        assert [answer.text for answer in question.answers] == ["班次结束\n12:03", "关门时\n22:00", "别的时间"]
        assert question.later is not None
        assert question.countdown.seconds == 30

    def test_sends_the_answer_once_and_goes_on_to_the_card(self, presenter: KioskPresenter) -> None:
        question = seen(QuestionView, presenter.show(asking(), 1.0))
        state = presenter.tap(question.answers[0].tap, 2.0)
        ends_at = CAME + timedelta(hours=3)
        intent = StateEndIntent("in-s1", Said("s0", StatementAnswer.SHIFT_END, ends_at))
        assert state.intents == (intent,)
        assert [answer.text for answer in seen(QuestionView, state).answers] == ["正在记录…"]
        assert presenter.tap(question.answers[1].tap, 2.5).intents == ()
        card = seen(CheckInView, presenter.show(EndStated("s0", ends_at), 3.0, intent))
        assert [badge.text for badge in card.warnings] == ["7月3日 12:03离开，已记下，等队长确认"]
        assert card.undo is not None
        assert presenter.tap(TapUndo(), 4.0).intents == (UndoIntent("in-s1"),)

    def test_left_for_later_the_card_reminds(self, presenter: KioskPresenter) -> None:
        presenter.show(asking(), 1.0)
        card = seen(CheckInView, presenter.tap(TapClose(), 2.0))
        assert "7月3日没有下岗登记" in card.warnings[0].text

    def test_time_loses_nothing_and_a_touch_beside_the_answers_is_none(self, presenter: KioskPresenter) -> None:
        presenter.show(asking(), 1.0)
        assert presenter.tap(TapOutside(), 20.0).screen is Screen.QUESTION
        state = presenter.tick(50.0)
        assert (state.screen, state.intents) == (Screen.IDLE, ())

    def test_the_same_card_again_lets_the_question_stand(self, presenter: KioskPresenter) -> None:
        presenter.show(asking(), 1.0)
        again = JustStarted("in-s1", "s1", "LY-1", "张建明", NOW, "directions")
        assert "没有下岗登记" in seen(QuestionView, presenter.show(again, 5.0)).sentence
        other = replace(again, session_id="s2")
        assert "刚刚上岗" in seen(QuestionView, presenter.show(other, 6.0)).sentence

    def test_a_board_behind_it_lets_it_stand_and_prolongs_nothing(self, presenter: KioskPresenter) -> None:
        presenter.show(asking(), 1.0)
        assert presenter.board(a_board(), 20.0).screen is Screen.QUESTION
        assert presenter.tick(31.0).screen is Screen.IDLE

    def test_the_next_volunteer_takes_the_screen(self, presenter: KioskPresenter) -> None:
        presenter.show(asking(), 1.0)
        assert "李㛃" in seen(CheckInView, presenter.show(a_check_in("李㛃", "s2"), 2.0)).greeting

    def test_an_end_that_cannot_be_is_said_and_asked_again(self, presenter: KioskPresenter) -> None:
        question = seen(QuestionView, presenter.show(asking(), 1.0))
        presenter.tap(question.answers[0].tap, 2.0)
        state = presenter.show(StatementRefused("s0", StatementRefusal.AFTER_LIMIT), 3.0)
        assert "太晚" in seen(QuestionView, state).detail
        assert (state.sound, len(seen(QuestionView, state).answers)) == (Sound.REFUSAL, 3)

    @pytest.mark.parametrize("reason", [StatementRefusal.SETTLED, StatementRefusal.SCAN_AGAIN])
    def test_what_is_settled_already_leads_to_the_card(
        self, presenter: KioskPresenter, reason: StatementRefusal
    ) -> None:
        presenter.show(asking(), 1.0)
        seen(CheckInView, presenter.show(StatementRefused("s0", reason), 3.0))

    def test_a_late_answer_to_another_question_changes_nothing(self, presenter: KioskPresenter) -> None:
        presenter.show(asking(), 1.0)
        for late in (EndStated("s7", CAME), StatementRefused("s7", StatementRefusal.SETTLED)):
            assert presenter.show(late, 2.0).screen is Screen.QUESTION

    def test_what_could_not_be_written_says_what_stands(self, presenter: KioskPresenter) -> None:
        presenter.show(asking(), 1.0)
        intent = StateEndIntent("in-s1", Said("s0", StatementAnswer.OTHER_TIME, CAME))
        notice = seen(NoticeView, presenter.show(NotRecorded(RecordingFault.BUSY), 2.0, intent))
        assert "上岗已记录" in notice.note

    def test_without_a_date_only_the_length_is_asked(self, presenter: KioskPresenter) -> None:
        question = seen(QuestionView, presenter.show(asking(replace(DUTY, dated=False)), 1.0))
        assert "多久" in question.sentence
        assert [answer.text for answer in question.answers] == ["选服务时长"]


class TestTimePicker:
    def picker(self, presenter: KioskPresenter, duty: Unended = DUTY) -> TimePickerView:
        presenter.show(asking(duty), 1.0)
        state = presenter.tap(TapOtherTime(), 2.0)
        assert state.screen is Screen.TIME_PICKER
        return seen(TimePickerView, state)

    def test_hours_then_quarters_then_yes(self, presenter: KioskPresenter) -> None:
        picker = self.picker(presenter)
        assert [key.text for key in picker.hours] == [f"{hour}点" for hour in range(9, 24)]
        assert (picker.prompt, picker.times, picker.chosen) == ("先点几点", (), "")
        assert presenter.tap(picker.confirm.tap, 3.0).intents == ()
        picker = seen(TimePickerView, presenter.tap(picker.hours[2].tap, 4.0))
        assert [key.text for key in picker.times] == ["11:00", "11:15", "11:30", "11:45"]
        picker = seen(TimePickerView, presenter.tap(picker.times[2].tap, 5.0))
        assert picker.chosen == "11:30"
        state = presenter.tap(picker.confirm.tap, 6.0)
        ends_at = CAME.replace(minute=30) + timedelta(hours=2)
        said = Said("s0", StatementAnswer.OTHER_TIME, ends_at)
        assert state.intents == (StateEndIntent("in-s1", said),)
        assert "正在记录" in seen(TimePickerView, state).confirm.text

    def test_another_hour_takes_the_time_back_and_the_same_does_not(self, presenter: KioskPresenter) -> None:
        picker = self.picker(presenter)
        picker = seen(TimePickerView, presenter.tap(picker.hours[0].tap, 3.0))
        time = picker.times[0].tap
        assert seen(TimePickerView, presenter.tap(time, 3.5)).chosen == "09:15"
        assert seen(TimePickerView, presenter.tap(picker.hours[0].tap, 4.0)).chosen == "09:15"
        assert seen(TimePickerView, presenter.tap(picker.hours[1].tap, 5.0)).chosen == ""

    def test_back_asks_the_question_again(self, presenter: KioskPresenter) -> None:
        picker = self.picker(presenter)
        assert presenter.tap(picker.back.tap, 3.0).screen is Screen.QUESTION
        assert isinstance(picker.back.tap, TapBack)

    def test_past_midnight_the_day_is_said(self, presenter: KioskPresenter) -> None:
        late = Unended(CAME + timedelta(hours=13), CAME + timedelta(hours=17))
        assert [key.text for key in self.picker(presenter, late).hours] == [
            "22点",
            "23点",
            "次日0点",
            "次日1点",
            "次日2点",
        ]

    def test_without_a_date_the_keys_are_lengths(self, presenter: KioskPresenter) -> None:
        picker = self.picker(presenter, replace(DUTY, dated=False, until=CAME + timedelta(hours=2, minutes=20)))
        assert [key.text for key in picker.hours] == ["不到1小时", "1小时", "2小时"]
        picker = seen(TimePickerView, presenter.tap(picker.hours[1].tap, 3.0))
        assert [key.text for key in picker.times][:2] == ["1小时", "1小时15分"]
        assert "时钟不准" in picker.detail

    def test_a_refused_time_is_said_in_place(self, presenter: KioskPresenter) -> None:
        self.picker(presenter)
        presenter.tap(TapHour(CAME), 3.0)
        presenter.tap(TapTime(CAME), 3.5)
        presenter.tap(TapEnd(StatementAnswer.OTHER_TIME, CAME), 4.0)
        state = presenter.show(StatementRefused("s0", StatementRefusal.NOT_AFTER_START), 5.0)
        assert "上岗之前" in seen(TimePickerView, state).detail


class TestElsewhere:
    def test_three_answers_and_the_first_ends_there(self, presenter: KioskPresenter) -> None:
        question = seen(QuestionView, presenter.show(asking_elsewhere(), 1.0))
        assert question.sentence == "您在牡丹广场还没有下岗"
        assert [answer.text for answer in question.answers] == ["那边下岗\n这里上岗", "只在这里上岗", "撤销"]
        state = presenter.tap(TapMoveHere(), 2.0)
        intent = EndElsewhereIntent("in-s1", "s9")
        assert state.intents == (intent,)
        assert presenter.tap(TapMoveHere(), 2.1).intents == ()
        card = seen(CheckInView, presenter.show(EndedElsewhere("s9"), 3.0, intent))
        assert [badge.text for badge in card.warnings] == ["那边已下岗，从现在起算这里"]

    def test_a_place_without_a_name_is_another_place(self, presenter: KioskPresenter) -> None:
        assert "另一个服务点" in seen(QuestionView, presenter.show(asking_elsewhere(""), 1.0)).sentence

    def test_only_here_leads_to_the_card(self, presenter: KioskPresenter) -> None:
        presenter.show(asking_elsewhere(), 1.0)
        assert presenter.tap(TapOutside(), 1.5).screen is Screen.QUESTION
        state = presenter.tap(TapClose(), 2.0)
        assert (seen(CheckInView, state).warnings, state.intents) == ((), ())

    def test_undo_takes_the_scan_back_and_is_over(self, presenter: KioskPresenter) -> None:
        presenter.show(asking_elsewhere(), 1.0)
        assert presenter.tap(TapTakeBack(), 2.0).intents == (UndoIntent("in-s1"),)
        undone = Undone("s1", "张建明", was_check_in=True)
        seen(NoticeView, presenter.show(undone, 3.0, UndoIntent("in-s1")))
        assert seen(IdleView, presenter.tap(TapClose(), 4.0)).undo is None

    def test_what_could_not_be_ended_there_leads_to_the_card(self, presenter: KioskPresenter) -> None:
        presenter.show(asking_elsewhere(), 1.0)
        seen(CheckInView, presenter.show(MoveRefused(MoveRefusal.SETTLED), 2.0))

    def test_what_is_not_its_own_goes_on_as_ever(self, presenter: KioskPresenter) -> None:
        presenter.show(asking_elsewhere(), 1.0)
        again = JustStarted("in-s1", "s1", "LY-1", "张建明", NOW, "directions")
        assert "还没有下岗" in seen(QuestionView, presenter.show(again, 2.0)).sentence
        assert presenter.show(EndedElsewhere("s8"), 2.5).screen is Screen.QUESTION
        intent = EndElsewhereIntent("in-s1", "s9")
        notice = seen(NoticeView, presenter.show(NotRecorded(RecordingFault.BUSY), 3.0, intent))
        assert "那边还没下岗" in notice.note


class TestChange:
    def test_sends_the_counts_and_shows_the_kinds(self, presenter: KioskPresenter) -> None:
        presenter.show(a_check_out(), 1.0)
        presenter.tap(TapCount("tea", 1), 2.0)
        state = presenter.tap(TapChange(), 3.0)
        assert (state.screen, state.intents) == (Screen.CHANGE, (TallyIntent("s1", {"tea": 1}),))
        assert len(seen(ChangeView, state).services) == 7

    def test_one_tap_goes_on_without_a_gap_and_is_shown_as_a_check_in(self, presenter: KioskPresenter) -> None:
        presenter.show(a_check_out(), 1.0)
        presenter.tap(TapChange(), 2.0)
        state = presenter.tap(TapService("tutoring"), 3.0)
        intent = ChangeServiceIntent("out-s1", "tutoring")
        assert state.intents == (intent,)
        assert "正在记录" in seen(ChangeView, state).note
        assert presenter.tap(TapService("environment"), 3.1).intents == ()
        card = seen(CheckInView, presenter.show(a_check_in(session="s2", follows=True), 4.0, intent))
        assert "换岗" in card.punctuality.text
        assert presenter.tap(TapUndo(), 5.0).intents == (UndoIntent("in-s2"),)

    def test_what_ended_just_now_and_what_is_locked_are_no_choice(self, presenter: KioskPresenter) -> None:
        presenter.show(a_check_out(wants={"legal_advice": LAW}), 1.0)
        view = seen(ChangeView, presenter.tap(TapChange(), 2.0))
        assert [tile.locked for tile in view.services if tile.locked] == ["先培训：法律基础"]
        for kind in ("directions", "legal_advice"):
            assert presenter.tap(TapService(kind), 3.0).intents == ()

    def test_choosing_nothing_leaves_the_check_out(self, presenter: KioskPresenter) -> None:
        presenter.show(a_check_out(), 1.0)
        presenter.tap(TapChange(), 2.0)
        assert presenter.tap(TapOutside(), 3.0).screen is Screen.CHANGE
        state = presenter.tap(TapClose(), 4.0)
        assert (state.screen, state.intents) == (Screen.IDLE, ())

    def test_is_only_on_a_check_out_card(self, presenter: KioskPresenter) -> None:
        assert presenter.tap(TapChange(), 1.0).screen is Screen.IDLE
        presenter.show(a_check_in(), 2.0)
        assert presenter.tap(TapChange(), 3.0).screen is Screen.CHECK_IN

    @pytest.mark.parametrize("reason", MoveRefusal)
    def test_a_refusal_says_what_to_do(self, presenter: KioskPresenter, reason: MoveRefusal) -> None:
        presenter.show(a_check_out(), 1.0)
        presenter.tap(TapChange(), 2.0)
        state = presenter.show(MoveRefused(reason), 3.0, ChangeServiceIntent("out-s1", "tutoring"))
        assert (seen(NoticeView, state).what != "", state.sound) == (True, Sound.REFUSAL)

    def test_a_fault_says_what_stands(self, presenter: KioskPresenter) -> None:
        intent = ChangeServiceIntent("out-s1", "tutoring")
        assert "下岗已记录" in seen(NoticeView, presenter.show(NotRecorded(RecordingFault.BUSY), 3.0, intent)).note


class TestGroup:
    @pytest.mark.parametrize(
        ("deed", "sound"),
        [(GroupDeed.CAME, Sound.START), (GroupDeed.LEFT, Sound.END), (GroupDeed.ALREADY, Sound.QUESTION)],
    )
    def test_every_scan_is_said_large_and_heard_and_its_name_masked(
        self, presenter: KioskPresenter, deed: GroupDeed, sound: Sound
    ) -> None:
        state = presenter.show(scanned(deed), 1.0)
        view = seen(GroupView, state)
        assert (state.screen, state.sound) == (Screen.GROUP, sound)
        assert "赵＊满" in view.flash.text
        assert (view.title, view.came, view.left) == ("一中队", "2人", "1人")
        assert [badge.text for badge in view.latest] == ["赵＊满 到", "钱＊ 走"]
        assert (view.undo is None) is (deed is GroupDeed.ALREADY)
        assert view.flash.text in view.in_short

    def test_it_stays_and_forgets_the_last_name(self, presenter: KioskPresenter) -> None:
        presenter.show(scanned(), 1.0)
        assert "赵" in seen(GroupView, presenter.tick(5.0)).flash.text
        assert "请依次" in seen(GroupView, presenter.tick(7.0)).flash.text
        assert presenter.tick(3600.0).screen is Screen.GROUP

    def test_a_touch_clears_what_was_said(self, presenter: KioskPresenter) -> None:
        presenter.show(scanned(), 1.0)
        assert "请依次" in seen(GroupView, presenter.tap(TapOutside(), 2.0)).flash.text

    def test_the_last_scan_can_be_taken_back_for_a_moment(self, presenter: KioskPresenter) -> None:
        presenter.show(scanned(), 0.0)
        state = presenter.tap(TapTakeBack(), 2.0)
        assert state.intents == (UndoIntent("e1"),)
        undo = seen(GroupView, state).undo
        assert undo is not None
        assert "正在撤销" in undo.text
        assert presenter.tap(TapTakeBack(), 2.1).intents == ()
        state = presenter.show(Undone("s1", "赵小满", was_check_in=True), 3.0, UndoIntent("e1"))
        assert "已撤销" in seen(GroupView, state).flash.text
        assert presenter.tap(TapTakeBack(), 4.0).intents == ()

    def test_after_that_moment_it_is_not_offered(self, presenter: KioskPresenter) -> None:
        presenter.show(scanned(GroupDeed.LEFT), 0.0)
        assert seen(GroupView, presenter.tick(9.0)).undo is not None
        assert seen(GroupView, presenter.tick(11.0)).undo is None

    def test_before_the_first_board_nothing_is_offered(self) -> None:
        view = a_presenter().show(scanned(), 1.0).view
        assert isinstance(view, GroupView)
        assert view.undo is None

    @pytest.mark.parametrize(
        "outcome",
        [Refused(RefusalReason.PAYMENT_CODE), NotRecorded(RecordingFault.BUSY), UndoRefused(UndoRefusal.TOO_LATE)],
    )
    def test_what_went_wrong_is_said_in_place(self, presenter: KioskPresenter, outcome: Refused) -> None:
        presenter.show(scanned(), 1.0)
        state = presenter.show(outcome, 2.0)
        assert (state.screen, state.sound) == (Screen.GROUP, Sound.REFUSAL)
        assert "赵" not in seen(GroupView, state).flash.text

    def test_done_is_asked_once_and_leads_home(self, presenter: KioskPresenter) -> None:
        presenter.show(scanned(), 1.0)
        assert presenter.tap(TapGroupDone(), 2.0).intents == (CloseGroupIntent("group-1"),)
        assert presenter.tap(TapGroupDone(), 2.1).intents == ()
        assert presenter.show(GroupEnded("group-1"), 3.0).screen is Screen.IDLE
        intent = CloseGroupIntent("group-1")
        assert "还在进行" in seen(NoticeView, presenter.show(NotRecorded(RecordingFault.BUSY), 9.0, intent)).note

    def test_the_board_brings_it_counts_it_and_ends_it(self, presenter: KioskPresenter) -> None:
        unnamed = replace(GROUP, team=None)
        assert seen(GroupView, presenter.board(a_board(group=unnamed), 1.0)).title == "团队登记"
        presenter.show(scanned(), 2.0)
        state = presenter.board(a_board(group=replace(GROUP, came=9)), 3.0)
        assert seen(GroupView, state).came == "9人"
        assert "赵" in seen(GroupView, state).flash.text
        assert presenter.board(a_board(), 4.0).screen is Screen.IDLE

    def test_a_card_that_is_shown_is_not_covered_by_it(self, presenter: KioskPresenter) -> None:
        presenter.show(a_check_in(), 1.0)
        assert presenter.board(a_board(group=GROUP), 2.0).screen is Screen.CHECK_IN

    def test_what_is_not_its_own_goes_on_as_ever(self, presenter: KioskPresenter) -> None:
        presenter.show(scanned(), 1.0)
        seen(CheckInView, presenter.show(a_check_in(), 2.0))


class TestCards:
    def test_a_missing_training_is_named(self, presenter: KioskPresenter) -> None:
        wants = {"directions": replace(LAW, strict=False), "legal_advice": LAW}
        card = seen(CheckInView, presenter.show(a_check_in(wants=wants), 1.0))
        assert "指路问询需要“法律基础”培训" in card.warnings[0].text
        assert [tile.name for tile in card.services if tile.locked] == ["法律咨询"]

    def test_a_locked_kind_is_not_sent_and_says_why(self, presenter: KioskPresenter) -> None:
        presenter.show(a_check_in(wants={"legal_advice": LAW}), 1.0)
        state = presenter.tap(TapService("legal_advice"), 2.0)
        assert state.intents == ()
        assert "先参加“法律基础”培训" in seen(CheckInView, state).warnings[0].text
        state = presenter.tap(TapService("tutoring"), 3.0)
        assert (seen(CheckInView, state).warnings, state.intents) == ((), (ChooseServiceIntent("s1", "tutoring"),))

    def test_a_choice_refused_leaves_what_stood(self, presenter: KioskPresenter) -> None:
        presenter.show(a_check_in(), 1.0)
        presenter.tap(TapService("legal_advice"), 2.0)
        card = seen(CheckInView, presenter.show(ChoiceRefused("s1", "directions", "法律基础"), 3.0))
        assert [tile.name for tile in card.services if tile.chosen] == ["指路问询"]
        assert presenter.show(ChoiceRefused("s7", "directions", "x"), 4.0).screen is Screen.CHECK_IN

    def test_paid_work_and_cautions_are_said_the_most_urgent_first(self, presenter: KioskPresenter) -> None:
        outcome = a_check_in(paid=True, cautions=tuple(Caution), unfinished_since=CAME, validity_unchecked=True)
        card = seen(CheckInView, presenter.show(outcome, 1.0))
        assert [badge.text[:4] for badge in card.warnings] == ["社工工时", "未满18"]

    @pytest.mark.parametrize(("drill", "word"), [(False, "社工工时"), (True, "演练")])
    def test_what_counts_nothing_says_so_at_the_end(self, presenter: KioskPresenter, drill: bool, word: str) -> None:
        card = seen(CheckOutView, presenter.show(a_check_out(paid=not drill, drill=drill), 1.0))
        assert word in card.credited.text
        assert ("演练" in card.recorded.text) is drill

    def test_a_service_kind_has_its_own_counts(self, presenter: KioskPresenter) -> None:
        card = seen(CheckOutView, presenter.show(a_check_out(tallies=("tea", "图书")), 1.0))
        assert [stepper.name for stepper in card.tallies] == ["茶水", "图书"]

    def test_a_drill_is_said_on_every_screen(self, presenter: KioskPresenter) -> None:
        assert presenter.tick(0.0).header.drill == ""
        assert "演练" in presenter.board(a_board(drill=True), 1.0).header.drill
        state = presenter.show(a_check_in(drill=True), 2.0)
        assert "演练" in state.header.drill
        assert "演练" in seen(CheckInView, state).recorded.text

    def test_keys_of_another_pad_mean_nothing_to_a_question(self, presenter: KioskPresenter) -> None:
        presenter.show(asking(), 1.0)
        assert presenter.tap(TapConfirm(), 2.0).screen is Screen.QUESTION
