"""The idle screen: names masked, the roster packed into lanes, the month in fractions, the machine's state in words."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from kiosk.presenter.contents import CameraSight
from kiosk.presenter.idle import idle_view
from kiosk.presenter.month import month_chart
from kiosk.presenter.status import SILENT_AFTER, status_line_of
from kiosk.presenter.timeline import MOST_LANES, time_line
from kiosk.presenter.views import IdleView, Tone
from kiosk.usecases.board import Board
from tests.unit.kiosk.presenter.station import NOW, a_board, a_presenter, a_voice, local, on_duty, planned


def idle(board: Board | None, after_s: int = 0) -> IdleView:
    now = None if board is None else board.now + timedelta(seconds=after_s)
    return idle_view(board, now, CameraSight.SEEING, None, a_voice())


def status(**changes: object) -> list[tuple[str, Tone]]:
    line = status_line_of(a_board(**changes), NOW, CameraSight.SEEING, None, a_voice())
    return [(item.text, item.tone) for item in line.items]


def test_it_stands_without_a_board() -> None:
    view = idle(None)
    assert view.on_duty.empty == "现在没有人值班"
    assert view.roster.empty == "今天没有排班"
    assert (view.month.bars, view.notice, view.undo) == ((), "", None)


def test_the_board_brings_the_stations_name() -> None:
    assert a_presenter().board(a_board(), 0.0).header.station == "广州市场站"


def test_names_are_masked_everywhere() -> None:
    view = idle(a_board(on_duty=on_duty("张建明"), roster=(planned(9, 12, name="欧阳淑兰"),)))
    assert view.on_duty.people[0].name == "张＊明"
    assert view.roster.shifts[0].label == "欧＊＊兰"


def test_many_people_take_turns_and_all_are_counted() -> None:
    board = a_board(on_duty=on_duty("甲", "乙", "丙", "丁"))
    turns = [idle(board, after_s).on_duty for after_s in (0, 8, 16)]
    assert {turn.count for turn in turns} == {"4 人"}
    shown = [person.name for turn in turns[:2] for person in turn.people]
    assert sorted(shown) == sorted("甲乙丙丁")
    assert turns[0] == turns[2]


def test_notices_take_turns() -> None:
    board = a_board(notices=("一", "二"))
    assert {idle(board, after_s).notice for after_s in (0, 8)} == {"一", "二"}


def test_overlapping_shifts_lie_in_lanes_and_the_rest_is_counted() -> None:
    board = a_board(roster=tuple(planned(9, 12, name=f"志愿者{n}") for n in range(5)))
    line = time_line(board, NOW, a_voice())
    assert [shift.lane for shift in line.shifts] == [0, 1, 2]
    assert line.lanes == MOST_LANES
    assert line.more == "还有 2 班"


def test_shifts_that_follow_each_other_share_a_lane() -> None:
    line = time_line(a_board(roster=(planned(12, 15), planned(9, 12))), NOW, a_voice())
    assert [shift.lane for shift in line.shifts] == [0, 0]
    assert line.shifts[0].end == line.shifts[1].begin
    assert line.more == ""


def test_the_states_of_shifts_look_different() -> None:
    roster = (planned(8, 9, "served"), planned(9, 12, "serving"), planned(14, 16), planned(16, 17, "newer"))
    looks = [(shift.icon, shift.tone) for shift in time_line(a_board(roster=roster), NOW, a_voice()).shifts]
    assert len(set(looks)) == 3
    assert looks[2] == looks[3]


def test_the_axis_covers_whole_hours_and_shows_now_while_it_does() -> None:
    board = a_board(roster=(planned(9, 10, minute=30),))
    line = time_line(board, NOW, a_voice())
    assert (line.hours[0].label, line.hours[0].at) == ("09:00", 0.0)
    assert line.now == pytest.approx(41 / 360)
    assert time_line(board, local(8), a_voice()).now is None
    assert time_line(a_board(roster=(planned(9, 15, minute=30),)), NOW, a_voice()).shifts[0].end < 1.0


def test_the_month_is_told_by_its_best_day() -> None:
    chart = month_chart(a_board(minutes_by_day={date(2026, 7, 1): 60, date(2026, 7, 12): 120}), NOW, a_voice())
    assert chart.total == "3小时"
    assert (len(chart.bars), chart.bars[0], chart.bars[11], chart.today) == (31, 0.5, 1.0, 11)
    assert [mark.label for mark in chart.marks] == ["1", "8", "15", "22", "29"]


def test_a_month_without_hours_is_flat() -> None:
    assert set(month_chart(a_board(), NOW, a_voice()).bars) == {0.0}


def test_all_is_well() -> None:
    assert status() == [("摄像头正常", Tone.GOOD), ("记录正常", Tone.GOOD), ("已全部上传", Tone.GOOD)]


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"waiting_to_upload": 3}, "3 条待上传"),
        ({"last_contact": None}, "没有网络"),
        ({"last_contact": NOW - SILENT_AFTER - timedelta(seconds=1), "waiting_to_upload": 41}, "没有网络，存着 41 条"),
        ({"calibrated": False}, "时钟未校准"),
        ({"provisional_count": 2}, "2 条待确认"),
    ],
)
def test_what_is_not_well_is_said(changes: dict[str, object], word: str) -> None:
    assert word in [text for text, _ in status(**changes)]


def test_before_the_first_board_only_the_machine_is_told() -> None:
    assert len(a_presenter().tick(0.0).status_line.items) == 2
