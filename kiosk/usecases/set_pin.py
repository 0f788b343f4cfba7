"""An operator without a PIN chooses one, by an own certificate; it is on record who did and when.

Upstream: ``know_operator``, ``kiosk.certificate.pin``, the ports.
Downstream: ``kiosk.composition``.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.certificate.pin import hashed, is_easy, is_pin
from kiosk.domain.operator_refusal import OperatorRefusal
from kiosk.usecases.errors import RecordingError
from kiosk.usecases.know_operator import KnownOperator
from kiosk.usecases.operator_outcomes import OperatorRefused, PinOutcome, PinSet
from kiosk.usecases.operator_ports import KeptPin
from kiosk.usecases.outcomes import NotRecorded
from sync.protocol.events import OperatorPinSet

if TYPE_CHECKING:
    from kiosk.usecases.know_operator import KnowOperator
    from kiosk.usecases.ports import Ids, Ledger

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SetPin:
    """The use case of the first PIN, and of the first after a reset; a PIN that stands is never replaced by it."""

    know: KnowOperator
    ids: Ids
    ledger: Ledger

    def __call__(self, text: str, pin: str) -> PinOutcome:
        """Keep the PIN of the bearer of a certificate, if none stands."""
        known = self.know(text)
        if not isinstance(known, KnownOperator):
            return known
        if not known.held:
            return OperatorRefused(OperatorRefusal.NOT_APPOINTED)
        if not is_pin(pin):
            return OperatorRefused(OperatorRefusal.NOT_A_PIN)
        if is_easy(pin):
            return OperatorRefused(OperatorRefusal.EASY_PIN)
        kept = hashed(pin, bytes.fromhex(self.ids.new_salt()))
        try:
            return self._keep(known, kept)
        except RecordingError as error:
            log.warning("a PIN could not be kept: %s", error.fault)
            return NotRecorded(error.fault)

    def _keep(self, known: KnownOperator, kept: str) -> PinOutcome:
        with self.ledger.writing() as writing:
            if writing.pin_of(known.number).kept is not None:
                return OperatorRefused(OperatorRefusal.PIN_STANDS)
            writing.keep_pin(known.number, KeptPin(kept))
            writing.append(OperatorPinSet(known.number), known.moment.stamp)
        return PinSet(known.number)
