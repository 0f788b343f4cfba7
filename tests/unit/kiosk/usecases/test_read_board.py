"""The board says what the ledger says: who serves, what is planned, what this month came to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from kiosk.timekeeping.moment import instant_of
from kiosk.usecases.board import OnDuty
from sync.protocol.reference import RosteredShift
from sync.protocol.roster import OpenPost
from sync.protocol.vocabulary import AssignmentState
from tests.support.community import milliseconds
from tests.support.station import Booth, booth_in

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


def test_without_network_for_a_fortnight_each_day_has_its_roster(booth: Booth) -> None:
    days = range(15)
    mornings = [shift(f"day {day}", NOON + timedelta(days=day), volunteer=ME) for day in days]
    nights = [shift(f"night {day}", NOON + timedelta(days=day, hours=11), volunteer=OTHER) for day in days[::2]]
    posts = [OpenPost(str(day), "tutoring", mornings[day].ends_ms, mornings[day].ends_ms + 1, 1) for day in days]
    document = booth.community.reference(version=2, roster=(*nights, *mornings), open_posts=posts)
    booth.clocks.set_to(NOON - timedelta(hours=1))
    assert booth.station.apply_reference(document)
    for day in days:
        if day == 5:
            booth.reboot(off_s=600)
        elif day in {1, 13, 14}:
            booth.restart()
        board = booth.station.read_board()
        begins = NOON + timedelta(days=day)
        tonight = [begins + timedelta(hours=11)] if day % 2 == 0 else [begins - timedelta(hours=13)]
        assert sorted(each.starts_at for each in board.roster) == sorted([begins, *tonight])
        assert [each.starts_at for each in board.wanted] == [
            begins + timedelta(days=more, hours=2) for more in range(6) if day + more < len(days)
        ]
        booth.check_in()
        booth.clocks.elapse(HOUR)
        booth.check_out()
        states = {each.starts_at: each.state for each in booth.station.read_board().roster}
        assert (states[begins], states[tonight[0]]) == ("served", "planned")
        booth.clocks.elapse(23 * HOUR - (600 if day + 1 == 5 else 0))


@pytest.fixture
def open_all_night(tmp_path: Path) -> Iterator[Booth]:
    with booth_in(tmp_path, duty={"closes_at": "never"}) as opened:
        yield opened


def test_a_shift_over_midnight_is_on_both_days_with_its_state(open_all_night: Booth) -> None:
    booth = open_all_night
    booth.clocks.set_to(NOON)
    night, dawn = shift("night", NOON + timedelta(hours=11)), NOON + timedelta(hours=15)
    asked = msgspec.structs.replace(shift("asked", dawn, volunteer=OTHER), state=AssignmentState.OFFERED)
    drafts = msgspec.structs.replace(night, id="draft", state=AssignmentState.DRAFT)
    booth.station.apply_reference(booth.community.reference(version=2, roster=(night, asked, drafts)))

    def states() -> list[str]:
        return [each.state for each in booth.station.read_board().roster]

    assert states() == ["planned"]
    booth.clocks.elapse(10.9 * HOUR)
    booth.check_in()
    assert states() == ["serving"]
    booth.clocks.elapse(1.5 * HOUR)
    assert states() == ["serving", "asked"]
    booth.check_out()
    booth.restart()
    assert states() == ["served", "asked"]


def test_whoever_serves_on_through_an_own_shift_serves_it(booth: Booth) -> None:
    booth.clocks.set_to(NOON)
    roster = (shift("one", NOON), shift("two", NOON + timedelta(hours=2)))
    booth.station.apply_reference(booth.community.reference(version=2, roster=roster))
    booth.check_in()
    assert [each.state for each in booth.station.read_board().roster] == ["serving", "planned"]
    booth.clocks.elapse(2.5 * HOUR)
    assert [each.state for each in booth.station.read_board().roster] == ["serving", "serving"]
    booth.check_out()
    assert [each.state for each in booth.station.read_board().roster] == ["served", "served"]


def test_open_posts_of_the_next_days_are_shown_and_none_that_has_begun(booth: Booth) -> None:
    booth.clocks.set_to(NOON)
    starts = [timedelta(0), timedelta(minutes=1), timedelta(days=7), timedelta(days=7, minutes=1)]
    posts = [
        OpenPost(str(n), "tutoring", milliseconds(NOON + after), milliseconds(NOON + after) + 1000, n + 1)
        for n, after in enumerate(starts)
    ]
    booth.station.apply_reference(booth.community.reference(version=2, open_posts=posts[::-1]))
    assert [each.wanted for each in booth.station.read_board().wanted] == [2, 3]
