"""What a selection of the ledger adds up to: from the kept totals where they answer, else from its sessions.

Upstream: ``tables``, ``narrowing``, ``months``.
Downstream: ``ledger``.

Whole months come from the kept totals; only what is left of a selection at either end, and whatever they are not kept
by (a name, a team …), is added up from sessions, which an index finds by their start. Minutes count as in the whole
ledger: one that two sessions claim counts for one of them (``tallying``), so that the parts of any division add up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TypeAlias

from sqlalchemy import BigInteger, ColumnElement, SQLColumnExpression, cast, func, select
from sqlalchemy.orm import Session

from sync.platform.months import begin_ms, following, month_of
from sync.platform.records import LedgerFilter, Total
from sync.platform.store import narrowing
from sync.platform.store.tables import MonthlyTotalRow, OverlapRow, SessionRow

Group: TypeAlias = tuple[str, str, str]
Figures: TypeAlias = tuple[Group, int, int, int]


def summed(session: Session, wanted: LedgerFilter) -> tuple[tuple[Total, ...], int]:
    """Return the totals of a selection by state, provenance and what stands apart, and the minutes left out of them."""
    found: dict[Group, list[int]] = defaultdict(lambda: [0, 0, 0])
    for group, *figures in _parts(session, wanted):
        for place, figure in enumerate(figures):
            found[group][place] += figure
    totals = tuple(
        Total(state, provenance, sessions, credited - doubled, apart or None)
        for (state, provenance, apart), (sessions, credited, doubled) in sorted(found.items())
        if sessions
    )
    return totals, sum(doubled for _, _, doubled in found.values())


def monthly(session: Session, wanted: LedgerFilter) -> Iterator[tuple[str, int]]:
    """Yield months, the latest first, with how many sessions of a selection began in each; of kept selections only."""
    query = select(MonthlyTotalRow.month, _sum(MonthlyTotalRow.sessions)).where(narrowing.kept_condition(wanted))
    grouped = query.group_by(MonthlyTotalRow.month).order_by(MonthlyTotalRow.month.desc())
    for row in session.execute(grouped):
        yield row[0], row[1]


def whole_months(wanted: LedgerFilter) -> tuple[str | None, str | None] | None:
    """Return the first whole month of a selection and the one after its last; None where it has no whole month.

    A side that is open is None.
    """
    first = None if wanted.from_ms is None else month_of(wanted.from_ms)
    if first is not None and wanted.from_ms != begin_ms(first):
        first = following(first)
    end = None if wanted.until_ms is None else month_of(wanted.until_ms)
    return None if first is not None and end is not None and first >= end else (first, end)


def _parts(session: Session, wanted: LedgerFilter) -> Iterable[Figures]:
    months = whole_months(wanted) if narrowing.is_kept(wanted) else None
    if months is None:
        yield from _of_sessions(session, wanted)
        return
    first, end = months
    if first is not None and wanted.from_ms != begin_ms(first):
        yield from _of_sessions(session, replace(wanted, until_ms=begin_ms(first)))
    yield from _of_months(session, wanted, months)
    if end is not None and wanted.until_ms != begin_ms(end):
        yield from _of_sessions(session, replace(wanted, from_ms=begin_ms(end)))


def _of_months(session: Session, wanted: LedgerFilter, months: tuple[str | None, str | None]) -> Iterator[Figures]:
    row = MonthlyTotalRow
    figures = _sum(row.sessions), _sum(row.credited_minutes), _sum(row.doubled_minutes)
    query = select(row.state, row.provenance, row.apart, *figures).where(narrowing.kept_condition(wanted))
    first, end = months
    if first is not None:
        query = query.where(row.month >= first)
    if end is not None:
        query = query.where(row.month < end)
    for found in session.execute(query.group_by(row.state, row.provenance, row.apart)):
        yield (found[0], found[1], found[2]), found[3], found[4], found[5]


def _of_sessions(session: Session, wanted: LedgerFilter) -> Iterator[Figures]:
    groups = SessionRow.state, SessionRow.provenance, func.coalesce(SessionRow.apart, "")
    doubled = _sum(func.coalesce(OverlapRow.doubled_minutes, 0))
    query = narrowing.named(select(*groups, func.count(), _sum(SessionRow.credited_minutes), doubled))
    joined = query.outerjoin(OverlapRow, OverlapRow.session == SessionRow.id)
    for found in session.execute(joined.where(narrowing.condition(session, wanted)).group_by(*groups)):
        yield (found[0], found[1], found[2]), found[3], found[4], found[5]


def _sum(column: SQLColumnExpression[int]) -> ColumnElement[int]:
    return cast(func.sum(column), BigInteger)
