"""The ledger 台账: sessions as they were last folded, and their totals.

Upstream: ``tables``, ``mapping``, ``sync.protocol.totals``.
Downstream: ``receiving`` (puts), ``publishing``, ``console`` and the ``ledger`` command (read).

Sums are the database's, and of the few volunteers who were recorded at two places at once ``totals_of`` corrects them,
so that every total counts the union of the intervals and none reads the whole ledger.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVarTuple

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from sync.platform.ingest import Derived
from sync.platform.records import Elsewhere, Entry, LedgerFilter, LedgerPage, Total
from sync.platform.store import bulk, mapping
from sync.platform.store.tables import NameRow, ServicePointRow, SessionRow
from sync.protocol.sessions import COUNTING, DECIDED
from sync.protocol.totals import MS_PER_MINUTE, Line, totals_of
from sync.protocol.vocabulary import Provenance, SessionState

NS_PER_SECOND = 1_000_000_000
_LINE = (
    SessionRow.id,
    SessionRow.volunteer,
    SessionRow.state,
    SessionRow.provenance,
    SessionRow.counts_from_ms,
    SessionRow.credited_minutes,
    SessionRow.original_ns,
    SessionRow.apart,
)
_COUNTS = and_(
    SessionRow.state.in_([state.value for state in COUNTING]),
    SessionRow.apart.is_(None),
    SessionRow.credited_minutes > 0,
)
T = TypeVarTuple("T")
LinesOf = dict[str, list[Line]]


class Ledger:
    """The session rows of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def put(self, derived: Iterable[Derived]) -> None:
        """Write sessions as the latest fold gives them, over what stood there."""
        rows = sorted(mapping.session_cells(one) for one in derived)
        bulk.put(self._session.connection(), SessionRow.__tablename__, mapping.SESSION_COLUMNS, rows)

    def page(self, wanted: LedgerFilter, offset: int, limit: int) -> LedgerPage:
        """Return some lines, latest start first, and the totals of all that the filter lets through."""
        query = _entries().where(_condition(wanted))
        ordered = query.order_by(SessionRow.started_est_ms.desc(), SessionRow.id)
        rows = self._session.execute(ordered.offset(offset).limit(limit))
        entries = tuple(Entry(mapping.session_of(row), name, point) for row, name, point in rows)
        doubled, overlapping = self._doubled(_condition(wanted))
        totals = tuple(
            replace(total, credited_minutes=total.credited_minutes - doubled.get((total.state, total.provenance), 0))
            if total.apart is None
            else total
            for total in self._totals(wanted)
        )
        return LedgerPage(entries, totals, sum(doubled.values()), overlapping)

    def entries(self, wanted: LedgerFilter, before: tuple[int, str] | None, limit: int) -> tuple[Entry, ...]:
        """Return some lines, latest start first, that come after the line with this start (UTC ms) and id."""
        query = _entries().where(_condition(wanted))
        if before is not None:
            start_ms, id_ = before
            later = and_(SessionRow.started_est_ms == start_ms, SessionRow.id > id_)
            query = query.where(or_(SessionRow.started_est_ms < start_ms, later))
        rows = self._session.execute(query.order_by(SessionRow.started_est_ms.desc(), SessionRow.id).limit(limit))
        return tuple(Entry(mapping.session_of(row), name, point) for row, name, point in rows)

    def all(self) -> tuple[Entry, ...]:
        """Return every line, first start first."""
        rows = self._session.execute(_entries().order_by(SessionRow.started_est_ms, SessionRow.id))
        return tuple(Entry(mapping.session_of(row), name, point) for row, name, point in rows)

    def find(self, session: str) -> Entry | None:
        """Return one line, or None."""
        found = self._session.execute(_entries().where(SessionRow.id == session)).first()
        return None if found is None else Entry(mapping.session_of(found[0]), found[1], found[2])

    def of_volunteer(self, volunteer: str) -> tuple[tuple[Line, ...], tuple[Entry, ...]]:
        """Return a volunteer's sessions, as totals ask for them and as lines of the ledger, latest start first."""
        query = _entries().where(SessionRow.volunteer == volunteer)
        rows = list(self._session.execute(query.order_by(SessionRow.started_est_ms.desc(), SessionRow.id)))
        lines = self._lines(SessionRow.volunteer == volunteer).get(volunteer, [])
        return tuple(lines), tuple(Entry(mapping.session_of(row), name, point) for row, name, point in rows)

    def confirmed_minutes(self, volunteers: Iterable[str]) -> dict[str, int]:
        """Return what was confirmed of some volunteers at every service point, every minute once."""
        among = SessionRow.volunteer.in_(tuple(volunteers))
        decided = SessionRow.state.in_([state.value for state in DECIDED])
        query = select(SessionRow.volunteer, func.sum(SessionRow.credited_minutes)).where(among, _COUNTS, decided)
        found = {
            volunteer: int(sum_) for volunteer, sum_ in self._session.execute(query.group_by(SessionRow.volunteer))
        }
        for volunteer, lines in self._at_two_places(among).items():
            found[volunteer] = totals_of(lines).confirmed.minutes
        return found

    def open_elsewhere(self, volunteers: Iterable[str], service_point: str, since_ms: int) -> tuple[Elsewhere, ...]:
        """Return the duties of some volunteers that are open at other points and began after an instant (UTC ms)."""
        query = (
            select(SessionRow.id, SessionRow.volunteer, SessionRow.service_point, ServicePointRow.name)
            .add_columns(SessionRow.started_est_ms)
            .outerjoin(ServicePointRow, ServicePointRow.id == SessionRow.service_point)
            .where(
                SessionRow.volunteer.in_(tuple(volunteers)),
                SessionRow.service_point != service_point,
                SessionRow.state == SessionState.OPEN.value,
                or_(SessionRow.apart.is_(None), SessionRow.apart != "drill"),
                SessionRow.started_est_ms > since_ms,
            )
        )
        rows = self._session.execute(query.order_by(SessionRow.started_est_ms, SessionRow.id))
        return tuple(Elsewhere(*row) for row in rows)

    def _totals(self, wanted: LedgerFilter) -> tuple[Total, ...]:
        groups = (SessionRow.state, SessionRow.provenance, SessionRow.apart)
        figures = (func.count(), func.coalesce(func.sum(SessionRow.credited_minutes), 0))
        query = _named(select(*groups, *figures)).where(_condition(wanted))
        rows = self._session.execute(query.group_by(*groups).order_by(*groups))
        return tuple(
            Total(state, provenance, count, int(minutes), apart) for state, provenance, apart, count, minutes in rows
        )

    def _doubled(self, condition: ColumnElement[bool]) -> tuple[dict[tuple[str, str], int], frozenset[str]]:
        """Return the minutes that sums hold twice by state and provenance, and the sessions of which that is so."""
        doubled: dict[tuple[str, str], int] = defaultdict(int)
        overlapping: set[str] = set()
        for lines in self._at_two_places(condition).values():
            totals = totals_of(lines)
            overlapping.update(totals.overlapping)
            for line in lines:
                doubled[line.state, line.provenance] += line.credited_minutes - totals.counted.get(line.session, 0)
        return dict(doubled), frozenset(overlapping)

    def _at_two_places(self, condition: ColumnElement[bool]) -> LinesOf:
        """Return the counting sessions of those volunteers of whom two overlap, by volunteer."""
        order = (SessionRow.counts_from_ms, SessionRow.id)
        ends_ms = SessionRow.counts_from_ms + SessionRow.credited_minutes * MS_PER_MINUTE
        before = func.max(ends_ms).over(partition_by=SessionRow.volunteer, order_by=order, rows=(None, -1))
        each = _named(select(SessionRow.volunteer, SessionRow.counts_from_ms, before.label("taken_to_ms")))
        marked = each.where(condition, _COUNTS).subquery()
        at_two = select(marked.c.volunteer).where(marked.c.taken_to_ms > marked.c.counts_from_ms).distinct()
        volunteers = tuple(self._session.scalars(at_two))
        return self._lines(and_(condition, _COUNTS, SessionRow.volunteer.in_(volunteers))) if volunteers else {}

    def _lines(self, condition: ColumnElement[bool]) -> LinesOf:
        found: LinesOf = defaultdict(list)
        for row in self._session.execute(_named(select(*_LINE)).where(condition)):
            found[row.volunteer].append(_line_of(row))
        return dict(found)


def _line_of(row: Row[str, str, str, str, int, int, int, str | None]) -> Line:
    return Line(
        row.id,
        SessionState(row.state),
        Provenance(row.provenance),
        row.counts_from_ms,
        row.credited_minutes,
        row.original_ns // NS_PER_SECOND,
        row.apart is not None,
    )


def _entries() -> Select[SessionRow, str | None, str | None]:
    return _named(select(SessionRow, NameRow.name, ServicePointRow.name)).outerjoin(
        ServicePointRow, ServicePointRow.id == SessionRow.service_point
    )


def _named(query: Select[*T]) -> Select[*T]:
    return query.select_from(SessionRow).outerjoin(NameRow, NameRow.event == SessionRow.opening)


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
    return and_(True, *conditions, *_named_kinds(wanted), *_within(wanted))


def _named_kinds(wanted: LedgerFilter) -> Iterable[ColumnElement[bool]]:
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
