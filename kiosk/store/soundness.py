"""Whether a device file holds what was put there; what can be made anew in place is.

Upstream: ``tables``, ``mapping``, ``sync.mailbox``.
Downstream: ``device_file``, ``kiosk doctor``.

::

    every opening   the tables are there; the last records and all that wait to be sent prove themselves
    up to 64 MiB    SQLite's whole integrity check (0.12 s for 57 MB, 30,000 records)
    suspected       every record proves itself (0.5 s for 30,000); whatever size
    indexes do not fit their tables   REINDEX, projections folded anew
    a copy in the outbox is damaged   written anew from the ledger
    anything else                     DamagedError: the file is salvaged into a fresh one
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import and_, bindparam, func, or_, select, text, update

from kiosk.store.faults import DamagedError
from kiosk.store.mapping import envelope_of
from kiosk.store.tables import AsideRow, DeviceBase, LedgerRow
from sync.mailbox import outbox
from sync.mailbox.engine import reading, writing
from sync.mailbox.tables import MailboxBase, OutboxRow, OutboxState
from sync.protocol.events import Aside, DeviceNote
from sync.protocol.vocabulary import EventKind

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sqlalchemy import Connection, Engine

log = logging.getLogger(__name__)
WHOLE_BYTES = 64 * 1024 * 1024  # two seconds on a slow card
TAIL = 200
WELL = "ok"
_names = text("SELECT name FROM sqlite_master WHERE type = 'table'")
_every = select(LedgerRow.__table__).order_by(LedgerRow.position)
_latest = select(LedgerRow.__table__).order_by(LedgerRow.position.desc()).limit(TAIL)
_unsent = select(OutboxRow.event_id, OutboxRow.envelope).where(
    or_(outbox.WAITING, and_(outbox.PARKED, OutboxRow.reason == outbox.DAMAGED))
)
_recorded = select(LedgerRow.__table__, AsideRow.name, AsideRow.salt).join(AsideRow, isouter=True)
_recorded = _recorded.where(LedgerRow.id == bindparam("event_id"))
_mend = update(OutboxRow).where(OutboxRow.event_id == bindparam("named"))
_mend = _mend.values(envelope=bindparam("written"), state=OutboxState.PENDING.value, lease=None, reason=None)
_counts = select(func.count(), func.max(LedgerRow.seq)).group_by(LedgerRow.stream)
_notes = select(LedgerRow.body, LedgerRow.wall_ms).where(LedgerRow.kind == EventKind.DEVICE_NOTE.value)
_notes = _notes.order_by(LedgerRow.position)
RECOVERED_NOTE = msgspec.json.encode(DeviceNote("recovered_from_damage"))


def make_sound(engine: Engine, file: Path, *, suspected: bool, rebuild: Callable[[], None]) -> None:
    """Look at an opened file and mend in place what can be.

    Args:
        engine: on the file.
        file: where it stands.
        suspected: look at all of it, whatever its size.
        rebuild: folds the projections anew from the ledger.

    Raises:
        DamagedError: it cannot be mended in place.
        sqlalchemy.exc.DBAPIError: it cannot be read.
    """
    _expect_tables(engine)
    whole = suspected or file.stat().st_size <= WHOLE_BYTES
    reindexed = whole and _mend_indexes(engine)
    with reading(engine) as connection:
        _prove(connection, whole=suspected or reindexed)
        damaged = _damaged_copies(connection)
    if damaged:
        _write_anew(engine, damaged)
    if suspected or reindexed:
        rebuild()


@dataclass(frozen=True, slots=True)
class Report:
    """What a look at a whole file found.

    Attributes:
        events: how many stand in the ledger; ``missing`` between them are lost.
        recovered_ms: when the file was last recovered from damage, by the device's clock, UTC ms; None: never.
    """

    events: int
    missing: int
    recovered_ms: int | None


def examine(engine: Engine) -> Report:
    """Look at every record of a file and change nothing.

    Raises:
        DamagedError: with one sentence on what is wrong.
        sqlalchemy.exc.DBAPIError: it cannot be read.
    """
    _expect_tables(engine)
    with reading(engine) as connection:
        said = _check(connection, "integrity_check")
        if said != WELL:
            raise DamagedError(said)
        _prove(connection, whole=True)
        damaged = _damaged_copies(connection)
        if damaged:
            raise DamagedError(f"{len(damaged)} of the copies to be sent are not what was recorded")
        counts = connection.execute(_counts).all()
        notes = [row for row in connection.execute(_notes) if row.body == RECOVERED_NOTE]
    events, gaps = sum(count for count, _ in counts), sum(last - count for count, last in counts)
    return Report(events, gaps, notes[-1].wall_ms if notes else None)


def _expect_tables(engine: Engine) -> None:
    ours = {*DeviceBase.metadata.tables, *MailboxBase.metadata.tables}
    with reading(engine) as connection:
        missing = ours - set(connection.execute(_names).scalars())
    if missing:
        raise DamagedError(f"tables are missing: {', '.join(sorted(missing))}")


def _mend_indexes(engine: Engine) -> bool:
    """Make the indexes anew where they do not fit their tables; tells whether they did not."""
    with reading(engine) as connection:
        said = _check(connection, "integrity_check")
        if said == WELL:
            return False
        trees = _check(connection, "quick_check")
    if trees != WELL:
        raise DamagedError(trees)
    log.warning("indexes of the device file are made anew: %s", said)
    with writing(engine) as connection:
        connection.exec_driver_sql("REINDEX")
    with reading(engine) as connection:
        said = _check(connection, "integrity_check")
    if said != WELL:
        raise DamagedError(said)
    return True


def _check(connection: Connection, pragma: str) -> str:
    return str(connection.exec_driver_sql(f"PRAGMA {pragma}(1)").scalar_one())


def _prove(connection: Connection, *, whole: bool) -> None:
    for row in connection.execute(_every if whole else _latest):
        envelope_of(row)


def _damaged_copies(connection: Connection) -> list[str]:
    """Return the ids of events whose copy to be sent is not what was recorded."""
    return [row.event_id for row in connection.execute(_unsent) if not outbox.is_whole(row.envelope, row.event_id)]


def _write_anew(engine: Engine, event_ids: list[str]) -> None:
    log.warning("%d copies to be sent are written anew from the ledger", len(event_ids))
    with writing(engine) as connection:
        for event_id in event_ids:
            row = connection.execute(_recorded, {"event_id": event_id}).one_or_none()
            if row is None:
                raise DamagedError("a record waits to be sent that the ledger does not have")
            aside = None if row.name is None else Aside(row.name, row.salt)
            written = msgspec.json.encode(msgspec.structs.replace(envelope_of(row), aside=aside))
            connection.execute(_mend, {"named": event_id, "written": written})
