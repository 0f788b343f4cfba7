"""The outbox: append, claim with a lease, acknowledge, park, release; each within the caller's transaction.

Upstream: ``tables``, ``sync.protocol``.
Downstream: ``kiosk.store`` (append, counts), ``sync.agent`` (the rest).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import bindparam, delete, func, insert, select, text, update

from sync.mailbox.tables import OutboxRow, OutboxState
from sync.protocol.envelope import Envelope, check
from sync.protocol.errors import ProtocolError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection

KEEP_MS = 30 * 24 * 3600 * 1000  # acknowledged rows stay this long (protocol.md)
WAITING = text("state IN ('pending', 'leased')")  # spelled as in the partial index, so that SQLite uses it
PARKED = text("state = 'parked'")
DAMAGED = "this record was damaged on the device's disk; the ledger has it too"
_decoder = msgspec.json.Decoder(Envelope)
_insert = insert(OutboxRow).values(event_id=bindparam("event_id"), envelope=bindparam("envelope"))


@dataclass(frozen=True, slots=True)
class Counts:
    """How many rows are in which state."""

    waiting: int
    parked: int
    acknowledged: int


@dataclass(frozen=True, slots=True)
class Parked:
    """An event the platform quarantined, with the reason a person can act on."""

    event_id: str
    reason: str


def append(connection: Connection, envelope: Envelope) -> None:
    """Put an envelope into the outbox; part of the same transaction as its ledger row."""
    connection.execute(_insert, {"event_id": envelope.id, "envelope": msgspec.json.encode(envelope)})


def claim(connection: Connection, lease: str, limit: int) -> Sequence[Envelope]:
    """Lease up to ``limit`` waiting envelopes to this agent, oldest first, and mark the attempt before it is made.

    Rows leased to another name belonged to an agent that died: a device runs one agent, so they are taken over. A row
    that was damaged on the disk is parked, so that it does not stop the others.
    """
    chosen = select(OutboxRow.position, OutboxRow.event_id, OutboxRow.envelope).where(WAITING)
    rows = connection.execute(chosen.order_by(OutboxRow.position).limit(limit)).all()
    marked = update(OutboxRow).where(OutboxRow.position == bindparam("claimed"))
    marked = marked.values(state=OutboxState.LEASED, lease=lease, attempts=OutboxRow.attempts + 1)
    if rows:
        connection.execute(marked, [{"claimed": row.position} for row in rows])
    read = {row.event_id: _read(row.envelope) for row in rows}
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
    """Put leased events back to waiting: no receipt came, or it asked to try again."""
    _move(connection, event_ids, OutboxState.PENDING)


def counts(connection: Connection) -> Counts:
    """Return how many rows wait, are parked, are acknowledged and still kept."""
    rows = connection.execute(select(OutboxRow.state, func.count()).group_by(OutboxRow.state)).all()
    by_state = {state: number for state, number in rows}  # noqa: C416 - rows are not plain tuples to mypy
    waiting = by_state.get(OutboxState.PENDING, 0) + by_state.get(OutboxState.LEASED, 0)
    return Counts(waiting, by_state.get(OutboxState.PARKED, 0), by_state.get(OutboxState.ACKNOWLEDGED, 0))


def waiting_count(connection: Connection) -> int:
    """Return how many events the platform has not acknowledged yet; cheap with any history."""
    return connection.execute(select(func.count()).select_from(OutboxRow).where(WAITING)).scalar_one()


def parked(connection: Connection) -> Sequence[Parked]:
    """Return the events that were set aside, oldest first."""
    chosen = select(OutboxRow.event_id, OutboxRow.reason).where(PARKED)
    rows = connection.execute(chosen.order_by(OutboxRow.position)).all()
    return [Parked(row.event_id, row.reason or "") for row in rows]


def purge(connection: Connection, now_ms: int) -> int:
    """Delete rows acknowledged more than 30 days before ``now_ms`` (the platform's time); return how many."""
    old = OutboxRow.acknowledged_ms < now_ms - KEEP_MS
    done = connection.execute(delete(OutboxRow).where(OutboxRow.state == OutboxState.ACKNOWLEDGED, old))
    return done.rowcount


def is_whole(envelope: bytes, event_id: str) -> bool:
    """Tell whether a row's copy is the envelope of that id as it was sealed."""
    read = _read(envelope)
    return read is not None and read.id == event_id


def _read(envelope: bytes) -> Envelope | None:
    """Return the envelope of a row, or None where the disk has changed it."""
    try:
        read = _decoder.decode(envelope)
        check(read)
    except (msgspec.MsgspecError, UnicodeDecodeError, ProtocolError):
        return None
    return read


def _move(
    connection: Connection,
    event_ids: Iterable[str],
    state: OutboxState,
    *,
    reason: str | None = None,
    acknowledged_ms: int | None = None,
) -> None:
    chosen = update(OutboxRow).where(OutboxRow.event_id == bindparam("named"), OutboxRow.state == OutboxState.LEASED)
    moved = chosen.values(state=state, lease=None, reason=reason, acknowledged_ms=acknowledged_ms)
    named = [{"named": event_id} for event_id in event_ids]
    if named:
        connection.execute(moved, named)
