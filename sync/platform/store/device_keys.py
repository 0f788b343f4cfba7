"""The keys of devices: the one each was enrolled with, and those that followed.

Upstream: ``tables``, ``mapping``.
Downstream: ``credentials``, ``rotating``, ``receiving``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from sync.platform.records import Device
from sync.platform.store import mapping
from sync.platform.store.tables import DeviceKeyRow, DeviceRow

KEY_ID = re.compile(r"(?P<device>[\x20-\x2e\x30-\x7e]{1,64})(?:/[0-9a-f]{16})?")


@dataclass(frozen=True, slots=True)
class DeviceKey:
    """One key of a device.

    Attributes:
        device: whose.
        key_id: the device's id for its first key, else that with ``/`` and 16 hex digits of the public key.
        public: 32 bytes.
        until_ms: it signs nothing from here on, UTC ms; None: it is the newest.
    """

    device: Device
    key_id: str
    public: bytes
    until_ms: int | None = None


class DeviceKeys:
    """The keys of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def find(self, key_id: str) -> DeviceKey | None:
        """Return a key, ended ones and those of revoked devices too."""
        named = KEY_ID.fullmatch(key_id)
        if named is None:
            return None
        later = (DeviceKeyRow.device == DeviceRow.id) & (DeviceKeyRow.key_id == key_id)
        query = select(DeviceRow, DeviceKeyRow).outerjoin(DeviceKeyRow, later)
        found = self._session.execute(query.where(DeviceRow.id == named["device"])).first()
        if found is None:
            return None
        device = mapping.device_of(found[0])
        row: DeviceKeyRow | None = found[1]
        if row is not None:
            return DeviceKey(device, key_id, bytes.fromhex(row.public), row.until_ms)
        return DeviceKey(device, key_id, device.public) if key_id == device.id else None

    def newest(self, device: Device) -> DeviceKey:
        """Return the key that a device may name the next one with."""
        query = select(DeviceKeyRow).where(DeviceKeyRow.device == device.id, DeviceKeyRow.until_ms.is_(None))
        row = self._session.scalars(query).one_or_none()
        if row is None:
            return DeviceKey(device, device.id, device.public)
        return DeviceKey(device, row.key_id, bytes.fromhex(row.public))

    def publics(self, device: Device) -> tuple[bytes, ...]:
        """Return every key a device ever had: what an ended one signed in its time stays signed."""
        query = select(DeviceKeyRow.public).where(DeviceKeyRow.device == device.id).order_by(DeviceKeyRow.accepted_ms)
        later = (bytes.fromhex(public) for public in self._session.scalars(query))
        return tuple(dict.fromkeys((device.public, *later)))

    def ending_ms(self, device: Device) -> int | None:
        """Return until when the key before the newest signs, UTC ms; None where a device has had one key only."""
        return self._session.scalar(select(func.max(DeviceKeyRow.until_ms)).where(DeviceKeyRow.device == device.id))

    def follow(self, earlier: DeviceKey, later: DeviceKey, now_ms: int, until_ms: int) -> None:
        """Take a key after another, which signs until ``until_ms``; one that was ending already ends now.

        The caller holds the device's writers.
        """
        ending = (DeviceKeyRow.device == later.device.id, DeviceKeyRow.until_ms > now_ms)
        self._session.execute(update(DeviceKeyRow).where(*ending).values(until_ms=now_ms))
        row = self._session.get(DeviceKeyRow, earlier.key_id)
        if row is None:
            row = self._add(earlier, earlier.device.registered_ms)
        row.until_ms = until_ms
        self._add(later, now_ms)
        self._session.flush()

    def _add(self, key: DeviceKey, accepted_ms: int) -> DeviceKeyRow:
        row = DeviceKeyRow(
            key_id=key.key_id, device=key.device.id, public=key.public.hex(), accepted_ms=accepted_ms, until_ms=None
        )
        self._session.add(row)
        return row
