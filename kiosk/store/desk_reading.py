"""What the operator's desk asks of the device's file: what waits, what is out, what the station is in the middle of.

Upstream: ``tables``, ``mapping``.
Downstream: ``transaction``, which is one of these.

Lists come from the sessions table and never from a fold: a queue of ten years must open as fast as one of a day.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Row, and_, bindparam, func, or_, select, text, true

from kiosk.store.mapping import envelope_of
from kiosk.store.tables import AsideRow, FaceRow, KitRow, LedgerRow, ModeRow, SessionRow
from kiosk.usecases.operator_ports import HeldKit, KeptSession
from sync.protocol.vocabulary import KitItem, Matter, Provenance, Quality, SessionState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kiosk.usecases.operator_ports import Wanted
    from sync.protocol.envelope import Envelope

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

    def queue_counts(self, teams: frozenset[str] | None) -> Mapping[Matter | None, int]:
        """Return how many wait by matter; under None: all of them."""
        chosen = select(SessionRow.matters, func.count()).where(_WAITING, _of(teams)).group_by(SessionRow.matters)
        counts: Counter[Matter | None] = Counter(dict.fromkeys((None, *Matter), 0))
        for matters, number in self._connection.execute(chosen):
            counts[None] += number
            for matter in _matters_of(matters):
                counts[matter] += number
        return counts

    def overdue_count(self, teams: frozenset[str] | None, ended_before_ms: int) -> int:
        """Return how many are not complete and ended before an instant, UTC ms."""
        due = or_(
            _has(Matter.END_UNKNOWN),
            _has(Matter.CONFIRM),
            _has(Matter.RATE),
            and_(_has(Matter.SECOND_PERSON), SessionRow.state == SessionState.PROVISIONAL.value),
        )
        chosen = select(func.count()).select_from(SessionRow).where(_WAITING, _of(teams), due)
        return self._connection.execute(chosen.where(SessionRow.ended_ms < ended_before_ms)).scalar_one()

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
