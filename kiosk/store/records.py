"""What own records and the faces ask of the ledger, over one connection.

Upstream: ``tables``, ``mapping``, ``sync.protocol.sessions``.
Downstream: ``transaction``, which inherits it.

The list of a volunteer comes from the rows of ``sessions``, never from folds: ten years are one query.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, bindparam, func, select

from kiosk.domain.own_roster import OwnAnswer
from kiosk.store.mapping import envelope_of
from kiosk.store.tables import FaceRow, KitRow, LedgerRow, RosterAnswerRow, SessionRow, StarApplicationRow
from kiosk.usecases.record_ports import RecordRow, SessionHistory
from sync.mailbox.tables import OutboxRow
from sync.protocol.envelope import open_body
from sync.protocol.roster import RosterResponse
from sync.protocol.sessions import DECIDED, as_recorded, fold
from sync.protocol.vocabulary import Face, KitItem, Matter, Provenance, Quality, SessionState

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sync.protocol.envelope import Envelope
    from sync.protocol.timeline import TimeLog

NEWEST = 400  # events looked at backwards; ten minutes of a station have a tenth of them
ANSWERS = 200  # of one volunteer to the roster looked at; a fortnight of one who changes their mind daily has a quarter

_STATES = {state.value: state for state in SessionState}  # a look-up costs a fifth of a call of the enumeration
_PROVENANCES = {provenance.value: provenance for provenance in Provenance}
_QUALITIES: dict[str | None, Quality | None] = {None: None, **{quality.value: quality for quality in Quality}}
_of_volunteer = (
    select(
        SessionRow.id,
        SessionRow.service,
        SessionRow.state,
        SessionRow.provenance,
        SessionRow.started_on,
        SessionRow.started_ms,
        SessionRow.ended_ms,
        SessionRow.original_s,
        SessionRow.credited_minutes,
        SessionRow.counts_from_ms,
        SessionRow.quality,
        SessionRow.matters,
    )
    .where(SessionRow.volunteer == bindparam("volunteer"), SessionRow.drill.is_(False))
    .order_by(SessionRow.started_on.desc(), SessionRow.started_ms.desc(), SessionRow.id)
)
_events_of = select(LedgerRow.__table__).where(LedgerRow.session == bindparam("session")).order_by(LedgerRow.position)
_faces_of = select(FaceRow.face, func.count()).where(FaceRow.session == bindparam("session")).group_by(FaceRow.face)
_kit_of = select(KitRow.item, KitRow.count).where(KitRow.volunteer == bindparam("volunteer"), KitRow.count > 0)
_applied = select(StarApplicationRow.level).where(StarApplicationRow.volunteer == bindparam("volunteer"))
_answered = (
    select(LedgerRow.__table__, OutboxRow.acknowledged_ms)
    .join(RosterAnswerRow, RosterAnswerRow.event_id == LedgerRow.id)
    .outerjoin(OutboxRow, OutboxRow.event_id == LedgerRow.id)
    .where(RosterAnswerRow.volunteer == bindparam("volunteer"))
    .order_by(LedgerRow.position.desc())
    .limit(ANSWERS)
)
_newest = select(LedgerRow.__table__).order_by(LedgerRow.position.desc()).limit(NEWEST)


class RecordQueries(ABC):
    """The port ``RecordsReading`` on one open connection."""

    _connection: Connection

    @abstractmethod
    def _logs_of(self, events: Sequence[Envelope]) -> Mapping[str, TimeLog]:
        """Return what places the scans among some events in time."""

    def record_rows_of(self, volunteer: str) -> Sequence[RecordRow]:
        """Return all sessions of a volunteer at this device, latest first, drills left out."""
        rows: Sequence[Any] = self._connection.execute(_of_volunteer, {"volunteer": volunteer}).all()
        return [_record_row(row) for row in rows]

    def history(self, session_id: str) -> SessionHistory | None:
        """Return a session with its events, or None."""
        rows = self._connection.execute(_events_of, {"session": session_id})
        events = [envelope_of(row) for row in rows]
        logs = self._logs_of(events)
        session, original = fold(events, logs), as_recorded(events, logs)
        return None if session is None or original is None else SessionHistory(session, original, events)

    def faces_of(self, session_id: str) -> Mapping[Face, int]:
        """Return the faces that a session has got from people who were served, by face."""
        rows = self._connection.execute(_faces_of, {"session": session_id})
        return {Face(face): count for face, count in rows}

    def kit_of(self, volunteer: str) -> Mapping[KitItem, int]:
        """Return what a volunteer holds now."""
        return {KitItem(item): count for item, count in self._connection.execute(_kit_of, {"volunteer": volunteer})}

    def stars_applied_for(self, volunteer: str) -> Collection[int]:
        """Return the levels that a volunteer applied for at this device."""
        return frozenset(self._connection.execute(_applied, {"volunteer": volunteer}).scalars())

    def roster_answers_of(self, volunteer: str) -> Sequence[OwnAnswer]:
        """Return the newest answers to the roster that a volunteer gave at this device, earliest first."""
        rows = self._connection.execute(_answered, {"volunteer": volunteer}).all()
        bodies = ((row, open_body(envelope_of(row))) for row in reversed(rows))
        return [
            OwnAnswer(row.id, body, row.acknowledged_ms) for row, body in bodies if isinstance(body, RosterResponse)
        ]

    def latest_events(self, kinds: Collection[str]) -> Sequence[Envelope]:
        """Return the events of some kinds among the newest few hundred of the ledger, newest first."""
        return [envelope_of(row) for row in self._connection.execute(_newest) if row.kind in kinds]


def _record_row(row: Any) -> RecordRow:
    session, service, state, provenance, started_on, *spans, quality, matters = row
    started_ms, ended_ms, original_s, credited_minutes, counts_from_ms = spans
    return RecordRow(
        session=session,
        service=service,
        state=_STATES[state],
        provenance=_PROVENANCES[provenance],
        started_on=date.fromisoformat(started_on),
        started_ms=started_ms,
        ended_ms=ended_ms,
        original_s=original_s,
        credited_minutes=credited_minutes,
        counts_from_ms=counts_from_ms,
        quality=_QUALITIES[quality],
        matters=_matters(matters),
        drill=False,
        paid=_is_paid(_STATES[state], _PROVENANCES[provenance], _matters(matters), rated=quality is not None),
    )


_RAISED = frozenset({Matter.SECOND_PERSON, Matter.OBJECTION})  # by somebody, against any session


@cache
def _matters(words: str) -> frozenset[Matter]:
    """The same few sets over and over."""
    return frozenset(map(Matter, words.split()))


def _is_paid(state: SessionState, provenance: Provenance, matters: frozenset[Matter], *, rated: bool) -> bool:
    """Of a session that waits for nothing of its own: nobody is asked about paid work, but about all else that ended.

    A correction or an objection may be raised against it all the same; an entry by hand waits for a second person
    because of what it is. See ``sessions._matters``; practice is not among the rows.
    """
    if matters - _RAISED or (matters and provenance is Provenance.CAPTAIN_ENTRY):
        return False
    return state in {SessionState.CLOSED, SessionState.PROVISIONAL} or (state in DECIDED and not rated)
