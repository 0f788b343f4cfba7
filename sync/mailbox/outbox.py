"""The outbox: append, claim with a lease, acknowledge, park, release; each within the caller's transaction.

Upstream: ``tables``, ``sync.protocol``.
Downstream: ``kiosk.store`` (append, counts), ``sync.agent`` (the rest).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import bindparam, delete, exists, func, insert, or_, select, text, update

from sync.mailbox.tables import OutboxRow, OutboxState
from sync.protocol.envelope import Envelope, check
from sync.protocol.errors import ProtocolError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import ColumnElement, Connection

KEEP_MS = 30 * 24 * 3600 * 1000  # acknowledged rows stay this long (protocol.md)
MOST_PURGED = 1000  # in one transaction, so that a long history that grows old at once holds nobody up
MOST_LISTED = 1000  # of what was set aside
WAITING = text("state IN ('pending', 'leased')")  # spelled as in the partial indexes, so that SQLite uses them
PARKED = text("state = 'parked'")
ACKNOWLEDGED = text("state = 'acknowledged'")
DAMAGED = "this record was damaged on the device's disk; the ledger has it too"
_decoder = msgspec.json.Decoder(Envelope)
_insert = insert(OutboxRow).values(event_id=bindparam("event_id"), envelope=bindparam("envelope"))
_mark = update(OutboxRow).where(OutboxRow.position == bindparam("claimed"))
_mark = _mark.values(state=OutboxState.LEASED, lease=bindparam("to"), attempts=OutboxRow.attempts + 1)
_named = OutboxRow.event_id == bindparam("named")


class Queue(StrEnum):
    """Which of the waiting rows: those never set back, those the platform wanted again, or both in this order."""

    FRESH = "fresh"
    AGAIN = "again"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Counts:
    """How many rows are in which state."""

    waiting: int
    parked: int
    acknowledged: int


@dataclass(frozen=True, slots=True)
class Parked:
    """An event that was set aside, with the reason a person can act on."""

    event_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Page:
    """Some envelopes with their positions, the position behind which to go on, and whether there is nothing there."""

    envelopes: tuple[tuple[int, Envelope], ...]
    last: int
    is_last: bool


def append(connection: Connection, envelope: Envelope) -> None:
    """Put an envelope into the outbox; part of the same transaction as its ledger row."""
    connection.execute(_insert, {"event_id": envelope.id, "envelope": msgspec.json.encode(envelope)})


def claim(connection: Connection, lease: str, limit: int, queue: Queue = Queue.ANY) -> Sequence[Envelope]:
    """Lease up to ``limit`` waiting envelopes to this agent, and mark the attempt before it is made.

    Those that were set back least come first, among them the oldest: nothing waits behind what is never taken. Rows
    leased to another name belonged to an agent that died: a device runs one agent, so they are taken over. A row that
    was damaged on the disk is parked, so that it does not stop the others.
    """
    chosen = select(OutboxRow.position, OutboxRow.event_id, OutboxRow.envelope).where(WAITING, *_of(queue))
    rows = connection.execute(chosen.order_by(OutboxRow.set_back, OutboxRow.position).limit(limit)).all()
    if rows:
        connection.execute(_mark, [{"claimed": row.position, "to": lease} for row in rows])
    read = {row.event_id: _read(row.envelope, row.event_id) for row in rows}
    park(connection, {event_id: DAMAGED for event_id, envelope in read.items() if envelope is None})
    return [envelope for envelope in read.values() if envelope is not None]


def acknowledge(connection: Connection, event_ids: Iterable[str], at_ms: int) -> None:
    """Mark events that a receipt named as accepted or duplicate; ``at_ms`` is the platform's time, UTC ms."""
    _move(connection, event_ids, OutboxState.ACKNOWLEDGED, acknowledged_ms=at_ms)


def park(connection: Connection, reasons: dict[str, str]) -> None:
    """Set aside events that a receipt quarantined, with the platform's reason by event id; nothing is deleted."""
    for event_id, reason in reasons.items():
        _move(connection, [event_id], OutboxState.PARKED, reason=reason)


def release(connection: Connection, event_ids: Iterable[str]) -> None:
    """Put leased events back to waiting: no receipt came."""
    _move(connection, event_ids, OutboxState.PENDING)


def set_back(connection: Connection, event_ids: Iterable[str]) -> None:
    """Put leased events back to waiting, behind all that were set back less often: the platform wants them again."""
    again = update(OutboxRow).where(_named, OutboxRow.state == OutboxState.LEASED)
    again = again.values(state=OutboxState.PENDING, lease=None, set_back=OutboxRow.set_back + 1)
    _for_each(connection, again, event_ids)


def settle_waiting(connection: Connection, event_ids: Iterable[str], at_ms: int, reasons: dict[str, str]) -> None:
    """Do what a receipt that came on a stick says: acknowledge and park what still waits, leased or not."""
    claimed = update(OutboxRow).where(_named, WAITING).values(state=OutboxState.LEASED)
    done = list(event_ids)
    _for_each(connection, claimed, [*done, *reasons])
    acknowledge(connection, done, at_ms)
    park(connection, reasons)


def send_again(connection: Connection, event_ids: Iterable[str]) -> None:
    """Put acknowledged and parked events back to waiting: the platform lacks them, or a person wants them tried."""
    is_held = or_(OutboxRow.state == OutboxState.ACKNOWLEDGED, OutboxRow.state == OutboxState.PARKED)
    held = update(OutboxRow).where(_named, is_held)  # no IN: a statement that is run for many ids takes none
    values = {"state": OutboxState.PENDING, "lease": None, "reason": None, "acknowledged_ms": None, "set_back": 0}
    _for_each(connection, held.values(**values), event_ids)


def counts(connection: Connection) -> Counts:
    """Return how many rows wait, are parked, are acknowledged and still kept."""
    return Counts(*(_count(connection, state) for state in (WAITING, PARKED, ACKNOWLEDGED)))


def waiting_count(connection: Connection) -> int:
    """Return how many events the platform has not acknowledged yet; cheap with any history."""
    return _count(connection, WAITING)


def has_waiting(connection: Connection, queue: Queue) -> bool:
    """Tell whether any row of a queue waits; as cheap with 200,000 rows as with one."""
    found = exists().select_from(OutboxRow).where(WAITING, *_of(queue))
    return bool(connection.execute(select(found)).scalar_one())


def parked(connection: Connection, limit: int = MOST_LISTED) -> Sequence[Parked]:
    """Return the events that were set aside, oldest first."""
    chosen = select(OutboxRow.event_id, OutboxRow.reason).where(PARKED)
    rows = connection.execute(chosen.order_by(OutboxRow.position).limit(limit)).all()
    return [Parked(row.event_id, row.reason or "") for row in rows]


def purge(connection: Connection, now_ms: int) -> int:
    """Delete rows acknowledged more than 30 days before ``now_ms`` (the platform's time); return how many."""
    old = select(OutboxRow.position).where(ACKNOWLEDGED, OutboxRow.acknowledged_ms < now_ms - KEEP_MS)
    old = old.order_by(OutboxRow.acknowledged_ms).limit(MOST_PURGED)
    return connection.execute(delete(OutboxRow).where(OutboxRow.position.in_(old.scalar_subquery()))).rowcount


def page_after(connection: Connection, after: int, limit: int, *, held: bool) -> Page:
    """Return up to ``limit`` rows behind a position as they would travel, in order; nothing of them changes.

    Args:
        connection: within a transaction.
        after: a position.
        limit: of rows; those that the disk has changed are passed over.
        held: acknowledged and parked rows too, not only those that wait.
    """
    chosen = select(OutboxRow.position, OutboxRow.event_id, OutboxRow.envelope).where(OutboxRow.position > after)
    chosen = chosen if held else chosen.where(WAITING)
    rows = connection.execute(chosen.order_by(OutboxRow.position).limit(limit)).all()
    read = ((row.position, _read(row.envelope, row.event_id)) for row in rows)
    found = tuple((position, envelope) for position, envelope in read if envelope is not None)
    return Page(found, rows[-1].position if rows else after, is_last=len(rows) < limit)


def streams_of(connection: Connection, event_ids: Sequence[str]) -> dict[str, str]:
    """Return the stream of each of some events that stand here."""
    chosen = select(OutboxRow.event_id, OutboxRow.envelope).where(OutboxRow.event_id.in_(event_ids))
    read = ((row.event_id, _read(row.envelope, row.event_id)) for row in connection.execute(chosen))
    return {event_id: envelope.stream for event_id, envelope in read if envelope is not None}


def is_whole(envelope: bytes, event_id: str) -> bool:
    """Tell whether a row's copy is the envelope of that id as it was sealed."""
    return _read(envelope, event_id) is not None


def read_envelope(envelope: bytes, event_id: str) -> Envelope | None:
    """Return the envelope of a row, or None where the disk has changed it."""
    return _read(envelope, event_id)


def _read(envelope: bytes, event_id: str) -> Envelope | None:
    try:
        read = _decoder.decode(envelope)
        check(read)
    except (msgspec.MsgspecError, UnicodeDecodeError, ProtocolError):
        return None
    return read if read.id == event_id else None


def _of(queue: Queue) -> tuple[ColumnElement[bool], ...]:
    if queue is Queue.ANY:
        return ()
    return (OutboxRow.set_back == 0,) if queue is Queue.FRESH else (OutboxRow.set_back > 0,)


def _count(connection: Connection, state: object) -> int:
    return connection.execute(select(func.count()).select_from(OutboxRow).where(state)).scalar_one()  # type: ignore[arg-type]


def _move(
    connection: Connection,
    event_ids: Iterable[str],
    state: OutboxState,
    *,
    reason: str | None = None,
    acknowledged_ms: int | None = None,
) -> None:
    chosen = update(OutboxRow).where(_named, OutboxRow.state == OutboxState.LEASED)
    moved = chosen.values(state=state, lease=None, reason=reason, acknowledged_ms=acknowledged_ms)
    _for_each(connection, moved, event_ids)


def _for_each(connection: Connection, statement: object, event_ids: Iterable[str]) -> None:
    named = [{"named": event_id} for event_id in event_ids]
    if named:
        connection.execute(statement, named)  # type: ignore[call-overload]
