"""How the device is, in one row: the kiosk writes it once a minute, the agent tells it to the platform.

Upstream: ``tables``.
Downstream: ``kiosk.store`` (writes), ``agent_side`` (reads).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert as upsert

from sync.mailbox.tables import DeviceReportRow

if TYPE_CHECKING:
    from sqlalchemy import Connection


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
