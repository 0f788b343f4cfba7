"""Commits that stand in the ``-wal`` and that SQLite passes over: behind one damaged page it reads no further.

Upstream: ``carving``, ``salvage``.
Downstream: ``device_file``.

SQLite takes the first page with a wrong checksum for the place where the power went. That is right where at most one
commit follows, which was never confirmed. Where more follow, the disk has changed what was synced, and the next scan
would write over records that were confirmed, under their numbers.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from kiosk.store.carving import committed, frames_of, page_size_of
from kiosk.store.faults import DamagedError
from kiosk.store.salvage import MOST_WAL_BYTES, Salvaged, seen_only_in
from kiosk.store.tables import LedgerRow
from sync.mailbox.engine import checkpoint, reading, wal_of

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

    from kiosk.store.ledger import DeviceLedger

KEPT = ".kept"


@dataclass(frozen=True, slots=True)
class Tail:
    """The ``-wal`` of a device file as it stood before SQLite opened it."""

    wal: Path
    content: bytes

    @classmethod
    def of(cls, file: Path) -> Tail:
        """Read it; empty where there is none."""
        wal = wal_of(file)
        try:
            with wal.open("rb") as opened:
                return cls(wal, opened.read(MOST_WAL_BYTES))
        except OSError:
            return cls(wal, b"")

    def commits(self) -> list[bool]:
        """Return for each page of the newest generation, up to its last commit, whether it ends a commit."""
        frames = frames_of(self.content, page_size_of(b"", self.content))
        return [frame.commits for frame in committed(self.content, frames)]

    def regain(self, engine: Engine, ledger: DeviceLedger) -> None:
        """Take up the one last commit that SQLite passes over, where it can still be read and follows on.

        Raises:
            DamagedError: more than one follows; nothing may be written before they are salvaged.
        """
        there = self.commits()
        if not there:
            return
        try:
            seen = checkpoint(engine)
        except DBAPIError:
            return
        passed_over = sum(there[seen:])
        if not passed_over:
            return
        found = seen_only_in(self.content, page_size_of(b"", self.content))
        missing = _missing(engine, found)
        if missing and passed_over > 1:
            raise DamagedError(f"{passed_over} commits follow a damaged page")
        if missing:
            _take_up(found, missing, ledger)

    def keep(self) -> None:
        """Write it beside, durably: closing the last connection deletes it."""
        if self.content:
            with _kept(self.wal).open("wb") as copy:
                copy.write(self.content)
                copy.flush()
                os.fsync(copy.fileno())


def put_back(file: Path) -> None:
    """Give a kept ``-wal`` its name, if SQLite has deleted it."""
    wal = wal_of(file)
    if not _kept(wal).exists():
        return
    if wal.exists() and wal.stat().st_size:
        _kept(wal).unlink()
    else:
        _kept(wal).replace(wal)


def _kept(wal: Path) -> Path:
    return wal.with_name(wal.name + KEPT)


def _missing(engine: Engine, found: Salvaged) -> list[str]:
    known = select(LedgerRow.id).where(LedgerRow.id.in_(found.envelopes))
    with reading(engine) as connection:
        recorded = set(connection.execute(known).scalars())
    return [envelope.id for envelope in found.in_order() if envelope.id not in recorded]


def _take_up(found: Salvaged, event_ids: list[str], ledger: DeviceLedger) -> None:
    with ledger.writing() as transaction:
        for event_id in event_ids:
            envelope = msgspec.structs.replace(found.envelopes[event_id], aside=found.asides.get(event_id))
            if not transaction.take_up(envelope):
                return
