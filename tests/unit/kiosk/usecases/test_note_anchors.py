"""Exchanges that the agent noted become anchors of the ledger once, and teach the clock."""

from __future__ import annotations

from sync.mailbox import link
from sync.mailbox.engine import open_engine, writing
from sync.protocol.vocabulary import ClockQuality
from tests.support.station import Booth

HOUR = 3600


def test_an_exchange_is_noted_once_and_teaches_the_clock(booth: Booth) -> None:
    booth.exchange()
    booth.station.tend()
    booth.station.tend()
    assert booth.kinds() == ["anchor"]
    assert booth.rows("SELECT count(*) FROM exchanges") == [(0,)]
    assert booth.station.clock.now().stamp.clk == ClockQuality.ANCHORED


def test_within_six_hours_a_further_exchange_only_lengthens_the_chain(booth: Booth) -> None:
    for _ in range(5):
        booth.exchange()
        booth.station.tend()
        booth.clocks.elapse(1.9 * HOUR)
    assert booth.kinds() == ["anchor", "anchor"]
    assert booth.rows("SELECT count(*) FROM exchanges") == [(0,)]


def test_every_boot_has_its_first_exchange_noted(booth: Booth) -> None:
    booth.exchange()
    booth.station.tend()
    booth.reboot()
    booth.exchange()
    booth.station.tend()
    assert [envelope.body["boot_n"] for envelope in booth.events() if envelope.kind == "anchor"] == [1, 2]


def test_an_exchange_of_an_earlier_boot_is_noted_as_of_that_boot(booth: Booth) -> None:
    booth.exchange()
    booth.reboot()
    booth.exchange()
    booth.station.tend()
    anchors = [envelope for envelope in booth.events() if envelope.kind == "anchor"]
    noted = [(envelope.body["boot_n"], envelope.stamp.boot_n) for envelope in anchors]
    assert noted == [(1, 2), (2, 2)]


def test_an_exchange_of_a_boot_without_kiosk_is_passed_over(booth: Booth) -> None:
    engine = open_engine(booth.file)
    with writing(engine) as connection:
        link.put_exchange(connection, link.Exchange("a boot without kiosk", 5, booth.clocks.true_ms, 0))
    engine.dispose()
    booth.station.tend()
    assert booth.kinds() == []


def test_sessions_recorded_before_the_time_was_known_are_dated_by_it(booth: Booth) -> None:
    booth.clocks.set_wall(0)
    booth.restart()
    began = booth.check_in()
    booth.clocks.elapse(HOUR)
    booth.check_out()
    assert booth.rows("SELECT started_on FROM sessions") == [("1970-01-01",)]
    booth.exchange()
    booth.station.tend()
    assert booth.rows("SELECT started_on FROM sessions") == [("2026-12-02",)]
    session = booth.session(began.session_id).session
    assert abs(session.started.est_ms - (booth.clocks.true_ms - HOUR * 1000)) <= 1
    assert session.credited_minutes == 60
