"""小红帽和袖标: handed out for a duty, and brought back (REQ 1.1d).

Upstream: ``reach``, ``names``.
Downstream: ``kiosk.composition``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.domain.operator_refusal import DeskRefusal
from kiosk.domain.operators import Right
from kiosk.usecases.desk_outcomes import DeskRefused, KitMoved
from kiosk.usecases.names import names_in
from sync.protocol.events import Kit

if TYPE_CHECKING:
    from kiosk.usecases.operator_outcomes import SignedIn
    from kiosk.usecases.outcomes import NotRecorded
    from kiosk.usecases.ports import Writing
    from kiosk.usecases.reach import DeskRoom, Reach
    from sync.protocol.vocabulary import KitItem

MOST_HANDED_OUT = 99  # at once, to whoever fetches them for a team


@dataclass(frozen=True, slots=True)
class MoveKit:
    """The use cases behind 「发放」 and 「归还」."""

    room: DeskRoom

    def hand_out(
        self, operator: SignedIn, volunteer: str, item: KitItem, count: int = 1
    ) -> KitMoved | DeskRefused | NotRecorded:
        """Hand so many of an item to a volunteer."""
        return self._move(operator, Kit(volunteer, item, count, returned=False, by=operator.operator))

    def take_back(
        self, operator: SignedIn, volunteer: str, item: KitItem, count: int = 1
    ) -> KitMoved | DeskRefused | NotRecorded:
        """Take so many of an item back; nobody returns more than they hold."""
        return self._move(operator, Kit(volunteer, item, count, returned=True, by=operator.operator))

    def _move(self, operator: SignedIn, kit: Kit) -> KitMoved | DeskRefused | NotRecorded:
        reach = self.room.reach(operator)
        done = self.room.recorded(lambda writing: _recorded(reach, writing, kit))
        return DeskRefused(done) if isinstance(done, DeskRefusal) else done


def _recorded(reach: Reach, writing: Writing, kit: Kit) -> KitMoved | DeskRefusal:
    name = names_in(reach.know.shelf.current().data).get(kit.volunteer) or writing.name_of(kit.volunteer)
    held = writing.kit_of(kit.volunteer).get(kit.item, 0)
    fault = reach.fault(Right.KIT)
    if fault is not None:
        return fault
    if not 1 <= kit.count <= MOST_HANDED_OUT:
        return DeskRefusal.BAD_COUNT
    if kit.returned and kit.count > held:
        return DeskRefusal.NOT_HELD
    if not name:
        return DeskRefusal.UNKNOWN_VOLUNTEER
    writing.append(kit, reach.moment.stamp)
    held += -kit.count if kit.returned else kit.count
    return KitMoved(kit.volunteer, name, kit.item, kit.count, held, kit.returned)
