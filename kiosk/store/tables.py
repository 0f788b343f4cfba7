"""The kiosk's own tables in the device file, as typed declarative classes.

Upstream: SQLAlchemy.
Downstream: ``mapping``, ``transaction``, ``migrations``.

``ledger`` is the record: rows are immutable by trigger and chained by hash. ``asides`` holds the names beside it, which
may be erased. ``sessions`` and ``anchors`` are projections that can be rebuilt from the ledger at any time. Tables that
are looked up by a text key have no row ids: every commit writes one page less for each.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, ForeignKey, Index, MetaData, UniqueConstraint, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class DeviceBase(DeclarativeBase):
    """The kiosk's own metadata; the mailbox has another in the same file."""

    metadata = MetaData()


class LedgerRow(DeviceBase):
    """One envelope of this device, as it was sealed; ``body`` is JSON, ``session`` a copy of its field for look-up."""

    __tablename__ = "ledger"
    __table_args__ = (UniqueConstraint("stream", "seq"), {"sqlite_autoincrement": True})

    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(unique=True)
    stream: Mapped[str]
    seq: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str]
    session: Mapped[str | None] = mapped_column(index=True)
    body: Mapped[bytes]
    boot_id: Mapped[str]
    boot_n: Mapped[int]
    bt_ns: Mapped[int] = mapped_column(BigInteger)
    wall_ms: Mapped[int] = mapped_column(BigInteger)
    clk: Mapped[str]
    prev: Mapped[str]
    h: Mapped[str]


class AsideRow(DeviceBase):
    """The name at the time of a check-in, and the salt of its digest in the chain; may be erased."""

    __tablename__ = "asides"
    __table_args__ = ({"sqlite_with_rowid": False},)

    event_id: Mapped[str] = mapped_column(ForeignKey("ledger.id"), primary_key=True)
    name: Mapped[str]
    salt: Mapped[str]


class SessionRow(DeviceBase):
    """Where to find a session: what is asked of sessions without folding them.

    ``started_on`` is the local date. ``settled`` tells that anchors bound both its ends, so that a later one of another
    boot changes nothing of note.
    """

    __tablename__ = "sessions"
    __table_args__ = (
        Index("sessions_of_volunteer", "volunteer", "started_on", "state", "credited_minutes"),
        Index("sessions_by_start", "started_ms", "state", "started_on", "credited_minutes"),
        Index("sessions_open", "started_ms", sqlite_where=text("state = 'open'")),
        Index("sessions_provisional", "volunteer", sqlite_where=text("state = 'provisional'")),
        {"sqlite_with_rowid": False},
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    check_in: Mapped[str] = mapped_column(ForeignKey("ledger.id"))
    volunteer: Mapped[str]
    service: Mapped[str]
    state: Mapped[str]
    started_ms: Mapped[int] = mapped_column(BigInteger)
    started_on: Mapped[str]
    credited_minutes: Mapped[int]
    boot_n: Mapped[int]
    settled: Mapped[bool]


class AnchorRow(DeviceBase):
    """The anchors of the ledger, for the timeline."""

    __tablename__ = "anchors"

    event_id: Mapped[str] = mapped_column(ForeignKey("ledger.id"), primary_key=True)
    boot_id: Mapped[str]
    boot_n: Mapped[int] = mapped_column(index=True)
    bt_recv_ns: Mapped[int] = mapped_column(BigInteger)
    server_ms: Mapped[int] = mapped_column(BigInteger, index=True)
    rtt_ns: Mapped[int] = mapped_column(BigInteger)


class BootRow(DeviceBase):
    """The boots in which the kiosk ran, counted from 1."""

    __tablename__ = "boots"

    boot_n: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    boot_id: Mapped[str] = mapped_column(unique=True)


class StreamRow(DeviceBase):
    """The event streams of this file; the last one is written to."""

    __tablename__ = "streams"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    stream: Mapped[str] = mapped_column(unique=True)


class SeenCodeRow(DeviceBase):
    """A dynamic certificate that was accepted here; seconds since 1970, ``serial`` in hex (see ``seen_codes``)."""

    __tablename__ = "seen_codes"
    __table_args__ = ({"sqlite_with_rowid": False},)

    issuer: Mapped[str] = mapped_column(primary_key=True)
    issued_s: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    serial: Mapped[str] = mapped_column(primary_key=True)
    expires_s: Mapped[int] = mapped_column(BigInteger)


class OperatorPinRow(DeviceBase):
    """An operator's PIN as Argon2id (None: none stands), and the tries since the last good one."""

    __tablename__ = "operator_pins"
    __table_args__ = ({"sqlite_with_rowid": False},)

    operator: Mapped[str] = mapped_column(primary_key=True)
    kept: Mapped[str | None]
    tries: Mapped[int]


class ReferenceRow(DeviceBase):
    """One row: the signed reference data that stands, as it came."""

    __tablename__ = "reference"

    id: Mapped[int] = mapped_column(primary_key=True)
    document: Mapped[bytes]
