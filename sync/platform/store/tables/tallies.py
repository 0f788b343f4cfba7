"""Totals that are kept with the sessions, so that nobody has to read the whole ledger for them.

Upstream: SQLAlchemy, ``row``.
Downstream: ``tables``.
"""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from sync.platform.store.tables.row import Row


class MonthlyTotalRow(Row):
    """What the sessions that began in one month, at one place, in one way, add up to.

    ``month`` is local, ``2026-07``; ``apart`` is ``drill`` or ``paid``, else empty. Of the credited minutes those that
    are counted for another session too stand in ``doubled_minutes``.
    """

    __tablename__ = "monthly_totals"
    month: Mapped[str] = mapped_column(primary_key=True)
    service_point: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(primary_key=True)
    provenance: Mapped[str] = mapped_column(primary_key=True)
    apart: Mapped[str] = mapped_column(primary_key=True)
    sessions: Mapped[int]
    credited_minutes: Mapped[int]
    doubled_minutes: Mapped[int]


class VolunteerTotalRow(Row):
    """What one volunteer's sessions add up to, every minute once; ``sessions`` are those that count."""

    __tablename__ = "volunteer_totals"
    volunteer: Mapped[str] = mapped_column(primary_key=True)
    sessions: Mapped[int]
    minutes: Mapped[int]
    confirmed_minutes: Mapped[int]


class OverlapRow(Row):
    """A session whose credited time another of its volunteer claims too, and how many of its minutes count there."""

    __tablename__ = "overlapping_sessions"  # OVERLAPS is a word of SQL
    session: Mapped[str] = mapped_column(primary_key=True)
    volunteer: Mapped[str] = mapped_column(index=True)
    doubled_minutes: Mapped[int]


class TallyStateRow(Row):
    """The one row that tells which version of this program counted all totals."""

    __tablename__ = "tally_state"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int]
