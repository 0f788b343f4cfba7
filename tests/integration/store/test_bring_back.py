"""What left the outbox long ago comes back from the ledger where the platform has lost its memory, and only then."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sync.mailbox import outbox, reconciling
from sync.mailbox.engine import open_engine, reading, writing
from sync.mailbox.outbox import KEEP_MS
from sync.mailbox.report import KioskReport, read_report
from tests.support.station import Booth, booth_in

SERVER_MS = 1_800_000_000_000


@pytest.fixture
def booth(tmp_path: Path) -> Iterator[Booth]:
    """A booth whose every event was acknowledged, and purged after thirty days."""
    with booth_in(tmp_path) as opened:
        for number in ("A-1", "B-1", "C-1"):
            opened.check_in(number)
            opened.clocks.elapse(3600)
        engine = open_engine(opened.file)
        with writing(engine) as connection:
            claimed = outbox.claim(connection, "lease", 500)
            outbox.acknowledge(connection, [each.id for each in claimed], SERVER_MS)
            outbox.purge(connection, SERVER_MS + KEEP_MS + 1)
        engine.dispose()
        yield opened


def ask_everything(booth: Booth) -> None:
    engine = open_engine(booth.file)
    with writing(engine) as connection:
        reconciling.ask_everything(connection, SERVER_MS)
    engine.dispose()


def rows(booth: Booth) -> dict[str, str]:
    return dict(booth.rows("SELECT event_id, state FROM outbox"))


def test_nobody_asked_and_nothing_comes_back(booth: Booth) -> None:
    booth.station.tend()
    assert rows(booth) == {}


def test_all_that_the_ledger_holds_comes_back_as_acknowledged_a_page_at_a_time(booth: Booth) -> None:
    recorded = [envelope.id for envelope in booth.events()]
    ask_everything(booth)
    mailbox = booth.station.device.mailbox
    assert mailbox.bring_back(2) == 2
    assert list(rows(booth)) == recorded[:2]
    booth.restart()  # its tending brings back the rest
    assert set(recorded) <= set(rows(booth))
    assert {rows(booth)[each] for each in recorded} == {"acknowledged"}
    assert booth.rows("SELECT whole FROM offering") == [(1,)]
    assert booth.station.device.mailbox.bring_back(2) == 0


def test_it_comes_back_as_it_was_sealed_with_the_name_that_still_stands(booth: Booth) -> None:
    events = {envelope.id: envelope for envelope in booth.events()}
    ask_everything(booth)
    booth.station.tend()
    copies = {
        event: outbox.read_envelope(copy, event) for event, copy in booth.rows("SELECT event_id, envelope FROM outbox")
    }
    assert {event: copies[event] for event in events} == events
    assert any(envelope.aside is not None for envelope in events.values())


def test_what_waits_is_not_taken_for_acknowledged(booth: Booth) -> None:
    booth.check_in("D-1")
    fresh = booth.events()[-1].id
    ask_everything(booth)
    booth.station.tend()
    assert rows(booth)[fresh] == "pending"


def test_a_row_that_the_disk_has_changed_is_passed_over(booth: Booth) -> None:
    ask_everything(booth)
    with booth.tampering() as file:
        triggers = [name for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")]
        for name in triggers:
            file.execute(f"DROP TRIGGER {name}")
        file.execute("UPDATE ledger SET body = '{}' WHERE position = 1")
    assert booth.station.device.mailbox.bring_back(100) == len(rows(booth))
    assert booth.rows("SELECT whole FROM offering") == [(1,)]


def test_how_the_device_is_stands_in_the_mailbox_every_minute(booth: Booth) -> None:
    booth.station.tend("seeing")
    engine = open_engine(booth.file)
    with reading(engine) as connection:
        told = read_report(connection)
    engine.dispose()
    stamp = booth.station.clock.now().stamp
    assert told == KioskReport(told.version, stamp.clk, "seeing", stamp.wall_ms, 1)
