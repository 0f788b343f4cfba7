"""Somebody shows a certificate at the desk's door: whether they hold an office here, and whether a PIN stands.

Upstream: ``know_operator``, the ports.
Downstream: ``kiosk.composition``.

Nothing is recorded: nobody is let in by it. Who holds no office is on record once they try a PIN.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.certificate.pin import MOST_TRIES
from kiosk.domain.operator_refusal import OperatorRefusal
from kiosk.usecases.know_operator import KnownOperator
from kiosk.usecases.operator_outcomes import OperatorRefused

if TYPE_CHECKING:
    from kiosk.usecases.know_operator import KnowOperator
    from kiosk.usecases.outcomes import Refused
    from kiosk.usecases.ports import Ledger


@dataclass(frozen=True, slots=True)
class Received:
    """An operator of this service point stands at the door; ``has_pin`` False: the first one is to be chosen."""

    operator: str
    name: str
    has_pin: bool


@dataclass(frozen=True, slots=True)
class OwnCard:
    """The operator at the desk showed the own card again: nothing is recorded of it."""


@dataclass(frozen=True, slots=True)
class ReceiveOperator:
    """The use case before the PIN."""

    know: KnowOperator
    ledger: Ledger

    def __call__(self, text: str) -> Received | OperatorRefused | Refused:
        """Return whose certificate it is, or why this door stays shut.

        Raises:
            RecordingError: the device's file cannot be read now.
        """
        known = self.know(text)
        if not isinstance(known, KnownOperator):
            return known
        if not known.held:
            return OperatorRefused(OperatorRefusal.NOT_APPOINTED)
        with self.ledger.reading() as reading:
            pin = reading.pin_of(known.number)
        if pin.tries >= MOST_TRIES:
            return OperatorRefused(OperatorRefusal.LOCKED)
        return Received(known.number, known.identity.name, pin.kept is not None)

    def is_own(self, operator: str, text: str) -> bool:
        """Tell whether a text is a certificate of this operator."""
        known = self.know(text)
        return isinstance(known, KnownOperator) and known.number == operator
