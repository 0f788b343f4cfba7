"""The ledger 台账: sessions as they were last folded, and their totals.

Upstream: ``tables``, ``mapping``, ``tallying`` (told of every session that is written), ``summing``.
Downstream: ``taking`` (puts), ``telling``, ``console`` and the ``ledger`` command (read).

Every total counts the union of the intervals, and none reads the whole ledger.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from sqlalchemy import Select, or_, select, tuple_
from sqlalchemy.orm import Session

from sync.platform.ingest import Derived
from sync.platform.months import begin_ms, following
from sync.platform.records import Elsewhere, Entry, LedgerFilter, LedgerPage
from sync.platform.store import bulk, mapping, narrowing
from sync.platform.store.summing import monthly, summed
from sync.platform.store.tables import NameRow, ServicePointRow, SessionRow
from sync.platform.store.tallying import Tallies
from sync.protocol.totals import Line, totals_of
from sync.protocol.vocabulary import SessionState

NS_PER_SECOND = 1_000_000_000
FAR = 2_000  # lines that are simply passed over
_LATEST_FIRST = (SessionRow.started_est_ms.desc(), SessionRow.id.desc())  # an index read backwards


class Ledger:
    """The session rows of one transaction."""

    def __init__(self, session: Session, tallies: Tallies) -> None:
        self._session = session
        self._tallies = tallies

    def put(self, derived: Sequence[Derived]) -> None:
        """Write sessions as the latest fold gives them, over what stood there."""
        self._tallies.note(derived)
        rows = sorted(mapping.session_cells(one) for one in derived)
        bulk.put(self._session.connection(), SessionRow.__tablename__, mapping.SESSION_COLUMNS, rows)

    def page(self, wanted: LedgerFilter, offset: int, limit: int, far: int = FAR) -> LedgerPage:
        """Return some lines, latest start first, and the totals of all that the filter lets through.

        Args:
            wanted: which sessions.
            offset: how many lines to pass over; more than ``far`` are passed over by the month where that can be.
            limit: lines at most.
            far: see there.
        """
        entries = self._some(wanted, (offset, limit), far) if limit else ()
        totals, doubled = summed(self._session, wanted)
        overlapping = self._tallies.overlapping([entry.session.id for entry in entries])
        return LedgerPage(entries, totals, doubled, overlapping)

    def entries(self, wanted: LedgerFilter, before: tuple[int, str] | None, limit: int) -> tuple[Entry, ...]:
        """Return some lines, latest start first, that come after the line with this start (UTC ms) and id."""
        query = _entries().where(narrowing.condition(self._session, wanted))
        if before is not None:
            query = query.where(tuple_(SessionRow.started_est_ms, SessionRow.id) < tuple_(*before))
        return self._read(query.limit(limit))

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
        entries = self._read(_entries().where(SessionRow.volunteer == volunteer))
        return tuple(_line_of(entry) for entry in entries), entries

    def confirmed_minutes(self, volunteers: Iterable[str]) -> dict[str, int]:
        """Return what was confirmed of those of some volunteers of whom anything was, every minute once."""
        if self._tallies.is_settled:
            return self._tallies.confirmed(volunteers)
        return {number: minutes for number in volunteers if (minutes := self._confirmed_now(number))}

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

    def _confirmed_now(self, volunteer: str) -> int:
        """Of a volunteer of whom this transaction may have written more than the totals hold."""
        lines, _ = self.of_volunteer(volunteer)
        return totals_of(lines).confirmed.minutes

    def _some(self, wanted: LedgerFilter, window: tuple[int, int], far: int) -> tuple[Entry, ...]:
        """Some lines; of a selection that totals are kept of, far-off ones are sought by their month."""
        offset, limit = window
        if offset > far and narrowing.is_kept(wanted) and wanted.from_ms is None and wanted.until_ms is None:
            wanted, offset = self._sought(wanted, offset)
        chosen = narrowing.named(select(SessionRow.id).where(narrowing.condition(self._session, wanted)))
        found = chosen.order_by(*_LATEST_FIRST).offset(offset).limit(limit).subquery()
        return self._read(_entries().join(found, found.c.id == SessionRow.id))

    def _sought(self, wanted: LedgerFilter, offset: int) -> tuple[LedgerFilter, int]:
        """Return the selection without the months that lie wholly before a line, and how far the line is then."""
        left = offset
        for month, sessions in monthly(self._session, wanted):
            if left < sessions:
                return replace(wanted, until_ms=begin_ms(following(month))), left
            left -= sessions
        return wanted, offset

    def _read(self, query: Select[SessionRow, str | None, str | None]) -> tuple[Entry, ...]:
        rows = self._session.execute(query.order_by(*_LATEST_FIRST))
        return tuple(Entry(mapping.session_of(row), name, point) for row, name, point in rows)


def _line_of(entry: Entry) -> Line:
    """Return a session as totals ask for it."""
    one = entry.session
    kinds, seconds = (one.state, one.provenance), one.original_ns // NS_PER_SECOND
    apart = mapping.apart_of(one) is not None
    return Line(one.id, *kinds, one.counts_from_ms, one.credited_minutes, seconds, apart=apart)


def _entries() -> Select[SessionRow, str | None, str | None]:
    return narrowing.named(select(SessionRow, NameRow.name, ServicePointRow.name)).outerjoin(
        ServicePointRow, ServicePointRow.id == SessionRow.service_point
    )
