"""The mailbox file of a platform that relays to the next one: an outbox, and how far arrivals were put into it.

Upstream: ``tables``, ``outbox``, ``reconciling``, ``engine``.
Downstream: ``sync.platform.upward`` feeds it; ``sync.agent`` carries it on, as it does for a device.

It holds what a device's file holds of the mailbox and nothing of a kiosk. Every event of a page and the cursor behind
it are one transaction here, so that a feeder may be killed at any instant: nothing is skipped, and what comes a second
time stands here under its id already. The file is never the only copy of anything: where it is lost, a new one is fed
from the beginning, and the next platform answers ``duplicate``.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import MetaData, bindparam, inspect, select, text
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.schema import CreateColumn, CreateIndex

from sync.mailbox import link, outbox, reconciling
from sync.mailbox.engine import FileMovedError, open_engine, reading, writing
from sync.mailbox.tables import MailboxBase, OutboxRow

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from sqlalchemy import Connection, Table

    from sync.mailbox.link import Link
    from sync.mailbox.outbox import Counts, Parked
    from sync.protocol.envelope import Envelope

VERSION = 1  # of the tables below; those of the mailbox are compared column by column
OWNER_ONLY = 0o600  # names travel through it
BUSY_MS = 10_000  # the agent settles up to 500 rows in one transaction, on slow disks too
_put = upsert(OutboxRow).on_conflict_do_nothing(index_elements=[OutboxRow.event_id])
_put = _put.values(event_id=bindparam("event_id"), envelope=bindparam("envelope"))


class RelayFileError(Exception):
    """The mailbox file of a target cannot be used: locked, full, of a newer version, or no such file at all."""


class RelayBase(DeclarativeBase):
    """What stands beside the mailbox in the file of a relaying platform."""

    metadata = MetaData()


class FedRow(RelayBase):
    """One row: behind which arrival feeding goes on, of which life of the platform's database."""

    __tablename__ = "fed"

    id: Mapped[int] = mapped_column(primary_key=True)
    epoch: Mapped[str]
    cursor: Mapped[str]
    events: Mapped[int]


@dataclass(frozen=True, slots=True)
class Fed:
    """How far a mailbox is fed.

    Attributes:
        epoch: of the platform's database; a cursor says nothing of another one's arrivals.
        cursor: behind which arrival feeding goes on; empty: from the beginning.
        events: how many arrivals were gone through in this epoch.
    """

    epoch: str = ""
    cursor: str = ""
    events: int = 0


@dataclass(frozen=True, slots=True)
class RelayView:
    """One consistent view of a mailbox: how far it is fed, its rows, and the way to the next platform."""

    fed: Fed
    counts: Counts
    link: Link
    parked: Sequence[Parked]


class RelayMailbox:
    """One target's mailbox file; every method is one transaction and raises :class:`RelayFileError`."""

    def __init__(self, file: Path) -> None:
        """Take the file; :meth:`prepare` makes it."""
        self._file = file
        self._engine = open_engine(file, busy_ms=BUSY_MS, follows=True)

    def close(self) -> None:
        """Give its connections back."""
        self._engine.dispose()

    def prepare(self) -> None:
        """Make the file where it is missing, and give it what this version asks for beyond an earlier one's."""
        with self._translated():
            if not self._file.exists():
                os.close(os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY))
            with writing(self._engine) as connection:
                _bring_up_to_date(connection)

    def is_made(self) -> bool:
        """Tell whether the file is there."""
        return self._file.is_file()

    def fed(self) -> Fed:
        """Return how far it is fed."""
        with self._translated(), reading(self._engine) as connection:
            return _fed(connection)

    def waiting(self) -> int:
        """Return how many events the next platform has not acknowledged."""
        with self._translated(), reading(self._engine) as connection:
            return outbox.waiting_count(connection)

    def put(self, envelopes: Sequence[Envelope], before: Fed, after: Fed) -> bool:
        """Add a page of arrivals and move the cursor behind it, together.

        Returns:
            False, and nothing was changed, where another feeder moved the cursor from ``before`` meanwhile.
        """
        with self._translated(), writing(self._engine) as connection:
            if _fed(connection) != before:
                return False
            rows = [{"event_id": each.id, "envelope": msgspec.json.encode(each)} for each in envelopes]
            if rows:
                connection.execute(_put, rows)
            _write_fed(connection, after)
        return True

    def is_asked_for_all(self) -> bool:
        """Tell whether the next platform was restored from a backup, and may lack more than is kept here."""
        with self._translated(), reading(self._engine) as connection:
            asked = reconciling.offering(connection)
            return asked is not None and not asked.whole

    def rewind(self) -> None:
        """Feed from the beginning again; what stands here already stays as it is, and is asked about by id."""
        with self._translated(), writing(self._engine) as connection:
            reconciling.offer(connection, (), 0, whole=True)
            _write_fed(connection, Fed())

    def view(self) -> RelayView:
        """Return what stands in it."""
        with self._translated(), reading(self._engine) as connection:
            return RelayView(
                _fed(connection), outbox.counts(connection), link.read_link(connection), outbox.parked(connection)
            )

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (DBAPIError, FileMovedError, sqlite3.Error, OSError) as error:
            raise RelayFileError(f"{self._file} cannot be used now: {getattr(error, 'orig', None) or error}") from error


def _fed(connection: Connection) -> Fed:
    row = connection.execute(select(FedRow.__table__).where(FedRow.id == 1)).one_or_none()
    return Fed() if row is None else Fed(row.epoch, row.cursor, row.events)


def _write_fed(connection: Connection, fed: Fed) -> None:
    values = {"epoch": fed.epoch, "cursor": fed.cursor, "events": fed.events}
    statement = upsert(FedRow).values(id=1, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=[FedRow.id], set_=values))


def _bring_up_to_date(connection: Connection) -> None:
    """Create what is missing: tables, columns, indexes. No table or column is ever dropped."""
    version = int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())
    if version > VERSION:
        raise RelayFileError(f"it is of a newer version of this program ({version}, this one knows {VERSION})")
    for metadata in (MailboxBase.metadata, RelayBase.metadata):
        for table in metadata.sorted_tables:
            if inspect(connection).has_table(table.name):
                _complete(connection, table)
            else:
                table.create(connection)
    connection.exec_driver_sql(f"PRAGMA user_version = {VERSION}")


def _complete(connection: Connection, table: Table) -> None:
    held = {column["name"] for column in inspect(connection).get_columns(table.name)}
    for column in table.columns:
        if column.name not in held:
            declared = CreateColumn(column).compile(connection)
            connection.exec_driver_sql(f'ALTER TABLE "{table.name}" ADD COLUMN {declared}')
    said = text("SELECT sql FROM sqlite_master WHERE type = 'index' AND name = :name")
    for index in table.indexes:
        wanted = str(CreateIndex(index).compile(connection))
        if connection.execute(said, {"name": index.name}).scalar() != wanted:
            index.drop(connection, checkfirst=True)
            index.create(connection)
