"""Opening the device file: made or migrated, this boot counted, a stream to write to.

Upstream: ``tables``, ``migrations``, ``sync.mailbox.engine``.
Downstream: ``kiosk.composition``.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, select, text
from sqlalchemy.dialects.sqlite import insert as upsert

from kiosk.domain.refusal import RecordingFault
from kiosk.store.device_mailbox import DeviceMailbox
from kiosk.store.faults import translated
from kiosk.store.ledger import DeviceLedger
from kiosk.store.shelf import DeviceShelf
from kiosk.store.tables import BootRow, LedgerRow, SessionRow, StreamRow
from kiosk.usecases.errors import RecordingError
from sync.mailbox.engine import open_engine, reading, writing

if TYPE_CHECKING:
    from datetime import tzinfo

    from sqlalchemy import Connection, Engine

    from kiosk.usecases.ports import Ids

HEAD = "0004"  # the newest migration; a guard test holds it equal to the scripts
MIGRATIONS = Path(__file__).parent / "migrations"


@dataclass(frozen=True, slots=True)
class DeviceFile:
    """The opened file, behind the ports."""

    engine: Engine
    ledger: DeviceLedger
    mailbox: DeviceMailbox
    shelf: DeviceShelf
    boot_n: int

    def close(self) -> None:
        """Close the connections; what was committed is on the disk already."""
        self.engine.dispose()


def open_device_file(file: Path, *, boot_id: str, root_public: bytes, zone: tzinfo, ids: Ids) -> DeviceFile:
    """Open the device file at ``file``, making or migrating it first.

    Args:
        file: the SQLite file; its folder is made if it is missing.
        boot_id: the kernel's id of this boot, counted once.
        root_public: the root key the device got at enrolment, 32 bytes.
        zone: the station's time zone.
        ids: where ids of streams and events come from.

    Raises:
        RecordingError: it cannot be opened, or a newer version of this program made it.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RecordingError(RecordingFault.READ_ONLY, f"{file.parent}: {error.strerror}") from error
    engine = open_engine(file)
    with translated(file):
        migrate(engine)
        with writing(engine) as connection:
            boot_n = _count_boot(connection, boot_id)
            stream = _stream(connection, ids)
        ledger = DeviceLedger(engine, stream, zone, ids)
        if _lacks_sessions(engine):
            with ledger.writing() as transaction:
                transaction.rebuild()
    return DeviceFile(engine, ledger, DeviceMailbox(engine), DeviceShelf(engine, root_public), boot_n)


def read_device_file(file: Path, *, zone: tzinfo, ids: Ids) -> DeviceLedger:
    """Open an existing device file for looking only: no boot is counted, no table made.

    Raises:
        RecordingError: it is not there, or is not a device file of this version.
    """
    if not file.is_file():
        raise RecordingError(RecordingFault.READ_ONLY, f"{file}: not there; start the kiosk once, it makes the file")
    engine = open_engine(file)
    with translated(file):
        found = _version(engine)
    if found != HEAD:
        raise RecordingError(RecordingFault.BROKEN, f"{file}: version {found}, this program reads {HEAD}")
    return DeviceLedger(engine, "", zone, ids)


def migrate(engine: Engine) -> None:
    """Bring the file's tables to :data:`HEAD`; does nothing where they stand there already.

    Raises:
        RecordingError: a newer version of this program made the file.
    """
    found = _version(engine)
    if found == HEAD:
        return
    if found is not None and found > HEAD:
        detail = f"the device file is of version {found}, this program knows {HEAD}: install the newer program"
        raise RecordingError(RecordingFault.BROKEN, detail)
    from alembic import command  # noqa: PLC0415 - 0.3 s that a start without migration does not pay
    from alembic.config import Config  # noqa: PLC0415 - as above

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    with writing(engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _version(engine: Engine) -> str | None:
    with reading(engine) as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


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
