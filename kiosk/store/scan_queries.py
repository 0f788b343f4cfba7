"""What a scan asks of the ledger, over one connection: open and unended sessions, the group, the drill.

Upstream: ``tables``, ``mapping``, ``projections``.
Downstream: ``transaction``, which inherits it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from sqlalchemy import Connection, bindparam, select, text

from kiosk.store.mapping import envelope_of
from kiosk.store.projections import DRILL_MODE, GROUP_MODE
from kiosk.store.tables import LedgerRow, ModeRow, SessionRow
from kiosk.usecases.scan_ports import OpenGroup
from sync.protocol.envelope import open_body
from sync.protocol.events import GroupOpened
from sync.protocol.vocabulary import Matter, SessionState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kiosk.usecases.ports import RecordedSession
    from sync.protocol.envelope import Envelope

_LEDGER = LedgerRow.__table__
_OPEN = text("sessions.state = 'open'")  # spelled as in the partial indexes, so that SQLite uses them
_PROVISIONAL = text("sessions.state = 'provisional'")
_of_volunteer = SessionRow.volunteer == bindparam("volunteer")
_of_kind = SessionRow.drill == bindparam("drill")
_open_of = select(SessionRow.id).where(_of_volunteer, _OPEN, _of_kind)
_open_of = _open_of.order_by(SessionRow.started_ms.desc(), SessionRow.id)
_provisional_of = select(SessionRow.id).where(_of_volunteer, _PROVISIONAL).order_by(SessionRow.started_ms.desc())
_last_service = select(SessionRow.service).where(_of_volunteer, SessionRow.state != SessionState.VOID.value, _of_kind)
_last_service = _last_service.order_by(SessionRow.started_on.desc(), SessionRow.started_ms.desc()).limit(1)
_events_of = select(_LEDGER).where(LedgerRow.session == bindparam("session")).order_by(LedgerRow.position)
_position_of = select(LedgerRow.position).where(LedgerRow.id == bindparam("event_id")).scalar_subquery()
_events_after = select(_LEDGER).where(LedgerRow.position > _position_of).order_by(LedgerRow.position)
_modes = select(ModeRow.name, _LEDGER).join(LedgerRow, ModeRow.event_id == LedgerRow.id)


class ScanQueries(ABC):
    """The port ``ScanReading`` on one open connection."""

    _connection: Connection
    _modes: dict[str, Envelope] | None = None  # read once a transaction, and again after each append

    @abstractmethod
    def session(self, session_id: str) -> RecordedSession | None:
        """Return a session by id, or None."""

    def open_sessions_of(self, volunteer: str, *, drill: bool = False) -> Sequence[RecordedSession]:
        """Return the open sessions of a volunteer, latest first; ``drill``: those of a drill, else all others."""
        ids = self._connection.execute(_open_of, {"volunteer": volunteer, "drill": drill}).scalars().all()
        return [found for session_id in ids if (found := self.session(session_id)) is not None]

    def unended_session_of(self, volunteer: str) -> RecordedSession | None:
        """Return the latest session of a volunteer whose end nobody has said yet, or None."""
        ids = self._connection.execute(_provisional_of, {"volunteer": volunteer}).scalars().all()
        sessions = (self.session(session_id) for session_id in ids)
        return next((found for found in sessions if found and Matter.END_UNKNOWN in found.session.matters), None)

    def last_service_of(self, volunteer: str, *, drill: bool = False) -> str | None:
        """Return the service kind of the latest session of a volunteer, or None; ``drill`` as above."""
        values = {"volunteer": volunteer, "drill": drill}
        found = self._connection.execute(_last_service, values).scalar_one_or_none()
        return None if found is None else str(found)

    def events_of(self, session_id: str) -> Sequence[Envelope]:
        """Return what this device recorded of a session, in order."""
        return [envelope_of(row) for row in self._connection.execute(_events_of, {"session": session_id})]

    def events_after(self, event_id: str) -> Sequence[Envelope]:
        """Return what was recorded after an event, in order."""
        return [envelope_of(row) for row in self._connection.execute(_events_after, {"event_id": event_id})]

    def current_group(self) -> OpenGroup | None:
        """Return the visiting team's group that is open here, or None."""
        opening = self._begun(GROUP_MODE)
        body = None if opening is None else open_body(opening)
        return OpenGroup(opening, body) if opening is not None and isinstance(body, GroupOpened) else None

    def drill_on(self) -> bool:
        """Tell whether the station is practising."""
        return self._begun(DRILL_MODE) is not None

    def _begun(self, mode: str) -> Envelope | None:
        if self._modes is None:
            self._modes = {row.name: envelope_of(row) for row in self._connection.execute(_modes)}
        return self._modes.get(mode)
