"""Totals kept in the transaction of the sessions they are of: by month and place, and by volunteer.

Upstream: ``tables``, ``locks``, ``sync.protocol.totals``.
Downstream: ``ledger`` (notes what it writes, reads), ``engine`` (settles before a commit), ``recounting``.

A transaction notes each session as it was and as it becomes; just before its commit the differences are added to the
totals, in one go. Nearly every volunteer is at one place at a time, and then a session's difference is all there is.
Where credited times of one volunteer overlap, ``totals_of`` shares the union out over all of that volunteer's sessions;
what a session loses by it stands in ``overlaps``, so that any sum of sessions can be put right.

Two devices may bring sessions of one volunteer at once, and neither transaction sees the other's: so a volunteer is
locked, as the last kind of name that is, and nobody asks for anything after it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from sqlalchemy import BigInteger, and_, cast, delete, func, literal, select, union
from sqlalchemy.orm import Session, aliased

from sync.platform.ingest import Derived
from sync.platform.months import month_of
from sync.platform.records import MonthTotal
from sync.platform.store import bulk, mapping
from sync.platform.store.locks import Kind, Locks
from sync.platform.store.tables import MonthlyTotalRow, OverlapRow, SessionRow, TallyStateRow, VolunteerTotalRow
from sync.protocol.crediting import RULES
from sync.protocol.sessions import COUNTING, DECIDED
from sync.protocol.totals import MS_PER_MINUTE, Line, Totals, totals_of
from sync.protocol.vocabulary import Provenance, SessionState

VERSION = 1  # raise it when the same sessions give other totals
ONLY_ROW = 1
NS_PER_SECOND = 1_000_000_000
LONGEST_MS = max(rule.cap for rule in RULES.values()) * MS_PER_MINUTE  # no session is credited more
_COUNTING = frozenset(state.value for state in COUNTING)
_DECIDED = frozenset(state.value for state in DECIDED)
MONTH_KEY = ("month", "service_point", "state", "provenance", "apart")
MONTH_FIGURES = ("sessions", "credited_minutes", "doubled_minutes")
VOLUNTEER_FIGURES = ("sessions", "minutes", "confirmed_minutes")
_OVERLAP = ("session", "volunteer", "doubled_minutes")
MonthKey: TypeAlias = tuple[str, str, str, str, str]


@dataclass(frozen=True, slots=True)
class Weight:
    """A session as far as totals ask."""

    session: str
    volunteer: str
    service_point: str
    state: str
    provenance: str
    apart: str | None
    started_ms: int
    counts_from_ms: int
    credited_minutes: int
    original_ns: int

    @property
    def key(self) -> MonthKey:
        """The monthly total it belongs to."""
        return month_of(self.started_ms), self.service_point, self.state, self.provenance, self.apart or ""

    @property
    def counts(self) -> bool:
        """Whether it is one of those that a volunteer's total is made of."""
        return self.state in _COUNTING and self.apart is None

    @property
    def line(self) -> Line:
        """The session as :func:`totals_of` asks for it."""
        kinds = SessionState(self.state), Provenance(self.provenance)
        seconds = self.original_ns // NS_PER_SECOND
        return Line(
            self.session, *kinds, self.counts_from_ms, self.credited_minutes, seconds, apart=self.apart is not None
        )


WEIGHED = (
    *(SessionRow.id, SessionRow.volunteer, SessionRow.service_point, SessionRow.state, SessionRow.provenance),
    *(SessionRow.apart, SessionRow.started_est_ms, SessionRow.counts_from_ms, SessionRow.credited_minutes),
    SessionRow.original_ns,
)
_BY_ID = select(*WEIGHED).where(bulk.among(SessionRow.id, "ids"))
_BY_VOLUNTEER = select(*WEIGHED).where(bulk.among(SessionRow.volunteer, "volunteers"))
_HELD_OVERLAPS = select(OverlapRow.session, OverlapRow.doubled_minutes).where(
    bulk.among(OverlapRow.volunteer, "volunteers")
)
_OTHER = aliased(SessionRow)
_AT_TWO_PLACES = union(
    select(OverlapRow.volunteer).where(bulk.among(OverlapRow.volunteer, "volunteers")),
    select(SessionRow.volunteer)
    .join(
        _OTHER,
        and_(
            _OTHER.volunteer == SessionRow.volunteer,
            _OTHER.id != SessionRow.id,
            _OTHER.counts_from_ms > SessionRow.counts_from_ms - literal(LONGEST_MS),
            _OTHER.counts_from_ms < SessionRow.counts_from_ms + SessionRow.credited_minutes * MS_PER_MINUTE,
            _OTHER.counts_from_ms + _OTHER.credited_minutes * MS_PER_MINUTE > SessionRow.counts_from_ms,
            bulk.beside_index(_OTHER.state).in_(sorted(_COUNTING)),
            _OTHER.apart.is_(None),
        ),
    )
    .where(
        bulk.among(SessionRow.id, "ids"),
        bulk.beside_index(SessionRow.state).in_(sorted(_COUNTING)),
        SessionRow.apart.is_(None),
        SessionRow.credited_minutes > 0,
        _OTHER.credited_minutes > 0,
    ),
)


@dataclass(slots=True)
class _Differences:
    """What a transaction adds to the totals."""

    months: dict[MonthKey, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0, 0]))
    volunteers: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0, 0]))

    def add(self, weight: Weight, doubled: int, sign: int) -> None:
        """Add a session (1), or take it away (-1)."""
        month = self.months[weight.key]
        month[0] += sign
        month[1] += sign * weight.credited_minutes
        month[2] += sign * doubled
        if weight.counts:
            minutes = weight.credited_minutes - doubled
            total = self.volunteers[weight.volunteer]
            total[0] += sign
            total[1] += sign * minutes
            total[2] += sign * minutes if weight.state in _DECIDED else 0


class Tallies:
    """The kept totals, as one transaction sees and changes them."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._before: dict[str, Weight] = {}
        self._after: dict[str, Weight] = {}

    @property
    def is_settled(self) -> bool:
        """Whether the totals hold all that this transaction has written."""
        return not self._after

    def note(self, derived: Iterable[Derived]) -> None:
        """Note sessions that are about to be written, as they are and as they become."""
        after = {weight.session: weight for weight in map(_weight_of, derived)}
        fresh = after.keys() - self._after.keys()
        self._before.update((weight.session, weight) for weight in self._weights(_BY_ID, ids=fresh))
        self._after.update(after)

    def settle(self) -> None:
        """Add what was noted to the totals; the last thing a transaction does before its commit."""
        before, after = self._before, self._after
        self._before, self._after = {}, {}
        changed = {session for session, weight in after.items() if before.get(session) != weight}
        if not changed:
            return
        volunteers = {each[session].volunteer for each in (before, after) for session in changed if session in each}
        Locks(self._session).hold(Kind.VOLUNTEER, volunteers)
        differences = _Differences()
        held, new, others = self._overlaps(changed, volunteers)
        for session in changed:
            if session in before:
                differences.add(before[session], held.get(session, 0), -1)
            differences.add(after[session], new.get(session, 0), 1)
        for session, weight in others.items():
            if session not in changed and held.get(session) != new.get(session):
                differences.add(weight, held.get(session, 0), -1)
                differences.add(weight, new.get(session, 0), 1)
        self._write(differences)

    def confirmed(self, volunteers: Iterable[str]) -> dict[str, int]:
        """Return the confirmed minutes of those of some volunteers who have any."""
        query = select(VolunteerTotalRow.volunteer, VolunteerTotalRow.confirmed_minutes).where(
            bulk.among(VolunteerTotalRow.volunteer, "volunteers"), VolunteerTotalRow.confirmed_minutes != 0
        )
        return {row[0]: row[1] for row in self._session.execute(query, {"volunteers": volunteers})}

    def credited(self, volunteers: Iterable[str], from_ms: int, until_ms: int) -> dict[str, int]:
        """Return what was credited of duties begun within [from, until) (UTC ms), of those volunteers who have any.

        Minutes as in every total: confirmed or to be confirmed, each once.
        """
        doubled = func.coalesce(OverlapRow.doubled_minutes, 0)
        query = (
            select(SessionRow.volunteer, cast(func.sum(SessionRow.credited_minutes - doubled), BigInteger))
            .outerjoin(OverlapRow, OverlapRow.session == SessionRow.id)
            .where(bulk.among(SessionRow.volunteer, "volunteers"), SessionRow.apart.is_(None))
            .where(bulk.beside_index(SessionRow.state).in_(sorted(_COUNTING)))
            .where(SessionRow.counts_from_ms >= from_ms, SessionRow.counts_from_ms < until_ms)
            .group_by(SessionRow.volunteer)
        )
        return {row[0]: row[1] for row in self._session.execute(query, {"volunteers": volunteers})}

    def months(self, first: str, end: str, service_point: str | None = None) -> tuple[MonthTotal, ...]:
        """Return the totals of some months, as they are kept, by month and place.

        Args:
            first: the first month, as ``2026-07``.
            end: the month after the last.
            service_point: only of this one; None: of all.
        """
        row = MonthlyTotalRow
        keys = row.month, row.service_point, row.state, row.provenance, row.apart
        query = select(*keys, row.sessions, row.credited_minutes - row.doubled_minutes)
        within = query.where(row.month >= first, row.month < end, row.sessions != 0)
        if service_point is not None:
            within = within.where(row.service_point == service_point)
        return tuple(MonthTotal(*found) for found in self._session.execute(within.order_by(*keys)))

    def city(self, first: str, end: str) -> tuple[MonthTotal, ...]:
        """Return the same of all places together; their ``service_point`` is empty."""
        row = MonthlyTotalRow
        keys = row.month, literal(""), row.state, row.provenance, row.apart
        minutes = func.sum(row.credited_minutes - row.doubled_minutes)
        query = select(*keys, cast(func.sum(row.sessions), BigInteger), cast(minutes, BigInteger))
        within = query.where(row.month >= first, row.month < end, row.sessions != 0)
        grouped = within.group_by(row.month, row.state, row.provenance, row.apart)
        ordered = grouped.order_by(row.month, row.state, row.provenance, row.apart)
        return tuple(MonthTotal(*found) for found in self._session.execute(ordered))

    def overlapping(self, sessions: Iterable[str]) -> frozenset[str]:
        """Return those of some sessions whose credited time another claims too."""
        query = select(OverlapRow.session).where(bulk.among(OverlapRow.session, "sessions"))
        return frozenset(self._session.scalars(query, {"sessions": sessions}))

    def version(self) -> int:
        """Return which version counted all totals; 0: none did."""
        row = self._session.get(TallyStateRow, ONLY_ROW)
        return 0 if row is None else row.version

    def _overlaps(
        self, changed: Iterable[str], volunteers: Iterable[str]
    ) -> tuple[dict[str, int], dict[str, int], dict[str, Weight]]:
        """Write the overlaps of these volunteers anew; return what they were, what they are, and all they may touch."""
        connection = self._session.connection()
        given = {"ids": changed, "volunteers": volunteers}
        at_two = set(connection.scalars(_AT_TWO_PLACES, given))
        if not at_two:
            return {}, {}, {}
        held = {row[0]: row[1] for row in connection.execute(_HELD_OVERLAPS, {"volunteers": at_two})}
        weights = {weight.session: weight for weight in self._weights(_BY_VOLUNTEER, volunteers=at_two)}
        new = dict(doubled_in(weights.values()))
        put_overlaps(self._session, held, {session: (weights[session], doubled) for session, doubled in new.items()})
        return held, new, weights

    def _weights(self, query: Any, **given: Iterable[str]) -> Iterator[Weight]:
        if all(given.values()):
            yield from map(weight_of_row, self._session.connection().execute(query, given))

    def _write(self, differences: _Differences) -> None:
        connection = self._session.connection()
        months: list[bulk.Cells] = [(*key, *added) for key, added in sorted(differences.months.items()) if any(added)]
        totals: list[bulk.Cells] = [
            (one, *added) for one, added in sorted(differences.volunteers.items()) if any(added)
        ]
        bulk.add_up(connection, MonthlyTotalRow.__tablename__, (MONTH_KEY, MONTH_FIGURES), months)
        bulk.add_up(connection, VolunteerTotalRow.__tablename__, (("volunteer",), VOLUNTEER_FIGURES), totals)


def doubled_in(weights: Iterable[Weight]) -> Iterator[tuple[str, int]]:
    """Yield the overlapping ones of some volunteers' sessions, with the minutes that count elsewhere."""
    by_volunteer: Mapping[str, list[Weight]] = _by_volunteer(weights)
    for own in by_volunteer.values():
        totals: Totals = totals_of(weight.line for weight in own)
        credited = {weight.session: weight.credited_minutes for weight in own}
        for session in totals.overlapping:
            yield session, credited[session] - totals.counted.get(session, 0)


def put_overlaps(session: Session, held: Iterable[str], new: Mapping[str, tuple[Weight, int]]) -> None:
    """Write the overlaps of some volunteers over those that were held of them."""
    gone = sorted(set(held) - new.keys())
    if gone:
        session.connection().execute(delete(OverlapRow).where(bulk.among(OverlapRow.session, "gone")), {"gone": gone})
    rows = sorted((id_, weight.volunteer, doubled) for id_, (weight, doubled) in new.items())
    bulk.put(session.connection(), OverlapRow.__tablename__, _OVERLAP, rows)


def weight_of_row(row: Iterable[Any]) -> Weight:
    """Return the weight of a row read by :data:`WEIGHED`."""
    return Weight(*row)


def _weight_of(derived: Derived) -> Weight:
    one = derived.session
    return Weight(
        one.id,
        one.volunteer,
        one.service_point,
        one.state.value,
        one.provenance.value,
        mapping.apart_of(one),
        one.started.est_ms,
        one.counts_from_ms,
        one.credited_minutes,
        one.original_ns,
    )


def _by_volunteer(weights: Iterable[Weight]) -> dict[str, list[Weight]]:
    found: dict[str, list[Weight]] = defaultdict(list)
    for weight in weights:
        found[weight.volunteer].append(weight)
    return found
