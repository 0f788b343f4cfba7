"""The way back for an operator who is locked out or has forgotten: the PIN is forgotten here too, on record.

Upstream: ``know_operator``, the ports.
Downstream: ``kiosk.composition``.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.domain.operator_refusal import OperatorRefusal
from kiosk.domain.operators import Right
from kiosk.usecases.errors import RecordingError
from kiosk.usecases.operator_outcomes import OperatorRefused, PinOutcome, PinReset
from kiosk.usecases.operator_ports import KeptPin
from kiosk.usecases.outcomes import NotRecorded
from sync.protocol.events import OperatorPinReset

if TYPE_CHECKING:
    from kiosk.usecases.know_operator import KnowOperator
    from kiosk.usecases.operator_outcomes import SignedIn
    from kiosk.usecases.ports import Clock, Ledger

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ResetPin:
    """The use case of a station head, and of the keeper at the machine itself."""

    know: KnowOperator
    clock: Clock
    ledger: Ledger

    def __call__(self, operator: str, by: SignedIn | None) -> PinOutcome:
        """Forget the PIN and the tries of an operator.

        Args:
            operator: volunteer number of whoever is locked out.
            by: the head who does it; None for the keeper, who has the machine's own account.
        """
        moment = self.clock.now()
        if by is not None and by.operator == operator:
            return OperatorRefused(OperatorRefusal.OWN_PIN)
        if by is not None and not self.know.may(by.operator, Right.RESET_PIN, moment):
            return OperatorRefused(OperatorRefusal.NOT_ALLOWED)
        try:
            with self.ledger.writing() as writing:
                if writing.pin_of(operator) == KeptPin():
                    return OperatorRefused(OperatorRefusal.NO_PIN)
                writing.keep_pin(operator, KeptPin())
                writing.append(OperatorPinReset(operator, by.operator if by else None), moment.stamp)
        except RecordingError as error:
            log.warning("a PIN could not be reset: %s", error.fault)
            return NotRecorded(error.fault)
        return PinReset(operator)
