"""One admitted volunteer within one transaction: the scan begins duty, ends it, or reminds (duty-rules.md).

Upstream: ``kiosk.domain``, the ports.
Downstream: ``present_certificate``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.domain.closing import limit_of
from kiosk.domain.duty_session import DEEDS, Deed, Situation, situation_of
from kiosk.domain.roster import match_shift
from kiosk.usecases.outcomes import CheckedIn, CheckedOut, JustStarted
from sync.protocol.events import Aside, AutoClose, CheckIn, CheckOut, Shift
from sync.protocol.timeline import elapsed
from sync.protocol.vocabulary import ServiceKind, SessionState

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from kiosk.certificate.identify import Identity
    from kiosk.domain.closing import Limit
    from kiosk.domain.policy import DutyPolicy
    from kiosk.domain.roster import Match
    from kiosk.timekeeping.moment import Moment
    from kiosk.usecases.ports import Ids, RecordedSession, Writing
    from sync.protocol.reference import ReferenceData

MS_PER_S = 1000
NS_PER_S = 1_000_000_000
BEGINNING = frozenset({Deed.BEGIN, Deed.CLOSE_AND_BEGIN})


@dataclass(frozen=True, slots=True)
class Station:
    """What every scan of a station shares; ``zone`` is for local months and closing time."""

    ids: Ids
    policy: DutyPolicy
    zone: tzinfo


@dataclass(frozen=True, slots=True)
class _Current:
    """The volunteer's open session, and when the rules would close it."""

    recorded: RecordedSession
    limit: Limit


class RecordScan:
    """What one scan does, decided when it is made and carried out when it is told to."""

    def __init__(
        self, station: Station, writing: Writing, moment: Moment, identity: Identity, reference: ReferenceData
    ) -> None:
        """Look at how the volunteer stands to this station, within the caller's transaction."""
        self.station = station
        self.writing = writing
        self.moment = moment
        self.identity = identity
        self.reference = reference
        self._current = self._look()
        self.deed = DEEDS[self._situation()]

    def carry_out(self, service: str | None, witness: str | None = None) -> CheckedIn | CheckedOut | JustStarted:
        """Record it, or remind.

        Args:
            service: the service kind to record; None takes the rostered or the likely one.
            witness: the volunteer number of the operator who confirmed it.
        """
        current = self._current
        if current is None or self.deed in BEGINNING:
            if current is not None:
                at_ms = int(current.limit.at.timestamp() * MS_PER_S)
                closing = AutoClose(current.recorded.session.id, current.limit.reason, at_ms)
                self.writing.append(closing, self.moment.stamp)
            return self._begin(service, witness)
        return self._remind(current.recorded) if self.deed is Deed.REMIND else self._end(current.recorded, witness)

    @property
    def _volunteer(self) -> str:
        return self.identity.volunteer_number

    def _look(self) -> _Current | None:
        recorded = self.writing.open_session_of(self._volunteer)
        if recorded is None:
            return None
        return _Current(recorded, limit_of(self._began_at(recorded), self.station.policy, self.station.zone))

    def _situation(self) -> Situation:
        current, policy = self._current, self.station.policy
        if current is None:
            return situation_of(None, past_limit=False, policy=policy)
        open_for = elapsed(current.recorded.check_in.stamp, self.moment.stamp, self.writing.anchors())
        return situation_of(open_for.hi_ns, past_limit=self.moment.at >= current.limit.at, policy=policy)

    def _began_at(self, recorded: RecordedSession) -> datetime:
        return self.moment.instant_when(recorded.check_in.stamp, recorded.session.started.est_ms)

    def _begin(self, service: str | None, witness: str | None) -> CheckedIn:
        identity, ids = self.identity, self.station.ids
        match = match_shift(self._volunteer, self.moment.at, self.reference.roster, self.station.policy)
        unfinished = self.writing.unconfirmed_session_of(self._volunteer)
        aside = Aside(identity.name, ids.new_salt())
        check_in = CheckIn(
            session=ids.new_id(),
            volunteer=self._volunteer,
            certificate=identity.presented,
            name_digest=aside.digest(),
            service=service or self._likely_service(match),
            service_point=self.reference.service_point.id,
            team=match.shift.team if match.shift else None,
            shift=Shift(match.shift.id, match.shift.starts_ms, match.shift.ends_ms) if match.shift else None,
            witness=witness,
        )
        envelope = self.writing.append(check_in, self.moment.stamp, aside)
        return CheckedIn(
            event_id=envelope.id,
            session_id=check_in.session,
            volunteer_number=self._volunteer,
            name=identity.name,
            at=self.moment.at,
            service=check_in.service,
            match=match,
            unfinished_since=self._began_at(unfinished) if unfinished else None,
            validity_unchecked=identity.presented.validity_unchecked and not self._dates_look_good(),
        )

    def _dates_look_good(self) -> bool:
        claims, moment = self.identity.claims, self.moment
        return claims is None or (moment.calibrated and claims.issued_at <= moment.at < claims.expires_at)

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
            name=self.identity.name,
            started_at=self._began_at(current),
            service=current.session.service,
        )

    def _end(self, current: RecordedSession, witness: str | None) -> CheckedOut:
        body = CheckOut(current.session.id, self._volunteer, self.identity.presented, witness)
        envelope = self.writing.append(body, self.moment.stamp)
        ended = self.writing.session(current.session.id) or current
        session = ended.session
        minutes = self.writing.minutes_of(self._volunteer, self.moment.at.astimezone(self.station.zone).date())
        return CheckedOut(
            event_id=envelope.id,
            session_id=session.id,
            volunteer_number=self._volunteer,
            name=self.identity.name,
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
