"""Another service kind than the likely one was tapped on the check-in card (duty-rules.md 4).

Upstream: ``kiosk.domain.standing``, the ports.
Downstream: ``kiosk.composition``.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.domain.standing import wanting
from kiosk.usecases.errors import RecordingError
from kiosk.usecases.outcomes import ChoiceOutcome, ChoiceRefused, NotRecorded, ServiceChosen
from sync.protocol.events import Choice
from sync.protocol.vocabulary import SessionState

if TYPE_CHECKING:
    from kiosk.usecases.ports import Clock, Ledger, ReferenceShelf

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ChooseService:
    """The use case behind a service tile."""

    clock: Clock
    ledger: Ledger
    shelf: ReferenceShelf

    def __call__(self, session_id: str, service: str) -> ChoiceOutcome:
        """Record ``service`` for an open session; choosing what already stands records nothing again.

        Raises:
            NotEnrolledError: the device has no reference data yet.
        """
        now, reference = self.clock.now(), self.shelf.current().data
        try:
            with self.ledger.writing() as writing:
                recorded = writing.session(session_id)
                if recorded is not None and _is_new(recorded.session.state, recorded.session.service, service):
                    standing = reference.standing_of(recorded.session.volunteer)
                    want = wanting(standing, reference.services, now).get(service)
                    if want is not None and want.strict:
                        return ChoiceRefused(session_id, recorded.session.service, want.training)
                    writing.append(Choice(session_id, service), now.stamp)
        except RecordingError as error:
            log.warning("a choice of service could not be recorded: %s", error.fault)
            return NotRecorded(error.fault)
        return ServiceChosen(session_id, service)


def _is_new(state: SessionState, current: str, chosen: str) -> bool:
    return state is SessionState.OPEN and current != chosen
