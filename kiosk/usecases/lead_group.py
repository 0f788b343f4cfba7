"""团队签到: an operator opens a group for a visiting team, whose members scan one after another, and closes it.

Upstream: ``reach``, ``read_group``.
Downstream: ``kiosk.composition``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.domain.operator_refusal import DeskRefusal
from kiosk.domain.operators import Right
from kiosk.usecases.desk_outcomes import DeskRefused, GroupDone, GroupOpen
from kiosk.usecases.read_group import group_of
from sync.protocol.events import GroupClosed, GroupOpened
from sync.protocol.vocabulary import ServiceKind

if TYPE_CHECKING:
    from kiosk.usecases.operator_outcomes import SignedIn
    from kiosk.usecases.outcomes import NotRecorded
    from kiosk.usecases.ports import Ids, Writing
    from kiosk.usecases.reach import DeskRoom, Reach

LONGEST_TEAM = 64  # sync.protocol.events.Word


@dataclass(frozen=True, slots=True)
class LeadGroup:
    """The use cases behind 「团队签到」 at the desk (REQ 2.5b)."""

    room: DeskRoom
    ids: Ids

    def open(self, operator: SignedIn, service: str, team: str | None = None) -> GroupOpen | DeskRefused | NotRecorded:
        """Open a group; its members' duties are of this service kind and team."""
        reach = self.room.reach(operator)

        def begin(writing: Writing) -> GroupOpen | DeskRefused:
            fault = _opening_fault(reach, writing, service, team)
            if fault is not None:
                return DeskRefused(fault)
            body = GroupOpened(self.ids.new_id(), service, reach.operator, team)
            writing.append(body, reach.moment.stamp)
            return GroupOpen(body.group, service, team)

        return self.room.recorded(begin)

    def close(self, operator: SignedIn) -> GroupDone | DeskRefused | NotRecorded:
        """Close the group that is open."""
        reach = self.room.reach(operator)

        def end(writing: Writing) -> GroupDone | DeskRefused:
            fault, opened = reach.fault(Right.GROUP), writing.current_group()
            if fault is not None or opened is None:
                return DeskRefused(fault or DeskRefusal.NO_GROUP)
            members = group_of(writing, opened).came
            writing.append(GroupClosed(opened.body.group, reach.operator), reach.moment.stamp)
            return GroupDone(opened.body.group, members)

        return self.room.recorded(end)


def _opening_fault(reach: Reach, writing: Writing, service: str, team: str | None) -> DeskRefusal | None:
    fault = reach.fault(Right.GROUP)
    if fault is not None:
        return fault
    if writing.current_group() is not None:
        return DeskRefusal.GROUP_IS_OPEN
    if service not in {*ServiceKind, *(each.service for each in reach.know.shelf.current().data.services)}:
        return DeskRefusal.UNKNOWN_SERVICE
    return DeskRefusal.BAD_TEAM if team is not None and not 0 < len(team) <= LONGEST_TEAM else None
