"""Events as they were sealed, the names beside them, and the sessions derived from them.

Upstream: SQLAlchemy, ``row``.
Downstream: ``tables``.
"""

from __future__ import annotations

from sqlalchemy import FetchedValue, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from sync.platform.store.tables.row import Row


class EventRow(Row):
    """An accepted event as it was sealed; ``body`` is its canonical JSON.

    The database itself writes ``arrived_in`` and ``position``, the order of arrival (``arrivals``); SQLite leaves 0.
    """

    __tablename__ = "events"
    __table_args__ = (
        Index("ix_events_place", "stream", "seq"),
        Index("ix_events_session", "session"),
        Index("ix_events_stream_place", "stream", "boot_n", "bt_ns"),
        Index("ix_events_device_kind", "device", "kind"),
        Index("ix_events_device_stream", "device", "stream", "seq"),
        Index("ix_events_kind", "kind", "id"),
        Index("ix_events_arrival", "arrived_in", "position"),
    )
    __mapper_args__ = {"eager_defaults": False}  # noqa: RUF012 - SQLAlchemy's own declaration
    id: Mapped[str] = mapped_column(primary_key=True)
    device: Mapped[str] = mapped_column(ForeignKey("devices.id"))
    stream: Mapped[str]
    seq: Mapped[int]
    kind: Mapped[str]
    session: Mapped[str | None]
    body: Mapped[str]
    boot_id: Mapped[str]
    boot_n: Mapped[int]
    bt_ns: Mapped[int]
    wall_ms: Mapped[int]
    clk: Mapped[str]
    prev: Mapped[str]
    h: Mapped[str]
    received_ms: Mapped[int]
    arrived_in: Mapped[int] = mapped_column(server_default=FetchedValue(), deferred=True)
    position: Mapped[int] = mapped_column(server_default=FetchedValue(), deferred=True)


class TimeMarkRow(Row):
    """What an anchor states of its device's time, or a heartbeat: that has no ``server_ms`` and no ``rtt_ns``."""

    __tablename__ = "time_marks"
    __table_args__ = (Index("ix_time_marks_place", "stream", "boot_n", "bt_ns"),)
    event: Mapped[str] = mapped_column(ForeignKey("events.id"), primary_key=True)
    stream: Mapped[str]
    boot_n: Mapped[int]
    bt_ns: Mapped[int]
    boot_id: Mapped[str]
    server_ms: Mapped[int | None]
    rtt_ns: Mapped[int | None]


class NameRow(Row):
    """The name at the time of a check-in (令67), erasable."""

    __tablename__ = "names"
    event: Mapped[str] = mapped_column(ForeignKey("events.id"), primary_key=True)
    name: Mapped[str]
    salt: Mapped[str]


class SessionRow(Row):
    """服务记录, derived from events and written anew by every fold.

    ``shift``, ``tallies``, ``flags``, ``matters`` and ``rating`` are JSON. ``apart`` is ``drill`` or ``paid`` for what
    never enters a total; ``counts_from_ms`` is where the credited minutes begin.
    """

    __tablename__ = "sessions"
    __table_args__ = (
        Index("ix_sessions_started", "started_est_ms", "id"),
        Index("ix_sessions_volunteer", "volunteer", "counts_from_ms"),
        Index("ix_sessions_state", "state", "started_est_ms", "id"),
        Index("ix_sessions_place", "service_point", "started_est_ms", "id"),
    )
    id: Mapped[str] = mapped_column(primary_key=True)
    device: Mapped[str] = mapped_column(ForeignKey("devices.id"))
    opening: Mapped[str] = mapped_column(ForeignKey("events.id"))
    volunteer: Mapped[str]
    certificate_issuer: Mapped[str]
    certificate_kid: Mapped[str]
    certificate_serial: Mapped[str]
    certificate_format: Mapped[str]
    certificate_trust: Mapped[str]
    certificate_unchecked: Mapped[bool]
    service_point: Mapped[str]
    service: Mapped[str]
    team: Mapped[str | None]
    shift: Mapped[str | None]
    state: Mapped[str]
    provenance: Mapped[str]
    started_lo_ms: Mapped[int]
    started_est_ms: Mapped[int]
    started_hi_ms: Mapped[int]
    started_quality: Mapped[str]
    ended_lo_ms: Mapped[int | None]
    ended_est_ms: Mapped[int | None]
    ended_hi_ms: Mapped[int | None]
    ended_quality: Mapped[str | None]
    original_ns: Mapped[int]
    credited_minutes: Mapped[int]
    rule: Mapped[str]
    tallies: Mapped[str]
    flags: Mapped[str]
    ended_by: Mapped[str | None]
    matters: Mapped[str]
    stated_end_ms: Mapped[int | None]
    rating: Mapped[str | None]
    apart: Mapped[str | None]
    counts_from_ms: Mapped[int]
