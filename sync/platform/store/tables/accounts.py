"""Who may use the console, their sessions and tries, what they did, and what they decided.

Upstream: SQLAlchemy, ``row``.
Downstream: ``tables``.
"""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from sync.platform.store.dialect import SERIAL
from sync.platform.store.tables.row import Row


class AccountRow(Row):
    """Somebody who may sign in; rights come from a volunteer's appointments or from the row's own term."""

    __tablename__ = "accounts"
    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    password: Mapped[str]
    must_change: Mapped[bool]
    volunteer: Mapped[str | None] = mapped_column(ForeignKey("volunteers.number"))
    role: Mapped[str | None]
    service_point: Mapped[str | None] = mapped_column(ForeignKey("service_points.id"))
    team: Mapped[str | None]
    from_ms: Mapped[int | None]
    until_ms: Mapped[int | None]
    created_ms: Mapped[int]
    closed_ms: Mapped[int | None]


class ConsoleSessionRow(Row):
    """A signed-in browser by the SHA-256 of its secret."""

    __tablename__ = "console_sessions"
    digest: Mapped[str] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    begun_ms: Mapped[int]
    seen_ms: Mapped[int]
    proved_ms: Mapped[int]
    address: Mapped[str]


class SignInTryRow(Row):
    """Wrong passwords since the last right one, by the SHA-256 of a name or an address."""

    __tablename__ = "sign_in_tries"
    kind: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]
    last_ms: Mapped[int] = mapped_column(index=True)


class AuditRow(Row):
    """What somebody did; immutable. ``account`` is empty for the keeper at the command line."""

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_at", "at_ms"),)
    id: Mapped[int] = mapped_column(SERIAL, primary_key=True)
    at_ms: Mapped[int]
    account: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    deed: Mapped[str]
    subject: Mapped[str]
    detail: Mapped[str]
    service_point: Mapped[str | None]


class QuarantineDecisionRow(Row):
    """What somebody decided on a quarantined record; immutable, the latest holds."""

    __tablename__ = "quarantine_decisions"
    id: Mapped[int] = mapped_column(SERIAL, primary_key=True)
    quarantine: Mapped[int] = mapped_column(ForeignKey("quarantine.id"), index=True)
    at_ms: Mapped[int]
    account: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    verdict: Mapped[str]
    note: Mapped[str]
    session: Mapped[str | None]


class QuarantineStateRow(Row):
    """Where a quarantined record stands after the latest decision; none stands here before the first."""

    __tablename__ = "quarantine_states"
    quarantine: Mapped[int] = mapped_column(ForeignKey("quarantine.id"), primary_key=True, autoincrement=False)
    state: Mapped[str] = mapped_column(index=True)


class AlarmNoteRow(Row):
    """Somebody has seen an alarm of a device and says what was done; immutable. Later ones are shown again."""

    __tablename__ = "alarm_notes"
    id: Mapped[int] = mapped_column(SERIAL, primary_key=True)
    device: Mapped[str] = mapped_column(ForeignKey("devices.id"), index=True)
    word: Mapped[str]
    until_ms: Mapped[int]
    at_ms: Mapped[int]
    account: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    note: Mapped[str]


class HandStreamRow(Row):
    """The stream in which the console writes down hours for a service point, as if it were a device there."""

    __tablename__ = "hand_streams"
    service_point: Mapped[str] = mapped_column(ForeignKey("service_points.id"), primary_key=True)
    device: Mapped[str] = mapped_column(ForeignKey("devices.id"), unique=True)
    stream: Mapped[str]
    boot_id: Mapped[str]
    begun_ms: Mapped[int]
