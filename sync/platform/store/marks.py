"""How far each stream of a device is known complete, and what of the stored events is asked to find that out.

Upstream: ``tables``, ``completeness``.
Downstream: ``watermark`` (writes), ``rostering.reviewing`` (reads).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TypeVar

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.platform.completeness import Gap, Line, Link, Span
from sync.platform.store.tables import DeviceMarkRow, EventRow
from sync.protocol.contact import Reached
from sync.protocol.envelope import NS_PER_US, Stamp

Value = TypeVar("Value")


class Marks:
    """The marks of one transaction; those of a device are written in transactions of that device alone."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def of(self, devices: Collection[str] | None = None) -> dict[str, dict[str, Line]]:
        """Return what is known of some devices or all, by device and stream."""
        query = select(DeviceMarkRow)
        if devices is not None:
            query = query.where(DeviceMarkRow.device.in_(sorted(devices)))
        found: dict[str, dict[str, Line]] = {}
        for row in self._session.scalars(query):
            found.setdefault(row.device, {})[row.stream] = _line_of(row)
        return found

    def put(self, device: str, lines: Iterable[Line]) -> None:
        """Write what is known of some streams of a device."""
        for line in lines:
            self._session.merge(_row_of(device, line))
        self._session.flush()

    def links(self, stream: str, after: int, until: int) -> tuple[Link, ...]:
        """Return what ties the stored events of a stream together, behind one number and up to another."""
        query = select(EventRow.seq, EventRow.h, EventRow.prev)
        query = query.where(EventRow.stream == stream, EventRow.seq > after, EventRow.seq <= until)
        return tuple(Link(*row) for row in self._session.execute(query))

    def stamps(self, stream: str, seqs: Iterable[int]) -> dict[int, Stamp]:
        """Return the stamps of the stored events at some places of a stream."""
        query = select(EventRow.seq, EventRow.boot_id, EventRow.boot_n, EventRow.bt_ns, EventRow.wall_ms, EventRow.clk)
        rows = self._session.execute(query.where(EventRow.stream == stream, EventRow.seq.in_(sorted(seqs))))
        return {seq: Stamp(boot, number, bt // NS_PER_US, wall, clk) for seq, boot, number, bt, wall, clk in rows}


def _line_of(row: DeviceMarkRow) -> Line:
    return Line(
        stream=row.stream,
        seq=row.seq,
        h=row.h,
        gaps=_read(row.gaps, tuple[Gap, ...]),
        complete_to_ms=row.complete_to_ms,
        begun_ms=row.begun_ms,
        said=None if row.said is None else _read(row.said, Reached),
        follows=_read(row.follows, tuple[str, ...]),
        first_ms=row.first_ms,
        last_ms=row.last_ms,
        forked=row.forked,
        off=_read(row.off, tuple[Span, ...]),
        met=None if row.met is None else _read(row.met, Reached),
    )


def _row_of(device: str, line: Line) -> DeviceMarkRow:
    return DeviceMarkRow(
        device=device,
        stream=line.stream,
        seq=line.seq,
        h=line.h,
        gaps=_written(line.gaps),
        complete_to_ms=line.complete_to_ms,
        begun_ms=line.begun_ms,
        said=None if line.said is None else _written(line.said),
        follows=_written(line.follows),
        first_ms=line.first_ms,
        last_ms=line.last_ms,
        forked=line.forked,
        off=_written(line.off),
        met=None if line.met is None else _written(line.met),
    )


def _written(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _read(text: str, kind: type[Value]) -> Value:
    return msgspec.json.decode(text, type=kind)
