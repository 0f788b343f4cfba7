"""Who an operator is and what they may do now: by an own, signed certificate and the appointments of this point.

Upstream: ``kiosk.certificate.identify``, ``kiosk.domain.operators``, the ports.
Downstream: every use case of the operators.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.certificate.identify import Sources, identify
from kiosk.certificate.verify import Now
from kiosk.domain.operators import appointments_of, may
from kiosk.usecases.outcomes import Refused
from kiosk.usecases.present_certificate import reason_of
from sync.protocol.errors import CertificateError

if TYPE_CHECKING:
    from kiosk.certificate.identify import Identity
    from kiosk.domain.operators import Right
    from kiosk.timekeeping.moment import Moment
    from kiosk.usecases.ports import Clock, ReferenceShelf
    from sync.protocol.reference import Appointment


@dataclass(frozen=True, slots=True)
class KnownOperator:
    """Whoever showed a genuine certificate; ``held`` is empty for a volunteer without an office here and now."""

    identity: Identity
    held: tuple[Appointment, ...]
    moment: Moment

    @property
    def number(self) -> str:
        """The volunteer number."""
        return self.identity.volunteer_number


@dataclass(frozen=True, slots=True)
class KnowOperator:
    """Reads certificates and appointments; records nothing."""

    clock: Clock
    shelf: ReferenceShelf

    def __call__(self, text: str) -> KnownOperator | Refused:
        """Return whose certificate a text is. Numbers of older systems and typed ones are nobody's here.

        Raises:
            NotEnrolledError: the device has no trust list yet.
        """
        moment, reference = self.clock.now(), self.shelf.current()
        data = reference.data
        sources = Sources(reference.trust, reference.revocations, (), data.service_point.region)
        try:
            identity = identify(text, sources, Now(moment.earliest, moment.latest))
        except CertificateError as error:
            return Refused(reason_of(error))
        return KnownOperator(identity, self.held_by(identity.volunteer_number, moment), moment)

    def held_by(self, volunteer: str, moment: Moment) -> tuple[Appointment, ...]:
        """Return the appointments of a volunteer at a moment."""
        return appointments_of(volunteer, moment.at, self.shelf.current().data.appointments)

    def may(self, operator: str, right: Right, moment: Moment, team: str | None = None) -> bool:
        """Tell whether an operator may do this at a moment to a record of a team."""
        return may(self.held_by(operator, moment), right, team)
