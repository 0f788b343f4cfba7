"""换岗: another service kind without a gap: the next session begins at the very instant the last one ended.

Upstream: ``fresh_scan``, ``last_duty``, ``kiosk.domain.standing``, the ports.
Downstream: ``kiosk.composition``; the check-out card.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from kiosk.domain.refusal import MoveRefusal
from kiosk.domain.roster import Match, Punctuality
from kiosk.domain.standing import wanting
from kiosk.usecases.errors import RecordingError
from kiosk.usecases.fresh_scan import is_fresh
from kiosk.usecases.last_duty import last_of
from kiosk.usecases.outcomes import ChangeOutcome, CheckedIn, MoveRefused, NotRecorded
from sync.protocol.events import Aside
from sync.protocol.reference import RosteredShift

if TYPE_CHECKING:
    from kiosk.domain.policy import DutyPolicy
    from kiosk.usecases.ports import Clock, Ids, Ledger, ReferenceShelf, Writing
    from sync.protocol.events import CheckIn

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ChangeService:
    """The use case behind 「换岗」."""

    clock: Clock
    ids: Ids
    ledger: Ledger
    shelf: ReferenceShelf
    policy: DutyPolicy

    def __call__(self, check_out: str, service: str) -> ChangeOutcome:
        """Go on with ``service`` from the check-out of this event id, made a moment ago.

        Raises:
            NotEnrolledError: the device has no reference data yet.
        """
        try:
            with self.ledger.writing() as writing:
                return self._change(writing, check_out, service)
        except RecordingError as error:
            log.warning("a change of service kind could not be recorded: %s", error.fault)
            return NotRecorded(error.fault)

    def _change(self, writing: Writing, check_out: str, service: str) -> ChangeOutcome:
        moment, event = self.clock.now(), writing.event(check_out)
        if event is None or not is_fresh(event.stamp, moment.stamp, self.policy.answer_s):
            return MoveRefused(MoveRefusal.SCAN_AGAIN)
        last = last_of(writing, event)
        if last is None or writing.open_sessions_of(last.begin.volunteer, drill=last.begin.drill):
            return MoveRefused(MoveRefusal.SETTLED)
        reference, volunteer = self.shelf.current().data, last.begin.volunteer
        wants = wanting(reference.standing_of(volunteer), reference.services, moment)
        if service in wants and wants[service].strict:
            return MoveRefused(MoveRefusal.TRAINING)
        aside = Aside(last.name, self.ids.new_salt())
        following = msgspec.structs.replace(last.following(self.ids, aside), service=service)
        envelope = writing.append(following, event.stamp, aside)
        return CheckedIn(
            event_id=envelope.id,
            session_id=following.session,
            volunteer_number=volunteer,
            name=last.name,
            at=moment.instant_when(event.stamp, event.stamp.wall_ms),
            service=service,
            match=_match(following, last.name),
            follows=True,
            wants=wants,
            paid=following.paid,
            drill=following.drill,
        )


def _match(following: CheckIn, name: str) -> Match:
    """Return the shift that goes on, or a walk-in; how punctual the first of its sessions was is no matter any more."""
    shift = following.shift
    if shift is None:
        return Match(Punctuality.WALK_IN)
    planned = RosteredShift(
        shift.id, following.volunteer, name, following.service, shift.starts_ms, shift.ends_ms, following.team
    )
    return Match(Punctuality.ON_TIME, planned)
