"""A check-in within the caller's transaction: which service kind, which shift, and what is asked afterwards.

Upstream: ``kiosk.domain``, ``forgotten``, the ports.
Downstream: ``record_scan``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.domain.closing import limit_of
from kiosk.domain.handing_over import is_relieved
from kiosk.domain.roster import Match, Punctuality
from kiosk.domain.standing import wanting
from kiosk.domain.unended import ends_offered, times_offered
from kiosk.timekeeping.moment import instant_of
from kiosk.usecases.forgotten import began_at, unended
from kiosk.usecases.outcomes import CheckedIn, CheckedInAsking, Elsewhere, Forgotten
from kiosk.usecases.roster_here import RosterHere
from sync.protocol.events import Aside, CheckIn, Shift
from sync.protocol.vocabulary import EventKind, ServiceKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime, tzinfo

    from kiosk.certificate.identify import Identity
    from kiosk.domain.policy import DutyPolicy
    from kiosk.domain.standing import Caution, Want
    from kiosk.timekeeping.moment import Moment
    from kiosk.usecases.ports import Ids, RecordedSession, Writing
    from kiosk.usecases.scan_ports import OpenGroup
    from sync.protocol.reference import ReferenceData, Standing

_WALK_IN = Match(Punctuality.WALK_IN)


@dataclass(frozen=True, slots=True)
class Begun:
    """Who begins duty, and under what: an open group of a visiting team, a drill."""

    identity: Identity
    standing: Standing | None
    cautions: tuple[Caution, ...]
    group: OpenGroup | None
    open: Sequence[RecordedSession]
    drill: bool


@dataclass(frozen=True, slots=True)
class BeginDuty:
    """Records one check-in; ``zone`` is the station's."""

    ids: Ids
    policy: DutyPolicy
    zone: tzinfo
    writing: Writing
    reference: ReferenceData

    def __call__(self, begun: Begun, moment: Moment, service: str | None, witness: str | None) -> CheckedIn:
        """Record it, and return it with the one question that comes before its card, if there is any.

        Args:
            begun: who, and under what.
            moment: of the scan.
            service: the service kind to record; None, or one that asks for a training first, takes the likely one.
            witness: the volunteer number of the operator who confirmed it.
        """
        volunteer = begun.identity.volunteer_number
        elsewhere = self._elsewhere(begun, moment)
        wants = wanting(begun.standing, self.reference.services, moment)
        match, here = _WALK_IN, self._roster(begun, moment)
        if begun.group is None:
            match = here.match()
            chosen = self._service(begun, match, service, wants)
        else:
            chosen = begun.group.body.service
        check_in, aside = self._body(begun, match, chosen, witness)
        envelope = self.writing.append(check_in, moment.stamp, aside)
        waiting = None if begun.drill else self.writing.unended_session_of(volunteer)
        outcome = CheckedIn(
            event_id=envelope.id,
            session_id=check_in.session,
            volunteer_number=volunteer,
            name=begun.identity.name,
            at=moment.at,
            service=chosen,
            match=match,
            unfinished_since=began_at(waiting, moment) if waiting else None,
            validity_unchecked=begun.identity.presented.validity_unchecked and not _dates_look_good(begun, moment),
            wants=wants,
            cautions=begun.cautions,
            paid=check_in.paid,
            drill=begun.drill,
            nearby=here.elsewhere() if begun.group is None and match.shift is None else None,
            relieves=is_relieved(volunteer, moment.at, match.shift, self.reference.roster),
            news=here.news(),
        )
        question = elsewhere or self._forgotten(waiting, begun, moment)
        return outcome if question is None or begun.group is not None else CheckedInAsking.of(outcome, question)

    def _roster(self, begun: Begun, moment: Moment) -> RosterHere:
        volunteer = begun.identity.volunteer_number
        return RosterHere(self.writing, self.reference, self.policy, volunteer, moment, begun.drill)

    def _body(self, begun: Begun, match: Match, service: str, witness: str | None) -> tuple[CheckIn, Aside]:
        identity, group = begun.identity, None if begun.group is None else begun.group.body
        aside = Aside(identity.name, self.ids.new_salt())
        team = match.shift.team if match.shift else None
        body = CheckIn(
            session=self.ids.new_id(),
            volunteer=identity.volunteer_number,
            certificate=identity.presented,
            name_digest=aside.digest(),
            service=service,
            service_point=self.reference.service_point.id,
            team=team if group is None else group.team,
            shift=Shift(match.shift.id, *match.bounds) if match.shift and match.bounds else None,
            witness=witness,
            group=None if group is None else group.group,
            paid=begun.standing is not None and begun.standing.paid,
            drill=begun.drill,
        )
        return body, aside

    def _service(self, begun: Begun, match: Match, asked: str | None, wants: Mapping[str, Want]) -> str:
        """Return the service kind asked for, the rostered, the usual or the first: the first that may be chosen."""
        volunteer = begun.identity.volunteer_number
        rostered = None if match.shift is None else match.shift.service
        usual = self.writing.last_service_of(volunteer, drill=begun.drill)
        likely: list[str] = [each for each in (asked, rostered, usual, *ServiceKind) if each is not None]
        return next((each for each in likely if each not in wants or not wants[each].strict), likely[0])

    def _elsewhere(self, begun: Begun, moment: Moment) -> Elsewhere | None:
        """Return what this device knows of the volunteer's duty at another place, if it can still be going on."""
        volunteer, here = begun.identity.volunteer_number, self.reference.service_point.id
        for recorded in begun.open:
            starts_at = began_at(recorded, moment)
            if recorded.session.service_point != here and self._goes_on(starts_at, moment):
                return Elsewhere(recorded.session.id, "", starts_at)
        for known in () if begun.drill else self.reference.elsewhere:
            starts_at = instant_of(known.started_ms)
            mine = known.volunteer == volunteer and known.service_point != here
            if mine and self._goes_on(starts_at, moment) and not self._ended_here(known.session):
                return Elsewhere(known.session, known.place, starts_at)
        return None

    def _goes_on(self, starts_at: datetime, moment: Moment) -> bool:
        return starts_at <= moment.at < limit_of(starts_at, self.policy, self.zone).at

    def _ended_here(self, session_id: str) -> bool:
        return any(event.kind == EventKind.CHECK_OUT for event in self.writing.events_of(session_id))

    def _forgotten(self, waiting: RecordedSession | None, begun: Begun, moment: Moment) -> Forgotten | None:
        if waiting is None:
            return None
        duty = unended(waiting, moment, begun.standing, self.policy, self.zone)
        answers = ends_offered(duty, self.policy, self.zone) or times_offered(duty, self.zone)
        return Forgotten(waiting.session.id, waiting.session.service, duty) if answers else None


def _dates_look_good(begun: Begun, moment: Moment) -> bool:
    claims = begun.identity.claims
    return claims is None or (moment.calibrated and claims.issued_at <= moment.at < claims.expires_at)
