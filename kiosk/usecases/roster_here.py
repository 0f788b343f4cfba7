"""What the roster means to one volunteer who stands here: the shift of a check-in, what waits, what comes next.

Upstream: ``kiosk.domain`` (roster, handing_over, staying_on, own_roster), the ports.
Downstream: ``begin_duty``, ``record_scan``, ``stay_on``, ``read_board``.

The reference data is in memory. The ledger is asked only where that data holds something of this volunteer that an
earlier stay or an own answer could change: a scan of anybody else asks nothing more than before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from kiosk.domain.own_roster import PlaceState, own_places, unsettled, waiting_for
from kiosk.domain.roster import Presence, candidates, match_shift, shift_elsewhere, shifts_of, starts_at
from kiosk.domain.staying_on import Leaving, post_to_stay_for
from kiosk.timekeeping.moment import instant_of
from kiosk.usecases.forgotten import began_at
from kiosk.usecases.outcomes import RosterNews
from sync.protocol.sessions import DRILL, GROUP, PAID
from sync.protocol.vocabulary import AnswerOutcome, AssignmentState, BoundsQuality, SessionState

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from kiosk.domain.own_roster import OwnAnswer
    from kiosk.domain.policy import DutyPolicy
    from kiosk.domain.roster import Match
    from kiosk.domain.standing import Want
    from kiosk.timekeeping.moment import Moment
    from kiosk.usecases.ports import Reading, RecordedSession
    from sync.protocol.reference import NearbyShift, ReferenceData, RosteredShift
    from sync.protocol.roster import OpenPost
    from sync.protocol.sessions import Session

MS_PER_S = 1000
NS_PER_S = 1_000_000_000
GONE = frozenset({PlaceState.DECLINING, PlaceState.LEAVING})
NO_NEWS = RosterNews()


@dataclass(frozen=True, slots=True)
class RosterHere:
    """The roster of this point as one volunteer meets it; ``drill`` sees only what was recorded in the drill."""

    reading: Reading
    reference: ReferenceData
    policy: DutyPolicy
    volunteer: str
    moment: Moment
    drill: bool = False

    def match(self) -> Match:
        """Return the shift that a check-in now belongs to."""
        due = candidates(self.volunteer, self.moment.at, self.reference.roster, self.policy)
        presences = self._presences(due) if due else ()
        without = self._said_no() if due else ()
        return match_shift(self.volunteer, self.moment.at, self.reference.roster, self.policy, presences, without)

    def elsewhere(self) -> NearbyShift | None:
        """Return this volunteer's shift at another point about now, or None."""
        here = self.reference.service_point.id
        nearby = (each for each in self.reference.nearby if each.service_point != here)
        return shift_elsewhere(self.volunteer, self.moment.at, nearby, self.policy)

    def news(self) -> RosterNews:
        """Return what waits for this volunteer's word or eye."""
        if not self._is_told_of():
            return NO_NEWS
        waiting = waiting_for(self.volunteer, self.reference, self._answers(), self._now_ms())
        impossible = sum(each.outcome is not AnswerOutcome.DONE for each in waiting.outcomes)
        to_answer = len(waiting.offers) + len(waiting.swaps)
        return RosterNews(to_answer, impossible, len(waiting.outcomes) - impossible)

    def _is_told_of(self) -> bool:
        """Tell whether the platform told anything that could wait for this volunteer."""
        own, data = shifts_of(self.volunteer, self.reference.roster), self.reference
        return (
            any(each.state is AssignmentState.OFFERED for each in own)
            or any(each.colleague == self.volunteer for each in data.swaps)
            or any(each.volunteer == self.volunteer for each in data.settled)
        )

    def _said_no(self) -> Collection[str]:
        """Return the ids of own shifts that were declined or left here, and the platform does not know yet."""
        pending = unsettled(self.volunteer, self.reference, self._answers())
        places = own_places(self.volunteer, self.reference, pending, self._now_ms()) if pending else ()
        return {each.shift.id for each in places if each.state in GONE}

    def _presences(self, due: Sequence[RosteredShift]) -> tuple[Presence, ...]:
        first = min(starts_at(each) for each in due)
        since = first - timedelta(minutes=self.policy.cap_min)  # no stay that reaches into it began earlier
        stays = self.reading.sessions_of(self.volunteer, since)
        return tuple(presence_of(each, self.moment) for each in stays if self._counts(each))

    def _counts(self, recorded: RecordedSession) -> bool:
        session, here = recorded.session, self.reference.service_point.id
        same = session.service_point == here and (DRILL in session.flags) == self.drill
        return same and session.state is not SessionState.VOID

    def _answers(self) -> Sequence[OwnAnswer]:
        return self.reading.roster_answers_of(self.volunteer)

    def _now_ms(self) -> int:
        return round(self.moment.at.timestamp() * MS_PER_S)


def presence_of(recorded: RecordedSession, moment: Moment) -> Presence:
    """Return a stay on the reckoning of ``moment``: by the clocks, or by the word of who entered or corrected it."""
    session = recorded.session
    stated = session.started.quality is BoundsQuality.STATED
    began = instant_of(session.started.est_ms) if stated else began_at(recorded, moment)
    if session.ended is None:
        return Presence(began)
    lasted = timedelta(microseconds=session.original_ns // 1000)
    return Presence(began, began + lasted if lasted else instant_of(session.ended.est_ms))


def post_after(session: Session, at: datetime, data: ReferenceData, wants: Mapping[str, Want]) -> OpenPost | None:
    """Return the open post that whoever ended this session at ``at`` (aware UTC) can go on with, or None.

    A drill, paid work, a visiting team and a stay that was too long to count by itself offer none.
    """
    if session.state is SessionState.PROVISIONAL or session.flags & {PAID, DRILL, GROUP}:
        return None
    barred = frozenset(service for service, want in wants.items() if want.strict)
    served_s = session.original_ns // NS_PER_S
    leaving = Leaving(session.volunteer, at, session.shift, session.team, served_s, barred)
    return post_to_stay_for(leaving, data)
