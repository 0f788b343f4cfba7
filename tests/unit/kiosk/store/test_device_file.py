"""The device file: records that nobody can change, a file of a newer program left alone, faults as words."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import DBAPIError

from kiosk.composition import RandomIds
from kiosk.domain.refusal import RecordingFault
from kiosk.store import faults
from kiosk.store.device_file import HEAD, open_device_file, read_device_file
from kiosk.usecases.combined_reference import Trusted
from kiosk.usecases.errors import RecordingError
from sync.protocol.envelope import Position, verify_chain
from sync.protocol.events import Undo
from sync.protocol.sessions import fold, session_id_of
from sync.protocol.timeline import logs_in
from sync.protocol.vocabulary import SessionState
from tests.support.community import Community
from tests.support.envelopes import stamp
from tests.support.station import Booth, booth_in, empty_device_file

HOUR = 3600
LUOYANG = ZoneInfo("Asia/Shanghai")


def opened(file: Path) -> None:
    """Open a file as the kiosk does."""
    root = Community().root.public
    open_device_file(file, boot_id="boot-1", trusted=Trusted(root), zone=LUOYANG, ids=RandomIds()).close()


REPLACE = (
    "INSERT OR REPLACE INTO ledger SELECT {}, id, stream, seq, 'x', session, body, boot_id, boot_n, bt_ns, wall_ms,"
    " clk, prev, h FROM ledger WHERE seq = 1"
)

# Immutable, chained


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE ledger SET h = 'x'",
        "UPDATE ledger SET body = X'7B7D' WHERE seq = 1",
        "UPDATE ledger SET seq = seq + 100",
        "DELETE FROM ledger",
        "DELETE FROM ledger WHERE seq = 2",
        REPLACE.format("NULL"),
        REPLACE.format("position"),
    ],
)
def test_no_record_is_ever_changed_or_removed(booth: Booth, change: str) -> None:
    booth.check_in()
    booth.clocks.elapse(HOUR)
    booth.check_out()
    before = booth.rows("SELECT * FROM ledger")
    refused = pytest.raises(sqlite3.DatabaseError, match="never changed or removed")
    with closing(sqlite3.connect(booth.file)) as connection, refused:
        connection.execute(change)
    assert booth.rows("SELECT * FROM ledger") == before


def test_a_name_may_be_erased_and_the_chain_holds(booth: Booth) -> None:
    began = booth.check_in()
    with closing(sqlite3.connect(booth.file)) as connection, connection:
        connection.execute("DELETE FROM asides")
    assert booth.events()[0].aside is None
    assert booth.session(began.session_id).name == ""
    booth.clocks.elapse(HOUR)
    booth.check_out()


def test_every_event_stands_in_the_outbox_as_it_travels(booth: Booth) -> None:
    booth.check_in()
    booth.clocks.elapse(HOUR)
    booth.check_out()
    travelling = booth.rows("SELECT event_id FROM outbox ORDER BY position")
    assert [(envelope.id,) for envelope in booth.events()] == travelling
    assert booth.rows("SELECT count(*) FROM outbox WHERE CAST(envelope AS TEXT) LIKE '%aside%'") == [(1,)]


def test_the_chain_goes_on_after_a_restart_and_a_reboot(booth: Booth) -> None:
    booth.check_in()
    booth.restart()
    booth.clocks.elapse(HOUR)
    booth.check_out()
    booth.reboot()
    booth.check_in()
    events = booth.events()
    assert verify_chain(events, Position(events[0].stream)).seq == 4
    assert [(envelope.kind, envelope.stamp.boot_n) for envelope in events] == [
        ("check_in", 1),
        ("check_out", 1),
        ("heartbeat", 2),
        ("check_in", 2),
    ]


def test_what_a_block_that_raises_has_appended_is_gone(booth: Booth) -> None:
    began = booth.check_in()
    with suppress(ZeroDivisionError), booth.station.device.ledger.writing() as writing:
        writing.append(Undo(began.session_id, began.event_id), stamp(0))
        raise ZeroDivisionError
    assert booth.kinds() == ["check_in"]
    assert booth.rows("SELECT count(*) FROM outbox") == [(1,)]


# The projection


def scan(booth: Booth) -> None:
    booth.station.present(booth.card("V1"))


def scan_other(booth: Booth) -> None:
    booth.station.present(booth.card("V2"))


def undo_last(booth: Booth) -> None:
    for envelope in booth.events()[-1:]:
        booth.station.undo(envelope.id)


def choose(booth: Booth) -> None:
    for envelope in booth.events()[-1:]:
        booth.station.choose(session_id_of(envelope) or "", "tutoring")


def tally(booth: Booth) -> None:
    for envelope in booth.events()[-1:]:
        booth.station.tally(session_id_of(envelope) or "", {"tea": 1})


def wait(booth: Booth) -> None:
    booth.clocks.elapse(400)


def wait_long(booth: Booth) -> None:
    booth.clocks.elapse(5 * HOUR)


def reboot(booth: Booth) -> None:
    booth.reboot(off_s=100)


def sync(booth: Booth) -> None:
    booth.exchange()
    booth.station.tend()


def jump(booth: Booth) -> None:
    booth.clocks.wall_error_ms = -(10**9)


DEEDS: list[Callable[[Booth], None]] = [
    scan,
    scan_other,
    undo_last,
    choose,
    tally,
    wait,
    wait_long,
    reboot,
    Booth.exchange,
    sync,
    jump,
]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds=st.lists(st.sampled_from(DEEDS), min_size=1, max_size=14))
def test_the_rows_are_always_the_fold_of_the_ledger(tmp_path: Path, deeds: list[Callable[[Booth], None]]) -> None:
    folder = tmp_path / str(len(list(tmp_path.iterdir())))
    folder.mkdir()
    with booth_in(folder) as booth:
        for deed in deeds:
            deed(booth)
        booth.station.tend()
        assert _rows_of(booth) == _folded(booth)


def _rows_of(booth: Booth) -> list[tuple[object, ...]]:
    return booth.rows("SELECT id, volunteer, service, state, credited_minutes FROM sessions ORDER BY id")


def _folded(booth: Booth) -> list[tuple[object, ...]]:
    events = booth.events()
    logs = logs_in(events)
    ids = sorted({found for envelope in events if (found := session_id_of(envelope)) is not None})
    sessions = [fold([e for e in events if session_id_of(e) == session_id], logs) for session_id in ids]
    return [(s.id, s.volunteer, s.service, s.state.value, s.credited_minutes) for s in sessions if s is not None]


# Opening


def test_a_new_file_is_made_with_its_folder(tmp_path: Path) -> None:
    file = tmp_path / "a" / "b" / "device.sqlite"
    opened(file)
    opened(file)
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(HEAD,)]
        assert connection.execute("SELECT count(*) FROM boots").fetchall() == [(1,)]
        assert connection.execute("PRAGMA journal_mode").fetchall() == [("wal",)]


def test_commits_are_on_the_disk_when_they_return(booth: Booth) -> None:
    with booth.station.device.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == 2
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "wal"


def test_the_file_of_a_newer_program_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "device.sqlite"
    file.write_bytes(empty_device_file())
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(RecordingError, match=r"9999.*install the newer program") as caught:
        opened(file)
    assert caught.value.fault is RecordingFault.BROKEN
    with pytest.raises(RecordingError, match="9999"):
        read_device_file(file, zone=LUOYANG, ids=RandomIds())


@pytest.mark.parametrize("content", [b"this is no database" * 500, b"SQLite format 3\0" + b"\xff" * 8000])
def test_a_broken_file_is_not_looked_at_and_opening_moves_it_aside(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "device.sqlite"
    file.write_bytes(content)
    with pytest.raises(RecordingError, match=r"device\.sqlite") as caught:
        read_device_file(file, zone=LUOYANG, ids=RandomIds())
    assert caught.value.fault is RecordingFault.BROKEN
    assert [each.name for each in tmp_path.iterdir()] == ["device.sqlite"]
    assert file.read_bytes() == content
    opened(file)
    assert (tmp_path / "device.sqlite.damaged-19700101-1").read_bytes() == content
    read_device_file(file, zone=LUOYANG, ids=RandomIds())


def test_looking_makes_nothing(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="start the kiosk once"):
        read_device_file(tmp_path / "device.sqlite", zone=LUOYANG, ids=RandomIds())
    assert list(tmp_path.iterdir()) == []


def test_an_empty_file_is_no_device_file_to_look_at(tmp_path: Path) -> None:
    file = tmp_path / "device.sqlite"
    file.touch()
    with pytest.raises(RecordingError, match="version"):
        read_device_file(file, zone=LUOYANG, ids=RandomIds())


def test_a_folder_where_a_file_is_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(RecordingError) as caught:
        opened(tmp_path / "file" / "device.sqlite")
    assert caught.value.fault is RecordingFault.READ_ONLY


def test_a_folder_in_the_files_place_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(RecordingError) as caught:
        opened(tmp_path)
    assert caught.value.fault is RecordingFault.READ_ONLY


# Faults


def _driver_error(code: int | None) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("x")
    if code is not None:
        error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        (sqlite3.SQLITE_FULL, RecordingFault.DISK_FULL),
        (sqlite3.SQLITE_IOERR, RecordingFault.DISK_FULL),
        (sqlite3.SQLITE_IOERR_WRITE, RecordingFault.DISK_FULL),
        (sqlite3.SQLITE_IOERR_READ, RecordingFault.BROKEN),
        (sqlite3.SQLITE_BUSY, RecordingFault.BUSY),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, RecordingFault.BUSY),
        (sqlite3.SQLITE_LOCKED, RecordingFault.BUSY),
        (sqlite3.SQLITE_READONLY, RecordingFault.READ_ONLY),
        (sqlite3.SQLITE_READONLY_DBMOVED, RecordingFault.BROKEN),
        (sqlite3.SQLITE_CANTOPEN, RecordingFault.READ_ONLY),
        (sqlite3.SQLITE_PERM, RecordingFault.READ_ONLY),
        (sqlite3.SQLITE_CORRUPT, RecordingFault.BROKEN),
        (sqlite3.SQLITE_NOTADB, RecordingFault.BROKEN),
        (sqlite3.SQLITE_CONSTRAINT, RecordingFault.BROKEN),
        (None, RecordingFault.BROKEN),
    ],
)
def test_every_error_of_the_database_is_a_fault_with_a_sentence(code: int | None, fault: RecordingFault) -> None:
    error = _driver_error(code)
    for raised in (error, DBAPIError("SELECT 1", None, error)):
        with pytest.raises(RecordingError) as caught, faults.translated():
            raise raised
        assert caught.value.fault is fault


def test_an_open_session_is_found_again_among_many(booth: Booth) -> None:
    for number in range(30):
        booth.check_in(f"V{number}")
    booth.clocks.elapse(HOUR)
    for number in range(0, 30, 2):
        booth.check_out(f"V{number}")
    with booth.station.device.ledger.reading() as reading:
        assert len(reading.open_sessions()) == 15
        assert reading.open_sessions_of("V4") == []
        assert [found.session.state for found in reading.open_sessions_of("V5")] == [SessionState.OPEN]
