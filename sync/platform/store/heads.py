"""The heads of the devices' streams: the newest signed checkpoint of each, and how far the events reach.

Upstream: ``tables``, ``sync.protocol``.
Downstream: ``receiving``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.platform.ingest import Alarm
from sync.platform.store.tables import AlarmRow, CheckpointRow, EventRow
from sync.protocol.canonical import canonical_bytes
from sync.protocol.checkpoint import Checkpoint
from sync.protocol.envelope import Position, Stamp


class Heads:
    """The heads of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def keep(self, checkpoint: Checkpoint, device: str, received_ms: int) -> None:
        """Keep a checkpoint whose signature was verified, unless a newer one of its stream stands."""
        row = self._session.get(CheckpointRow, (device, checkpoint.stream))
        if row is None:
            row = CheckpointRow(device=device, stream=checkpoint.stream, seq=0)
            self._session.add(row)
        if row.seq < checkpoint.seq:
            row.seq, row.h, row.signature = checkpoint.seq, checkpoint.h, checkpoint.signature
            row.stamp, row.received_ms = canonical_bytes(checkpoint.stamp).decode(), received_ms
        self._session.flush()

    def kept(self, device: str, streams: Iterable[str]) -> Sequence[Checkpoint]:
        """Return the newest checkpoint of each of these streams."""
        chosen = (CheckpointRow.device == device, CheckpointRow.stream.in_(sorted(streams)))
        rows = self._session.scalars(select(CheckpointRow).where(*chosen).order_by(CheckpointRow.stream))
        return [
            Checkpoint(row.stream, row.seq, row.h, msgspec.json.decode(row.stamp, type=Stamp), row.signature)
            for row in rows
        ]

    def at(self, stream: str, seq: int) -> frozenset[str]:
        """Return ``h`` of every event at one place: none, one, or those of a forked stream."""
        return frozenset(
            self._session.scalars(select(EventRow.h).where(EventRow.stream == stream, EventRow.seq == seq))
        )

    def last(self, stream: str) -> Position | None:
        """Return the last event of a stream, or None."""
        query = (
            select(EventRow.seq, EventRow.h).where(EventRow.stream == stream).order_by(EventRow.seq.desc(), EventRow.h)
        )
        found = self._session.execute(query.limit(1)).one_or_none()
        return None if found is None else Position(stream, found.seq, found.h)

    def forked(self, device: str, streams: Iterable[str]) -> frozenset[str]:
        """Return which of these streams were found forked before."""
        query = select(EventRow.stream).join(AlarmRow, AlarmRow.event == EventRow.id)
        raised = (AlarmRow.device == device, AlarmRow.word == Alarm.STREAM_FORKED.value)
        return frozenset(self._session.scalars(query.where(*raised, EventRow.stream.in_(sorted(streams))).distinct()))
