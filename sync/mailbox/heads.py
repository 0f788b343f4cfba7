"""Heads of the chain in the mailbox: the device's checkpoints go out, the platform's acknowledged heads come back.

Upstream: ``tables``, ``sync.protocol``.
Downstream: ``kiosk.store`` (keeps checkpoints, reads the rest), ``sync.agent`` (sends one, keeps what comes back).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, insert, select
from sqlalchemy.dialects.sqlite import insert as upsert

from sync.mailbox.tables import AcknowledgedHeadRow, CheckpointRow, StreamAlarmRow
from sync.protocol.checkpoint import Checkpoint
from sync.protocol.envelope import Position, Stamp

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any

    from sqlalchemy import Connection, Row

_newest = select(CheckpointRow.__table__).order_by(CheckpointRow.position.desc()).limit(1)
_newest_of = _newest.where(CheckpointRow.stream == bindparam("stream"))
_every = select(CheckpointRow.__table__).order_by(CheckpointRow.position)
_acknowledge = upsert(AcknowledgedHeadRow)
_acknowledge = _acknowledge.on_conflict_do_update(
    index_elements=[AcknowledgedHeadRow.stream],
    set_={name: _acknowledge.excluded[name] for name in ("seq", "h", "at_ms")},
    where=AcknowledgedHeadRow.seq < _acknowledge.excluded.seq,
)
_alarm = upsert(StreamAlarmRow).on_conflict_do_nothing()


@dataclass(frozen=True, slots=True)
class StreamAlarm:
    """What the platform raised about a stream, and when: its time, UTC ms."""

    stream: str
    word: str
    raised_ms: int


def keep_checkpoint(connection: Connection, checkpoint: Checkpoint) -> None:
    """Add a checkpoint to those that stand."""
    stamp = checkpoint.stamp
    values = {
        "stream": checkpoint.stream,
        "seq": checkpoint.seq,
        "h": checkpoint.h,
        "boot_id": stamp.boot_id,
        "boot_n": stamp.boot_n,
        "bt_us": stamp.bt_us,
        "wall_ms": stamp.wall_ms,
        "clk": stamp.clk,
        "signature": checkpoint.signature,
    }
    connection.execute(insert(CheckpointRow), values)


def newest_checkpoint(connection: Connection, stream: str | None = None) -> Checkpoint | None:
    """Return the checkpoint that was kept last, of one stream or of all, or None."""
    query = _newest if stream is None else _newest_of
    row = connection.execute(query, {} if stream is None else {"stream": stream}).one_or_none()
    return None if row is None else checkpoint_of(row)


def checkpoints(connection: Connection) -> Iterator[Checkpoint]:
    """Yield every checkpoint, oldest first."""
    for row in connection.execute(_every):
        yield checkpoint_of(row)


def checkpoint_of(row: Row[Any]) -> Checkpoint:
    """Return the checkpoint of a row."""
    stamp = Stamp(row.boot_id, row.boot_n, row.bt_us, row.wall_ms, row.clk)
    return Checkpoint(row.stream, row.seq, row.h, stamp, row.signature)


def acknowledge(connection: Connection, heads: Iterable[Position], at_ms: int) -> None:
    """Keep what the platform says it holds; what it said before stays where that reached further."""
    for head in heads:
        values = {"stream": head.stream, "seq": head.seq, "h": head.h, "at_ms": at_ms}
        connection.execute(_acknowledge, values)


def acknowledged(connection: Connection) -> Sequence[Position]:
    """Return the acknowledged head of every stream."""
    rows = connection.execute(select(AcknowledgedHeadRow.__table__).order_by(AcknowledgedHeadRow.stream)).all()
    return [Position(row.stream, row.seq, row.h) for row in rows]


def raise_alarms(connection: Connection, alarms: Iterable[tuple[str, str]], at_ms: int) -> None:
    """Note (stream, word) pairs, each once; ``at_ms`` is the platform's time, UTC ms."""
    for stream, word in alarms:
        connection.execute(_alarm, {"stream": stream, "word": word, "raised_ms": at_ms})


def alarms(connection: Connection) -> Sequence[StreamAlarm]:
    """Return what was raised about any stream, oldest first."""
    rows = connection.execute(select(StreamAlarmRow.__table__).order_by(StreamAlarmRow.raised_ms)).all()
    return [StreamAlarm(row.stream, row.word, row.raised_ms) for row in rows]
