"""The devices: who may upload, when each was last heard of, and what its uploads look like.

Upstream: ``tables``, ``mapping``.
Downstream: ``receiving``, ``registry``, ``console``, the commands.
"""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session

from sync.platform.records import AlarmCount, Device, DeviceStanding
from sync.platform.store import mapping
from sync.platform.store.tables import AlarmRow, DeviceRow, EventRow, QuarantineRow, ServicePointRow

_HEARD_OF = (
    update(DeviceRow.__table__)  # type: ignore[arg-type]
    .where(DeviceRow.id == bindparam("device"))
    .values(last_contact_ms=bindparam("at_ms"))
)


class Devices:
    """The device rows of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def find(self, device: str) -> Device | None:
        """Return a registered device, revoked ones too."""
        row = self._session.get(DeviceRow, device)
        return None if row is None else mapping.device_of(row)

    def add(self, device: Device) -> None:
        """Register a device."""
        self._session.add(
            DeviceRow(
                id=device.id,
                name=device.name,
                service_point=device.service_point,
                public=device.public.hex(),
                registered_ms=device.registered_ms,
            )
        )
        self._session.flush()

    def revoke(self, device: str, at_ms: int) -> None:
        """Refuse a device from now on; nothing it brought is deleted. The first instant stays."""
        first = func.coalesce(DeviceRow.revoked_ms, at_ms)
        self._session.execute(update(DeviceRow).where(DeviceRow.id == device).values(revoked_ms=first))

    def heard_of(self, device: str, at_ms: int) -> None:
        """Note the latest contact of a device."""
        self._session.connection().execute(_HEARD_OF, {"device": device, "at_ms": at_ms})

    def standings(self) -> tuple[DeviceStanding, ...]:
        """Return every device with the figures of its uploads, by name."""
        events, missing = self._figures()
        quarantined, alarms = self._quarantined(), self._alarms()
        query = select(DeviceRow, ServicePointRow.name).join(
            ServicePointRow, ServicePointRow.id == DeviceRow.service_point
        )
        return tuple(
            DeviceStanding(
                mapping.device_of(row),
                point,
                events[row.id],
                missing[row.id],
                quarantined[row.id],
                tuple(alarms[row.id]),
            )
            for row, point in self._session.execute(query.order_by(DeviceRow.name, DeviceRow.id))
        )

    def _figures(self) -> tuple[dict[str, int], dict[str, int]]:
        """Stored events a device, and the sequence numbers below its highest that did not arrive."""
        places = func.count(EventRow.seq.distinct())
        query = select(EventRow.device, func.count(), func.max(EventRow.seq), places)
        events: dict[str, int] = defaultdict(int)
        missing: dict[str, int] = defaultdict(int)
        for device, count, highest, held in self._session.execute(query.group_by(EventRow.device, EventRow.stream)):
            events[device] += count
            missing[device] += highest - held
        return events, missing

    def _quarantined(self) -> dict[str, int]:
        query = select(QuarantineRow.device, func.count()).group_by(QuarantineRow.device)
        found: dict[str, int] = defaultdict(int)
        for device, count in self._session.execute(query):
            found[device] += count
        return found

    def _alarms(self) -> dict[str, list[AlarmCount]]:
        query = select(AlarmRow.device, AlarmRow.word, func.count(), func.max(AlarmRow.raised_ms))
        alarms: dict[str, list[AlarmCount]] = defaultdict(list)
        grouped = query.group_by(AlarmRow.device, AlarmRow.word).order_by(AlarmRow.word)
        for device, word, times, last_ms in self._session.execute(grouped):
            alarms[device].append(AlarmCount(word, times, last_ms))
        return alarms
