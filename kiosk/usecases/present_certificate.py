"""A code was shown: decide what it means, record it, and say so. The scan is the record (duty-rules.md).

Upstream: ``kiosk.certificate.verify``, ``kiosk.domain``, the ports.
Downstream: ``kiosk.composition`` (scanner, readers), ``kiosk present``.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.certificate.verify import Now, VerifiedCertificate, verify
from kiosk.domain.closing import limit_of
from kiosk.domain.duty_session import DEEDS, Deed, situation_of
from kiosk.domain.refusal import RefusalReason
from kiosk.domain.roster import match_shift
from kiosk.usecases.errors import RecordingError
from kiosk.usecases.outcomes import CheckedIn, CheckedOut, JustStarted, NotRecorded, Refused, ScanOutcome
from sync.protocol.errors import (
    CertificateError,
    ExpiredError,
    ForgedError,
    MalformedError,
    NotACertificateError,
    NotYetValidError,
    UnknownIssuerError,
)
from sync.protocol.events import Aside, AutoClose, CheckIn, CheckOut, Presented, Shift
from sync.protocol.timeline import elapsed
from sync.protocol.vocabulary import ServiceKind, SessionState

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from kiosk.domain.policy import DutyPolicy
    from kiosk.domain.roster import Match
    from kiosk.timekeeping.moment import Moment
    from kiosk.usecases.ports import Clock, Ids, Ledger, RecordedSession, ReferenceShelf, Writing

log = logging.getLogger(__name__)

_REASONS: dict[type[CertificateError], RefusalReason] = {
    MalformedError: RefusalReason.DAMAGED,
    UnknownIssuerError: RefusalReason.UNKNOWN_ISSUER,
    ForgedError: RefusalReason.FORGED,
    ExpiredError: RefusalReason.EXPIRED,
    NotYetValidError: RefusalReason.NOT_YET_VALID,
}
MS_PER_S = 1000
NS_PER_S = 1_000_000_000


@dataclass(frozen=True, slots=True)
class PresentCertificate:
    """The use case of every scan; ``zone`` is the station's time zone, for local months and closing time."""

    clock: Clock
    ids: Ids
    ledger: Ledger
    shelf: ReferenceShelf
    policy: DutyPolicy
    zone: tzinfo

    def __call__(self, text: str, service: str | None = None) -> ScanOutcome:
        """Return what the scan of ``text`` came to; the record is durable before this returns.

        Args:
            text: whatever the code held; never kept, never logged.
            service: the service kind to record; None takes the rostered or the likely one.

        Raises:
            NotEnrolledError: the device has no trust list yet.
        """
        moment = self.clock.now()
        try:
            certificate = verify(text, self.shelf.current().trust, Now(moment.earliest, moment.latest))
        except NotACertificateError as error:
            return Refused(RefusalReason(error.kind))
        except CertificateError as error:
            return Refused(_REASONS[type(error)])
        try:
            with self.ledger.writing() as writing:
                outcome = _Scan(self, writing, moment, certificate).carry_out(service)
        except RecordingError as error:
            log.warning("a scan could not be recorded: %s", error.fault)
            return NotRecorded(error.fault)
        return outcome


@dataclass(frozen=True, slots=True)
class _Scan:
    """One accepted certificate within one transaction."""

    case: PresentCertificate
    writing: Writing
    moment: Moment
    certificate: VerifiedCertificate

    @property
    def _volunteer(self) -> str:
        return self.certificate.claims.volunteer_number

    def carry_out(self, service: str | None) -> ScanOutcome:
        current = self.writing.open_session_of(self._volunteer)
        if current is None:
            return self._begin(service)
        limit = limit_of(self._began_at(current), self.case.policy, self.case.zone)
        open_for = elapsed(current.check_in.stamp, self.moment.stamp, self.writing.anchors())
        situation = situation_of(open_for.hi_ns, past_limit=self.moment.at >= limit.at, policy=self.case.policy)
        match DEEDS[situation]:
            case Deed.REMIND:
                return self._remind(current)
            case Deed.CLOSE_AND_BEGIN:
                at_ms = int(limit.at.timestamp() * MS_PER_S)
                self.writing.append(AutoClose(current.session.id, limit.reason, at_ms), self.moment.stamp)
                return self._begin(service)
            case _:
                return self._end(current)

    def _began_at(self, recorded: RecordedSession) -> datetime:
        return self.moment.instant_when(recorded.check_in.stamp, recorded.session.started.est_ms)

    def _presented(self) -> Presented:
        claims = self.certificate.claims
        unchecked = self.certificate.validity_unchecked
        return Presented(claims.issuer, self.certificate.kid, claims.serial.hex(), unchecked)

    def _begin(self, service: str | None) -> CheckedIn:
        claims, reference = self.certificate.claims, self.case.shelf.current().data
        match = match_shift(self._volunteer, self.moment.at, reference.roster, self.case.policy)
        unfinished = self.writing.unconfirmed_session_of(self._volunteer)
        aside = Aside(claims.display_name, self.case.ids.new_salt())
        check_in = CheckIn(
            session=self.case.ids.new_id(),
            volunteer=self._volunteer,
            certificate=self._presented(),
            name_digest=aside.digest(),
            service=service or self._likely_service(match),
            service_point=reference.service_point.id,
            team=match.shift.team if match.shift else None,
            shift=Shift(match.shift.id, match.shift.starts_ms, match.shift.ends_ms) if match.shift else None,
        )
        envelope = self.writing.append(check_in, self.moment.stamp, aside)
        return CheckedIn(
            event_id=envelope.id,
            session_id=check_in.session,
            volunteer_number=self._volunteer,
            name=claims.display_name,
            at=self.moment.at,
            service=check_in.service,
            match=match,
            unfinished_since=self._began_at(unfinished) if unfinished else None,
            validity_unchecked=self.certificate.validity_unchecked and not self._dates_look_good(),
        )

    def _dates_look_good(self) -> bool:
        claims, moment = self.certificate.claims, self.moment
        return moment.calibrated and claims.issued_at <= moment.at < claims.expires_at

    def _likely_service(self, match: Match) -> str:
        if match.shift is not None:
            return match.shift.service
        last = self.writing.last_service_of(self._volunteer)
        return last or ServiceKind.DIRECTIONS

    def _remind(self, current: RecordedSession) -> JustStarted:
        return JustStarted(
            event_id=current.check_in.id,
            session_id=current.session.id,
            volunteer_number=self._volunteer,
            name=self.certificate.claims.display_name,
            started_at=self._began_at(current),
            service=current.session.service,
        )

    def _end(self, current: RecordedSession) -> CheckedOut:
        body = CheckOut(current.session.id, self._volunteer, self._presented())
        envelope = self.writing.append(body, self.moment.stamp)
        ended = self.writing.session(current.session.id) or current
        session = ended.session
        minutes = self.writing.minutes_of(self._volunteer, self.moment.at.astimezone(self.case.zone).date())
        return CheckedOut(
            event_id=envelope.id,
            session_id=session.id,
            volunteer_number=self._volunteer,
            name=self.certificate.claims.display_name,
            service=session.service,
            started_at=self._began_at(ended),
            at=self.moment.at,
            original_s=session.original_ns // NS_PER_S,
            credited_minutes=session.credited_minutes,
            rule=session.rule,
            provisional=session.state is SessionState.PROVISIONAL,
            month_minutes=minutes.month,
            total_minutes=minutes.total,
        )
