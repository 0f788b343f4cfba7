"""The streams of the device's file and their heads, within the caller's transaction.

Upstream: ``tables``, ``sync.mailbox.heads``.
Downstream: ``transaction``, ``inspection``.

A file has one stream, until the platform finds that two machines write to it (a copied card): then each begins another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, bindparam, exists, insert, select

from kiosk.store.tables import LedgerRow, StreamRow
from sync.mailbox.tables import StreamAlarmRow
from sync.protocol.envelope import GENESIS, Position

if TYPE_CHECKING:
    from collections.abc import Callable

STREAM_FORKED = "stream_forked"  # the platform's word (protocol.md), and that of the device's note

_last_stream = select(StreamRow.stream).order_by(StreamRow.number.desc()).limit(1)
_streams = select(StreamRow.stream).order_by(StreamRow.number)
_head = select(LedgerRow.seq, LedgerRow.h).where(LedgerRow.stream == bindparam("stream"))
_head = _head.order_by(LedgerRow.seq.desc()).limit(1)
_alarm = (StreamAlarmRow.stream == bindparam("stream"), StreamAlarmRow.word == STREAM_FORKED)
_forked = select(exists().where(*_alarm))


def current_stream(connection: Connection) -> str | None:
    """Return the stream that is written to, or None in a file that has none yet."""
    stream = connection.execute(_last_stream).scalar_one_or_none()
    return None if stream is None else str(stream)


def begin_stream(connection: Connection, new_id: Callable[[], str]) -> str:
    """Begin another stream, which is written to from now on."""
    stream = new_id()
    connection.execute(insert(StreamRow), {"stream": stream})
    return stream


def head_of(connection: Connection, stream: str) -> Position:
    """Return the head of a stream."""
    row = connection.execute(_head, {"stream": stream}).one_or_none()
    return Position(stream, row.seq, row.h) if row else Position(stream, 0, GENESIS)


def heads(connection: Connection) -> list[Position]:
    """Return the head of every stream, in the order in which they were begun."""
    return [head_of(connection, stream) for stream in connection.execute(_streams).scalars().all()]


def is_forked(connection: Connection, stream: str) -> bool:
    """Tell whether the platform found two machines writing to a stream."""
    return bool(connection.execute(_forked, {"stream": stream}).scalar_one())
