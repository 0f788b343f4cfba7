"""「那边下岗，这里上岗」: a duty at another place ends at the instant of the check-in here (duty-rules.md 7).

Upstream: ``fresh_scan``, the ports.
Downstream: ``kiosk.composition``; the question after a check-in.

The check-out carries the very stamp of the check-in, so that end there and start here are one instant.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.domain.refusal import MoveRefusal
from kiosk.usecases.errors import RecordingError
from kiosk.usecases.fresh_scan import fresh_check_in
from kiosk.usecases.outcomes import EndedElsewhere, MoveRefused, NotRecorded
from sync.protocol.events import CheckOut
from sync.protocol.vocabulary import EventKind, SessionState

if TYPE_CHECKING:
    from kiosk.domain.policy import DutyPolicy
    from kiosk.usecases.ports import Clock, Ledger, ReferenceShelf, Writing
    from sync.protocol.events import CheckIn

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class EndElsewhere:
    """The use case behind that answer."""

    clock: Clock
    ledger: Ledger
    shelf: ReferenceShelf
    policy: DutyPolicy

    def __call__(self, check_in: str, session_id: str) -> EndedElsewhere | MoveRefused | NotRecorded:
        """End the session of another place for the volunteer who made this check-in a moment ago.

        Raises:
            NotEnrolledError: the device has no reference data yet.
        """
        try:
            with self.ledger.writing() as writing:
                return self._end(writing, check_in, session_id)
        except RecordingError as error:
            log.warning("a check-out for another place could not be recorded: %s", error.fault)
            return NotRecorded(error.fault)

    def _end(self, writing: Writing, check_in: str, session_id: str) -> EndedElsewhere | MoveRefused:
        scan = fresh_check_in(writing, check_in, self.clock.now().stamp, self.policy.answer_s)
        event = writing.event(check_in)
        here = None if scan is None else writing.session(scan.session)
        if scan is None or event is None or here is None or here.session.state is SessionState.VOID:
            return MoveRefused(MoveRefusal.SCAN_AGAIN)
        if not self._goes_on(writing, scan, session_id):
            return MoveRefused(MoveRefusal.SETTLED)
        writing.append(CheckOut(session_id, scan.volunteer, scan.certificate, scan.witness), event.stamp)
        return EndedElsewhere(session_id)

    def _goes_on(self, writing: Writing, scan: CheckIn, session_id: str) -> bool:
        """Tell whether the session is this volunteer's and, for all this device knows, still open at another place."""
        recorded = writing.session(session_id)
        if recorded is not None:
            session = recorded.session
            mine = session.volunteer == scan.volunteer and session.service_point != scan.service_point
            return mine and session.state is SessionState.OPEN
        known = (each for each in self.shelf.current().data.elsewhere if each.session == session_id)
        ended = any(event.kind == EventKind.CHECK_OUT for event in writing.events_of(session_id))
        return not ended and any(each.volunteer == scan.volunteer for each in known)
