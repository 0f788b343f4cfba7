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
from sync.protocol.sessions import session_id_of
from sync.protocol.timeline import elapsed
from sync.protocol.vocabulary import EventKind, SessionState

if TYPE_CHECKING:
    from kiosk.domain.policy import DutyPolicy
    from kiosk.usecases.ports import Clock, Ledger, Writing

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
        effective = session.state is SessionState.OPEN if was_check_in else session.ended_by == scan.id
        stamp = self.clock.now().stamp
        age = elapsed(scan.stamp, stamp, writing.anchors())
        if not effective or not may_undo(age.hi_ns, is_open_check_in=was_check_in, policy=self.policy):
            return UndoRefused(UndoRefusal.TOO_LATE)
        writing.append(Undo(session.id, scan.id), stamp)
        return Undone(session.id, recorded.name, was_check_in)
