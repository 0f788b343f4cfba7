"""What the calls of devices keep beside events: later keys, enrolment codes, and how each device is.

Upstream: SQLAlchemy, ``row``.
Downstream: ``tables``.
"""

from __future__ import annotations

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from sync.platform.store.tables.row import Row


class DeviceKeyRow(Row):
    """A key of a device that has rotated: ``key_id`` is the device's id for its first one, else ``id/16 hex digits``.

    A device that never rotated has no row here; ``until_ms`` is None for its newest key.
    """

    __tablename__ = "device_keys"
    key_id: Mapped[str] = mapped_column(primary_key=True)
    device: Mapped[str] = mapped_column(ForeignKey("devices.id"), index=True)
    public: Mapped[str]
    accepted_ms: Mapped[int]
    until_ms: Mapped[int | None]


class EnrolmentCodeRow(Row):
    """A code that makes one device; only its hash stands here. Times are UTC ms."""

    __tablename__ = "enrolment_codes"
    id: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[str] = mapped_column(unique=True)
    service_point: Mapped[str] = mapped_column(ForeignKey("service_points.id"))
    name: Mapped[str]
    made_ms: Mapped[int]
    expires_ms: Mapped[int]
    withdrawn_ms: Mapped[int | None]
    used_ms: Mapped[int | None]
    device: Mapped[str | None] = mapped_column(ForeignKey("devices.id"))


class DeviceReportRow(Row):
    """The newest report of a device, as JSON of ``sync.protocol.contact.DeviceReport``."""

    __tablename__ = "device_reports"
    device: Mapped[str] = mapped_column(ForeignKey("devices.id"), primary_key=True)
    received_ms: Mapped[int]
    report: Mapped[str]


class DeviceMarkRow(Row):
    """How far one stream of a device is known complete (``sync.platform.completeness.Line``).

    ``gaps``, ``follows`` and ``off`` are JSON lists; ``said`` and ``met`` JSON of ``sync.protocol.contact.Reached``.
    """

    __tablename__ = "device_marks"
    device: Mapped[str] = mapped_column(ForeignKey("devices.id"), primary_key=True)
    stream: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int]
    h: Mapped[str]
    gaps: Mapped[str]
    complete_to_ms: Mapped[int]
    begun_ms: Mapped[int]
    said: Mapped[str | None]
    follows: Mapped[str]
    first_ms: Mapped[int]
    last_ms: Mapped[int]
    forked: Mapped[bool]
    off: Mapped[str]
    met: Mapped[str | None]
