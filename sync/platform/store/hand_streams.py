"""The streams in which the console enters hours by hand, one a service point.

Upstream: ``tables``.
Downstream: ``hand_entries``, ``console`` (they are no devices to look after).
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.platform.store.tables import HandStreamRow


@dataclass(frozen=True, slots=True)
class HandStream:
    """One stream, the device it stands as, and since when its clock counts (UTC ms)."""

    service_point: str
    device: str
    stream: str
    boot_id: str
    begun_ms: int


class HandStreams:
    """The rows of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def of(self, service_point: str) -> HandStream | None:
        """Return the stream of a service point."""
        row = self._session.get(HandStreamRow, service_point)
        return None if row is None else HandStream(row.service_point, row.device, row.stream, row.boot_id, row.begun_ms)

    def add(self, made: HandStream) -> None:
        """Note a new stream."""
        self._session.add(
            HandStreamRow(
                service_point=made.service_point,
                device=made.device,
                stream=made.stream,
                boot_id=made.boot_id,
                begun_ms=made.begun_ms,
            )
        )
        self._session.flush()

    def devices(self) -> frozenset[str]:
        """Return the devices that are none: the console's own."""
        return frozenset(self._session.scalars(select(HandStreamRow.device)))
