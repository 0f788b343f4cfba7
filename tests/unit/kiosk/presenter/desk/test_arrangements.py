"""On duty, hours by hand, groups, caps and armbands, practice, export and the machine: what each page promises."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from kiosk.domain.hours_entry import HoursEntry
from kiosk.domain.refusal import RecordingFault
from kiosk.presenter.acts import TapClear, TapConfirm, TapDigit, TapErase, TapOutside
from kiosk.presenter.desk.desk import Desk
from kiosk.presenter.desk.export import ExportPage
from kiosk.presenter.desk.health import facts_of, trouble_of
from kiosk.presenter.desk.hours import ChooseService
from kiosk.presenter.desk.intents import (
    Answered,
    BeginExport,
    DrillIntent,
    EnterIntent,
    GoOnExporting,
    GroupIntent,
    KitIntent,
    LookForSticks,
    StopExporting,
)
from kiosk.presenter.desk.page import Context
from kiosk.presenter.desk.taps import Act, Place, TapAct, TapBack, TapPick, TapStep, TapTurn
from kiosk.presenter.desk.views import DialsBody, ListBody, MarksBody, MessageBody, PadBody
from kiosk.presenter.phrases import Language
from kiosk.presenter.views import Tone
from kiosk.ui import desk_samples
from kiosk.ui.desk_samples import OPERATOR
from kiosk.ui.samples import NOW
from kiosk.usecases import desk
from kiosk.usecases.desk_outcomes import DrillEnded, GroupDone, GroupOpen, KitMoved
from kiosk.usecases.export_ports import Exported, ExportFault, ExportProgress, Format, NotExported, Phase
from kiosk.usecases.operator_outcomes import HoursEntered
from kiosk.usecases.outcomes import NotRecorded
from kiosk.usecases.step_export import Months, Sticks
from sync.protocol.vocabulary import EntryReason, KitItem
from tests.unit.kiosk.presenter.desk.bench import Bench, on
from tests.unit.kiosk.presenter.station import a_voice
from tests.unit.kiosk.presenter.test_words_for_every_value import message_ids

FIRST = desk_samples.people().known[0]


# ---- on duty


def test_who_is_on_duty_stands_there_with_since_when() -> None:
    bench = on(Place.ON_DUTY)
    assert [row.aside for row in bench.body.rows][:2] == ["08:10 上岗", "08:17 上岗"]
    assert bench.body.rows[1].badge.text == "超过时限"
    assert len(bench.tap(TapTurn(1), TapOutside()).body.rows) == 1
    assert on(Place.ON_DUTY, on_duty=()).body.empty == "现在没有人在岗"


# ---- hours by hand


def entering() -> Bench:
    return on(Place.ENTER_HOURS).tap(TapPick(FIRST.volunteer), TapPick("tutoring"))


def test_hours_are_entered_in_four_steps_and_say_that_somebody_else_must_agree() -> None:
    bench = entering()
    assert bench.shows(DialsBody)
    bench.tap(TapStep("day", -1), TapStep("begin", -60), TapStep("end", -5), TapAct(Act.GO_ON), TapPick("kiosk_failed"))
    assert "第二人确认后才计入" in bench.body.lines[-1]
    assert bench.tap(TapOutside()).sent == []
    bench.tap(TapAct(Act.CONFIRM))
    until = NOW - timedelta(minutes=1, days=1)
    begin, end = until - timedelta(hours=3), until - timedelta(minutes=5)
    entry = HoursEntry(FIRST.volunteer, "tutoring", begin, end, EntryReason.KIOSK_FAILED, FIRST.team)
    assert bench.act == EnterIntent(OPERATOR, entry)
    assert "需第二人确认" in bench.answered(HoursEntered("s", "张建明", 175)).word
    assert bench.title == "值班台"


def test_a_captain_enters_for_the_own_team() -> None:
    bench = on(Place.ENTER_HOURS)
    bench.show(Answered(replace(desk_samples.people(), own_team="women")))
    for tap in (TapPick(FIRST.volunteer), TapPick("tutoring"), TapAct(Act.GO_ON), TapPick("other")):
        bench.tap(tap)
    area = bench.area
    assert isinstance(area, Desk)
    captain = replace(area.context, people=replace(desk_samples.people(), own_team="women"))
    bench.area = replace(area, context=captain)
    assert bench.tap(TapAct(Act.CONFIRM)).act.entry.team == "women"


def test_no_hours_lie_in_the_future_and_none_run_backwards() -> None:
    bench = entering().tap(TapStep("day", 1), TapStep("end", 5))
    assert bench.body.dials[2].value == "09:40"
    bench.tap(TapStep("begin", 60), TapStep("begin", 60))
    assert "必须晚于" in bench.body.result.text
    assert bench.body.buttons[0].tap is None
    assert isinstance(bench.tap(TapAct(Act.GO_ON), TapOutside()).body, DialsBody)


def test_a_volunteer_is_found_by_digits_of_the_number() -> None:
    bench = on(Place.ENTER_HOURS).tap(TapAct(Act.SEARCH))
    assert bench.shows(PadBody)
    assert bench.body.prompt
    bench.tap(*map(TapDigit, "0184"), TapErase(), TapDigit("4"), TapOutside())
    assert bench.body.hint == "找到 1 人"
    bench.tap(TapConfirm())
    assert [row.name for row in bench.body.rows] == ["阿卜杜热西提·买买提　0184"]
    assert len(bench.tap(TapAct(Act.ALL)).body.rows) == 4
    bench.tap(TapAct(Act.SEARCH), TapDigit("9"), TapClear(), *map(TapDigit, "999"), TapConfirm())
    assert bench.body.empty == "没有找到"
    assert isinstance(bench.tap(TapPick("nobody"), TapOutside()).body, ListBody)


def test_the_list_of_volunteers_turns() -> None:
    bench = on(Place.ENTER_HOURS).tap(TapTurn(1))
    assert bench.body.sheet == "2 / 3"
    assert bench.body.rows[0].badge is None


def test_without_a_board_no_hours_begin() -> None:
    page, context = ChooseService(FIRST), Context(OPERATOR)
    assert page.tapped(TapPick("tutoring"), context).over is None
    assert page.body(context, a_voice(), NOW) is not None


# ---- groups


def test_a_group_is_opened_by_service_and_team_and_its_own_screen_takes_over() -> None:
    bench = on(Place.GROUP).tap(TapPick("environment"), TapOutside(), TapPick("youth"))
    assert bench.act == GroupIntent(OPERATOR, "environment", "youth")
    bench.show(Answered(GroupOpen("g", "environment", "youth")), bench.act)
    assert bench.area is None


def test_a_team_from_elsewhere_has_no_name_here() -> None:
    assert on(Place.GROUP).tap(TapPick("environment"), TapPick("")).act == GroupIntent(OPERATOR, "environment", None)


def test_an_open_group_can_only_be_closed() -> None:
    group = desk_samples.board(group=True).group
    bench = on(Place.GROUP, group=group).tap(TapPick("environment"))
    assert bench.body.headline == "已登记 12 人"
    bench.tap(TapAct(Act.END))
    assert bench.act == GroupIntent(OPERATOR, None)
    assert "12" in bench.answered(GroupDone("g", 12)).word
    assert group is not None
    named = on(Place.GROUP, group=replace(group, team="women")).body
    assert "巾帼" in named.lines[0]
    assert on(Place.GROUP).tap(TapAct(Act.END)).sent == []


# ---- caps and armbands


def test_each_touch_is_one_piece_out_or_back() -> None:
    wearer = desk_samples.board().on_duty[0]
    bench = on(Place.KIT).tap(TapPick(wearer.volunteer), TapOutside())
    assert [dial.value for dial in bench.body.dials] == ["1", "0"]
    assert bench.body.dials[1].less[0].tap is None
    bench.tap(TapStep("armband", 1))
    assert bench.act == KitIntent(OPERATOR, wearer.volunteer, KitItem.ARMBAND, returned=False)
    moved = KitMoved(wearer.volunteer, wearer.name, KitItem.ARMBAND, 1, 1, returned=False)
    assert "已发放袖标" in bench.answered(moved).word
    bench.tap(TapStep("cap", -1))
    assert bench.act == KitIntent(OPERATOR, wearer.volunteer, KitItem.CAP, returned=True)
    assert "已收回" in bench.answered(replace(moved, returned=True)).word


def test_who_went_home_with_something_is_still_on_the_list() -> None:
    bench = on(Place.KIT).tap(TapTurn(1), TapOutside())
    assert [row.badge and row.badge.text for row in bench.body.rows] == [None, "未归还"]
    assert bench.body.rows[1].detail == "袖标 1 件"
    assert on(Place.KIT, on_duty=(), kit=()).body.empty


# ---- practice


def test_practice_is_begun_and_ended_here() -> None:
    bench = on(Place.DRILL).tap(TapAct(Act.END), TapAct(Act.BEGIN))
    assert bench.sent == [DrillIntent(OPERATOR, on=True)]
    bench = on(Place.DRILL, drill=desk_samples.board(drill=True).drill).tap(TapAct(Act.BEGIN), TapAct(Act.END))
    assert bench.sent == [DrillIntent(OPERATOR, on=False)]
    assert bench.body.tone is Tone.WARN
    assert "演练结束" in bench.answered(DrillEnded(2)).word


# ---- the machine


def health(**changes: Any) -> desk.DeskHealth:
    return replace(desk_samples.board().health, last_contact=NOW, **changes)


@pytest.mark.parametrize(
    ("state", "trouble"),
    [
        (health(), ""),
        (replace(health(), last_contact=None), "与平台联系"),
        (replace(health(), last_contact=NOW - timedelta(minutes=11)), "与平台联系"),
        (health(clock="floor", calibrated=False), "时钟"),
        (health(machine=desk.Machine(camera="gone")), "摄像头"),
        (health(machine=desk.Machine(disk_free_bytes=99_000_000)), "存储空间"),
        (health(machine=desk.Machine(set_aside=1)), "记录文件"),
        (health(machine=desk.Machine(last_beat=NOW)), ""),
    ],
)
@pytest.mark.parametrize("language", Language)
def test_trouble_is_named_on_the_first_page(state: desk.DeskHealth, trouble: str, language: Language) -> None:
    board = replace(desk_samples.board(), health=state)
    assert trouble in trouble_of(board, a_voice(), NOW)
    assert bool(trouble_of(board, a_voice(), None)) is bool(trouble)
    assert message_ids(facts_of(board, a_voice(language), NOW)) == []


def test_nothing_waits_to_be_sent() -> None:
    board = replace(desk_samples.board(), health=health(waiting_to_upload=0))
    assert facts_of(board, a_voice(), NOW)[1].value == "全部已上传"


# ---- export


def exporting(*taps: Any) -> Bench:
    return on(Place.EXPORT).tap(*taps, TapAct(Act.BEGIN))


def test_what_is_wanted_goes_to_the_stick_that_is_there() -> None:
    bench = exporting(TapPick("last"), TapPick("csv"), TapPick("pdf"), TapOutside())
    stick = Path("/media/KINGSTON")
    assert bench.act == BeginExport(OPERATOR, stick, frozenset({Format.XLSX, Format.CSV}), Months.LAST)
    assert bench.shows(MessageBody)
    assert bench.tap(TapAct(Act.BEGIN), TapPick("csv")).sent == [bench.act]


def test_progress_goes_on_by_itself_and_keeps_the_desk_open() -> None:
    bench = exporting()
    bench.show(Answered(ExportProgress(Phase.READ, 50, 200)), bench.act)
    assert bench.act == GoOnExporting()
    assert bench.body.bar == 0.12
    assert bench.last is not None
    assert bench.last.touched
    bench.show(Answered(ExportProgress(Phase.COPY, 1, 2)), bench.act)
    assert bench.body.bar == 0.75
    bench.show(Answered(ExportProgress(Phase.COPY, 0, 0)), bench.act)
    assert bench.body.bar_text == "已完成 100%"
    bench.show(Answered(Exported((stick := Path("/media/K/ledger.xlsx"),), 9, 30)), bench.act)
    assert stick.name in bench.body.lines
    assert isinstance(bench.tap(TapAct(Act.SEARCH)).body, MarksBody)


def test_a_pulled_stick_is_said_and_the_export_goes_on_once_it_is_back() -> None:
    bench = exporting()
    first = bench.act
    bench.show(Answered(NotExported(ExportFault.NO_TARGET)), first)
    assert "U盘" in bench.body.headline
    bench.tap(TapOutside(), TapPick("csv"), TapAct(Act.BEGIN))
    assert bench.sent == [first, first]
    bench.show(Answered(NotExported(ExportFault.FULL)), first)
    assert isinstance(bench.tap(TapAct(Act.SEARCH)).body, MarksBody)


def test_leaving_lets_go_of_an_export() -> None:
    bench = exporting().tap(TapBack())
    assert bench.act == StopExporting()
    area = exporting().area
    assert isinstance(area, Desk)
    assert area.left() == (StopExporting(),)
    assert on(Place.EXPORT).tap(TapBack()).sent == []


def test_without_a_stick_it_asks_for_one_and_looks_again() -> None:
    bench = on(Place.EXPORT)
    bench.show(Answered(Sticks((), NOW.date())))
    assert "插入U盘" in bench.body.headline
    assert bench.tap(TapAct(Act.BEGIN)).sent == []
    bench.tap(TapAct(Act.SEARCH))
    assert bench.reads[-1] == LookForSticks()


def test_without_a_format_nothing_begins() -> None:
    bench = exporting(TapPick("xlsx"), TapPick("pdf"))
    assert bench.sent == []
    assert bench.body.confirm.tap is None


@pytest.mark.parametrize("fault", ExportFault)
@pytest.mark.parametrize("language", Language)
def test_every_fault_of_the_export_has_its_words(fault: ExportFault, language: Language) -> None:
    page = ExportPage(step=NotExported(fault))
    assert message_ids(page.body(Context(OPERATOR), a_voice(language), NOW)) == []


def test_a_fault_of_the_disk_while_exporting_is_said() -> None:
    bench = exporting()

    bench.show(NotRecorded(RecordingFault.BROKEN))
    assert bench.word


@pytest.mark.parametrize("language", Language)
def test_every_step_has_its_words(language: Language) -> None:
    wearer = desk_samples.board().on_duty[0]
    ways = [
        on(Place.ENTER_HOURS).tap(TapAct(Act.SEARCH)),
        on(Place.ENTER_HOURS).tap(TapPick(FIRST.volunteer)),
        entering(),
        entering().tap(TapAct(Act.GO_ON)),
        entering().tap(TapAct(Act.GO_ON), TapOutside(), TapPick("other")),
        on(Place.GROUP).tap(TapPick("environment")),
        on(Place.KIT).tap(TapPick(wearer.volunteer)),
    ]
    for bench in ways:
        assert message_ids(bench.view(language)) == []
