"""The volunteer says when an earlier duty ended that nobody ended: a proposal until a captain confirms it.

Upstream: ``forgotten``, ``kiosk.domain.unended``, the ports.
Downstream: ``kiosk.composition``; the question after a check-in.

The word is the volunteer's own because it belongs to a scan of a moment ago: that check-in brings the certificate.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from kiosk.domain.refusal import StatementRefusal
from kiosk.domain.unended import fault_of
from kiosk.usecases.errors import RecordingError
from kiosk.usecases.forgotten import unended
from kiosk.usecases.fresh_scan import fresh_check_in
from kiosk.usecases.outcomes import EndStated, NotRecorded, StatementOutcome, StatementRefused
from sync.protocol.judgements import Statement
from sync.protocol.vocabulary import Matter

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from kiosk.domain.policy import DutyPolicy
    from kiosk.usecases.ports import Clock, Ledger, ReferenceShelf, Writing
    from sync.protocol.vocabulary import StatementAnswer

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Said:
    """An answer to the question; ``ends_at`` aware UTC, on the reckoning of the question."""

    session_id: str
    answer: StatementAnswer
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class StateEnd:
    """The use case behind the answers; ``zone`` is the station's."""

    clock: Clock
    ledger: Ledger
    shelf: ReferenceShelf
    policy: DutyPolicy
    zone: tzinfo

    def __call__(self, check_in: str, said: Said) -> StatementOutcome:
        """Record the word of the volunteer who made the check-in with this event id a moment ago.

        Raises:
            NotEnrolledError: the device has no reference data yet.
        """
        try:
            with self.ledger.writing() as writing:
                return self._state(writing, check_in, said)
        except RecordingError as error:
            log.warning("a statement could not be recorded: %s", error.fault)
            return NotRecorded(error.fault)

    def _state(self, writing: Writing, check_in: str, said: Said) -> StatementOutcome:
        moment, recorded = self.clock.now(), writing.session(said.session_id)
        scan = fresh_check_in(writing, check_in, moment.stamp, self.policy.answer_s)
        if scan is None or recorded is None or recorded.session.volunteer != scan.volunteer:
            return StatementRefused(said.session_id, StatementRefusal.SCAN_AGAIN)
        if Matter.END_UNKNOWN not in recorded.session.matters:
            return StatementRefused(said.session_id, StatementRefusal.SETTLED)
        standing = self.shelf.current().data.standing_of(scan.volunteer)
        duty = unended(recorded, moment, standing, self.policy, self.zone)
        fault = fault_of(said.ends_at, duty)
        if fault is not None:
            return StatementRefused(said.session_id, fault)
        lasted_ms = (said.ends_at - duty.starts_at) // timedelta(milliseconds=1)
        ends_ms = recorded.session.started.est_ms + lasted_ms  # the length is what is meant, whatever the clock was
        body = Statement(said.session_id, scan.volunteer, scan.certificate, said.answer, ends_ms, lasted_ms)
        writing.append(body, moment.stamp)
        return EndStated(said.session_id, said.ends_at)
