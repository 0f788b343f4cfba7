"""How the devices are, by the newest report of each.

Upstream: ``tables``, ``sync.protocol.contact``.
Downstream: ``contacting`` (keeps), ``console`` (shows).
"""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.platform.store.tables import AlarmRow, DeviceReportRow
from sync.protocol.contact import DeviceReport


@dataclass(frozen=True, slots=True)
class Contact:
    """What a device said of itself, and when that came (UTC ms, the platform's clock)."""

    received_ms: int
    report: DeviceReport


class Contacts:
    """The reports of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def keep(self, device: str, contact: Contact) -> None:
        """Keep the newest report of a device, in place of the one before."""
        text = msgspec.json.encode(contact.report).decode()
        self._session.merge(DeviceReportRow(device=device, received_ms=contact.received_ms, report=text))
        self._session.flush()

    def latest(self) -> dict[str, Contact]:
        """Return the newest report of every device that sent one, by device id."""
        return {row.device: _contact_of(row) for row in self._session.scalars(select(DeviceReportRow))}

    def of(self, device: str) -> Contact | None:
        """Return the newest report of a device."""
        row = self._session.get(DeviceReportRow, device)
        return None if row is None else _contact_of(row)

    def alarms(self, device: str, since_ms: int) -> tuple[str, ...]:
        """Return the words of what a device gave cause for since an instant (UTC ms)."""
        raised = (AlarmRow.device == device, AlarmRow.raised_ms >= since_ms)
        query = select(AlarmRow.word).where(*raised).distinct().order_by(AlarmRow.word)
        return tuple(self._session.scalars(query))


def _contact_of(row: DeviceReportRow) -> Contact:
    return Contact(row.received_ms, msgspec.json.decode(row.report, type=DeviceReport))
