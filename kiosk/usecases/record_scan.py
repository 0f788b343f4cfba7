"""One admitted volunteer within one transaction: the scan begins duty, ends it, or reminds (duty-rules.md).

Upstream: ``kiosk.domain``, ``begin_duty``, ``read_group``, the ports.
Downstream: ``present_certificate``.

Two things change what a scan means: while a visiting team's group is open every scan is one of its members', and
during a drill only what was recorded in the drill is seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.domain.closing import limit_of
from kiosk.domain.duty_session import DEEDS, Deed, Situation, situation_of
from kiosk.domain.handing_over import comes_next
from kiosk.domain.standing import FREE, is_minor, leave_to_begin, wanting
from kiosk.usecases.begin_duty import BeginDuty, Begun
from kiosk.usecases.forgotten import began_at
from kiosk.usecases.outcomes import CheckedIn, CheckedOut, GroupDeed, GroupScanned, JustStarted
from kiosk.usecases.read_group import group_of
from kiosk.usecases.roster_here import RosterHere, post_after
from sync.protocol.events import AutoClose, CheckOut
from sync.protocol.sessions import DRILL, PAID
from sync.protocol.vocabulary import SessionState

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from kiosk.certificate.identify import Identity
    from kiosk.domain.closing import Limit
    from kiosk.domain.policy import DutyPolicy
    from kiosk.domain.refusal import RefusalReason
    from kiosk.timekeeping.moment import Moment
    from kiosk.usecases.ports import Ids, RecordedSession, Writing
    from kiosk.usecases.scan_ports import OpenGroup
    from sync.protocol.reference import ReferenceData

MS_PER_S = 1000
NS_PER_S = 1_000_000_000
BEGINNING = frozenset({Deed.BEGIN, Deed.CLOSE_AND_BEGIN})

Recorded = CheckedIn | CheckedOut | JustStarted | GroupScanned


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
        self.standing = reference.standing_of(identity.volunteer_number)
        self.drill = writing.drill_on()
        self.group: OpenGroup | None = writing.current_group()
        self._open = writing.open_sessions_of(identity.volunteer_number, drill=self.drill)
        self._current = self._look()
        self.deed = DEEDS[self._situation()]
        beginning = self.deed in BEGINNING
        self._leave = leave_to_begin(self.standing, moment, station.policy, station.zone) if beginning else FREE

    @property
    def refusal(self) -> RefusalReason | None:
        """Why this volunteer may not begin duty now, or None; whoever is on duty may always end it."""
        return self._leave.refusal

    def carry_out(self, service: str | None, witness: str | None = None) -> Recorded:
        """Record it, or remind.

        Args:
            service: the service kind to record; None takes the rostered or the likely one.
            witness: the volunteer number of the operator who confirmed it.
        """
        current = self._current
        outcome: CheckedIn | CheckedOut | JustStarted
        if current is None or self.deed in BEGINNING:
            if current is not None:
                at_ms = int(current.limit.at.timestamp() * MS_PER_S)
                closing = AutoClose(current.recorded.session.id, current.limit.reason, at_ms)
                self.writing.append(closing, self.moment.stamp)
            outcome = self._begin(service, witness)
        elif self.deed is Deed.REMIND:
            outcome = self._remind(current.recorded)
        else:
            outcome = self._end(current.recorded, witness)
        return outcome if self.group is None else self._in_group(outcome, self.group)

    @property
    def _volunteer(self) -> str:
        return self.identity.volunteer_number

    def _look(self) -> _Current | None:
        here = self.reference.service_point.id
        recorded = next((each for each in self._open if each.session.service_point == here), None)
        return None if recorded is None else _Current(recorded, self._limit(recorded))

    def _limit(self, recorded: RecordedSession) -> Limit:
        starts_at = self._began_at(recorded)
        minor = is_minor(self.standing, starts_at)
        return limit_of(starts_at, self.station.policy, self.station.zone, minor=minor)

    def _situation(self) -> Situation:
        current, policy = self._current, self.station.policy
        if current is None:
            return situation_of(None, past_limit=False, policy=policy)
        open_for = self.writing.lasted(current.recorded.check_in, self.moment.stamp)
        return situation_of(open_for.hi_ns, past_limit=self.moment.at >= current.limit.at, policy=policy)

    def _began_at(self, recorded: RecordedSession) -> datetime:
        return began_at(recorded, self.moment)

    def _begin(self, service: str | None, witness: str | None) -> CheckedIn:
        begun = Begun(self.identity, self.standing, self._leave.cautions, self.group, self._open, self.drill)
        begin = BeginDuty(self.station.ids, self.station.policy, self.station.zone, self.writing, self.reference)
        return begin(begun, self.moment, service, witness)

    def _remind(self, current: RecordedSession) -> JustStarted:
        return JustStarted(
            event_id=current.check_in.id,
            session_id=current.session.id,
            volunteer_number=self._volunteer,
            name=self.identity.name,
            started_at=self._began_at(current),
            service=current.session.service,
            drill=self.drill,
        )

    def _end(self, current: RecordedSession, witness: str | None) -> CheckedOut:
        body = CheckOut(current.session.id, self._volunteer, self.identity.presented, witness)
        envelope = self.writing.append(body, self.moment.stamp)
        ended = self.writing.session(current.session.id) or current
        session = ended.session
        wants = wanting(self.standing, self.reference.services, self.moment)
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
            tallies=self.reference.tallies_of(session.service),
            wants=wants,
            paid=PAID in session.flags,
            drill=DRILL in session.flags,
            news=self._roster().news(),
            comes_next=comes_next(self._volunteer, self.moment.at, self.reference.roster, self.station.zone),
            stay_on=post_after(session, self.moment.at, self.reference, wants),
        )

    def _roster(self) -> RosterHere:
        policy, volunteer = self.station.policy, self._volunteer
        return RosterHere(self.writing, self.reference, policy, volunteer, self.moment, self.drill)

    def _in_group(self, outcome: CheckedIn | CheckedOut | JustStarted, group: OpenGroup) -> GroupScanned:
        deed = GroupDeed.ALREADY
        if not isinstance(outcome, JustStarted):
            deed = GroupDeed.CAME if isinstance(outcome, CheckedIn) else GroupDeed.LEFT
        now, name = group_of(self.writing, group), self.identity.name
        return GroupScanned(now, deed, outcome.event_id, name, self.moment.at)
