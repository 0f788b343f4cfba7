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

    ``started_on`` is the local date. ``matters`` are the words of what it waits for, apart by spaces.
    """

    __tablename__ = "sessions"
    __table_args__ = (
        Index("sessions_of_volunteer", "volunteer", "started_on", "state", "credited_minutes"),
        Index("sessions_by_start", "started_ms", "state", "started_on", "credited_minutes"),
        Index("sessions_open", "started_ms", sqlite_where=text("state = 'open'")),
        Index("sessions_provisional", "volunteer", sqlite_where=text("state = 'provisional'")),
        Index("sessions_waiting", "started_ms", sqlite_where=text("matters <> ''")),
        {"sqlite_with_rowid": False},
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    check_in: Mapped[str] = mapped_column(ForeignKey("ledger.id"))
    volunteer: Mapped[str]
    service: Mapped[str]
    team: Mapped[str | None]
    state: Mapped[str]
    provenance: Mapped[str]
    started_ms: Mapped[int] = mapped_column(BigInteger)
    started_on: Mapped[str]
    ended_ms: Mapped[int | None] = mapped_column(BigInteger)
    original_s: Mapped[int]
    credited_minutes: Mapped[int]
    counts_from_ms: Mapped[int] = mapped_column(BigInteger)
    quality: Mapped[str | None]
    matters: Mapped[str]
    drill: Mapped[bool]
    boot_n: Mapped[int]


class AnchorRow(DeviceBase):
    """The anchors of the ledger, for the timeline."""

    __tablename__ = "anchors"
    __table_args__ = (Index("anchors_by_place", "boot_n", "bt_recv_ns"),)

    event_id: Mapped[str] = mapped_column(ForeignKey("ledger.id"), primary_key=True)
    boot_id: Mapped[str]
    boot_n: Mapped[int]
    bt_recv_ns: Mapped[int] = mapped_column(BigInteger)
    server_ms: Mapped[int] = mapped_column(BigInteger)
    rtt_ns: Mapped[int] = mapped_column(BigInteger)


class BeatRow(DeviceBase):
    """The last instant at which a boot was surely alive, and ``event_id`` once a heartbeat told it to the chain.

    ``floor_ms``: the latest instant (UTC) that had surely passed then; where the next boot's clock counts on from.
    """

    __tablename__ = "beats"

    boot_n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    boot_id: Mapped[str]
    bt_ns: Mapped[int] = mapped_column(BigInteger)
    floor_ms: Mapped[int] = mapped_column(BigInteger)
    event_id: Mapped[str | None] = mapped_column(ForeignKey("ledger.id"))


class ModeRow(DeviceBase):
    """What the station is in the middle of (``drill``, ``group``), and the event that began it."""

    __tablename__ = "modes"
    __table_args__ = ({"sqlite_with_rowid": False},)

    name: Mapped[str] = mapped_column(primary_key=True)
    event_id: Mapped[str] = mapped_column(ForeignKey("ledger.id"))


class FaceRow(DeviceBase):
    """One touch by somebody who was served, at one of the sessions it is bound to."""

    __tablename__ = "faces"
    __table_args__ = ({"sqlite_with_rowid": False},)

    session: Mapped[str] = mapped_column(primary_key=True)
    event_id: Mapped[str] = mapped_column(ForeignKey("ledger.id"), primary_key=True)
    face: Mapped[str]
    burst: Mapped[bool]


class KitRow(DeviceBase):
    """Caps and armbands that a volunteer holds now."""

    __tablename__ = "kit"
    __table_args__ = ({"sqlite_with_rowid": False},)

    volunteer: Mapped[str] = mapped_column(primary_key=True)
    item: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]


class StarApplicationRow(DeviceBase):
    """The stars a volunteer applied for at this device, each once."""

    __tablename__ = "star_applications"
    __table_args__ = ({"sqlite_with_rowid": False},)

    volunteer: Mapped[str] = mapped_column(primary_key=True)
    level: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[str] = mapped_column(ForeignKey("ledger.id"))


class RosterAnswerRow(DeviceBase):
    """The answers to the roster that a volunteer gave at this device."""

    __tablename__ = "roster_answers"
    __table_args__ = ({"sqlite_with_rowid": False},)

    volunteer: Mapped[str] = mapped_column(primary_key=True)
    event_id: Mapped[str] = mapped_column(ForeignKey("ledger.id"), primary_key=True)


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
