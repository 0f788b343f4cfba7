"""What events say beside sessions.

Upstream: SQLAlchemy, ``row``.
Downstream: ``tables``.
"""

from __future__ import annotations

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from sync.platform.store.tables.row import Row


class FaceRow(Row):
    """One touch of the three faces, once for each duty that was on shift; ``burst`` marks one among many."""

    __tablename__ = "faces"
    event: Mapped[str] = mapped_column(ForeignKey("events.id"), primary_key=True)
    session: Mapped[str] = mapped_column(primary_key=True, index=True)
    service_point: Mapped[str] = mapped_column(index=True)
    face: Mapped[str]
    burst: Mapped[bool]
    drill: Mapped[bool]


class KitRow(Row):
    """Caps or armbands handed out (``count`` above 0) or brought back (below)."""

    __tablename__ = "kit"
    event: Mapped[str] = mapped_column(ForeignKey("events.id"), primary_key=True)
    volunteer: Mapped[str] = mapped_column(index=True)
    item: Mapped[str]
    count: Mapped[int]


class StarApplicationRow(Row):
    """A volunteer's application for a star, for the community to decide; the minutes are those the device knew."""

    __tablename__ = "star_applications"
    event: Mapped[str] = mapped_column(ForeignKey("events.id"), primary_key=True)
    volunteer: Mapped[str] = mapped_column(index=True)
    level: Mapped[int]
    confirmed_minutes: Mapped[int]
