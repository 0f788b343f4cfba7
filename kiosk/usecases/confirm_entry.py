"""A second operator stands for hours that the first one entered; only then do they count.

Upstream: ``know_operator``, ``kiosk.domain.hours_entry``, the ports.
Downstream: ``kiosk.composition``.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.domain.hours_entry import second_person_fault
from kiosk.domain.operator_refusal import EntryRefusal
from kiosk.domain.operators import Right
from kiosk.usecases.errors import RecordingError
from kiosk.usecases.operator_outcomes import EntryConfirmed, EntryOutcome, EntryRefused
from kiosk.usecases.outcomes import NotRecorded
from sync.protocol.judgements import Confirmation
from sync.protocol.vocabulary import Provenance, SessionState

if TYPE_CHECKING:
    from kiosk.usecases.know_operator import KnowOperator
    from kiosk.usecases.operator_outcomes import SignedIn
    from kiosk.usecases.ports import Clock, Ledger, Writing

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ConfirmEntry:
    """The use case of manual hours, second person."""

    know: KnowOperator
    clock: Clock
    ledger: Ledger

    def __call__(self, operator: SignedIn, session_id: str) -> EntryOutcome:
        """Confirm the entry of a session in the operator's name."""
        try:
            with self.ledger.writing() as writing:
                return self._confirm(operator.operator, session_id, writing)
        except RecordingError as error:
            log.warning("an entry could not be confirmed: %s", error.fault)
            return NotRecorded(error.fault)

    def _confirm(self, operator: str, session_id: str, writing: Writing) -> EntryOutcome:
        moment, recorded = self.clock.now(), writing.session(session_id)
        if recorded is None or recorded.session.provenance is not Provenance.CAPTAIN_ENTRY:
            return EntryRefused(EntryRefusal.UNKNOWN_ENTRY)
        session, entry = recorded.session, recorded.check_in
        if session.state is not SessionState.PROVISIONAL:
            return EntryRefused(EntryRefusal.DECIDED)
        if not self.know.may(operator, Right.CONFIRM, moment, session.team):
            return EntryRefused(EntryRefusal.NOT_ALLOWED)
        fault = second_person_fault(operator, str(entry.body["entered_by"]), session.volunteer)
        if fault is not None:
            return EntryRefused(fault)
        writing.append(Confirmation(session_id, entry.id, operator), moment.stamp)
        confirmed = writing.session(session_id) or recorded
        return EntryConfirmed(session_id, recorded.name, confirmed.session.credited_minutes)
