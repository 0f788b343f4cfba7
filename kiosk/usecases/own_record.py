"""One own record: read whole, and disputed (令67 Art 12, 13); only by whoever showed the card a moment ago.

Upstream: ``sync.protocol`` (sessions, judgements), the ports.
Downstream: ``kiosk.composition``.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.domain.record_refusal import RecordRefusal
from kiosk.timekeeping.moment import instant_of
from kiosk.usecases.errors import RecordingError
from kiosk.usecases.outcomes import NotRecorded
from kiosk.usecases.record_outcomes import Objected, ObjectionSeen, RecordRefused, RecordSheet, Times
from sync.protocol.envelope import open_body
from sync.protocol.judgements import Amendment, Decision, Objection
from sync.protocol.sessions import DRILL, PAID
from sync.protocol.vocabulary import DecisionReason, Matter, ObjectionReason, SessionState

if TYPE_CHECKING:
    from kiosk.domain.policy import DutyPolicy
    from kiosk.usecases.ports import Clock, Ledger, Reading, Writing
    from kiosk.usecases.record_outcomes import FreshScan, ObjectionOutcome, SheetOutcome
    from kiosk.usecases.record_ports import SessionHistory
    from sync.protocol.envelope import Stamp
    from sync.protocol.sessions import Session

log = logging.getLogger(__name__)
NS_PER_S = 1_000_000_000


def is_fresh(scan: FreshScan, now: Stamp, policy: DutyPolicy) -> bool:
    """Tell whether a card shown then still speaks for whoever stands here; boot time decides, no wall clock."""
    age_ns = now.bt_ns - scan.stamp.bt_ns
    return scan.stamp.boot_id == now.boot_id and 0 <= age_ns <= policy.records_fresh_s * NS_PER_S


def objection_refusal(session: Session) -> RecordRefusal | None:
    """Return why an objection to a session is not taken now, or None: it is."""
    if session.state is SessionState.OPEN:
        return RecordRefusal.STILL_OPEN
    if session.state is SessionState.VOID:
        return RecordRefusal.WITHDRAWN
    if session.flags & {PAID, DRILL}:
        return RecordRefusal.COUNTS_NOTHING
    return RecordRefusal.ALREADY_OBJECTED if Matter.OBJECTION in session.matters else None


@dataclass(frozen=True, slots=True)
class ReadOwnRecord:
    """The use case of a touched row."""

    ledger: Ledger

    def __call__(self, scan: FreshScan, session_id: str) -> SheetOutcome:
        """Return one own session whole. Looking needs no fresher scan: the page itself closes when left alone."""
        try:
            with self.ledger.reading() as reading:
                return _sheet(reading, scan, session_id)
        except RecordingError as error:
            log.warning("an own record cannot be read now: %s", error.fault)
            return NotRecorded(error.fault)


@dataclass(frozen=True, slots=True)
class ObjectToSession:
    """The use case of 「有误」."""

    clock: Clock
    ledger: Ledger
    policy: DutyPolicy

    def __call__(self, scan: FreshScan, session_id: str, reason: ObjectionReason) -> ObjectionOutcome:
        """Record that the volunteer disputes a session; a captain decides, and nothing else changes."""
        stamp = self.clock.now().stamp
        if not is_fresh(scan, stamp, self.policy):
            return RecordRefused(RecordRefusal.SCAN_AGAIN)
        try:
            with self.ledger.writing() as writing:
                refusal = _refusal(writing, scan, session_id, reason)
                if refusal is not None:
                    return RecordRefused(refusal)
                writing.append(Objection(session_id, scan.volunteer, scan.presented, reason), stamp)
                return Objected(session_id, reason)
        except RecordingError as error:
            log.warning("an objection could not be recorded: %s", error.fault)
            return NotRecorded(error.fault)


def _refusal(writing: Writing, scan: FreshScan, session_id: str, reason: ObjectionReason) -> RecordRefusal | None:
    recorded = writing.session(session_id)
    if recorded is None or recorded.session.volunteer != scan.volunteer:
        return RecordRefusal.NOT_YOURS
    if reason is ObjectionReason.WRONG_RATING and recorded.session.rating is None:
        return RecordRefusal.NOT_RATED
    return objection_refusal(recorded.session)


def _sheet(reading: Reading, scan: FreshScan, session_id: str) -> SheetOutcome:
    history = reading.history(session_id)
    if history is None or history.session.volunteer != scan.volunteer:
        return RecordRefused(RecordRefusal.NOT_YOURS)
    session, now, original = history.session, _times(history.session), _times(history.original)
    corrected = (now.started_at, now.ended_at, now.service) != (
        original.started_at,
        original.ended_at,
        original.service,
    )
    return RecordSheet(
        session=session.id,
        state=session.state,
        now=now,
        original=original if corrected else None,
        credited_minutes=session.credited_minutes,
        flags=session.flags,
        rating=session.rating,
        faces=reading.faces_of(session_id),
        objections=_objections(history),
        may_object=objection_refusal(session),
    )


def _times(session: Session) -> Times:
    return Times(
        started_at=instant_of(session.started.est_ms),
        ended_at=None if session.ended is None else instant_of(session.ended.est_ms),
        quality=session.started.quality,
        service=session.service,
        original_s=session.original_ns // NS_PER_S,
        provenance=session.provenance,
    )


def _objections(history: SessionHistory) -> tuple[ObjectionSeen, ...]:
    """Return the volunteer's objections, each with the decision or the correction that answers it."""
    volunteer = history.session.volunteer
    bodies = [(event, body) for event in history.events if (body := open_body(event)) is not None]
    answers = [_answer(body) for _, body in bodies if isinstance(body, Decision | Amendment)]
    decided = {of: answer for of, by, answer in answers if of is not None and by != volunteer}
    return tuple(
        ObjectionSeen(body.reason, *decided.get(event.id, (None, None)))
        for event, body in bodies
        if isinstance(body, Objection) and body.volunteer == volunteer
    )


def _answer(body: Decision | Amendment) -> tuple[str | None, str, tuple[bool, DecisionReason]]:
    """Return which objection it answers, who does, and how; a correction that names one upholds it."""
    if isinstance(body, Decision):
        return body.of, body.decided_by, (body.upheld, body.reason)
    return body.objection, body.entered_by, (True, DecisionReason.CORRECTED)
