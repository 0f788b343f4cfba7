"""A damaged device file is moved aside, never deleted, and what can be believed of it goes on in a fresh one.

Upstream: ``salvage``, ``schema``, ``transaction``.
Downstream: ``device_file``.

::

    device.sqlite (damaged) ──salvage──▶ device.sqlite.fresh ──synced, renamed──▶ device.sqlite.ready-20261123-1
    device.sqlite-wal, device.sqlite ──renamed──▶ device.sqlite.damaged-20261123-1-wal, device.sqlite.damaged-20261123-1
    device.sqlite.ready-20261123-1 ──renamed──▶ device.sqlite

The damaged file is only read. A power cut before ``ready`` leaves it as it was, and the next start begins again; after
``ready`` the next start does the renames that are left. The fresh file keeps every record under its old stream and
number, and writes on in a stream of its own: nobody can know whether the old one's last record was found.
"""

from __future__ import annotations

import fcntl
import logging
import os
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import insert
from sqlalchemy.dialects.sqlite import insert as upsert

from kiosk.domain.refusal import RecordingFault
from kiosk.store.faults import system_translated
from kiosk.store.lost_commits import Tail
from kiosk.store.mapping import ledger_values
from kiosk.store.salvage import Salvaged, salvage
from kiosk.store.schema import migrate
from kiosk.store.tables import (
    AsideRow,
    BeatRow,
    BootRow,
    LedgerRow,
    OperatorPinRow,
    ReferenceRow,
    SeenCodeRow,
    StreamRow,
)
from kiosk.store.transaction import DeviceTransaction
from kiosk.timekeeping.moment import instant_of
from kiosk.usecases.errors import RecordingError
from sync.mailbox.engine import checkpoint, copy_of, has_connection, has_name, is_in_place, open_engine, wal_of, writing
from sync.mailbox.tables import (
    AcknowledgedHeadRow,
    CheckpointRow,
    InboxRow,
    InboxScopeRow,
    OutboxRow,
    OutboxState,
    StreamAlarmRow,
)
from sync.protocol.envelope import NS_PER_US, Stamp
from sync.protocol.events import DeviceNote
from sync.protocol.vocabulary import ClockQuality

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo
    from pathlib import Path

    from sqlalchemy import Connection, Engine

    from kiosk.timekeeping.system import Readings
    from kiosk.usecases.ports import Ids

log = logging.getLogger(__name__)
RECOVERED = "recovered_from_damage"
DAMAGED, READY, FRESH, REPLACED = "damaged", "ready", "fresh", "replaced"
PATIENCE_S = 20.0
LOOK_S = 0.1


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a fresh file is made with: the station's zone, where ids come from, and what the clocks say."""

    zone: tzinfo
    ids: Ids
    now: Readings


def recover(file: Path, given: Circumstances) -> None:
    """Move a damaged file aside and put a fresh one with all that can be believed in its place.

    Not to be called while this process has the file open.

    Raises:
        RecordingError: there is no room, or nothing may be written there; the damaged file stands as it was.
    """
    before = _inode(file)
    with _alone_in(file):
        if _inode(file) != before:
            return  # another process has done it meanwhile
        found = salvage(file, wal_of(file))
        fresh = _beside(file, FRESH)
        _make(fresh, found, given)
        _rename(fresh, _beside(file, f"{READY}-{_free_suffix(file, given.now.wall_ms)}"))
        _finish(file)
    kept, lost = len(found.envelopes), found.lost()
    log.warning("the device's file was damaged: %d records are kept, %d between them are lost", kept, lost)


def finish(file: Path) -> None:
    """Do what an interrupted recovery has left to do; nothing where none was interrupted.

    Raises:
        RecordingError: the names cannot be changed now.
    """
    if next(_named(file, READY), None) is not None:
        with _alone_in(file):
            _finish(file)


def is_orphaned(file: Path) -> bool:
    """Tell whether only a ``-wal`` is left of a device file; SQLite would delete it."""
    try:
        return not _bytes(file) and bool(Tail.of(file).commits())
    except OSError:
        return False


def put_back(engine: Engine, file: Path) -> None:
    """Give the open file its name back, or keep it under another where the name was taken; before it is closed."""
    if is_in_place(engine) or not has_connection(engine):
        return
    if has_name(engine):  # only its -wal was taken away
        checkpoint(engine, "TRUNCATE")
        return
    copy = _beside(file, FRESH)
    _remove(copy)
    copy_of(engine, copy)
    _sync(copy)
    _rename(copy, file if _inode(file) is None else _free(file, REPLACED))
    log.warning("the device's file had lost its name: what was open is kept")


def left_aside(file: Path) -> list[Path]:
    """Return the files that were moved aside, oldest first."""
    return sorted((*_named(file, DAMAGED), *_named(file, REPLACED)))


def _make(fresh: Path, found: Salvaged, given: Circumstances) -> None:
    _remove(fresh)
    try:
        _fill(fresh, found, given)
    except BaseException:
        _remove(fresh)  # on a full disk it would take the last of the room
        raise
    _sync(fresh)


def _fill(fresh: Path, found: Salvaged, given: Circumstances) -> None:
    engine = open_engine(fresh)
    try:
        migrate(engine)
        with writing(engine) as connection:
            boot_n = _keep_boots(connection, found, given.now.boot_id)
            _keep_records(connection, found)
            _keep_rest(connection, found)
            stream = given.ids.new_id()
            connection.execute(insert(StreamRow).values(stream=stream))
            transaction = DeviceTransaction(connection, stream, given.zone, given.ids.new_id)
            transaction.rebuild()
            now = given.now
            stamp = Stamp(now.boot_id, boot_n, now.bt_ns // NS_PER_US, now.wall_ms, ClockQuality.UNKNOWN.value)
            transaction.append(DeviceNote(RECOVERED), stamp)
        checkpoint(engine, "TRUNCATE")
    finally:
        engine.dispose()


def _keep_boots(connection: Connection, found: Salvaged, boot_id: str) -> int:
    """Keep the known boots; returns the number of this one, above all others where it is new."""
    boots = dict(found.boots)
    boots.setdefault(boot_id, found.last_boot + 1)
    for each, number in boots.items():
        connection.execute(upsert(BootRow).values(boot_n=number, boot_id=each).on_conflict_do_nothing())
    return boots[boot_id]


def _keep_records(connection: Connection, found: Salvaged) -> None:
    taken: set[tuple[str, int]] = set()
    for envelope in found.in_order():
        if (envelope.stream, envelope.seq) in taken:
            continue
        if envelope.stream not in {stream for stream, _ in taken}:
            connection.execute(insert(StreamRow).values(stream=envelope.stream))
        taken.add((envelope.stream, envelope.seq))
        connection.execute(insert(LedgerRow), ledger_values(envelope))
        aside = found.asides.get(envelope.id)
        if aside is not None:
            connection.execute(insert(AsideRow), {"event_id": envelope.id, "name": aside.name, "salt": aside.salt})
        travelling = msgspec.json.encode(msgspec.structs.replace(envelope, aside=aside))
        values = {"event_id": envelope.id, "envelope": travelling, **_sending(found, envelope.id)}
        connection.execute(insert(OutboxRow), values)


def _sending(found: Salvaged, event_id: str) -> dict[str, object]:
    sending = found.sendings.get(event_id)
    if sending is None:
        return {"state": OutboxState.PENDING.value, "reason": None, "acknowledged_ms": None}
    return {"state": sending.state.value, "reason": sending.reason, "acknowledged_ms": sending.acknowledged_ms}


def _keep_rest(connection: Connection, found: Salvaged) -> None:
    for operator, (kept, tries) in found.pins.items():
        connection.execute(insert(OperatorPinRow), {"operator": operator, "kept": kept, "tries": tries})
    for issuer, issued_s, serial, expires_s in found.codes:
        values = {"issuer": issuer, "issued_s": issued_s, "serial": serial, "expires_s": expires_s}
        connection.execute(upsert(SeenCodeRow).on_conflict_do_nothing(), values)
    if found.document is not None:
        connection.execute(insert(ReferenceRow), {"id": 1, "document": found.document})
    for boot_n, (_, boot_id, *rest, event_id) in found.beats.items():
        told = event_id if event_id in found.envelopes else None
        row = dict(zip(BeatRow.__table__.columns.keys(), (boot_n, boot_id, *rest, told), strict=True))
        connection.execute(insert(BeatRow), row)
    _keep_heads(connection, found)
    _keep_told(connection, found)


def _keep_told(connection: Connection, found: Salvaged) -> None:
    """Keep what the feed told; pages whose last one had not come are asked for again."""
    for (scope, topic, key), value in found.told.items():
        connection.execute(insert(InboxRow), {"scope": scope, "topic": topic, "key": key, "value": value})
    for scope, (_, cursor, _, _, version, seal) in found.scopes.items():
        row = {"scope": scope, "cursor": cursor, "version": version, "seal": seal, "staged_whole": False}
        connection.execute(insert(InboxScopeRow), row)


def _keep_heads(connection: Connection, found: Salvaged) -> None:
    """Keep what was signed of the chain's heads, and what the platform said of them."""
    for position, values in sorted(found.checkpoints.items()):
        row = dict(zip(CheckpointRow.__table__.columns.keys(), values, strict=True))
        connection.execute(insert(CheckpointRow), {**row, "position": position})
    for values in found.heads.values():
        row = dict(zip(AcknowledgedHeadRow.__table__.columns.keys(), values, strict=True))
        connection.execute(insert(AcknowledgedHeadRow), row)
    for values in found.alarms:
        row = dict(zip(StreamAlarmRow.__table__.columns.keys(), values, strict=True))
        connection.execute(upsert(StreamAlarmRow).on_conflict_do_nothing(), row)


# Names


def _finish(file: Path) -> None:
    ready = next(_named(file, READY), None)
    if ready is None:
        return
    aside = _beside(file, f"{DAMAGED}-{ready.name.rpartition(f'.{READY}-')[2]}")
    for old, new in ((wal_of(file), wal_of(aside)), (file, aside)):
        if old.exists():
            _rename(old, new)
    _remove(_beside(file, "", "-shm"))
    _rename(ready, file)


def _free_suffix(file: Path, wall_ms: int) -> str:
    on = f"{instant_of(wall_ms):%Y%m%d}"
    return f"{on}-{_free(file, f'{DAMAGED}-{on}').name.rpartition('-')[2]}"


def _free(file: Path, kind: str) -> Path:
    number = 1
    while (free := _beside(file, f"{kind}-{number}")).exists() or wal_of(free).exists():
        number += 1
    return free


def _named(file: Path, kind: str) -> Iterator[Path]:
    begin = f"{file.name}.{kind}-"
    return (each for each in file.parent.glob("*") if each.name.startswith(begin) and not each.name.endswith("-wal"))


def _beside(file: Path, kind: str, ending: str = "") -> Path:
    return file.with_name(f"{file.name}{'.' if kind else ''}{kind}{ending}")


def _inode(file: Path) -> int | None:
    try:
        return file.stat().st_ino
    except OSError:
        return None


def _bytes(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0


# The operating system, its errors translated


@contextmanager
def _alone_in(file: Path) -> Iterator[None]:
    """Keep other processes from recovering at the same time, by a lock on the folder."""
    with system_translated(file):
        folder = os.open(file.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            _lock(folder, file)
            yield
        finally:
            os.close(folder)


def _lock(folder: int, file: Path) -> None:
    for _ in range(round(PATIENCE_S / LOOK_S)):
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(LOOK_S)
        else:
            return
    raise RecordingError(RecordingFault.BUSY, f"{file}: another process recovers it")


def _sync(file: Path) -> None:
    with file.open("rb") as opened:
        os.fsync(opened.fileno())


def _rename(old: Path, new: Path) -> None:
    """Change a name durably."""
    old.replace(new)
    folder = os.open(new.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _remove(file: Path) -> None:
    for ending in ("", "-wal", "-shm", "-journal"):
        file.with_name(file.name + ending).unlink(missing_ok=True)
