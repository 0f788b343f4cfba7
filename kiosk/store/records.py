"""What own records and the faces ask of the ledger, over one connection.

Upstream: ``tables``, ``mapping``, ``sync.protocol.sessions``.
Downstream: ``transaction``, which inherits it.

The list of a volunteer comes from the rows of ``sessions``, never from folds: ten years are one query.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, bindparam, func, select

from kiosk.store.mapping import envelope_of
from kiosk.store.tables import FaceRow, KitRow, LedgerRow, SessionRow, StarApplicationRow
from kiosk.usecases.record_ports import RecordRow, SessionHistory
from sync.protocol.sessions import DECIDED, as_recorded, fold
from sync.protocol.vocabulary import Face, KitItem, Matter, Provenance, Quality, SessionState

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy import Row

    from sync.protocol.envelope import Envelope
    from sync.protocol.timeline import TimeLog

NEWEST = 400  # events looked at backwards; ten minutes of a station have a tenth of them

_of_volunteer = (
    select(SessionRow.__table__)
    .where(SessionRow.volunteer == bindparam("volunteer"), SessionRow.drill.is_(False))
    .order_by(SessionRow.started_on.desc(), SessionRow.started_ms.desc(), SessionRow.id)
)
_events_of = select(LedgerRow.__table__).where(LedgerRow.session == bindparam("session")).order_by(LedgerRow.position)
_faces_of = select(FaceRow.face, func.count()).where(FaceRow.session == bindparam("session")).group_by(FaceRow.face)
_kit_of = select(KitRow.item, KitRow.count).where(KitRow.volunteer == bindparam("volunteer"), KitRow.count > 0)
_applied = select(StarApplicationRow.level).where(StarApplicationRow.volunteer == bindparam("volunteer"))
_newest = select(LedgerRow.__table__).order_by(LedgerRow.position.desc()).limit(NEWEST)


class RecordQueries:
    """The port ``RecordsReading`` on one open connection."""

    _connection: Connection

    def _logs_of(self, events: Sequence[Envelope]) -> Mapping[str, TimeLog]:
        """Return what places the scans among some events in time."""
        raise NotImplementedError

    def record_rows_of(self, volunteer: str) -> Sequence[RecordRow]:
        """Return all sessions of a volunteer at this device, latest first, drills left out."""
        return [_record_row(row) for row in self._connection.execute(_of_volunteer, {"volunteer": volunteer})]

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

    def latest_events(self, kinds: Collection[str]) -> Sequence[Envelope]:
        """Return the events of some kinds among the newest few hundred of the ledger, newest first."""
        return [envelope_of(row) for row in self._connection.execute(_newest) if row.kind in kinds]


def _record_row(row: Row[Any]) -> RecordRow:
    state, quality = SessionState(row.state), None if row.quality is None else Quality(row.quality)
    return RecordRow(
        session=row.id,
        service=row.service,
        state=state,
        provenance=Provenance(row.provenance),
        started_on=date.fromisoformat(row.started_on),
        started_ms=row.started_ms,
        ended_ms=row.ended_ms,
        original_s=row.original_s,
        credited_minutes=row.credited_minutes,
        counts_from_ms=row.counts_from_ms,
        quality=quality,
        matters=frozenset(map(Matter, row.matters.split())),
        drill=row.drill,
        paid=_is_paid(row, state),
    )


def _is_paid(row: Row[Any], state: SessionState) -> bool:
    """Nobody is asked about paid work (``sessions._matters``), and about everything else that ended somebody is."""
    unrated = row.quality is None
    asked_about = state in {SessionState.CLOSED, SessionState.PROVISIONAL} or (state in DECIDED and unrated)
    return asked_about and not row.matters and not row.drill
