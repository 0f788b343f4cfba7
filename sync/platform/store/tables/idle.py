"""What devices show while nobody is there: notices.

Upstream: SQLAlchemy, ``row``.
Downstream: ``tables``.
"""

from __future__ import annotations

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from sync.platform.store.tables.row import Row


class NoticeRow(Row):
    """A short line for the idle screens of a service point, in the order of ``place``."""

    __tablename__ = "notices"
    service_point: Mapped[str] = mapped_column(ForeignKey("service_points.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[str]
