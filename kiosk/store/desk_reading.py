"""What the operator's desk asks of the device's file: what waits, what is out, what the station is in the middle of.

Upstream: ``tables``, ``mapping``.
Downstream: ``transaction``, which is one of these.

Lists come from the sessions table and never from a fold: a queue of ten years must open as fast as one of a day.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Row, bindparam, func, select, text, true

from kiosk.store.mapping import envelope_of
from kiosk.store.tables import AsideRow, FaceRow, KitRow, LedgerRow, ModeRow, SessionRow
from kiosk.usecases.operator_ports import HeldKit, KeptSession, QueueCounts, is_due
from sync.protocol.vocabulary import KitItem, Matter, Provenance, Quality, SessionState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kiosk.usecases.operator_ports import Wanted
    from sync.protocol.envelope import Envelope

LONGEST_MS = 48 * 3_600_000  # no session lasts longer: the cap is at most a day (kiosk.settings)
_WAITING = text("sessions.matters <> ''")  # spelled as in the partial index, so that SQLite uses it
_ledger = select(LedgerRow.__table__)
_mode = _ledger.join(ModeRow, ModeRow.event_id == LedgerRow.id).where(ModeRow.name == bindparam("name"))
_waiting = (
    select(SessionRow.__table__, AsideRow.name)
    .join(AsideRow, AsideRow.event_id == SessionRow.check_in, isouter=True)
    .where(_WAITING)
)
_held = select(KitRow.volunteer, KitRow.item, KitRow.count).where(KitRow.count > 0)
_held = _held.order_by(KitRow.volunteer, KitRow.item)
_name = select(AsideRow.name).join(SessionRow, SessionRow.check_in == AsideRow.event_id)
_name = _name.where(SessionRow.volunteer == bindparam("volunteer")).order_by(SessionRow.started_on.desc()).limit(1)


class DeskReading:
    """The port of the same name on an open connection."""

    _connection: Connection

    def queue(self, wanted: Wanted, offset: int, limit: int) -> Sequence[KeptSession]:
        """Return sessions that wait for a person, earliest first."""
        chosen = _waiting.where(_of(wanted.teams), true() if wanted.matter is None else _has(wanted.matter))
        chosen = chosen.order_by(SessionRow.started_ms, SessionRow.id).offset(offset).limit(limit)
        return [_kept(row) for row in self._connection.execute(chosen)]

    def queue_counts(self, teams: frozenset[str] | None) -> QueueCounts:
        """Return how many wait, in one pass over what waits."""
        kinds = (SessionRow.matters, SessionRow.state)
        chosen = select(*kinds, func.count()).where(_WAITING, _of(teams)).group_by(*kinds)
        of, total, due = dict.fromkeys(Matter, 0), 0, 0
        for words, state, number in self._connection.execute(chosen):
            matters = _matters_of(words)
            total += number
            due += number if is_due(matters, SessionState(state)) else 0
            for matter in matters:
                of[matter] += number
        return QueueCounts(total, due, of)

    def due_since(self, teams: frozenset[str] | None, ended_from_ms: int) -> int:
        """Return how many are not complete and ended at or after an instant; only the latest are looked at."""
        chosen = select(SessionRow.matters, SessionRow.state).where(_WAITING, _of(teams))
        chosen = chosen.where(SessionRow.started_ms >= ended_from_ms - LONGEST_MS, SessionRow.ended_ms >= ended_from_ms)
        rows = self._connection.execute(chosen)
        return sum(is_due(_matters_of(words), SessionState(state)) for words, state in rows)

    def mode(self, name: str) -> Envelope | None:
        """Return the event that began what the station is in the middle of, or None."""
        row = self._connection.execute(_mode, {"name": name}).one_or_none()
        return None if row is None else envelope_of(row)

    def kit_held(self) -> Sequence[HeldKit]:
        """Return all caps and armbands that are out, by volunteer."""
        rows = self._connection.execute(_held).all()
        names = {row.volunteer: self._name(row.volunteer) for row in rows}
        return [HeldKit(row.volunteer, names[row.volunteer], KitItem(row.item), row[2]) for row in rows]

    def bursts_of(self, session_id: str) -> int:
        """Return how many faces of a session came in a burst."""
        chosen = select(func.count()).select_from(FaceRow).where(FaceRow.session == session_id, FaceRow.burst)
        return self._connection.execute(chosen).scalar_one()

    def _name(self, volunteer: str) -> str:
        return self._connection.execute(_name, {"volunteer": volunteer}).scalar_one_or_none() or ""


def _of(teams: frozenset[str] | None) -> Any:
    return true() if teams is None else SessionRow.team.in_(sorted(teams))


def _has(matter: Matter) -> Any:
    return (" " + SessionRow.matters + " ").contains(f" {matter.value} ", autoescape=True)


def _matters_of(words: str) -> frozenset[Matter]:
    return frozenset(Matter(word) for word in words.split())


def _kept(row: Row[Any]) -> KeptSession:
    return KeptSession(
        id=row.id,
        volunteer=row.volunteer,
        name=row.name or "",
        service=row.service,
        team=row.team,
        started_ms=row.started_ms,
        ended_ms=row.ended_ms,
        original_s=row.original_s,
        credited_minutes=row.credited_minutes,
        state=SessionState(row.state),
        provenance=Provenance(row.provenance),
        quality=None if row.quality is None else Quality(row.quality),
        matters=_matters_of(row.matters),
    )
