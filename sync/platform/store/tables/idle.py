"""What devices show while nobody is there: the roster and notices.

Upstream: SQLAlchemy, ``row``.
Downstream: ``tables``.
"""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from sync.platform.store.tables.row import Row


class ShiftRow(Row):
    """A rostered shift as devices are told of it."""

    __tablename__ = "shifts"
    __table_args__ = (Index("ix_shifts_place", "service_point", "ends_ms"),)
    id: Mapped[str] = mapped_column(primary_key=True)
    service_point: Mapped[str] = mapped_column(ForeignKey("service_points.id"))
    volunteer: Mapped[str] = mapped_column(ForeignKey("volunteers.number"))
    service: Mapped[str]
    team: Mapped[str | None]
    starts_ms: Mapped[int]
    ends_ms: Mapped[int]


class NoticeRow(Row):
    """A short line for the idle screens of a service point, in the order of ``place``."""

    __tablename__ = "notices"
    service_point: Mapped[str] = mapped_column(ForeignKey("service_points.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[str]
