"""All totals counted anew from the sessions, while nobody else changes one.

Upstream: ``tables``, ``tallying``.
Downstream: ``totals`` (the command), the wiring of every command after a new version.

Writers of sessions wait for the end (a device is told to come again), so on a big ledger it is for the night; readers
see the old totals until the commit. What is added up is added up by the database.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    SQLColumnExpression,
    Text,
    case,
    cast,
    delete,
    func,
    insert,
    literal,
    select,
)
from sqlalchemy.orm import Session

from sync.platform.months import FIRST_MS, LAST_MS, OFFSET_MS
from sync.platform.store import bulk, dialect
from sync.platform.store.locks import Kind
from sync.platform.store.tables import MonthlyTotalRow, OverlapRow, SessionRow, TallyStateRow, VolunteerTotalRow
from sync.platform.store.tallying import (
    MONTH_FIGURES,
    MONTH_KEY,
    ONLY_ROW,
    VERSION,
    VOLUNTEER_FIGURES,
    WEIGHED,
    Weight,
    doubled_in,
    put_overlaps,
    weight_of_row,
)
from sync.protocol.sessions import COUNTING, DECIDED
from sync.protocol.totals import MS_PER_MINUTE

CHUNK = 500  # volunteers at two places whose sessions are in memory together
_DOUBLED = func.coalesce(OverlapRow.doubled_minutes, 0)
_COUNTS = (SessionRow.state.in_(sorted(state.value for state in COUNTING)), SessionRow.apart.is_(None))


def recount(session: Session) -> int:
    """Count everything anew; return of how many volunteers sessions overlap."""
    connection = session.connection()
    dialect.take_time(connection)
    dialect.hold_keys(connection, Kind.VOLUNTEER, [], alone=True)
    for table in (OverlapRow, MonthlyTotalRow, VolunteerTotalRow):
        session.execute(delete(table))
    found = 0
    for some in _chunks(_at_two_places(session)):
        found += len(some)
        query = select(*WEIGHED).where(bulk.among(SessionRow.volunteer, "volunteers"))
        weights = [weight_of_row(row) for row in connection.execute(query, {"volunteers": some})]
        _note_overlaps(session, weights)
    session.execute(insert(MonthlyTotalRow).from_select((*MONTH_KEY, *MONTH_FIGURES), _months(session)))
    session.execute(insert(VolunteerTotalRow).from_select(("volunteer", *VOLUNTEER_FIGURES), _volunteers()))
    session.merge(TallyStateRow(id=ONLY_ROW, version=VERSION))
    session.flush()
    return found


def _note_overlaps(session: Session, weights: list[Weight]) -> None:
    by_id = {weight.session: weight for weight in weights}
    put_overlaps(session, (), {id_: (by_id[id_], doubled) for id_, doubled in doubled_in(weights)})


def _at_two_places(session: Session) -> list[str]:
    """Volunteers of whom two counting sessions overlap: one begins before all earlier ones have ended."""
    order = (SessionRow.counts_from_ms, SessionRow.id)
    ends_ms = SessionRow.counts_from_ms + SessionRow.credited_minutes * MS_PER_MINUTE
    before = func.max(ends_ms).over(partition_by=SessionRow.volunteer, order_by=order, rows=(None, -1))
    each = select(SessionRow.volunteer, SessionRow.counts_from_ms, before.label("taken_to_ms"))
    marked = each.where(*_COUNTS, SessionRow.credited_minutes > 0).subquery()
    at_two = select(marked.c.volunteer).where(marked.c.taken_to_ms > marked.c.counts_from_ms).distinct()
    return sorted(session.scalars(at_two))


def _months(session: Session) -> Select[str, str, str, str, str, int, int, int]:
    is_sqlite = session.get_bind().dialect.name == dialect.SQLITE
    keys = (
        _month_of(SessionRow.started_est_ms, is_sqlite=is_sqlite),
        SessionRow.service_point,
        SessionRow.state,
        SessionRow.provenance,
        func.coalesce(SessionRow.apart, ""),
    )
    figures = (func.count(), _sum(SessionRow.credited_minutes), _sum(_DOUBLED))
    joined = select(*keys, *figures).select_from(SessionRow)
    return joined.outerjoin(OverlapRow, OverlapRow.session == SessionRow.id).group_by(*keys)


def _volunteers() -> Select[str, int, int, int]:
    minutes = SessionRow.credited_minutes - _DOUBLED
    confirmed = case((SessionRow.state.in_(sorted(state.value for state in DECIDED)), minutes), else_=0)
    figures = (func.count(), _sum(minutes), _sum(confirmed))
    joined = select(SessionRow.volunteer, *figures).select_from(SessionRow)
    counted = joined.outerjoin(OverlapRow, OverlapRow.session == SessionRow.id).where(*_COUNTS)
    return counted.group_by(SessionRow.volunteer)


def _month_of(started_ms: SQLColumnExpression[int], *, is_sqlite: bool) -> ColumnElement[str]:
    """Say ``months.month_of`` in SQL."""
    local_ms = started_ms + OFFSET_MS
    if is_sqlite:
        seconds = func.min(func.max(local_ms, FIRST_MS), LAST_MS) / literal(1000)
        return func.strftime("%Y-%m", cast(seconds, BigInteger), "unixepoch")
    seconds = func.least(func.greatest(local_ms, FIRST_MS), LAST_MS) / 1000.0
    return cast(func.to_char(func.timezone("UTC", func.to_timestamp(seconds)), "YYYY-MM"), Text)


def _sum(column: SQLColumnExpression[int]) -> ColumnElement[int]:
    return cast(func.sum(column), BigInteger)


def _chunks(names: list[str]) -> Iterator[tuple[str, ...]]:
    remaining = iter(names)
    while some := tuple(islice(remaining, CHUNK)):
        yield some
