"""Where the order of arrival begins to count again after a restore.

Upstream: SQLAlchemy, ``row``.
Downstream: ``tables``.
"""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from sync.platform.store.tables.row import Row


class ArrivalBaseRow(Row):
    """The one row of what is added to a transaction's number, so that it is higher than all before (``arrivals``)."""

    __tablename__ = "arrival_base"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    base: Mapped[int]
