"""The board says what the ledger says: who serves, what is planned, what this month came to."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from kiosk.timekeeping.moment import instant_of
from kiosk.usecases.board import OnDuty
from sync.protocol.reference import RosteredShift
from tests.support.community import milliseconds
from tests.support.station import Booth

HOUR = 3600
NOON = datetime(2026, 12, 10, 4, 0, tzinfo=UTC)  # twelve in Luoyang
ME, OTHER = "4103020000000017", "4103020000000025"


def shift(id_: str, start: datetime, *, volunteer: str = ME, hours: float = 2) -> RosteredShift:
    start_ms = milliseconds(start)
    return RosteredShift(id_, volunteer, "张晓明", "tea_charging", start_ms, start_ms + int(hours * HOUR * 1000))


def test_those_on_duty_are_named_earliest_first(booth: Booth) -> None:
    first = booth.check_in()
    booth.clocks.elapse(60)
    second = booth.check_in(OTHER, "tutoring")
    board = booth.station.read_board()
    assert board.on_duty == (
        OnDuty(first.session_id, "张晓明", "directions", first.at),
        OnDuty(second.session_id, "张晓明", "tutoring", second.at),
    )
    assert (board.station_name, board.provisional_count, board.waiting_to_upload) == ("王城公园东门岗亭", 0, 2)


def test_todays_roster_is_in_order_with_its_state(booth: Booth) -> None:
    booth.clocks.set_to(NOON)
    roster = (
        shift("later", NOON + timedelta(hours=3)),
        shift("now", NOON, volunteer=ME),
        shift("yesterday", NOON - timedelta(days=1)),
        shift("tomorrow", NOON + timedelta(days=1)),
        shift("night", NOON - timedelta(hours=13), hours=2, volunteer=OTHER),
        shift("midnight", NOON + timedelta(hours=12)),
    )
    assert booth.station.apply_reference(booth.community.reference(version=2, roster=roster))
    planned = booth.station.read_board().roster
    assert [each.starts_at for each in planned] == [NOON - timedelta(hours=13), NOON, NOON + timedelta(hours=3)]
    assert {each.state for each in planned} == {"planned"}
    booth.check_in()
    assert [each.state for each in booth.station.read_board().roster] == ["planned", "serving", "planned"]
    booth.clocks.elapse(HOUR)
    booth.check_out()
    assert [each.state for each in booth.station.read_board().roster] == ["planned", "served", "planned"]


def test_a_shift_whose_check_in_was_undone_is_still_planned(booth: Booth) -> None:
    booth.clocks.set_to(NOON)
    booth.station.apply_reference(booth.community.reference(version=2, roster=(shift("now", NOON),)))
    booth.station.undo(booth.check_in().event_id)
    assert [each.state for each in booth.station.read_board().roster] == ["planned"]


def test_the_month_counts_closed_sessions_by_their_local_day(booth: Booth) -> None:
    for start in (NOON, NOON + timedelta(hours=11), NOON + timedelta(hours=12), NOON + timedelta(days=40)):
        booth.clocks.set_to(start)
        booth.check_in()
        booth.clocks.elapse(HOUR / 2)
        booth.check_out()
    booth.clocks.set_to(NOON + timedelta(days=2))
    assert booth.station.read_board().minutes_by_day == {date(2026, 12, 10): 60, date(2026, 12, 11): 30}
    booth.clocks.set_to(NOON + timedelta(days=40))
    assert booth.station.read_board().minutes_by_day == {date(2027, 1, 19): 30}


def test_provisional_time_is_in_no_sum(booth: Booth) -> None:
    booth.check_in()
    booth.clocks.elapse(13 * HOUR)
    booth.station.close_overdue()
    board = booth.station.read_board()
    assert (dict(board.minutes_by_day), board.provisional_count, board.on_duty) == ({}, 1, ())


def test_an_uncalibrated_clock_shows_nobody_on_duty_since_1970(booth: Booth) -> None:
    booth.clocks.set_wall(0)
    booth.restart()
    began = booth.check_in()
    board = booth.station.read_board()
    assert not board.calibrated
    assert board.on_duty[0].since == began.at


def test_the_last_contact_is_the_platforms_time(booth: Booth) -> None:
    assert booth.station.read_board().last_contact is None
    with booth.station.device.engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO link (id, last_contact_ms) VALUES (1, 1800000000000)")
    assert booth.station.read_board().last_contact == instant_of(1_800_000_000_000)
