"""What the device keeps beside the ledger so that it can be asked without folding; all of it follows from the ledger.

Upstream: ``tables``, ``sync.protocol``.
Downstream: ``transaction``.

Sessions and anchors are brought up to date by ``transaction``, which has the timeline; here are the smaller ones, one
function for each kind of event. :data:`PROJECTED` is the whole list.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, delete, func
from sqlalchemy.dialects.sqlite import insert

from kiosk.store.tables import FaceRow, KitRow, ModeRow, RosterAnswerRow, StarApplicationRow
from sync.protocol.events import Body, Drill, GroupClosed, GroupOpened, Kit
from sync.protocol.judgements import RecipientRating, StarApplication
from sync.protocol.roster import RosterResponse

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sync.protocol.envelope import Envelope

DRILL_MODE = "drill"
GROUP_MODE = "group"
SMALL = (ModeRow, FaceRow, KitRow, StarApplicationRow, RosterAnswerRow)

_begin = insert(ModeRow)
_begin = _begin.on_conflict_do_update(index_elements=[ModeRow.name], set_={"event_id": _begin.excluded.event_id})
_face = insert(FaceRow).on_conflict_do_nothing()
_kit = insert(KitRow)
_kit = _kit.on_conflict_do_update(
    index_elements=[KitRow.volunteer, KitRow.item],
    set_={"count": func.max(0, KitRow.count + _kit.excluded.count)},
)
_star = insert(StarApplicationRow).on_conflict_do_nothing()
_roster_answer = insert(RosterAnswerRow).on_conflict_do_nothing()


def project(connection: Connection, envelope: Envelope, body: Body) -> None:
    """Bring the smaller projections up to date with one event."""
    keep = PROJECTED.get(type(body))
    if keep is not None:
        keep(connection, envelope.id, body)


def clear(connection: Connection) -> None:
    """Empty them, before all events are projected anew."""
    for table in SMALL:
        connection.execute(delete(table))


def _drill(connection: Connection, event_id: str, drill: Drill) -> None:
    _set_mode(connection, DRILL_MODE, event_id if drill.on else None)


def _group_opened(connection: Connection, event_id: str, _group: GroupOpened) -> None:
    _set_mode(connection, GROUP_MODE, event_id)


def _group_closed(connection: Connection, _event_id: str, _group: GroupClosed) -> None:
    _set_mode(connection, GROUP_MODE, None)


def _set_mode(connection: Connection, name: str, event_id: str | None) -> None:
    if event_id is None:
        connection.execute(delete(ModeRow).where(ModeRow.name == name))
    else:
        connection.execute(_begin, {"name": name, "event_id": event_id})


def _rated(connection: Connection, event_id: str, rating: RecipientRating) -> None:
    for session in dict.fromkeys(rating.sessions):
        values = {"session": session, "event_id": event_id, "face": rating.face.value, "burst": rating.burst}
        connection.execute(_face, values)


def _handed(connection: Connection, _event_id: str, kit: Kit) -> None:
    change = -kit.count if kit.returned else kit.count
    values = {"volunteer": kit.volunteer, "item": kit.item.value}
    stands = connection.execute(_kit, {**values, "count": change})
    if stands.rowcount and kit.returned:
        connection.execute(delete(KitRow).where(KitRow.volunteer == kit.volunteer, KitRow.count <= 0))


def _applied(connection: Connection, event_id: str, application: StarApplication) -> None:
    values = {"volunteer": application.volunteer, "level": application.level, "event_id": event_id}
    connection.execute(_star, values)


def _answered(connection: Connection, event_id: str, answer: RosterResponse) -> None:
    connection.execute(_roster_answer, {"volunteer": answer.volunteer, "event_id": event_id})


PROJECTED: Mapping[type[Body], Callable[[Connection, str, Any], None]] = MappingProxyType(
    {
        Drill: _drill,
        GroupOpened: _group_opened,
        GroupClosed: _group_closed,
        RecipientRating: _rated,
        Kit: _handed,
        StarApplication: _applied,
        RosterResponse: _answered,
    }
)
