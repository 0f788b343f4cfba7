"""Sessions that nobody ended are closed by the rules, as provisional, once, and never too early."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sync.protocol.envelope import open_body
from sync.protocol.events import AutoClose
from sync.protocol.vocabulary import AutoCloseReason, SessionState
from tests.support.station import Booth

HOUR = 3600
EIGHT = datetime(2026, 12, 10, 0, 0, tzinfo=UTC)  # eight in the morning in Luoyang


@pytest.mark.parametrize(
    ("start", "closes_after_s", "reason"),
    [
        (EIGHT, 12 * HOUR, AutoCloseReason.CAP),
        (EIGHT + timedelta(hours=10), 5 * HOUR, AutoCloseReason.CLOSING_TIME),
        (EIGHT + timedelta(hours=15, minutes=30), 1.5 * HOUR, AutoCloseReason.CLOSING_TIME),
    ],
)
def test_a_session_is_closed_at_its_limit_and_not_a_second_before(
    booth: Booth, start: datetime, closes_after_s: float, reason: AutoCloseReason
) -> None:
    booth.clocks.set_to(start)
    began = booth.check_in()
    booth.clocks.elapse(closes_after_s - 1)
    assert booth.station.close_overdue() == 0
    booth.clocks.elapse(1)
    assert booth.station.close_overdue() == 1
    body = open_body(booth.events()[-1])
    limit_ms = int((start.timestamp() + closes_after_s) * 1000)
    assert body == AutoClose(began.session_id, reason, limit_ms)
    assert booth.session(began.session_id).session.state is SessionState.PROVISIONAL


def test_it_is_closed_once(booth: Booth) -> None:
    booth.check_in()
    booth.clocks.elapse(13 * HOUR)
    assert [booth.station.close_overdue(), booth.station.close_overdue()] == [1, 0]
    assert booth.kinds() == ["check_in", "auto_close"]


def test_it_is_closed_at_the_next_start_when_the_kiosk_was_off(booth: Booth) -> None:
    booth.check_in()
    booth.reboot(off_s=24 * HOUR)
    assert booth.kinds() == ["check_in", "heartbeat", "auto_close"]
    assert booth.station.read_board().provisional_count == 1


def test_only_what_is_overdue_is_closed(booth: Booth) -> None:
    first = booth.check_in()
    booth.clocks.elapse(6 * HOUR)
    second = booth.check_in("4103020000000025")
    booth.clocks.elapse(7 * HOUR)
    assert booth.station.close_overdue() == 1
    assert booth.session(first.session_id).session.state is SessionState.PROVISIONAL
    assert booth.session(second.session_id).session.state is SessionState.OPEN


def test_a_wall_clock_that_leaps_forward_closes_nobody(booth: Booth) -> None:
    booth.check_in()
    booth.clocks.wall_error_ms = 10 * 365 * 24 * HOUR * 1000
    booth.clocks.elapse(HOUR)
    assert booth.station.close_overdue() == 0


def test_nothing_is_due_at_an_empty_station(booth: Booth) -> None:
    assert booth.station.close_overdue() == 0
