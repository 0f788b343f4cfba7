"""Volunteers, what was decided of them, and who may do what where.

Upstream: SQLAlchemy, ``row``.
Downstream: ``tables``.
"""

from __future__ import annotations

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from sync.platform.store.tables.row import Row


class VolunteerRow(Row):
    """A registered volunteer: number, name, usual service kind; the other fields of REQ 2.3b come with registration."""

    __tablename__ = "volunteers"
    number: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    service: Mapped[str | None]
    registered_ms: Mapped[int]


class StandingRow(Row):
    """What the platform decided of a volunteer; a birth date (ISO 8601) never leaves it."""

    __tablename__ = "standings"
    volunteer: Mapped[str] = mapped_column(ForeignKey("volunteers.number"), primary_key=True)
    star: Mapped[int]
    suspended: Mapped[bool]
    born_on: Mapped[str | None]
    guardian_consent: Mapped[bool]
    paid: Mapped[bool]


class TrainingRow(Row):
    """A training that a volunteer holds, until it lapses or for good."""

    __tablename__ = "trainings"
    volunteer: Mapped[str] = mapped_column(ForeignKey("volunteers.number"), primary_key=True)
    training: Mapped[str] = mapped_column(primary_key=True)
    lapses_ms: Mapped[int | None]


class ServiceRuleRow(Row):
    """What holds of a service kind at a service point; ``tallies`` is JSON."""

    __tablename__ = "service_rules"
    service_point: Mapped[str] = mapped_column(ForeignKey("service_points.id"), primary_key=True)
    service: Mapped[str] = mapped_column(primary_key=True)
    training: Mapped[str | None]
    strict: Mapped[bool]
    tallies: Mapped[str]


class AppointmentRow(Row):
    """任命: a role at a service point and its term; ``until_ms`` is excluded."""

    __tablename__ = "appointments"
    id: Mapped[str] = mapped_column(primary_key=True)
    service_point: Mapped[str] = mapped_column(ForeignKey("service_points.id"), index=True)
    volunteer: Mapped[str] = mapped_column(ForeignKey("volunteers.number"))
    role: Mapped[str]
    team: Mapped[str | None]
    from_ms: Mapped[int]
    until_ms: Mapped[int]
