"""A code was shown: decide what it means, record it, and say so. The scan is the record (duty-rules.md).

Upstream: ``kiosk.certificate.identify``, ``kiosk.domain``, the ports.
Downstream: ``kiosk.composition`` (scanner, readers), ``kiosk present``.

::

    text ── identify ──▶ identity ── admission ──▶ enough ──▶ recorded
                │                         ├──▶ needs the captain ──▶ waits ── an operator's certificate ──▶ recorded
                └──▶ refused              └──▶ refused
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kiosk.certificate.identify import Sources, identify, identify_typed
from kiosk.certificate.verify import Now
from kiosk.domain.admission import ADMISSIONS, Accepts, Admission, may_vouch
from kiosk.domain.operators import appointment_of
from kiosk.domain.refusal import RefusalReason
from kiosk.usecases.errors import RecordingError
from kiosk.usecases.outcomes import CaptainNeeded, NotRecorded, Refused, ScanOutcome
from kiosk.usecases.record_scan import BEGINNING, RecordScan, Station
from kiosk.usecases.replay import is_replayed
from kiosk.usecases.waiting import Request, Waiting
from sync.protocol.errors import (
    CertificateError,
    ExpiredError,
    ForgedError,
    MalformedError,
    NotACertificateError,
    NotListedError,
    NotYetValidError,
    RevokedError,
    UnknownIssuerError,
    WrongCheckDigitError,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import tzinfo

    from kiosk.certificate.identify import Identity
    from kiosk.certificate.legacy import LegacyFormat
    from kiosk.domain.policy import DutyPolicy
    from kiosk.timekeeping.moment import Moment
    from kiosk.usecases.ports import Clock, Ids, Ledger, Reference, ReferenceShelf, Writing

log = logging.getLogger(__name__)

_REASONS: dict[type[CertificateError], RefusalReason] = {
    MalformedError: RefusalReason.DAMAGED,
    UnknownIssuerError: RefusalReason.UNKNOWN_ISSUER,
    ForgedError: RefusalReason.FORGED,
    RevokedError: RefusalReason.REVOKED,
    ExpiredError: RefusalReason.EXPIRED,
    NotYetValidError: RefusalReason.NOT_YET_VALID,
    NotListedError: RefusalReason.NOT_LISTED,
    WrongCheckDigitError: RefusalReason.WRONG_NUMBER,
}


def reason_of(error: CertificateError) -> RefusalReason:
    """Return the word of a refused certificate; a stranger's code is named by what it is."""
    return RefusalReason(error.kind) if isinstance(error, NotACertificateError) else _REASONS[type(error)]


@dataclass(frozen=True, slots=True)
class CertificateRules:
    """The station's own rules: which certificates are enough, and which older formats it reads besides."""

    accepts: Accepts = Accepts.CARD
    formats: tuple[LegacyFormat, ...] = ()


@dataclass(frozen=True, slots=True)
class PresentCertificate:
    """The use case of every scan; ``zone`` is the station's time zone, for local months and closing time."""

    clock: Clock
    ids: Ids
    ledger: Ledger
    shelf: ReferenceShelf
    policy: DutyPolicy
    zone: tzinfo
    rules: CertificateRules = CertificateRules()
    waiting: Waiting = field(default_factory=Waiting)

    def __call__(self, text: str, service: str | None = None) -> ScanOutcome:
        """Return what the scan of ``text`` came to; the record is durable before this returns.

        Args:
            text: whatever the code held; never kept, never logged.
            service: the service kind to record; None takes the rostered or the likely one.

        Raises:
            NotEnrolledError: the device has no trust list yet.
        """
        moment = self.clock.now()
        now = Now(moment.earliest, moment.latest)
        return self._answer(lambda sources: identify(text, sources, now), moment, service)

    def typed(self, number: str, service: str | None = None) -> ScanOutcome:
        """Return what a volunteer number with its check digit came to, typed for a spoilt code; a captain confirms it.

        Raises:
            NotEnrolledError: the device has no trust list yet.
        """
        return self._answer(lambda sources: identify_typed(number, sources), self.clock.now(), service)

    def _answer(self, read: Callable[[Sources], Identity], moment: Moment, service: str | None) -> ScanOutcome:
        reference = self.shelf.current()
        try:
            identity = read(self._sources(reference))
        except CertificateError as error:
            return Refused(reason_of(error))
        if self._admission(identity) is Admission.REFUSED:
            return Refused(RefusalReason.DYNAMIC_NEEDED)
        request = Request(identity, service, moment.stamp)
        try:
            with self.ledger.writing() as writing:
                outcome = self._decide(request, reference, moment, writing)
        except RecordingError as error:
            log.warning("a scan could not be recorded: %s", error.fault)
            return NotRecorded(error.fault)
        if not isinstance(outcome, Refused):
            self.waiting.request = request if isinstance(outcome, CaptainNeeded) else None
        return outcome

    def _decide(self, request: Request, reference: Reference, moment: Moment, writing: Writing) -> ScanOutcome:
        identity = request.identity
        if is_replayed(identity, writing):
            return Refused(RefusalReason.REPLAYED)
        station, vouches = Station(self.ids, self.policy, self.zone), self._vouches(identity, reference, moment)
        waiting = self.waiting.at(moment.stamp, self.policy.confirm_s)
        if vouches and waiting is not None and waiting.identity.volunteer_number != identity.volunteer_number:
            scan = RecordScan(station, writing, moment, waiting.identity, reference.data)
            return _carried_out(scan, waiting.service, identity.volunteer_number)
        scan = RecordScan(station, writing, moment, identity, reference.data)
        if scan.refusal is not None or vouches or not self._asks_captain(identity, scan):
            return _carried_out(scan, request.service)
        if scan.group is not None:  # the operator who opened it stands for whoever comes with it
            return _carried_out(scan, request.service, scan.group.body.opened_by)
        return CaptainNeeded(identity.volunteer_number, identity.name)

    def _asks_captain(self, identity: Identity, scan: RecordScan) -> bool:
        admission = self._admission(identity)
        return admission is Admission.CAPTAIN or (admission is Admission.CAPTAIN_TO_BEGIN and scan.deed in BEGINNING)

    def _admission(self, identity: Identity) -> Admission:
        return ADMISSIONS[self.rules.accepts, identity.shown]

    def _vouches(self, identity: Identity, reference: Reference, moment: Moment) -> bool:
        if not reference.data.appointments or not may_vouch(self.rules.accepts, identity.shown):
            return False
        return appointment_of(identity.volunteer_number, moment.at, reference.data.appointments) is not None

    def _sources(self, reference: Reference) -> Sources:
        data = reference.data
        return Sources(
            reference.trust, reference.revocations, data.directory, data.service_point.region, self.rules.formats
        )


def _carried_out(scan: RecordScan, service: str | None, witness: str | None = None) -> ScanOutcome:
    return scan.carry_out(service, witness) if scan.refusal is None else Refused(scan.refusal)
