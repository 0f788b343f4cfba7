"""演练: the station practises; what is scanned meanwhile is kept apart, and the drill ends by itself.

Upstream: ``reach``, ``close_drill``.
Downstream: ``kiosk.composition`` (at the desk, and every minute).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from kiosk.domain.operator_refusal import DeskRefusal
from kiosk.domain.operators import Right
from kiosk.usecases.close_drill import close_drill_sessions
from kiosk.usecases.desk_outcomes import DeskRefused, DrillEnded, DrillStarted
from kiosk.usecases.errors import RecordingError
from kiosk.usecases.operator_ports import DRILL_MODE
from kiosk.usecases.outcomes import NotRecorded
from sync.protocol.events import Drill

if TYPE_CHECKING:
    from datetime import datetime

    from kiosk.domain.policy import DutyPolicy
    from kiosk.timekeeping.moment import Moment
    from kiosk.usecases.operator_outcomes import SignedIn
    from kiosk.usecases.ports import Writing
    from kiosk.usecases.reach import DeskRoom
    from sync.protocol.envelope import Envelope


@dataclass(frozen=True, slots=True)
class HoldDrill:
    """The use cases behind 「开始演练」 and 「结束演练」."""

    room: DeskRoom
    policy: DutyPolicy

    def start(self, operator: SignedIn) -> DrillStarted | DeskRefused | NotRecorded:
        """Begin to practise."""
        reach = self.room.reach(operator)

        def begin(writing: Writing) -> DrillStarted | DeskRefused:
            fault = reach.fault(Right.DRILL)
            if fault is None and writing.mode(DRILL_MODE) is not None:
                fault = DeskRefusal.DRILL_IS_ON
            if fault is not None:
                return DeskRefused(fault)
            writing.append(Drill(on=True, by=reach.operator), reach.moment.stamp)
            return DrillStarted(reach.moment.at + timedelta(minutes=self.policy.drill_min))

        return self.room.recorded(begin)

    def end(self, operator: SignedIn) -> DrillEnded | DeskRefused | NotRecorded:
        """End it; whoever is still on duty in it is not any more."""
        reach = self.room.reach(operator)

        def stop(writing: Writing) -> DrillEnded | DeskRefused:
            fault = reach.fault(Right.DRILL)
            if fault is None and writing.mode(DRILL_MODE) is None:
                fault = DeskRefusal.NO_DRILL
            return DeskRefused(fault) if fault is not None else _ended(writing, reach.moment, reach.operator)

        return self.room.recorded(stop)

    def tend(self) -> bool:
        """End a drill whose time is over, in nobody's name, and tell whether that is done now."""
        moment = self.room.clock.now()
        try:
            with self.room.ledger.reading() as reading:
                began = reading.mode(DRILL_MODE)
        except RecordingError:
            return False
        if began is None or moment.at < drill_ends_at(began, moment, self.policy):
            return False
        return not isinstance(self.room.recorded(lambda writing: _ended(writing, moment, None)), NotRecorded)


def drill_ends_at(began: Envelope, moment: Moment, policy: DutyPolicy) -> datetime:
    """Return when a drill ends by itself, aware UTC."""
    return moment.instant_when(began.stamp, began.stamp.wall_ms) + timedelta(minutes=policy.drill_min)


def _ended(writing: Writing, moment: Moment, by: str | None) -> DrillEnded:
    closed = close_drill_sessions(writing, moment)
    writing.append(Drill(on=False, by=by), moment.stamp)
    return DrillEnded(closed)
