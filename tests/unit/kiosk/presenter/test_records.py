"""我的记录 on the screen: opened by a scan, led by taps, closed when left alone, and never anybody else's."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from kiosk.domain.record_refusal import RecordRefusal
from kiosk.domain.refusal import RecordingFault, RefusalReason
from kiosk.presenter.acts import TapClose, TapOutside
from kiosk.presenter.kiosk_presenter import KioskPresenter
from kiosk.presenter.navigation import Screen
from kiosk.presenter.phrases import Language
from kiosk.presenter.records import hours, listing, sheet
from kiosk.presenter.records.acts import (
    ApplyIntent,
    ObjectIntent,
    OpenRecordsIntent,
    ReadRecordIntent,
    Tab,
    TapApply,
    TapBack,
    TapMyRecords,
    TapReason,
    TapRecord,
    TapTab,
    TapTurn,
    TapWrong,
)
from kiosk.presenter.records.views import (
    AskCardView,
    HoursView,
    ReasonsView,
    RecordListView,
    RecordSheetView,
)
from kiosk.presenter.views import CheckInView, Countdown, IdleView, NoticeView, ScreenState, Sound, Tone
from kiosk.ui.record_samples import SCAN, own_records, rows
from kiosk.ui.record_samples import sheet as a_sheet
from kiosk.usecases.outcomes import NotRecorded, Refused
from kiosk.usecases.record_outcomes import Objected, ObjectionSeen, RecordRefused, StarAppliedFor
from sync.protocol.sessions import PAID
from sync.protocol.totals import Totals
from sync.protocol.vocabulary import DecisionReason, ObjectionReason, Provenance, SessionState
from tests.unit.kiosk.presenter.station import a_board, a_check_in, a_presenter, a_voice

COUNTDOWN = Countdown(30, 1.0)
RECORDS = own_records()


@pytest.fixture
def asking() -> KioskPresenter:
    presenter = a_presenter()
    presenter.board(a_board(), 0.0)
    presenter.tap(TapMyRecords(), 0.0)
    return presenter


@pytest.fixture
def open_(asking: KioskPresenter) -> KioskPresenter:
    asking.show(RECORDS, 1.0, OpenRecordsIntent("text"))
    return asking


@pytest.fixture
def one(open_: KioskPresenter) -> KioskPresenter:
    open_.tap(TapRecord("session-5"), 2.0)
    open_.show(a_sheet(), 2.0, ReadRecordIntent(SCAN, "session-5"))
    return open_


def listed(state: ScreenState) -> RecordListView:
    assert isinstance(state.view, RecordListView)
    return state.view


def test_the_idle_screen_leads_there() -> None:
    view = a_presenter().tick(0.0).view
    assert isinstance(view, IdleView)
    assert any(isinstance(way.tap, TapMyRecords) and way.text == "我的记录" for way in view.ways)


def test_while_the_card_is_asked_for_a_scan_opens_records_and_afterwards_it_is_duty(asking: KioskPresenter) -> None:
    state = asking.tap(TapOutside(), 1.0)
    assert isinstance(state.view, AskCardView)
    assert state.scan_as is OpenRecordsIntent
    assert asking.show(RECORDS, 2.0, OpenRecordsIntent("text")).scan_as is None


def test_the_text_of_a_code_is_never_printed() -> None:
    assert "secret" not in repr(OpenRecordsIntent("secret"))


def test_asking_ends_by_a_tap_and_by_itself(asking: KioskPresenter) -> None:
    assert asking.tick(20.0).screen is Screen.IDLE
    asking.tap(TapMyRecords(), 21.0)
    assert asking.tap(TapClose(), 22.0).screen is Screen.IDLE


def test_a_refused_card_is_said_as_after_any_scan(asking: KioskPresenter) -> None:
    state = asking.show(Refused(RefusalReason.REVOKED), 1.0, OpenRecordsIntent("text"))
    assert isinstance(state.view, NoticeView)
    assert state.scan_as is None


def test_records_that_nobody_asked_for_are_not_shown(asking: KioskPresenter) -> None:
    assert isinstance(asking.show(RECORDS, 1.0).view, AskCardView)
    asking.tap(TapClose(), 2.0)
    assert asking.show(RECORDS, 3.0, OpenRecordsIntent("late")).screen is Screen.IDLE


def test_a_touch_beside_every_control_changes_nothing(open_: KioskPresenter) -> None:
    before = listed(open_.tick(2.0))
    after = listed(open_.tap(TapOutside(), 2.0))
    assert after.lines == before.lines


def test_left_alone_they_close_after_thirty_seconds(open_: KioskPresenter) -> None:
    assert open_.tick(30.9).screen is Screen.OWN_RECORDS
    assert open_.tick(31.0).screen is Screen.IDLE


def test_a_scan_by_anybody_is_duty_and_takes_the_screen(open_: KioskPresenter) -> None:
    assert isinstance(open_.show(a_check_in("李㛃"), 2.0).view, CheckInView)
    assert isinstance(open_.show(a_sheet(), 3.0, ReadRecordIntent(SCAN, "s")).view, CheckInView)


def test_the_list_is_turned_page_by_page_and_never_beyond_its_ends(open_: KioskPresenter) -> None:
    first = listed(open_.tick(2.0))
    assert (first.later, first.page) == (None, "第 1 页，共 27 页")
    assert first.earlier is not None
    second = listed(open_.tap(first.earlier.tap, 3.0))
    assert second.later is not None
    assert second.lines[0].tap == TapRecord("session-5")
    last = listed(open_.tap(TapTurn(999), 4.0))
    assert (last.earlier, len(last.lines)) == (None, 1)
    assert listed(open_.tap(TapTurn(-1), 5.0)).page == first.page


def test_every_line_says_when_what_how_known_and_what_state(open_: KioskPresenter) -> None:
    lines = listed(open_.tick(2.0)).lines
    assert [line.credited for line in lines] == ["2小时15分", "0分钟", "3小时2分", "2小时"]
    assert [line.state.text for line in lines] == ["等队长确认", "待核实，暂不计入", "已确认", "已确认"]
    assert [line.known for line in lines][2:] == ["两次扫码 · 评价优秀", "队长补记 · 评价良好"]
    assert lines[1].times == "14:00 起", "the limit at which the rules closed it is no end"
    assert lines[0].day == "7月12日 星期六"


def test_another_year_is_named() -> None:
    view = listing.list_view(RECORDS, 26, a_voice(), COUNTDOWN)
    assert view.lines[0].day.startswith("2023年7月")


def test_nothing_yet_is_said() -> None:
    view = listing.list_view(replace(RECORDS, rows=()), 0, a_voice(), COUNTDOWN)
    assert (view.lines, view.page, bool(view.empty)) == ((), "", True)


def test_what_is_under_way_or_paid_says_so() -> None:
    row = rows()[0]
    running = replace(row, state=SessionState.OPEN, ended_ms=None, credited_minutes=0)
    paid = replace(row, paid=True, credited_minutes=0)
    view = listing.list_view(replace(RECORDS, rows=(running, paid)), 0, a_voice(), COUNTDOWN)
    assert (view.lines[0].credited, view.lines[0].times) == ("进行中", "07:02 起")
    assert view.lines[1].state.text == "不计入志愿服务时长"


def test_three_figures_stand_apart(open_: KioskPresenter) -> None:
    view = open_.tap(TapTab(Tab.HOURS), 2.0).view
    assert isinstance(view, HoursView)
    assert (view.confirmed.value, view.waiting.value) == ("299小时36分", "2小时15分")
    assert (view.provisional.value, "不计入" in view.provisional.note) == ("1 次", True)
    assert [source.name for source in view.sources] == ["两次扫码", "更正", "队长补记"]
    assert sum(source.fraction for source in view.sources) == pytest.approx(1)


def test_overlaps_and_recorded_time_that_does_not_count_are_said() -> None:
    totals = replace(RECORDS.totals, overlapping=("a", "b"), provisional_s=7200)
    view = hours.hours_view(replace(RECORDS, totals=totals), a_voice(), COUNTDOWN, asked=False)
    assert "2 次" in view.overlap
    assert "2小时" in view.provisional.note
    empty = hours.hours_view(replace(RECORDS, totals=Totals()), a_voice(), COUNTDOWN, asked=False)
    assert (empty.sources, empty.overlap) == ((), "")


def test_the_right_to_apply_is_offered_and_used_once(open_: KioskPresenter) -> None:
    open_.tap(TapTab(Tab.HOURS), 2.0)
    state = open_.tap(TapApply(2), 3.0)
    assert state.intents == (ApplyIntent(SCAN, 2),)
    assert isinstance(state.view, HoursView)
    assert state.view.star.caption == "您已满300小时\n可申请二星级"
    assert state.view.apply is not None
    assert state.view.apply.tone is Tone.QUIET
    assert open_.tap(TapApply(2), 3.0).intents == ()
    state = open_.show(StarAppliedFor(2), 4.0, ApplyIntent(SCAN, 2))
    assert isinstance(state.view, HoursView)
    assert (state.view.apply, state.sound) == (None, Sound.END)
    assert state.view.applied is not None
    assert "二星级已申请" in state.view.applied.text


@pytest.mark.parametrize(
    ("held", "minutes", "title", "words"),
    [
        (0, 10, "还没有星级", "离一星级还差"),
        (1, 120 * 60, "现在是一星级", "离二星级还差\n180小时"),
        (5, 9e5, "现在是五星级", "已满1500小时"),
    ],
)
def test_the_way_to_the_next_star(held: int, minutes: float, title: str, words: str) -> None:
    star = replace(RECORDS.star, held=held, confirmed_minutes=int(minutes), may_apply_for=None)
    view = hours.hours_view(replace(RECORDS, star=star), a_voice(), COUNTDOWN, asked=False)
    assert (view.star.title, view.apply, view.applied) == (title, None, None)
    assert view.star.caption.startswith(words)
    assert 0 <= view.star.fraction <= 1


def test_a_row_opens_its_record_and_is_asked_for_once(open_: KioskPresenter) -> None:
    assert open_.tap(TapRecord("session-5"), 2.0).intents == (ReadRecordIntent(SCAN, "session-5"),)
    assert open_.tap(TapRecord("session-5"), 2.0).intents == ()
    assert listed(open_.tap(TapOutside(), 2.0)).lines
    view = open_.show(a_sheet(), 2.0, ReadRecordIntent(SCAN, "session-5")).view
    assert isinstance(view, RecordSheetView)
    values = [fact.value for fact in view.facts]
    assert values[:3] == ["09:01–12:01", "3小时（记录 3小时）", "两次扫码 · 时钟已校准"]
    assert values[3:] == ["优秀 · 问题得到解决 · 群众满意", "满意 12 · 一般 1"]


def test_the_ways_out_of_a_record(one: KioskPresenter) -> None:
    assert isinstance(one.tap(TapOutside(), 3.0).view, RecordSheetView)
    assert one.tap(TapBack(), 3.0).screen is Screen.OWN_RECORDS
    assert one.tap(TapClose(), 3.0).screen is Screen.IDLE


def test_the_ways_out_of_the_reasons(one: KioskPresenter) -> None:
    one.tap(TapWrong(), 3.0)
    assert isinstance(one.tap(TapOutside(), 3.0).view, ReasonsView)
    assert one.tap(TapBack(), 3.0).screen is Screen.OWN_RECORD
    one.tap(TapWrong(), 3.0)
    assert one.tap(TapClose(), 3.0).screen is Screen.IDLE


def test_a_record_closes_from_its_own_page(one: KioskPresenter) -> None:
    assert one.tap(TapClose(), 3.0).screen is Screen.IDLE


def test_an_objection_is_one_tap_and_then_waits_for_the_captain(one: KioskPresenter) -> None:
    view = one.tap(TapWrong(), 3.0).view
    assert isinstance(view, ReasonsView)
    assert len(view.reasons) == len(ObjectionReason)
    state = one.tap(TapReason(ObjectionReason.WRONG_TIME), 4.0)
    assert state.intents == (ObjectIntent(SCAN, "session-5", ObjectionReason.WRONG_TIME),)
    assert one.tap(TapReason(ObjectionReason.OTHER), 4.0).intents == ()
    state = one.show(Objected("session-5", ObjectionReason.WRONG_TIME), 5.0, state.intents[0])
    assert isinstance(state.view, RecordSheetView)
    assert (state.view.wrong, state.sound) == (None, Sound.END)
    assert "等待队长核实" in state.view.why_not
    assert "时间不对" in state.view.objections[0].text
    assert isinstance(one.tap(TapWrong(), 6.0).view, RecordSheetView)
    back = listed(one.tap(TapBack(), 7.0))
    assert back.lines[0].state.text == "等队长确认"
    turned = listed(one.tap(TapTurn(1), 8.0))
    assert turned.lines[0].state.text == "已提出有误，等队长核实"


def test_a_refusal_is_said_and_leads_back(one: KioskPresenter) -> None:
    one.tap(TapWrong(), 3.0)
    state = one.show(RecordRefused(RecordRefusal.NOT_RATED), 4.0)
    assert isinstance(state.view, NoticeView)
    assert state.sound is Sound.REFUSAL
    assert one.tap(TapOutside(), 5.0).screen is Screen.OWN_RECORD


def test_a_scan_of_long_ago_asks_for_the_card_again(open_: KioskPresenter) -> None:
    state = open_.show(RecordRefused(RecordRefusal.SCAN_AGAIN), 4.0, ApplyIntent(SCAN, 2))
    assert isinstance(state.view, AskCardView)
    assert state.view.what == "请再出示一次志愿者证"
    assert state.scan_as is OpenRecordsIntent


def test_a_full_disk_says_that_this_was_not_saved(open_: KioskPresenter) -> None:
    state = open_.show(NotRecorded(RecordingFault.DISK_FULL), 4.0, ApplyIntent(SCAN, 2))
    assert isinstance(state.view, NoticeView)
    assert "这一次没有记下" in state.view.note


def test_a_correction_shows_the_original_beside_it() -> None:
    view = sheet.sheet_view(a_sheet(corrected=True), RECORDS.at, a_voice(), COUNTDOWN)
    assert (view.facts[0].value, view.facts[0].before) == ("09:01–12:01", "原记录 09:49–12:01")
    assert [badge.tone for badge in view.objections] == [Tone.GOOD, Tone.CALM]
    assert view.wrong is None


def test_what_was_dismissed_what_was_another_service_and_what_was_never_ended() -> None:
    corrected = a_sheet(corrected=True)
    assert corrected.original is not None
    first = replace(corrected.original, service="environment", provenance=Provenance.ONE_SCAN_AUTO)
    dismissed = ObjectionSeen(ObjectionReason.OTHER, upheld=False, decided=DecisionReason.NO_EVIDENCE)
    record = replace(corrected, original=first, objections=(dismissed,), may_object=None, rating=None, faces={})
    view = sheet.sheet_view(record, RECORDS.at, a_voice(), COUNTDOWN)
    assert view.facts[0].before == "原记录 09:49 起 · 环境保护"
    assert (view.objections[0].tone, view.facts[-1].value) == (Tone.QUIET, "队长还没有评价")
    reasons = sheet.reasons_view(record, RECORDS.at, a_voice(), COUNTDOWN, asked=True)
    assert TapReason(ObjectionReason.WRONG_RATING) not in {reason.tap for reason in reasons.reasons}


def test_a_duty_under_way_and_a_paid_one() -> None:
    plain = a_sheet()
    running = replace(
        plain,
        state=SessionState.OPEN,
        now=replace(plain.now, ended_at=None, provenance=Provenance.ONE_SCAN),
        may_object=RecordRefusal.STILL_OPEN,
    )
    view = sheet.sheet_view(running, RECORDS.at, a_voice(), COUNTDOWN)
    assert (view.facts[0].value, view.facts[1].value) == ("09:01 起", "进行中")
    paid = replace(plain, flags=frozenset({PAID}), may_object=RecordRefusal.COUNTS_NOTHING)
    assert sheet.sheet_view(paid, RECORDS.at, a_voice(), COUNTDOWN).state.text == "不计入志愿服务时长"


def test_it_speaks_english_too() -> None:
    voice = a_voice(Language.ENGLISH)
    view = sheet.sheet_view(a_sheet(corrected=True), RECORDS.at + timedelta(days=400), voice, COUNTDOWN)
    assert "2025" in view.title
    assert "first recorded" in view.facts[0].before
