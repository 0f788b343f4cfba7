"""A power cut is bounded by the last minute that a boot was seen alive: one heartbeat a boot, and none twice."""

from __future__ import annotations

import pytest

from sync.protocol.sessions import WIDE_DURATION
from tests.support.clock import boot_id_of
from tests.support.station import Booth

HOUR = 3600
OTHER = "4103020000000025"


def told(booth: Booth) -> list[tuple[str, int, int]]:
    """Return every heartbeat of the chain: which boot, its number, and the whole seconds it was alive."""
    found = [envelope.body for envelope in booth.events() if envelope.kind == "heartbeat"]
    return [(body["boot_id"], body["boot_n"], body["bt_us"] // 1_000_000) for body in found]


def test_every_minute_of_a_boot_is_one_row_and_no_event(booth: Booth) -> None:
    for _ in range(10):
        booth.clocks.elapse(60)
        booth.station.tend()
    assert booth.rows("SELECT boot_n, bt_ns, event_id FROM beats") == [(1, booth.clocks.bt_ns, None)]
    assert booth.kinds() == []


def test_the_next_boot_tells_the_chain_once_when_the_last_one_was_alive(booth: Booth) -> None:
    booth.clocks.elapse(HOUR)
    booth.station.tend()
    booth.clocks.elapse(59)
    booth.reboot()
    booth.restart()
    booth.station.tend()
    assert told(booth) == [(boot_id_of(1), 1, 60 + HOUR)]
    assert booth.events()[0].stamp.boot_n == 2


def test_a_restart_of_the_program_alone_ends_no_boot(booth: Booth) -> None:
    booth.restart()
    assert told(booth) == []


def test_a_record_after_the_last_beat_shows_the_boot_alive_too(booth: Booth) -> None:
    booth.clocks.elapse(30)
    booth.check_in()
    booth.clocks.elapse(20)
    booth.reboot()
    assert told(booth) == [(boot_id_of(1), 1, 90)]


def test_boots_in_which_nothing_else_happened_are_told_too(booth: Booth) -> None:
    for _ in range(3):
        booth.reboot()
    assert told(booth) == [(boot_id_of(1), 1, 60), (boot_id_of(2), 2, 15), (boot_id_of(3), 3, 15)]


def test_what_no_beat_saw_is_told_by_the_last_record(booth: Booth) -> None:
    booth.clocks.elapse(HOUR)
    booth.check_in()
    with booth.station.device.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM beats")
    booth.reboot()
    booth.restart()
    assert told(booth) == [(boot_id_of(1), 1, 60 + HOUR)]


def test_a_power_cut_credits_the_time_both_boots_were_surely_alive(booth: Booth) -> None:
    began = booth.check_in()
    for _ in range(60):
        booth.clocks.elapse(60)
        booth.station.tend()
    booth.reboot(off_s=7 * HOUR, wall_ms=0)
    booth.clocks.elapse(45)  # 15 s from power to program
    ended = booth.check_out()
    assert ended.session_id == began.session_id
    assert ended.credited_minutes == 61
    assert WIDE_DURATION in booth.session(began.session_id).session.flags


@pytest.mark.parametrize("wall_ms", [0, -(10**12)])
def test_known_bounds_on_both_sides_of_a_power_cut_need_no_flag(booth: Booth, wall_ms: int) -> None:
    booth.exchange()
    booth.station.tend()
    began = booth.check_in()
    booth.clocks.elapse(HOUR)
    booth.station.tend()
    booth.reboot(off_s=2 * HOUR, wall_ms=wall_ms)
    booth.exchange()
    booth.station.tend()
    booth.clocks.elapse(HOUR)
    ended = booth.check_out()
    assert ended.credited_minutes in {239, 240}  # 4 h and 15 s, less what ρ leaves open of four hours
    assert WIDE_DURATION not in booth.session(began.session_id).session.flags


def test_a_late_exchange_of_an_earlier_boot_dates_what_was_recorded_in_it(booth: Booth) -> None:
    booth.clocks.set_wall(0)
    booth.restart()
    booth.check_in()
    booth.clocks.elapse(HOUR)
    booth.check_out()
    booth.exchange()
    booth.reboot(wall_ms=0)
    assert booth.rows("SELECT started_on FROM sessions") == [("2026-12-02",)]


def test_a_rebuilt_file_knows_the_same_time(booth: Booth) -> None:
    booth.exchange()
    booth.station.tend()
    booth.check_in()
    booth.clocks.elapse(HOUR)
    booth.reboot(wall_ms=0)
    booth.check_out()
    query = "SELECT id, state, started_ms, ended_ms, original_s, credited_minutes FROM sessions"
    rows, beats = booth.rows(query), booth.rows("SELECT boot_n, bt_ns, event_id FROM beats")
    with booth.station.device.ledger.writing() as writing:
        writing.rebuild()
    assert (booth.rows(query), booth.rows("SELECT boot_n, bt_ns, event_id FROM beats")) == (rows, beats)


# The time that is shown


def test_after_a_reboot_the_time_counts_on_from_the_last_exchange_and_all_that_was_lived_since(booth: Booth) -> None:
    booth.exchange()
    booth.station.tend()
    said_ms = booth.clocks.true_ms
    booth.clocks.elapse(3 * HOUR)
    booth.station.tend()
    booth.reboot(off_s=60, wall_ms=0)
    shown = booth.station.clock.now()
    assert not shown.calibrated
    lived_ms = 3 * HOUR * 1000 + 15_000
    assert 0 <= said_ms + lived_ms - shown.at.timestamp() * 1000 <= lived_ms * 5 // 10_000 + 10
    assert shown.at.timestamp() * 1000 <= booth.clocks.true_ms


def test_shown_time_never_goes_back_however_often_the_power_is_cut_and_the_clock_forgets(booth: Booth) -> None:
    booth.clocks.set_wall(0)
    booth.restart()
    latest = booth.station.clock.now().at
    for _ in range(5):
        booth.clocks.elapse(HOUR)
        booth.station.tend()
        shown = booth.station.clock.now()
        assert latest < shown.at
        assert not shown.calibrated
        latest = shown.at
        booth.reboot(off_s=0, wall_ms=0)
        assert latest <= booth.station.clock.now().at
        booth.restart()
        assert latest <= booth.station.clock.now().at
        latest = booth.station.clock.now().at


def test_a_wall_clock_set_back_while_the_program_runs_is_seen_through(booth: Booth) -> None:
    booth.exchange()
    booth.station.tend()
    booth.clocks.set_wall(0)
    booth.restart()
    now = booth.station.clock.now()
    assert now.calibrated
    assert abs(now.at.timestamp() * 1000 - booth.clocks.true_ms) <= 1
