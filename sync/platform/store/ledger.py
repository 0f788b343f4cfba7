"""The ledger 台账: sessions as they were last folded, and their totals.

Upstream: ``tables``, ``mapping``.
Downstream: ``receiving`` (puts), ``console`` and the ``ledger`` command (read).
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from sync.platform.ingest import Derived
from sync.platform.records import Entry, LedgerFilter, LedgerPage, Total
from sync.platform.store import mapping
from sync.platform.store.tables import NameRow, ServicePointRow, SessionRow


class Ledger:
    """The session rows of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def put(self, derived: Iterable[Derived]) -> None:
        """Write sessions as the latest fold gives them, over what stood there."""
        for one in derived:
            self._session.merge(mapping.session_row(one))
        self._session.flush()

    def page(self, wanted: LedgerFilter, offset: int, limit: int) -> LedgerPage:
        """Return some lines, latest start first, and the totals of all that the filter lets through."""
        query = _lines().where(_condition(wanted))
        ordered = query.order_by(SessionRow.started_est_ms.desc(), SessionRow.id)
        rows = self._session.execute(ordered.offset(offset).limit(limit))
        entries = tuple(Entry(mapping.session_of(row), name, point) for row, name, point in rows)
        return LedgerPage(entries, self._totals(wanted))

    def all(self) -> tuple[Entry, ...]:
        """Return every line, first start first."""
        rows = self._session.execute(_lines().order_by(SessionRow.started_est_ms, SessionRow.id))
        return tuple(Entry(mapping.session_of(row), name, point) for row, name, point in rows)

    def _totals(self, wanted: LedgerFilter) -> tuple[Total, ...]:
        groups = (SessionRow.state, SessionRow.provenance)
        figures = (func.count(), func.coalesce(func.sum(SessionRow.credited_minutes), 0))
        query = select(*groups, *figures).select_from(SessionRow)
        query = query.outerjoin(NameRow, NameRow.event == SessionRow.opening)
        rows = self._session.execute(query.where(_condition(wanted)).group_by(*groups).order_by(*groups))
        return tuple(Total(state, provenance, count, int(minutes)) for state, provenance, count, minutes in rows)


def _lines() -> Select[SessionRow, str | None, str | None]:
    return (
        select(SessionRow, NameRow.name, ServicePointRow.name)
        .select_from(SessionRow)
        .outerjoin(NameRow, NameRow.event == SessionRow.opening)
        .outerjoin(ServicePointRow, ServicePointRow.id == SessionRow.service_point)
    )


def _condition(wanted: LedgerFilter) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.from_ms is not None:
        conditions.append(SessionRow.started_est_ms >= wanted.from_ms)
    if wanted.until_ms is not None:
        conditions.append(SessionRow.started_est_ms < wanted.until_ms)
    if wanted.state is not None:
        conditions.append(SessionRow.state == wanted.state.value)
    if wanted.volunteer is not None:
        by_name = NameRow.name.contains(wanted.volunteer, autoescape=True)
        conditions.append(or_(SessionRow.volunteer == wanted.volunteer, by_name))
    return and_(True, *conditions)
