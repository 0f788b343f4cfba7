"""News of a device's time moves every session it bears on, on the platform as at the booth, and no other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sync.platform.records import Device, Entry
from sync.platform.store import Database
from sync.platform.taking import take
from sync.protocol.batch import Batch, Delivery
from sync.protocol.envelope import Envelope
from sync.protocol.events import Heartbeat
from sync.protocol.sessions import WIDE_DURATION
from sync.protocol.signing.keys import SigningKey
from sync.protocol.timeline import logs_in
from tests.integration.platform.conftest import POINT, START_MS
from tests.integration.platform.fleet import FakeDevice
from tests.support.station import Booth, booth_in

HOUR_MS = 3_600_000
KEY = SigningKey(b"\x01" * 32)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A migrated platform with two devices."""
    database = Database.open(database_url)
    with database.writing("registry") as unit:
        unit.registry.add_service_point(POINT)
        for name in ("east", "west"):
            unit.devices.add(Device(name, name, POINT.id, KEY.public, 0))
    yield database
    database.close()


def bring(database: Database, device: str, events: list[Envelope]) -> None:
    with database.writing(device) as unit:
        take(Delivery(Batch(f"b-{device}-{events[0].seq}", device, events)), "0" * 64, unit, START_MS)


def entry_of(database: Database, session: str) -> Entry:
    with database.reading() as unit:
        return next(each for each in unit.ledger.all() if each.session.id == session)


def device_of(name: str, boot_n: int, started_ms: int) -> FakeDevice:
    return FakeDevice(name, KEY, POINT.id, started_ms, f"of {name}", f"{name}-{boot_n}", boot_n)


def test_a_session_ended_elsewhere_moves_with_the_time_of_either_device(database: Database) -> None:
    east, west = device_of("east", 7, START_MS - HOUR_MS), device_of("west", 2, START_MS)
    session = east.check_in("LY1", "张晓明", START_MS)
    west.check_out(session, "LY1", START_MS + 3 * HOUR_MS)
    bring(database, "east", east.log)
    bring(database, "west", west.log)
    assert entry_of(database, session).session.credited_minutes == 0
    west.anchor(START_MS + 4 * HOUR_MS)
    bring(database, "west", west.log[-1:])
    assert entry_of(database, session).session.credited_minutes == 0
    east.anchor(START_MS + HOUR_MS)
    bring(database, "east", east.log[-1:])
    found = entry_of(database, session).session
    assert found.credited_minutes == 179  # three hours, less what ρ leaves open
    assert WIDE_DURATION not in found.flags


def test_a_heartbeat_that_arrives_late_credits_what_was_surely_served(database: Database) -> None:
    first = device_of("east", 1, START_MS)
    session = first.check_in("LY1", "张晓明", START_MS)
    second = device_of("east", 2, START_MS + 5 * HOUR_MS)
    second.log = [*first.log]
    beat = second.record(Heartbeat("east-1", 1, 2 * HOUR_MS * 1000), START_MS + 5 * HOUR_MS)
    second.check_out(session, "LY1", START_MS + 6 * HOUR_MS)
    bring(database, "east", [event for event in second.log if event.id != beat.id])
    assert entry_of(database, session).session.credited_minutes == 60
    bring(database, "east", [beat])
    found = entry_of(database, session).session
    assert found.credited_minutes == 180
    assert WIDE_DURATION in found.flags


def test_the_platform_folds_what_the_booth_folds(database: Database, tmp_path: Path) -> None:
    with booth_in(tmp_path) as booth:
        live(booth)
        events = list(booth.events())
        at_booth = {
            recorded.session.id: recorded.session
            for recorded in (booth.session(event.body["session"]) for event in events if event.kind == "check_in")
        }
    for event in reversed(events):
        bring(database, "east", [event])
    with database.reading() as unit:
        assert {entry.session.id: entry.session for entry in unit.ledger.all()} == at_booth
    assert len(at_booth) == 3


def live(booth: Booth) -> None:
    """Three duties over three boots, the wall clock anywhere, the platform reached twice."""
    booth.check_in("4103020000000017")
    booth.clocks.elapse(3600)
    booth.station.tend()
    booth.reboot(off_s=900, wall_ms=0)
    booth.check_in("4103020000000025")
    booth.exchange()
    booth.clocks.elapse(3600)
    booth.station.tend()
    booth.check_out("4103020000000017")
    booth.reboot(off_s=900, wall_ms=10**12)
    booth.check_in("4103020000000033")
    booth.clocks.elapse(1800)
    booth.check_out("4103020000000025")
    booth.exchange()
    booth.station.tend()


def test_news_of_one_stream_behind_a_relay_moves_no_session_of_another(database: Database) -> None:
    streams = [device_of("east", 1, START_MS) for _ in range(3)]
    sessions = []
    for number, behind in enumerate(streams):
        behind.stream = f"stream-{number}"
        sessions.append(behind.check_in(f"LY{number}", "张晓明", START_MS + HOUR_MS))
        behind.check_out(sessions[-1], f"LY{number}", START_MS + 2 * HOUR_MS)
        bring(database, "east", behind.log)
    streams[1].anchor(START_MS + 3 * HOUR_MS)
    fresh = logs_in(streams[1].log[-1:])["stream-1"]
    with database.reading() as unit:
        reaches = unit.times.around_news("stream-1", fresh).reaches_of(fresh)
        assert unit.events.sessions_across("stream-1", reaches) == {sessions[1]}


def test_a_session_that_one_stream_opened_and_the_next_of_the_same_file_closed_moves_with_the_latter(
    database: Database,
) -> None:
    before = device_of("east", 1, START_MS)
    session = before.check_in("LY1", "张晓明", START_MS)
    after = device_of("east", 2, START_MS + 5 * HOUR_MS)
    after.stream = "begun anew"
    beat = after.record(Heartbeat("east-1", 1, 2 * HOUR_MS * 1000), START_MS + 5 * HOUR_MS)
    after.check_out(session, "LY1", START_MS + 6 * HOUR_MS)
    bring(database, "east", before.log)
    bring(database, "east", after.log[1:])
    credited = entry_of(database, session).session.credited_minutes
    bring(database, "east", [beat])
    assert entry_of(database, session).session.credited_minutes == 180 > credited
