"""The mailbox's tables as typed declarative classes.

Upstream: SQLAlchemy.
Downstream: ``outbox``, ``link``, ``heads``, ``inbox``, ``kiosk.store.migrations`` (one history for the file).

States of an outbox row::

    pending ──claim──▶ leased ──receipt: accepted, duplicate──▶ acknowledged ──30 days──▶ (purged)
      ▲ ▲                │ ├────receipt: quarantined──────────▶ parked            │
      │ └──no receipt, lease over, receipt: retry──┘             │               │
      └──────────────────the platform says that it lacks it──────┴───────────────┘
"""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import BigInteger, Index, MetaData, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class OutboxState(StrEnum):
    """How far an event is on its way to the platform."""

    PENDING = "pending"
    LEASED = "leased"
    ACKNOWLEDGED = "acknowledged"
    PARKED = "parked"


class MailboxBase(DeclarativeBase):
    """The mailbox's own metadata; the device file's migrations join it with the kiosk's."""

    metadata = MetaData()


class OutboxRow(MailboxBase):
    """One envelope on its way. ``position`` is the order of appending; the envelope is its JSON as it travels.

    ``attempts`` counts the times it was sent, marked before; ``set_back`` the times it was sent and the platform wanted
    it again: those come after all others, so that none waits behind one that is never taken.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index("outbox_waiting", "set_back", "position", sqlite_where=text("state IN ('pending', 'leased')")),
        Index("outbox_parked", "position", sqlite_where=text("state = 'parked'")),
        Index("outbox_acknowledged", "acknowledged_ms", sqlite_where=text("state = 'acknowledged'")),
        Index("outbox_held", "position", sqlite_where=text("state IN ('acknowledged', 'parked')")),
        {"sqlite_autoincrement": True},
    )

    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    event_id: Mapped[str] = mapped_column(unique=True)
    envelope: Mapped[bytes]
    state: Mapped[str] = mapped_column(server_default=OutboxState.PENDING.value)
    attempts: Mapped[int] = mapped_column(server_default="0")
    lease: Mapped[str | None]
    reason: Mapped[str | None]
    acknowledged_ms: Mapped[int | None] = mapped_column(BigInteger)
    set_back: Mapped[int] = mapped_column(server_default="0")


class ExchangeRow(MailboxBase):
    """One answered exchange with the platform, for the clock: raw boot time and the platform's time."""

    __tablename__ = "exchanges"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    boot_id: Mapped[str]
    bt_recv_ns: Mapped[int] = mapped_column(BigInteger)
    server_ms: Mapped[int] = mapped_column(BigInteger)
    rtt_ns: Mapped[int] = mapped_column(BigInteger)


class LinkRow(MailboxBase):
    """One row: what the agent last knew of the way to the platform; times in UTC ms of the platform.

    ``alarms``: the platform's words for what a person must look at, apart by spaces.
    """

    __tablename__ = "link"

    id: Mapped[int] = mapped_column(primary_key=True)
    last_contact_ms: Mapped[int | None] = mapped_column(BigInteger)
    epoch: Mapped[str | None]
    attempts_since_contact: Mapped[int] = mapped_column(server_default="0")
    trouble: Mapped[str | None]
    alarms: Mapped[str | None]


class ReconcilingRow(MailboxBase):
    """One row: how far the platform was asked what it lacks; times in UTC ms of the platform.

    ``after``: the outbox's position up to which this round has asked, None between two rounds; ``until``: where it
    ends; ``epoch``: what the platform's was as it began; ``offered``: the kiosk had brought everything back by then;
    ``done_ms``, ``done_epoch``: of the last whole round.
    """

    __tablename__ = "reconciling"

    id: Mapped[int] = mapped_column(primary_key=True)
    after: Mapped[int | None] = mapped_column(BigInteger)
    until: Mapped[int | None] = mapped_column(BigInteger)
    epoch: Mapped[str | None]
    offered: Mapped[bool] = mapped_column(server_default="0")
    done_ms: Mapped[int | None] = mapped_column(BigInteger)
    done_epoch: Mapped[str | None]


class OfferingRow(MailboxBase):
    """One row, there from the moment in which all that the ledger holds is asked for, rows long purged too.

    ``asked_ms``: when that was, the platform's time, UTC ms; ``upto``: the ledger's position up to which the kiosk has
    brought its events back; ``whole``: it has brought them all.
    """

    __tablename__ = "offering"

    id: Mapped[int] = mapped_column(primary_key=True)
    asked_ms: Mapped[int] = mapped_column(BigInteger)
    upto: Mapped[int] = mapped_column(BigInteger, server_default="0")
    whole: Mapped[bool] = mapped_column(server_default="0")


class DeviceReportRow(MailboxBase):
    """One row, written by the kiosk: how the device is; no name, number or code of anybody."""

    __tablename__ = "device_report"

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[str]
    clock: Mapped[str]
    camera: Mapped[str]
    seen_ms: Mapped[int] = mapped_column(BigInteger)
    boots: Mapped[int]


class ReachedRow(MailboxBase):
    """One row, written by the kiosk with its report: how far its records reach (``sync.protocol.contact.Reached``)."""

    __tablename__ = "reached"

    id: Mapped[int] = mapped_column(primary_key=True)
    said: Mapped[bytes]


class CheckpointRow(MailboxBase):
    """A signed checkpoint of a stream's head (``sync.protocol.checkpoint``); immutable by trigger."""

    __tablename__ = "checkpoints"
    __table_args__ = ({"sqlite_autoincrement": True},)

    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    stream: Mapped[str]
    seq: Mapped[int] = mapped_column(BigInteger)
    h: Mapped[str]
    boot_id: Mapped[str]
    boot_n: Mapped[int]
    bt_us: Mapped[int] = mapped_column(BigInteger)
    wall_ms: Mapped[int] = mapped_column(BigInteger)
    clk: Mapped[str]
    signature: Mapped[str]


class AcknowledgedHeadRow(MailboxBase):
    """The last record of a stream that the platform says it holds; ``at_ms`` is the platform's time, UTC ms."""

    __tablename__ = "acknowledged_heads"
    __table_args__ = ({"sqlite_with_rowid": False},)

    stream: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger)
    h: Mapped[str]
    at_ms: Mapped[int] = mapped_column(BigInteger)


class StreamAlarmRow(MailboxBase):
    """What the platform raised about a stream of this device (``stream_forked`` …), once for each stream."""

    __tablename__ = "stream_alarms"
    __table_args__ = ({"sqlite_with_rowid": False},)

    stream: Mapped[str] = mapped_column(primary_key=True)
    word: Mapped[str] = mapped_column(primary_key=True)
    raised_ms: Mapped[int] = mapped_column(BigInteger)


class InboxRow(MailboxBase):
    """One entry of a whole set that the platform sealed; ``value`` is its JSON."""

    __tablename__ = "inbox"
    __table_args__ = ({"sqlite_with_rowid": False},)

    scope: Mapped[str] = mapped_column(primary_key=True)
    topic: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[bytes]


class StagedRow(MailboxBase):
    """One entry of pages whose last one has not come yet; ``gone`` marks one that is no more."""

    __tablename__ = "inbox_staged"
    __table_args__ = ({"sqlite_with_rowid": False},)

    scope: Mapped[str] = mapped_column(primary_key=True)
    topic: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[bytes]
    gone: Mapped[bool]


class InboxScopeRow(MailboxBase):
    """How far a scope has been read.

    ``cursor``, ``version`` and ``seal`` (a signed document as JSON) are of the whole set; ``staged_cursor`` is of pages
    whose last one has not come yet, ``staged_whole`` tells that they are a snapshot. None: begin without a cursor.
    """

    __tablename__ = "inbox_scopes"
    __table_args__ = ({"sqlite_with_rowid": False},)

    scope: Mapped[str] = mapped_column(primary_key=True)
    cursor: Mapped[str | None]
    staged_cursor: Mapped[str | None]
    staged_whole: Mapped[bool]
    version: Mapped[int] = mapped_column(BigInteger)
    seal: Mapped[bytes | None]
