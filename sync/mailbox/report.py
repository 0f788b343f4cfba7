"""How the device is, in one row: the kiosk writes it once a minute, the agent tells it to the platform.

Upstream: ``tables``.
Downstream: ``kiosk.store`` (writes), ``agent_side`` (reads).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert as upsert

from sync.mailbox.tables import DeviceReportRow, ReachedRow
from sync.protocol.contact import MOST_STREAMS, Reached, StreamHead

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from sync.protocol.envelope import Position, Stamp


@dataclass(frozen=True, slots=True)
class KioskReport:
    """The kiosk's part of a ``sync.protocol.contact.DeviceReport``, with the same fields."""

    version: str = ""
    clock: str = ""
    camera: str = ""
    seen_ms: int = 0
    boots: int = 0


def write_report(connection: Connection, report: KioskReport) -> None:
    """Replace what the kiosk said last."""
    values = {
        "version": report.version,
        "clock": report.clock,
        "camera": report.camera,
        "seen_ms": report.seen_ms,
        "boots": report.boots,
    }
    written = upsert(DeviceReportRow).values(id=1, **values)
    connection.execute(written.on_conflict_do_update(index_elements=[DeviceReportRow.id], set_=values))


def read_report(connection: Connection) -> KioskReport:
    """Return what the kiosk said last; an empty report where it never ran."""
    row = connection.execute(select(DeviceReportRow.__table__)).one_or_none()
    return KioskReport() if row is None else KioskReport(row.version, row.clock, row.camera, row.seen_ms, row.boots)


def write_reached(connection: Connection, heads: Sequence[Position], stamp: Stamp) -> None:
    """Replace what the kiosk said last of how far its records reach; of a file without any, nothing is said.

    Args:
        connection: within the transaction in which the heads were read.
        heads: of the file's streams, in the order in which they were begun.
        stamp: read before that transaction began.
    """
    told = [StreamHead(each.stream, each.seq, each.h) for each in heads if each.seq]
    if told:
        said = msgspec.json.encode(Reached(told[-MOST_STREAMS:], stamp))
        written = upsert(ReachedRow).values(id=1, said=said)
        connection.execute(written.on_conflict_do_update(index_elements=[ReachedRow.id], set_={"said": said}))


def read_reached(connection: Connection) -> Reached | None:
    """Return what the kiosk said last of how far its records reach; None where it never did, or the disk changed it."""
    said = connection.execute(select(ReachedRow.said)).scalar_one_or_none()
    try:
        return None if said is None else msgspec.json.decode(said, type=Reached)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None
