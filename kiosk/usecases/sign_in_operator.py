"""An operator signs in: a certificate, an office, and the PIN, whose every try is counted before it is looked at.

Upstream: ``know_operator``, ``kiosk.certificate.pin``, the ports.
Downstream: ``kiosk.composition``.

::

    certificate ── office here and now? ── no ──▶ refused
                        └── yes ── ten tries behind? ── yes ──▶ locked, whatever the PIN
                                        └── no ── count the try, COMMIT ── look at the PIN ── right ──▶ tries := 0, in
                                                                                  └── wrong ──▶ refused

A power cut between commit and look costs a try and gives none away.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.certificate.pin import MOST_TRIES
from kiosk.domain.operator_refusal import OperatorRefusal
from kiosk.usecases.errors import RecordingError
from kiosk.usecases.know_operator import KnownOperator
from kiosk.usecases.operator_outcomes import OperatorRefused, SignedIn, SignInOutcome
from kiosk.usecases.operator_ports import KeptPin
from kiosk.usecases.outcomes import NotRecorded
from sync.protocol.events import OperatorRefused as RefusedEvent
from sync.protocol.events import OperatorSignedIn

if TYPE_CHECKING:
    from collections.abc import Callable

    from kiosk.usecases.know_operator import KnowOperator
    from kiosk.usecases.ports import Ledger

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SignInOperator:
    """The use case at the door of the desk; ``matches`` looks at a kept PIN and a given one."""

    know: KnowOperator
    ledger: Ledger
    matches: Callable[[str, str], bool]

    def __call__(self, text: str, pin: str) -> SignInOutcome:
        """Return whether the bearer of a certificate with this PIN is let in; every answer is on record."""
        known = self.know(text)
        if not isinstance(known, KnownOperator):
            return known
        try:
            return self._decide(known, pin)
        except RecordingError as error:
            log.warning("a sign-in could not be recorded: %s", error.fault)
            return NotRecorded(error.fault)

    def _decide(self, known: KnownOperator, pin: str) -> SignInOutcome:
        if not known.held:
            return self._refuse(known, OperatorRefusal.NOT_APPOINTED)
        counted = self._count(known.number)
        if counted.kept is None:
            return self._refuse(known, OperatorRefusal.NO_PIN)
        if counted.tries > MOST_TRIES:
            return self._refuse(known, OperatorRefusal.LOCKED)
        if not self.matches(counted.kept, pin):
            left = MOST_TRIES - counted.tries
            return self._refuse(known, OperatorRefusal.WRONG_PIN if left else OperatorRefusal.LOCKED, left)
        return self._let_in(known, counted)

    def _count(self, operator: str) -> KeptPin:
        """Count one try, durably, unless there is none left or no PIN to try; more tries than may be mean locked."""
        with self.ledger.writing() as writing:
            stands = writing.pin_of(operator)
            counted = KeptPin(stands.kept, stands.tries + 1)
            if stands.kept is not None and stands.tries < MOST_TRIES:
                writing.keep_pin(operator, counted)
        return counted

    def _let_in(self, known: KnownOperator, counted: KeptPin) -> SignInOutcome:
        roles = tuple(appointment.role for appointment in known.held)
        with self.ledger.writing() as writing:
            if writing.pin_of(known.number).kept != counted.kept:  # reset while it was looked at
                return OperatorRefused(OperatorRefusal.NO_PIN)
            writing.keep_pin(known.number, KeptPin(counted.kept))
            writing.append(OperatorSignedIn(known.number, known.identity.presented, list(roles)), known.moment.stamp)
        return SignedIn(known.number, known.identity.name, roles)

    def _refuse(self, known: KnownOperator, reason: OperatorRefusal, left: int = 0) -> OperatorRefused:
        with self.ledger.writing() as writing:
            writing.append(RefusedEvent(known.number, reason.value), known.moment.stamp)
        return OperatorRefused(reason, left)
