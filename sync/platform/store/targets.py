"""Targets upward, what each was told of every session, and the parcels it went in.

Upstream: ``tables``, ``sync.platform.upward.targets``.
Downstream: ``upward``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import msgspec
from sqlalchemy import ColumnElement, and_, delete, func, or_, select, tuple_, update
from sqlalchemy.orm import Session

from sync.platform.records import Entry
from sync.platform.store import mapping
from sync.platform.store.tables import (
    NameRow,
    ParcelRow,
    ReportedRow,
    ServicePointRow,
    SessionRow,
    TargetRow,
    VolunteerRow,
)
from sync.platform.upward.targets import FileFormat, Parcel, ParcelTotals, Reported, Target, TargetKind
from sync.protocol.sessions import DECIDED
from sync.protocol.sessions import Session as Duty

CHUNK = 500  # rows of one statement


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A place in the ledger by start and id; the default stands before everything."""

    started_ms: int = -(2**62)
    session: str = ""


@dataclass(frozen=True, slots=True)
class Period:
    """Duties that began in [from_ms, until_ms), UTC ms; None: no bound."""

    from_ms: int | None = None
    until_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """A line of the ledger, its place, and what a target was told of it."""

    place: Place
    entry: Entry
    told: Reported | None

    @property
    def session(self) -> Duty:
        """The duty of the line."""
        return self.entry.session


class Targets:
    """The targets of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def put(self, target: Target) -> None:
        """Keep a target, or what is now wanted of it."""
        options = msgspec.json.encode({"format": target.format, "undecided": target.undecided}).decode()
        about = {"names": target.names, "basis": target.basis, "options": options, "made_ms": target.made_ms}
        self._session.merge(TargetRow(name=target.name, kind=target.kind.value, **about))
        self._session.flush()

    def find(self, name: str) -> Target | None:
        """Return a target, or None."""
        row = self._session.get(TargetRow, name)
        return None if row is None else _target_of(row)

    def all(self) -> tuple[Target, ...]:
        """Return every target, by name."""
        return tuple(_target_of(row) for row in self._session.scalars(select(TargetRow).order_by(TargetRow.name)))

    def standing(self, target: Target, after: Place, period: Period, limit: int) -> tuple[Standing, ...]:
        """Return lines of the ledger that a target may have to be told, first start first, and what it knows of them.

        Those that it was told once come in whatever state they are; of the others only what was decided, or all but
        what was withdrawn for a target that wants the undecided too.
        """
        told = and_(ReportedRow.target == target.name, ReportedRow.session == SessionRow.id)
        wanted = [state.value for state in DECIDED]
        is_due = SessionRow.state != "void" if target.undecided else SessionRow.state.in_(wanted)
        query = (
            select(SessionRow, NameRow.name, ServicePointRow.name, ReportedRow)
            .outerjoin(NameRow, NameRow.event == SessionRow.opening)
            .outerjoin(ServicePointRow, ServicePointRow.id == SessionRow.service_point)
            .outerjoin(ReportedRow, told)
            .where(tuple_(SessionRow.started_est_ms, SessionRow.id) > tuple_(after.started_ms, after.session))
            .where(or_(and_(SessionRow.apart.is_(None), is_due), ReportedRow.session.is_not(None)), *_within(period))
            .order_by(SessionRow.started_est_ms, SessionRow.id)
            .limit(limit)
        )
        return tuple(
            Standing(
                Place(row.started_est_ms, row.id),
                Entry(mapping.session_of(row), name if target.names else None, point),
                None if reported is None else _reported_of(reported),
            )
            for row, name, point, reported in self._session.execute(query)
        )

    def names_of(self, numbers: Sequence[str]) -> dict[str, str]:
        """Return the registered names of some volunteers."""
        query = select(VolunteerRow.number, VolunteerRow.name).where(VolunteerRow.number.in_(numbers))
        return {number: name for number, name in self._session.execute(query)}  # noqa: C416 - rows are no pairs to mypy

    def next_parcel(self, target: str) -> int:
        """Return the number of the next parcel."""
        query = select(func.max(ParcelRow.number)).where(ParcelRow.target == target)
        return (self._session.scalar(query) or 0) + 1

    def open_parcels(self, target: str) -> tuple[Parcel, ...]:
        """Return the parcels that were taken, and of which something is left to do."""
        query = select(ParcelRow).where(ParcelRow.target == target, ParcelRow.settled.is_(False))
        return tuple(_parcel_of(row) for row in self._session.scalars(query.order_by(ParcelRow.number)))

    def note_taken(self, target: str, parcel: Parcel, reported: Sequence[Reported]) -> None:
        """Note a parcel that a target took, and what it now knows."""
        self._session.add(
            ParcelRow(
                target=target,
                number=parcel.number,
                lines=parcel.lines,
                corrections=parcel.corrections,
                proof=parcel.proof,
                taken_ms=parcel.taken_ms,
                settled=parcel.settled,
            )
        )
        for chunk in _chunks(reported):
            held = ReportedRow.session.in_([one.session for one in chunk])
            self._session.execute(delete(ReportedRow).where(ReportedRow.target == target, held))
            self._session.add_all(_row_of(target, one) for one in chunk)
            self._session.flush()
            self._session.expunge_all()
        self._session.flush()

    def settle(self, target: str, number: int) -> None:
        """Note that nothing is left to do of a parcel."""
        chosen = (ParcelRow.target == target, ParcelRow.number == number)
        self._session.execute(update(ParcelRow).where(*chosen).values(settled=True))

    def take_back(self, target: str, number: int) -> None:
        """Note that a parcel never reached the target after all: its lines go again, corrections as corrections."""
        lines = (ReportedRow.target == target, ReportedRow.parcel == number)
        self._session.execute(delete(ReportedRow).where(*lines, ReportedRow.before == 0))
        self._session.execute(update(ReportedRow).where(*lines).values(fingerprint="", parcel=ReportedRow.before))
        self._session.execute(delete(ParcelRow).where(ParcelRow.target == target, ParcelRow.number == number))

    def totals(self, target: str) -> ParcelTotals:
        """Return what went to a target altogether."""
        sums = (func.count(), func.sum(ParcelRow.lines), func.sum(ParcelRow.corrections), func.max(ParcelRow.taken_ms))
        count, lines, corrections, last_ms = self._session.execute(
            select(*sums).where(ParcelRow.target == target)
        ).one()
        refused = select(func.count()).select_from(ReportedRow)
        refused = refused.where(ReportedRow.target == target, ReportedRow.refusal.is_not(None))
        return ParcelTotals(count, int(lines or 0), int(corrections or 0), last_ms, self._session.scalar(refused) or 0)

    def refused(self, target: str, limit: int) -> tuple[Reported, ...]:
        """Return some of the lines that a target did not take, with its reasons."""
        query = select(ReportedRow).where(ReportedRow.target == target, ReportedRow.refusal.is_not(None))
        return tuple(
            _reported_of(row) for row in self._session.scalars(query.order_by(ReportedRow.session).limit(limit))
        )


def _within(period: Period) -> Iterator[ColumnElement[bool]]:
    if period.from_ms is not None:
        yield SessionRow.started_est_ms >= period.from_ms
    if period.until_ms is not None:
        yield SessionRow.started_est_ms < period.until_ms


def _target_of(row: TargetRow) -> Target:
    options = msgspec.json.decode(row.options, type=dict)
    file_format, undecided = FileFormat(options["format"]), bool(options["undecided"])
    return Target(row.name, TargetKind(row.kind), row.names, row.basis, row.made_ms, file_format, undecided)


def _parcel_of(row: ParcelRow) -> Parcel:
    return Parcel(row.number, row.lines, row.corrections, row.proof, row.taken_ms, row.settled)


def _reported_of(row: ReportedRow) -> Reported:
    return Reported(row.session, row.fingerprint, row.parcel, row.before, row.refusal)


def _row_of(target: str, one: Reported) -> ReportedRow:
    told = {"fingerprint": one.fingerprint, "parcel": one.parcel, "before": one.before, "refusal": one.refusal}
    return ReportedRow(target=target, session=one.session, **told)


def _chunks(reported: Sequence[Reported]) -> Iterator[Sequence[Reported]]:
    remaining = iter(reported)
    while chunk := list(islice(remaining, CHUNK)):
        yield chunk
