"""A device's file as an auditor sees it: raw, read-only, nothing taken for granted, a page of records at a time.

Upstream: sqlite3, ``sync.protocol.audit``; ``transaction`` for the sessions.
Downstream: ``kiosk.commands.verify``.

The file may be a copy from anywhere, with any byte of it changed. So nothing is opened for writing, texts that are no
texts are read all the same, and what cannot be read is a finding and not an error.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import msgspec
from sqlalchemy import NullPool, create_engine, select
from sqlalchemy.exc import DBAPIError

from kiosk.store.mapping import session_values
from kiosk.store.schema import HEAD
from kiosk.store.tables import LedgerRow, SessionRow
from kiosk.store.transaction import DeviceTransaction
from sync.mailbox.engine import wal_of
from sync.protocol.audit import Record
from sync.protocol.checkpoint import Checkpoint
from sync.protocol.envelope import NS_PER_US, Envelope, Position
from sync.protocol.sessions import session_id_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo
    from pathlib import Path

    from sqlalchemy import Connection

PAGE = 2_000
MAGIC = b"SQLite format 3\x00"
_RECORDS = (
    "SELECT l.position, l.id, l.stream, l.seq, l.kind, l.session, l.body, l.boot_id, l.boot_n, l.bt_ns, l.wall_ms,"
    " l.clk, l.prev, l.h, a.name, a.salt, o.envelope"
    " FROM ledger l LEFT JOIN asides a ON a.event_id = l.id LEFT JOIN outbox o ON o.event_id = l.id"
    " WHERE l.position > ? ORDER BY l.position LIMIT ?"
)
MOVING = {"started_ms": 60_000, "ended_ms": 60_000, "counts_from_ms": 60_000, "original_s": 60, "credited_minutes": 1}
LOOSE = frozenset({"started_on"})  # follows from a time that may move
_opened = select(LedgerRow.session).where(LedgerRow.session.is_not(None)).distinct().order_by(LedgerRow.session)
_body_decoder = msgspec.json.Decoder(dict[str, Any])
_envelope_decoder = msgspec.json.Decoder(Envelope)
_UNREADABLE = (msgspec.MsgspecError, UnicodeError, RecursionError, TypeError, ValueError)


class NotADeviceFileError(Exception):
    """It cannot be read as a device's file of this version; the sentence says why."""


class Inspection:
    """One consistent view of a device's file."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Take a connection within a transaction."""
        self._connection = connection
        self.acknowledged = self._acknowledged()
        self._reached = {head.stream: head.seq for head in self.acknowledged}

    def count(self) -> int:
        """Return how many records stand."""
        return int(self._connection.execute("SELECT count(*) FROM ledger").fetchone()[0])

    def records(self) -> Iterator[Record]:
        """Yield every record in the order in which they stand.

        Raises:
            NotADeviceFileError: the file itself is damaged there.
        """
        after = -(2**63)
        while True:
            try:
                rows = self._connection.execute(_RECORDS, (after, PAGE)).fetchall()
            except sqlite3.DatabaseError as error:
                raise NotADeviceFileError(f"damaged after record {after}: {error}") from error
            for row in rows:
                yield self._record(row)
            if len(rows) < PAGE:
                return
            after = rows[-1]["position"]

    def sessions(self) -> int:
        """Return how many sessions were begun."""
        return int(self._connection.execute("SELECT count(DISTINCT session) FROM ledger").fetchone()[0])

    def checkpoints(self) -> Iterator[Checkpoint | int]:
        """Yield every checkpoint; the number of one that cannot be read or is not there any more."""
        expected = 1
        for row in self._connection.execute("SELECT * FROM checkpoints ORDER BY position"):
            yield from range(expected, row["position"])
            expected = row["position"] + 1
            yield _checkpoint(row) or row["position"]
        yield from range(expected, self._last_given("checkpoints") + 1)

    def records_ever(self) -> int:
        """Return how many records the file says it ever held."""
        return self._last_given("ledger")

    def copies(self) -> Iterator[Position]:
        """Yield the last copy of each stream on its way to the platform: it vouches for what the ledger must reach."""
        last: dict[str, Position] = {}
        for row in self._connection.execute("SELECT envelope FROM outbox ORDER BY position"):
            copy = _copy(row["envelope"])
            if copy is not None and copy.seq > last.get(copy.stream, Position(copy.stream)).seq:
                last[copy.stream] = Position(copy.stream, copy.seq, copy.h)
        yield from last.values()

    def places(self) -> Iterator[tuple[str, Position]]:
        """Yield the id of every session that the file lists, and the place of the record it began with."""
        listed = (
            "SELECT s.id, l.stream, l.seq, l.h FROM sessions s LEFT JOIN ledger l ON l.id = s.check_in ORDER BY s.id"
        )
        for row in self._connection.execute(listed):
            yield row["id"], Position(row["stream"] or "", row["seq"] or 0, row["h"] or "")

    def _acknowledged(self) -> list[Position]:
        rows = self._connection.execute("SELECT stream, seq, h FROM acknowledged_heads ORDER BY stream")
        return [Position(row["stream"], row["seq"], row["h"]) for row in rows]

    def _last_given(self, table: str) -> int:
        row = self._connection.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)).fetchone()
        return 0 if row is None else int(row["seq"])

    def _record(self, row: sqlite3.Row) -> Record:
        stream = row["stream"] if isinstance(row["stream"], str) else ""
        seq = row["seq"] if isinstance(row["seq"], int) else 0
        envelope, copy = _envelope(row), _copy(row["envelope"])
        if envelope is None:
            return Record(stream, seq, None)
        filed = row["session"] == session_id_of(envelope) and row["bt_ns"] % NS_PER_US == 0
        needs_copy = seq > self._reached.get(stream, 0)
        return Record(stream, seq, envelope, filed, None if copy is None else copy.h, needs_copy)


@contextmanager
def inspect(file: Path) -> Iterator[Inspection]:
    """Open a file for looking only.

    Raises:
        NotADeviceFileError: it is none, of another version, or cannot be read.
    """
    try:
        with closing(_open(file)) as connection:
            connection.row_factory = sqlite3.Row
            connection.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
            connection.execute("BEGIN")
            _check_version(connection)
            yield Inspection(connection)
    except sqlite3.Error as error:
        raise NotADeviceFileError(f"{file}: {error}") from error


def wrongly_listed(file: Path, zone: tzinfo) -> Iterator[Position | None]:
    """Fold every session anew and hold it against the row that the device shows of it.

    Args:
        file: a device's file whose records are good.
        zone: the station's; local dates are of it.

    Yields:
        For each session None, or the place of the record that it begins with where the row says something else. Times
        may lie a minute apart: a later anchor may narrow them without the row being written again.
    """
    engine = create_engine("sqlite://", creator=lambda: _open(file), poolclass=NullPool)
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("BEGIN")
            transaction = DeviceTransaction(connection, "", zone, str)
            ids = connection.execute(_opened).scalars().all()
            for session_id in ids:
                yield _held_against_row(connection, transaction, str(session_id), zone)
    except DBAPIError as error:
        raise NotADeviceFileError(f"{file}: {error.orig}") from error


def count_sessions(file: Path) -> int:
    """Return how many sessions :func:`wrongly_listed` will go through."""
    with inspect(file) as inspection:
        return inspection.sessions()


def _held_against_row(
    connection: Connection, transaction: DeviceTransaction, session_id: str, zone: tzinfo
) -> Position | None:
    recorded = transaction.session(session_id)
    row = connection.execute(select(SessionRow.__table__).where(SessionRow.id == session_id)).one_or_none()
    if recorded is None:
        return None
    begins = recorded.check_in
    wanted = session_values(recorded.session, begins, zone)
    same = row is not None and all(_agrees(name, value, getattr(row, name)) for name, value in wanted.items())
    return None if same else Position(begins.stream, begins.seq, begins.h)


def _agrees(name: str, wanted: Any, found: Any) -> bool:
    if name not in MOVING or wanted is None or found is None:
        return name in LOOSE or bool(wanted == found)
    return bool(abs(wanted - found) <= MOVING[name])


def _open(file: Path) -> sqlite3.Connection:
    """Open a file for reading; one that nobody has open is not even asked for locks, it may stand on a sealed disc."""
    shared = wal_of(file).exists()
    uri = f"file:{quote(str(file.absolute()))}?mode=ro{'' if shared else '&immutable=1'}"
    return sqlite3.connect(uri, uri=True, isolation_level=None)


def _check_version(connection: sqlite3.Connection) -> None:
    found = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    if found is None or found[0] != HEAD:
        raise NotADeviceFileError(f"version {found and found[0]}, this program reads {HEAD}")


def _envelope(row: sqlite3.Row) -> Envelope | None:
    try:
        aside = None if row["name"] is None else {"name": row["name"], "salt": row["salt"]}
        stamp = {
            "boot_id": row["boot_id"],
            "boot_n": row["boot_n"],
            "bt_us": row["bt_ns"] // NS_PER_US,
            "wall_ms": row["wall_ms"],
            "clk": row["clk"],
        }
        parts = {name: row[name] for name in ("id", "stream", "seq", "kind", "prev", "h")}
        return msgspec.convert(
            {**parts, "body": _body_decoder.decode(row["body"]), "stamp": stamp, "aside": aside}, Envelope
        )
    except _UNREADABLE:
        return None


def _copy(envelope: object) -> Envelope | None:
    try:
        return _envelope_decoder.decode(envelope) if isinstance(envelope, bytes | str) else None
    except _UNREADABLE:
        return None


def _checkpoint(row: sqlite3.Row) -> Checkpoint | None:
    stamp = {name: row[name] for name in ("boot_id", "boot_n", "bt_us", "wall_ms", "clk")}
    parts = {name: row[name] for name in ("stream", "seq", "h", "signature")}
    try:
        return msgspec.convert({**parts, "stamp": stamp}, Checkpoint)
    except _UNREADABLE:
        return None
