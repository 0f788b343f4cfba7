"""What the idle screen shows of the station: who is on duty, today's roster, this month's hours, the way upward.

Upstream: the ports.
Downstream: ``kiosk.composition`` reads it after every scan and every minute.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from kiosk.domain.roster import ends_at, starts_at
from kiosk.usecases.board import Board, OnDuty, PlannedShift
from kiosk.usecases.read_group import group_of
from sync.protocol.sessions import DRILL
from sync.protocol.vocabulary import SessionState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import tzinfo

    from kiosk.timekeeping.moment import Moment
    from kiosk.usecases.ports import Clock, Ledger, Mailbox, RecordedSession, ReferenceShelf
    from sync.protocol.reference import RosteredShift

SERVING, SERVED, PLANNED = "serving", "served", "planned"


@dataclass(frozen=True, slots=True)
class ReadBoard:
    """Reads the board; ``zone`` is the station's."""

    clock: Clock
    ledger: Ledger
    shelf: ReferenceShelf
    mailbox: Mailbox
    zone: tzinfo

    def __call__(self) -> Board:
        """Return the board of this moment.

        Raises:
            RecordingError: the file cannot be read now.
            NotEnrolledError: the device has no reference data yet.
        """
        moment, reference, link = self.clock.now(), self.shelf.current().data, self.mailbox.link()
        local = moment.at.astimezone(self.zone)
        midnight = datetime.combine(local.date(), time(0), self.zone)
        with self.ledger.reading() as reading:
            today = _in_earnest(reading.sessions_since(midnight))
            on_duty = tuple(_on_duty(recorded, moment) for recorded in _in_earnest(reading.open_sessions()))
            minutes_by_day = reading.minutes_by_day(local.date())
            provisional_count, drill = reading.provisional_count(), reading.drill_on()
            opened = reading.current_group()
            group = None if opened is None else group_of(reading, opened)
        return Board(
            now=moment.at,
            calibrated=moment.calibrated,
            station_name=reference.service_point.name,
            on_duty=on_duty,
            roster=_today(reference.roster, midnight, today),
            notices=tuple(reference.notices),
            minutes_by_day=minutes_by_day,
            provisional_count=provisional_count,
            waiting_to_upload=link.waiting,
            last_contact=link.last_contact,
            drill=drill,
            group=group,
        )


def _in_earnest(sessions: Sequence[RecordedSession]) -> list[RecordedSession]:
    """Leave out what was recorded in a drill."""
    return [recorded for recorded in sessions if DRILL not in recorded.session.flags]


def _on_duty(recorded: RecordedSession, moment: Moment) -> OnDuty:
    session = recorded.session
    since = moment.instant_when(recorded.check_in.stamp, session.started.est_ms)
    return OnDuty(session.id, recorded.name, session.service, since)


def _today(
    roster: Sequence[RosteredShift], midnight: datetime, today: Sequence[RecordedSession]
) -> tuple[PlannedShift, ...]:
    state_of = {recorded.session.shift.id: recorded.session.state for recorded in today if recorded.session.shift}
    shifts = [
        shift for shift in roster if starts_at(shift) < midnight + timedelta(days=1) and ends_at(shift) > midnight
    ]
    return tuple(
        PlannedShift(
            shift.display_name, shift.service, starts_at(shift), ends_at(shift), _state(state_of.get(shift.id))
        )
        for shift in sorted(shifts, key=lambda shift: (shift.starts_ms, shift.id))
    )


def _state(state: SessionState | None) -> str:
    if state is SessionState.OPEN:
        return SERVING
    return PLANNED if state in {None, SessionState.VOID} else SERVED
