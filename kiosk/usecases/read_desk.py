"""值班台 at one moment: who is on duty, what waits and for how long it may, what is out, how the device does.

Upstream: ``reach``, ``read_queue``, the ports.
Downstream: ``kiosk.composition``, ``kiosk operator queue``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from typing import TYPE_CHECKING

from kiosk.domain.closing import limit_of
from kiosk.domain.operator_refusal import DeskRefusal
from kiosk.usecases.desk import DeskBoard, DeskHealth, DeskOnDuty, DrillState, GroupState, KitHeld, Machine
from kiosk.usecases.desk_outcomes import DeskRefused
from kiosk.usecases.hold_drill import drill_ends_at
from kiosk.usecases.names import names_in
from kiosk.usecases.operator_ports import DRILL_MODE
from kiosk.usecases.read_group import group_of
from kiosk.usecases.read_queue import Asked
from sync.protocol.envelope import open_body
from sync.protocol.events import Drill
from sync.protocol.working_days import earliest_in_time

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo

    from kiosk.domain.policy import DutyPolicy
    from kiosk.timekeeping.moment import Moment
    from kiosk.usecases.operator_outcomes import SignedIn
    from kiosk.usecases.operator_ports import HeldKit
    from kiosk.usecases.ports import Mailbox, Reading, RecordedSession
    from kiosk.usecases.reach import DeskRoom
    from kiosk.usecases.read_queue import ReadQueue

UNKNOWN_MACHINE = Machine()


@dataclass(frozen=True, slots=True)
class ReadDesk:
    """Reads the desk; ``zone`` is the station's."""

    room: DeskRoom
    queue: ReadQueue
    mailbox: Mailbox
    policy: DutyPolicy
    zone: tzinfo

    def __call__(self, operator: SignedIn, machine: Machine = UNKNOWN_MACHINE) -> DeskBoard | DeskRefused:
        """Return the desk as this operator may see it.

        Args:
            operator: who has signed in.
            machine: what only the running program knows.

        Raises:
            RecordingError: the file cannot be read now.
        """
        reach = self.room.reach(operator)
        if not reach.rights():
            return DeskRefused(DeskRefusal.NOT_ALLOWED)
        moment, names = reach.moment, names_in(reach.know.shelf.current().data)
        with self.room.ledger.reading() as reading:
            counts = reading.queue_counts(reach.teams())
            return DeskBoard(
                now=moment.at,
                calibrated=moment.calibrated,
                on_duty=tuple(self._on_duty(each, moment) for each in reading.open_sessions()),
                counts=counts.of,
                queue=self.queue.page(reach, reading, Asked(counts)),
                overdue=counts.due - reading.due_since(reach.teams(), self._in_time_from_ms(moment)),
                kit=tuple(_held(names, each) for each in reading.kit_held()),
                drill=self._drill(reading, moment, names),
                group=_group(reading, moment, names),
                health=self._health(moment, machine),
                rights=frozenset(right.value for right in reach.rights()),
            )

    def _on_duty(self, recorded: RecordedSession, moment: Moment) -> DeskOnDuty:
        session = recorded.session
        since = moment.instant_when(recorded.check_in.stamp, session.started.est_ms)
        over = limit_of(since, self.policy, self.zone).at <= moment.at
        return DeskOnDuty(
            session.id, session.volunteer, recorded.name, session.service, session.team, since, over, session.flags
        )

    def _drill(self, reading: Reading, moment: Moment, names: Mapping[str, str]) -> DrillState | None:
        began = reading.mode(DRILL_MODE)
        body = None if began is None else open_body(began)
        if began is None or not isinstance(body, Drill):
            return None
        since = moment.instant_when(began.stamp, began.stamp.wall_ms)
        by = body.by or ""
        return DrillState(since, by, names.get(by, ""), drill_ends_at(began, moment, self.policy))

    def _in_time_from_ms(self, moment: Moment) -> int:
        earliest = earliest_in_time(moment.at.astimezone(self.zone).date())
        return int(datetime.combine(earliest, time(0), self.zone).timestamp() * 1000)

    def _health(self, moment: Moment, machine: Machine) -> DeskHealth:
        link = self.mailbox.link()
        return DeskHealth(link.waiting, link.last_contact, moment.stamp.clk, moment.calibrated, machine)


def _held(names: Mapping[str, str], held: HeldKit) -> KitHeld:
    return KitHeld(held.volunteer, held.name or names.get(held.volunteer, ""), held.item, held.count)


def _group(reading: Reading, moment: Moment, names: Mapping[str, str]) -> GroupState | None:
    opened = reading.current_group()
    if opened is None:
        return None
    group, stamp, by = group_of(reading, opened), opened.opening.stamp, opened.body.opened_by
    since = moment.instant_when(stamp, stamp.wall_ms)
    return GroupState(group.id, group.service, group.team, since, by, names.get(by, ""), group.came)
