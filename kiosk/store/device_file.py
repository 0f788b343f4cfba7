"""Opening the device file: made, migrated or recovered, this boot counted, a stream to write to.

Upstream: ``schema``, ``soundness``, ``recovery``, ``sync.mailbox.engine``.
Downstream: ``kiosk.composition``.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.exc import DBAPIError

from kiosk.domain.refusal import RecordingFault
from kiosk.store import lost_commits, recovery, suspicion
from kiosk.store.device_mailbox import DeviceMailbox
from kiosk.store.faults import is_damage, system_translated, translated
from kiosk.store.ledger import DeviceLedger
from kiosk.store.memory import DeviceMemory
from kiosk.store.schema import HEAD, MIGRATIONS, migrate, version_of
from kiosk.store.shelf import DeviceShelf
from kiosk.store.soundness import Report, examine, make_sound
from kiosk.store.tables import BootRow, LedgerRow, SessionRow, StreamRow
from kiosk.timekeeping.system import Readings
from kiosk.usecases.errors import RecordingError
from sync.mailbox.engine import open_engine, reading, writing

if TYPE_CHECKING:
    from datetime import tzinfo
    from pathlib import Path

    from sqlalchemy import Connection, Engine

    from kiosk.usecases.combined_reference import Trusted
    from kiosk.usecases.ports import Ids

__all__ = [
    "HEAD",
    "MIGRATIONS",
    "DeviceFile",
    "examine_device_file",
    "left_aside",
    "migrate",
    "open_device_file",
    "read_device_file",
]
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DeviceFile:
    """The opened file, behind the ports."""

    file: Path
    engine: Engine
    ledger: DeviceLedger
    mailbox: DeviceMailbox
    shelf: DeviceShelf
    boot_n: int

    @property
    def memory(self) -> DeviceMemory:
        """What it knows of people."""
        return DeviceMemory(self.engine)

    def close(self) -> None:
        """Close the connections; what was committed is on the disk already, and gets its name back if it lost it."""
        try:
            with translated(self.file), system_translated(self.file):
                recovery.put_back(self.engine, self.file)
        except RecordingError as error:
            log.warning("the device's file cannot be put back: %s", error)
        self.engine.dispose()


def open_device_file(
    file: Path, *, boot_id: str, trusted: Trusted, zone: tzinfo, ids: Ids, now: Readings | None = None
) -> DeviceFile:
    """Open the device file at ``file``, making or migrating it first; a damaged one is recovered.

    Args:
        file: the SQLite file; its folder is made if it is missing.
        boot_id: the kernel's id of this boot, counted once.
        trusted: whose signatures count since the device's enrolment.
        zone: the station's time zone.
        ids: where ids of streams and events come from.
        now: what the clocks say, for the name of a file that is moved aside and the note of it; None: nothing.

    Raises:
        RecordingError: it cannot be opened now, or a newer version of this program made it.
    """
    given = recovery.Circumstances(zone, ids, now or Readings(boot_id, 0, 0))
    with translated(file), system_translated(file):
        file.parent.mkdir(parents=True, exist_ok=True)
        recovery.finish(file)
        lost_commits.put_back(file)
        if recovery.is_orphaned(file):
            log.warning("the device's file is gone, what it had not taken up yet is left")
            recovery.recover(file, given)
        try:
            return _opened(file, given, trusted)
        except (DBAPIError, RecordingError, UnicodeDecodeError) as error:
            if not is_damage(error):
                raise
            log.warning("the device's file is damaged: %s", error)
        recovery.recover(file, given)
        return _opened(file, given, trusted)


def _opened(file: Path, given: recovery.Circumstances, trusted: Trusted) -> DeviceFile:
    """Open a file that must be sound; where it is not, nothing stays open."""
    tail, engine = lost_commits.Tail.of(file), open_engine(file)
    try:
        migrate(engine)
        ledger = DeviceLedger(engine, "", given.zone, given.ids)
        tail.regain(engine, ledger)
        _make_sound(ledger, file)
        with writing(engine) as connection:
            boot_n = _count_boot(connection, given.now.boot_id)
            stream = _stream(connection, given.ids)
    except BaseException as error:
        if is_damage(error):
            tail.keep()
        engine.dispose()
        lost_commits.put_back(file)
        raise
    ledger = replace(ledger, stream=stream)
    return DeviceFile(file, engine, ledger, DeviceMailbox(engine), DeviceShelf(engine, trusted), boot_n)


def _make_sound(ledger: DeviceLedger, file: Path) -> None:
    suspected = suspicion.is_suspect(file)
    make_sound(ledger.engine, file, suspected=suspected, rebuild=lambda: _rebuild(ledger))
    if suspected:
        suspicion.clear(file)
    if _lacks_sessions(ledger.engine):
        _rebuild(ledger)


def read_device_file(file: Path, *, zone: tzinfo, ids: Ids) -> DeviceLedger:
    """Open an existing device file for looking only: no boot is counted, no table made, no trace left.

    Raises:
        RecordingError: it is not there, or is not a device file of this version.
    """
    if not file.is_file():
        raise RecordingError(RecordingFault.READ_ONLY, f"{file}: not there; start the kiosk once, it makes the file")
    engine = open_engine(file, looks=True)
    with translated(file, looking=True):
        found = version_of(engine)
    if found != HEAD:
        raise RecordingError(RecordingFault.BROKEN, f"{file}: version {found}, this program reads {HEAD}")
    return DeviceLedger(engine, "", zone, ids)


def examine_device_file(file: Path) -> Report:
    """Look at every record of an existing device file and leave no trace.

    Raises:
        RecordingError: it cannot be read, or is damaged; the sentence says how.
    """
    engine = open_engine(file, looks=True)
    try:
        with translated(file, looking=True):
            found = version_of(engine)
            if found != HEAD:
                raise RecordingError(RecordingFault.BROKEN, f"{file}: version {found}, this program reads {HEAD}")
            return examine(engine)
    finally:
        engine.dispose()


def left_aside(file: Path) -> list[Path]:
    """Return the damaged files that recoveries moved aside, oldest first."""
    return recovery.left_aside(file)


def _rebuild(ledger: DeviceLedger) -> None:
    with ledger.writing() as transaction:
        transaction.rebuild()


def _lacks_sessions(engine: Engine) -> bool:
    """Tell whether a migration left the sessions to be made anew."""
    recorded = select(LedgerRow.position).where(LedgerRow.session.is_not(None)).limit(1)
    with reading(engine) as connection:
        listed = connection.execute(select(SessionRow.id).limit(1)).one_or_none()
        return listed is None and connection.execute(recorded).one_or_none() is not None


def _count_boot(connection: Connection, boot_id: str) -> int:
    connection.execute(upsert(BootRow).values(boot_id=boot_id).on_conflict_do_nothing())
    return connection.execute(select(BootRow.boot_n).where(BootRow.boot_id == boot_id)).scalar_one()


def _stream(connection: Connection, ids: Ids) -> str:
    last = select(StreamRow.stream).order_by(StreamRow.number.desc()).limit(1)
    stream = connection.execute(last).scalar_one_or_none()
    if stream is None:
        stream = ids.new_id()
        connection.execute(upsert(StreamRow).values(stream=stream))
    return stream
