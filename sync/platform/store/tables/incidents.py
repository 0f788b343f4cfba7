"""What went another way than the ledger, and the log of batches.

Upstream: SQLAlchemy, ``row``.
Downstream: ``tables``.
"""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sync.platform.store.dialect import SERIAL
from sync.platform.store.tables.row import Row


class QuarantineRow(Row):
    """A refused event, whole, as JSON; ``fingerprint`` is the SHA-256 of that JSON, so that it stands here once."""

    __tablename__ = "quarantine"
    id: Mapped[int] = mapped_column(SERIAL, primary_key=True)
    fingerprint: Mapped[str] = mapped_column(unique=True)
    device: Mapped[str] = mapped_column(ForeignKey("devices.id"), index=True)
    event: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str]
    refusal: Mapped[str]
    detail: Mapped[str]
    envelope: Mapped[str]
    received_ms: Mapped[int]


class AlarmRow(Row):
    """Something a person must look at, once for each event that raised it."""

    __tablename__ = "alarms"
    __table_args__ = (UniqueConstraint("device", "word", "event", name="uq_alarms_device_word_event"),)
    id: Mapped[int] = mapped_column(SERIAL, primary_key=True)
    device: Mapped[str] = mapped_column(ForeignKey("devices.id"))
    word: Mapped[str]
    event: Mapped[str]
    raised_ms: Mapped[int]


class BatchRow(Row):
    """One answered batch, for the log (kept at least 6 months); the same batch sent twice stands here twice."""

    __tablename__ = "batches"
    __table_args__ = (Index("ix_batches_device_received", "device", "received_ms"),)
    id: Mapped[int] = mapped_column(SERIAL, primary_key=True)
    batch: Mapped[str]
    device: Mapped[str] = mapped_column(ForeignKey("devices.id"))
    body_sha256: Mapped[str]
    received_ms: Mapped[int]
    accepted: Mapped[int]
    duplicate: Mapped[int]
    quarantined: Mapped[int]
