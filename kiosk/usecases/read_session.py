"""One session whole, for the desk: as recorded and as judged, all that was said of it, and what the reader may do now.

Upstream: ``reach``, ``dossier``, ``offers``, ``read_queue``.
Downstream: ``kiosk.composition``, ``kiosk operator show``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.domain.operator_refusal import DeskRefusal
from kiosk.domain.operators import Right
from kiosk.timekeeping.moment import instant_of
from kiosk.usecases.desk import (
    AmendmentLine,
    ClockWords,
    Entered,
    ObjectionLine,
    RatingLine,
    Said,
    SessionSheet,
    Version,
    VoidLine,
    Waits,
)
from kiosk.usecases.desk_outcomes import DeskRefused
from kiosk.usecases.names import names_in
from kiosk.usecases.offers import offers_of
from kiosk.usecases.operator_ports import KeptSession
from kiosk.usecases.reach import open_dossier
from sync.protocol.judgements import Amendment, CaptainEntry, Decision, Objection, Rating, Void
from sync.protocol.sessions import WIDE_DURATION
from sync.protocol.vocabulary import SessionState

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from kiosk.usecases.dossier import Awaited, Dossier
    from kiosk.usecases.operator_outcomes import SignedIn
    from kiosk.usecases.ports import Reading
    from kiosk.usecases.reach import DeskRoom, Reach
    from kiosk.usecases.read_queue import ReadQueue
    from sync.protocol.sessions import Session

NS_PER_S = 1_000_000_000
NS_PER_MIN = 60 * NS_PER_S


@dataclass(frozen=True, slots=True)
class ReadSession:
    """The use case behind a tap on a line of the queue."""

    room: DeskRoom
    queue: ReadQueue

    def __call__(self, operator: SignedIn, session_id: str) -> SessionSheet | DeskRefused:
        """Return a session; a captain sees those of the own team.

        Raises:
            RecordingError: the file cannot be read now.
        """
        reach = self.room.reach(operator)
        with self.room.ledger.reading() as reading:
            dossier = open_dossier(reading, session_id)
            fault = DeskRefusal.UNKNOWN_SESSION if dossier is None else reach.fault_over(dossier.session, Right.CONFIRM)
            if dossier is None or fault not in {None, DeskRefusal.OWN_RECORD}:
                return DeskRefused(fault or DeskRefusal.UNKNOWN_SESSION)
            return self._sheet(dossier, reach, reading)

    def _sheet(self, dossier: Dossier, reach: Reach, reading: Reading) -> SessionSheet:
        session, names = dossier.session, names_in(reach.know.shelf.current().data)
        said = dossier.verdicts.statement
        entry = next((body for _, body in dossier.of_type(CaptainEntry)), None)
        return SessionSheet(
            line=self.queue.line(_kept(dossier), reach),
            recorded=_version(dossier.original),
            judged=_version(session),
            flags=session.flags,
            tallies=session.tallies,
            clock=_clock(dossier.original),
            offers=offers_of(dossier, reach),
            waits=tuple(_waits(each, names) for each in dossier.awaited()),
            statement=None if said is None else Said(said.answer, instant_of(said.ends_ms)),
            entered=None if entry is None else Entered(entry.entered_by, names.get(entry.entered_by, ""), entry.reason),
            amendments=_amendments(dossier, names),
            voids=_voids(dossier, names),
            objections=_objections(dossier, names),
            ratings=_ratings(dossier, names),
            faces=reading.faces_of(session.id),
            bursts=reading.bursts_of(session.id),
        )


def _kept(dossier: Dossier) -> KeptSession:
    session = dossier.session
    return KeptSession(
        id=session.id,
        volunteer=session.volunteer,
        name=dossier.name,
        service=session.service,
        team=session.team,
        started_ms=session.started.est_ms,
        ended_ms=None if session.ended is None else session.ended.est_ms,
        original_s=session.original_ns // NS_PER_S,
        credited_minutes=session.credited_minutes,
        state=session.state,
        provenance=session.provenance,
        quality=None if session.rating is None else session.rating.quality,
        matters=session.matters,
    )


def _waits(awaited: Awaited, names: Mapping[str, str]) -> Waits:
    return Waits(awaited.event_id, awaited.what, awaited.by, names.get(awaited.by or "", ""))


def _version(session: Session) -> Version:
    return Version(
        started_at=instant_of(session.started.est_ms),
        ended_at=None if session.ended is None else instant_of(session.ended.est_ms),
        service=session.service,
        state=session.state,
        provenance=session.provenance,
        original_minutes=session.original_ns // NS_PER_MIN,
        credited_minutes=session.credited_minutes,
    )


def _clock(session: Session) -> ClockWords:
    end = None if session.ended is None else session.ended.quality
    return ClockWords(session.started.quality, end, WIDE_DURATION in session.flags)


def _amendments(dossier: Dossier, names: Mapping[str, str]) -> tuple[AmendmentLine, ...]:
    return tuple(
        AmendmentLine(
            event_id=event,
            by=body.entered_by,
            by_name=names.get(body.entered_by, ""),
            reason=body.reason,
            starts_at=_at(body.starts_ms),
            ends_at=_at(body.ends_ms),
            service=body.service,
            holds=event in dossier.verdicts.held,
        )
        for event, body in dossier.of_type(Amendment)
    )


def _voids(dossier: Dossier, names: Mapping[str, str]) -> tuple[VoidLine, ...]:
    gone = dossier.session.state is SessionState.VOID
    return tuple(
        VoidLine(event, body.voided_by, names.get(body.voided_by, ""), body.reason, gone)
        for event, body in dossier.of_type(Void)
    )


def _objections(dossier: Dossier, names: Mapping[str, str]) -> tuple[ObjectionLine, ...]:
    decisions = {body.of: body for _, body in dossier.of_type(Decision)}
    lines = []
    for event, body in dossier.of_type(Objection):
        decision = decisions.get(event)
        if decision is None:
            lines.append(ObjectionLine(event, body.reason))
        else:
            by = decision.decided_by
            lines.append(ObjectionLine(event, body.reason, decision.upheld, decision.reason, by, names.get(by, "")))
    return tuple(lines)


def _ratings(dossier: Dossier, names: Mapping[str, str]) -> tuple[RatingLine, ...]:
    return tuple(
        RatingLine(body.quality, tuple(body.effects), body.counts, body.rated_by, names.get(body.rated_by, ""))
        for _, body in dossier.of_type(Rating)
    )


def _at(ms: int | None) -> datetime | None:
    return None if ms is None else instant_of(ms)
