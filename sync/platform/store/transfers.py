"""Records that moved: platforms that are believed, bundles handed out and taken in, and the duties in them.

Upstream: ``tables``, ``sync.platform.transfer.values``.
Downstream: ``transfer``, ``telling``, ``console``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import msgspec
from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from sync.platform.store.tables import (
    RecordBundleRow,
    RecordExportRow,
    SessionRow,
    TransferredRow,
    TrustedPlatformRow,
)
from sync.platform.transfer.values import HandedOut, TakenIn, Transferred, TrustedPlatform
from sync.protocol.record_bundle import Heading, MovedSession
from sync.protocol.totals import Line
from sync.protocol.vocabulary import Provenance, SessionState

CHUNK = 500  # names in one IN (…)
_heading = msgspec.json.Decoder(Heading)
_moved = msgspec.json.Decoder(MovedSession)


class Transfers:
    """The rows of moved records of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def trust(self, platform: TrustedPlatform) -> None:
        """Believe a platform, or write anew what is known of it."""
        self._session.merge(
            TrustedPlatformRow(
                public=platform.public,
                name=platform.name,
                trusted_ms=platform.trusted_ms,
                trusted_by=platform.trusted_by,
                withdrawn_ms=platform.withdrawn_ms,
            )
        )
        self._session.flush()

    def trusted(self) -> tuple[TrustedPlatform, ...]:
        """Return every platform that is or was believed, by name."""
        rows = self._session.scalars(
            select(TrustedPlatformRow).order_by(TrustedPlatformRow.name, TrustedPlatformRow.public)
        )
        return tuple(_trusted_of(row) for row in rows)

    def platform(self, public: str) -> TrustedPlatform | None:
        """Return the platform of a key (hex), or None where it was never believed."""
        row = self._session.get(TrustedPlatformRow, public)
        return None if row is None else _trusted_of(row)

    def last_number(self, volunteer: str) -> int:
        """Return the number of the last bundle that was handed out of a volunteer, 0 before the first."""
        query = select(func.max(RecordExportRow.number)).where(RecordExportRow.volunteer == volunteer)
        return self._session.scalar(query) or 0

    def note_handed_out(self, bundle: HandedOut) -> None:
        """Keep what was handed out, and by what consent."""
        self._session.add(
            RecordExportRow(
                bundle=bundle.bundle,
                volunteer=bundle.volunteer,
                number=bundle.number,
                consent=bundle.consent,
                issued_ms=bundle.issued_ms,
                sha256=bundle.sha256,
            )
        )
        self._session.flush()

    def is_own(self, bundle: str) -> bool:
        """Tell whether a bundle was handed out here."""
        return self._session.get(RecordExportRow, bundle) is not None

    def handed_out(self, volunteer: str) -> tuple[HandedOut, ...]:
        """Return what was handed out of a volunteer, oldest first."""
        query = select(RecordExportRow).where(RecordExportRow.volunteer == volunteer)
        return tuple(
            HandedOut(row.bundle, row.volunteer, row.number, row.consent, row.issued_ms, row.sha256)
            for row in self._session.scalars(query.order_by(RecordExportRow.number))
        )

    def newest(self, issuer: str, subject: str) -> TakenIn | None:
        """Return the bundle that holds of an issuer's person, or None."""
        found = self._bundles(RecordBundleRow.issuer == issuer, RecordBundleRow.subject == subject)
        return found[-1] if found else None

    def taken_in(self, volunteer: str) -> tuple[TakenIn, ...]:
        """Return the bundles that were taken in for a volunteer, oldest first."""
        return self._bundles(RecordBundleRow.volunteer == volunteer)

    def _bundles(self, *conditions: ColumnElement[bool]) -> tuple[TakenIn, ...]:
        columns = (
            RecordBundleRow.heading,
            RecordBundleRow.volunteer,
            RecordBundleRow.mapped_because,
            RecordBundleRow.taken_ms,
            RecordBundleRow.taken_by,
            RecordBundleRow.superseded_by,
        )
        rows = self._session.execute(select(*columns).where(*conditions).order_by(RecordBundleRow.number))
        return tuple(
            TakenIn(_heading.decode(heading), volunteer, why, taken_ms, taken_by, later)
            for heading, volunteer, why, taken_ms, taken_by, later in rows
        )

    def content(self, bundle: str) -> bytes:
        """Return the file of a bundle that was taken in, gzip."""
        return self._session.get_one(RecordBundleRow, bundle).content

    def put(self, taken: TakenIn, sessions: Sequence[MovedSession], content: bytes) -> None:
        """Keep a bundle with its duties; an earlier one of the same issuer and person counts no more."""
        heading = taken.heading
        earlier = (
            RecordBundleRow.issuer == heading.issuer,
            RecordBundleRow.subject == heading.subject.number,
            RecordBundleRow.superseded_by.is_(None),
        )
        before = tuple(self._session.scalars(select(RecordBundleRow.bundle).where(*earlier)))
        self._session.execute(
            update(RecordBundleRow).where(RecordBundleRow.bundle.in_(before)).values(superseded_by=heading.bundle)
        )
        self._session.execute(update(TransferredRow).where(TransferredRow.bundle.in_(before)).values(stands=False))
        self._session.add(
            RecordBundleRow(
                bundle=heading.bundle,
                issuer=heading.issuer,
                subject=heading.subject.number,
                number=heading.number,
                volunteer=taken.volunteer,
                heading=msgspec.json.encode(heading).decode(),
                mapped_because=taken.mapped_because,
                taken_ms=taken.taken_ms,
                taken_by=taken.taken_by,
                superseded_by=None,
                content=content,
            )
        )
        self._session.flush()
        self._session.add_all(_row_of(session, heading.bundle, taken.volunteer) for session in sessions)
        self._session.flush()

    def sessions_of(self, volunteer: str) -> tuple[Transferred, ...]:
        """Return the duties that were recorded elsewhere of a volunteer, each once, latest start first."""
        query = (
            select(TransferredRow.line, RecordBundleRow.heading, SessionRow.id)
            .join(RecordBundleRow, RecordBundleRow.bundle == TransferredRow.bundle)
            .outerjoin(SessionRow, SessionRow.id == TransferredRow.session)
            .where(TransferredRow.volunteer == volunteer, TransferredRow.stands)
            .order_by(TransferredRow.carried.desc(), TransferredRow.bundle)
        )
        found: dict[str, Transferred] = {}
        for line, heading, here in self._session.execute(query):
            one = _transferred_of(_moved.decode(line), _heading.decode(heading), is_here=here is not None)
            found[one.session.id] = one
        return tuple(sorted(found.values(), key=lambda one: (-one.session.started_ms, one.session.id)))

    def lines(self, volunteers: Iterable[str]) -> dict[str, list[Line]]:
        """Return, as totals ask for them, the duties elsewhere of those of some volunteers who have any.

        One that stands in this platform's own ledger is left out: it counts there. Of one that came by two ways, what
        the platform that recorded it says comes last.
        """
        found: dict[str, list[Line]] = defaultdict(list)
        for chunk in _chunks(volunteers):
            query = select(TransferredRow).outerjoin(SessionRow, SessionRow.id == TransferredRow.session)
            own = (TransferredRow.volunteer.in_(chunk), TransferredRow.stands, SessionRow.id.is_(None))
            ordered = (TransferredRow.carried.desc(), TransferredRow.bundle)
            for row in self._session.scalars(query.where(*own).order_by(*ordered)):
                found[row.volunteer].append(_line_of(row))
        return dict(found)


def _row_of(session: MovedSession, bundle: str, volunteer: str) -> TransferredRow:
    return TransferredRow(
        bundle=bundle,
        session=session.id,
        volunteer=volunteer,
        state=session.state.value,
        counts_from_ms=session.counts_from_ms,
        credited_minutes=session.credited_minutes,
        original_s=session.original_s,
        carried=session.origin is not None,
        stands=True,
        line=msgspec.json.encode(session).decode(),
    )


def _line_of(row: TransferredRow) -> Line:
    times = row.counts_from_ms, row.credited_minutes, row.original_s
    return Line(row.session, SessionState(row.state), Provenance.TRANSFER_IN, *times)


def _transferred_of(session: MovedSession, heading: Heading, *, is_here: bool) -> Transferred:
    source = session.origin.issuer_name if session.origin else heading.issuer_name
    return Transferred(session, source, heading.issuer, heading.bundle, is_here)


def _trusted_of(row: TrustedPlatformRow) -> TrustedPlatform:
    return TrustedPlatform(row.public, row.name, row.trusted_ms, row.trusted_by, row.withdrawn_ms)


def _chunks(names: Iterable[str]) -> Iterable[list[str]]:
    ordered = sorted(set(names))
    return (ordered[at : at + CHUNK] for at in range(0, len(ordered), CHUNK))
