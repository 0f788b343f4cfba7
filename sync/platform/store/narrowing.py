"""A filter of the ledger as conditions of a query, and which of it the kept totals can answer.

Upstream: ``tables``, ``records``.
Downstream: ``ledger``, ``summing``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVarTuple

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import Session

from sync.platform.records import LedgerFilter
from sync.platform.store.tables import MonthlyTotalRow, NameRow, SessionRow

T = TypeVarTuple("T")


def named(query: Select[*T]) -> Select[*T]:
    """Return a query of sessions with the name at the time beside each."""
    return query.select_from(SessionRow).outerjoin(NameRow, NameRow.event == SessionRow.opening)


def condition(session: Session, wanted: LedgerFilter) -> ColumnElement[bool]:
    """Return the condition of a filter, for a query of :func:`named`."""
    conditions: list[ColumnElement[bool]] = []
    if wanted.from_ms is not None:
        conditions.append(SessionRow.started_est_ms >= wanted.from_ms)
    if wanted.until_ms is not None:
        conditions.append(SessionRow.started_est_ms < wanted.until_ms)
    if wanted.volunteer is not None:
        conditions.append(_of_volunteer(session, wanted.volunteer))
    return and_(True, *conditions, *_kinds(wanted), *_within(wanted))


def is_kept(wanted: LedgerFilter) -> bool:
    """Tell whether totals are kept by all that a filter narrows but the time."""
    finer = (wanted.volunteer, wanted.service, wanted.team, wanted.flag)
    return not any(finer) and all(team is None for _, team in wanted.within or ())


def kept_condition(wanted: LedgerFilter) -> ColumnElement[bool]:
    """Return the condition of such a filter for the monthly totals, without the time."""
    equal = (
        (MonthlyTotalRow.state, wanted.state),
        (MonthlyTotalRow.provenance, wanted.provenance),
        (MonthlyTotalRow.service_point, wanted.service_point),
    )
    conditions = [column == value for column, value in equal if value is not None]
    if wanted.within is not None:
        conditions.append(MonthlyTotalRow.service_point.in_(sorted({point for point, _ in wanted.within})))
    return and_(True, *conditions)


def _of_volunteer(session: Session, text: str) -> ColumnElement[bool]:
    """Of a number that somebody has it is that number's sessions alone, which an index finds; else a part of a name."""
    is_number = session.scalar(select(exists().where(SessionRow.volunteer == text)))
    if is_number:
        return SessionRow.volunteer == text
    return NameRow.name.contains(text, autoescape=True)


def _kinds(wanted: LedgerFilter) -> Iterable[ColumnElement[bool]]:
    if wanted.state is not None:
        yield SessionRow.state == wanted.state.value
    if wanted.provenance is not None:
        yield SessionRow.provenance == wanted.provenance.value
    if wanted.service_point is not None:
        yield SessionRow.service_point == wanted.service_point
    if wanted.service is not None:
        yield SessionRow.service == wanted.service
    if wanted.team is not None:
        yield SessionRow.team == wanted.team
    if wanted.flag is not None:
        yield SessionRow.flags.contains(f'"{wanted.flag}"', autoescape=True)


def _within(wanted: LedgerFilter) -> Iterable[ColumnElement[bool]]:
    """Return that a session is of one of the places of a filter, where it has any."""
    if wanted.within is None:
        return
    yield or_(
        False,
        *(
            SessionRow.service_point == point
            if team is None
            else and_(SessionRow.service_point == point, SessionRow.team == team)
            for point, team in wanted.within
        ),
    )
