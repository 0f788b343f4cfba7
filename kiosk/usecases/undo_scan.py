"""Taking an accepted scan back: the undo is an event too, and the scan stays in the chain (duty-rules.md 8).

Upstream: ``kiosk.domain.duty_session``, the ports.
Downstream: ``kiosk.composition``.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.domain.duty_session import may_undo
from kiosk.domain.refusal import UndoRefusal
from kiosk.usecases.errors import RecordingError
from kiosk.usecases.outcomes import NotRecorded, Undone, UndoOutcome, UndoRefused
from sync.protocol.events import Undo
from sync.protocol.sessions import DRILL, session_id_of
from sync.protocol.vocabulary import EventKind, SessionState

if TYPE_CHECKING:
    from kiosk.domain.policy import DutyPolicy
    from kiosk.usecases.ports import Clock, Ledger, Writing
    from sync.protocol.sessions import Session

log = logging.getLogger(__name__)
_SCANS = frozenset({EventKind.CHECK_IN.value, EventKind.CHECK_OUT.value})


@dataclass(frozen=True, slots=True)
class UndoScan:
    """The use case behind 「撤销」."""

    clock: Clock
    ledger: Ledger
    policy: DutyPolicy

    def __call__(self, event_id: str) -> UndoOutcome:
        """Take back the check-in or check-out of ``event_id``, if its time has not passed."""
        try:
            with self.ledger.writing() as writing:
                return self._undo(writing, event_id)
        except RecordingError as error:
            log.warning("an undo could not be recorded: %s", error.fault)
            return NotRecorded(error.fault)

    def _undo(self, writing: Writing, event_id: str) -> UndoOutcome:
        scan = writing.event(event_id)
        recorded = writing.session(session_id_of(scan) or "") if scan and scan.kind in _SCANS else None
        if scan is None or recorded is None:
            return UndoRefused(UndoRefusal.UNKNOWN)
        session = recorded.session
        was_check_in = scan.kind == EventKind.CHECK_IN
        effective = session.state is SessionState.OPEN if was_check_in else _ended_for_good(writing, session, scan.id)
        stamp = self.clock.now().stamp
        age = writing.lasted(scan, stamp)
        if not effective or not may_undo(age.hi_ns, is_open_check_in=was_check_in, policy=self.policy):
            return UndoRefused(UndoRefusal.TOO_LATE)
        writing.append(Undo(session.id, scan.id), stamp)
        return Undone(session.id, recorded.name, was_check_in)


def _ended_for_good(writing: Writing, session: Session, check_out: str) -> bool:
    """Tell whether a check-out is what ended the session, and its volunteer has not begun another here since."""
    others = writing.open_sessions_of(session.volunteer, drill=DRILL in session.flags)
    begun = any(other.session.service_point == session.service_point for other in others)
    return session.ended_by == check_out and not begun
