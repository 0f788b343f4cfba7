"""接着值下一班: whoever has just ended a duty takes the open post that begins now and goes on without a gap.

Upstream: ``fresh_scan``, ``last_duty``, ``roster_here``, the ports.
Downstream: ``kiosk.composition``; the check-out card.

Two things are recorded in one transaction: the word (``RosterResponse`` TAKE), which the platform decides like any
other, and a check-in at the very instant of the check-out. That check-in names no shift: an assignment exists only once
the platform has given the place, and hours must not wait for that. So its time counts as a walk-in's, without the
bounds of a shift, and no minute between the two is lost; that it was this post that was served is seen by volunteer,
point and time. Of a post that has begun nothing can be said any more (docs/adr/0031): then serving is enough, and only
the check-in is recorded (docs/adr/0034).
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from kiosk.domain.own_roster import unsettled
from kiosk.domain.refusal import MoveRefusal
from kiosk.domain.roster import MS_PER_MIN, STRAIGHT_ON_MIN, Match, Punctuality, instant_of
from kiosk.domain.standing import wanting
from kiosk.usecases.errors import RecordingError
from kiosk.usecases.fresh_scan import is_fresh
from kiosk.usecases.last_duty import last_of
from kiosk.usecases.outcomes import ChangeOutcome, CheckedIn, MoveRefused, NotRecorded
from kiosk.usecases.roster_here import post_after
from sync.protocol.events import Aside
from sync.protocol.roster import RosterResponse
from sync.protocol.vocabulary import RosterAnswer

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from kiosk.domain.policy import DutyPolicy
    from kiosk.domain.standing import Want
    from kiosk.timekeeping.moment import Moment
    from kiosk.usecases.last_duty import LastDuty
    from kiosk.usecases.ports import Clock, Ids, Ledger, ReferenceShelf, Writing
    from sync.protocol.envelope import Envelope
    from sync.protocol.reference import ReferenceData
    from sync.protocol.roster import OpenPost

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class StayOn:
    """The use case behind 「接着值下一班」."""

    clock: Clock
    ids: Ids
    ledger: Ledger
    shelf: ReferenceShelf
    policy: DutyPolicy

    def __call__(self, check_out: str, post: str) -> ChangeOutcome:
        """Take the open post and go on from the check-out of this event id, made a moment ago.

        Raises:
            NotEnrolledError: the device has no reference data yet.
        """
        try:
            with self.ledger.writing() as writing:
                return self._stay(writing, check_out, post)
        except RecordingError as error:
            log.warning("a duty could not go on with the next post: %s", error.fault)
            return NotRecorded(error.fault)

    def _stay(self, writing: Writing, check_out: str, post_id: str) -> ChangeOutcome:
        moment, event = self.clock.now(), writing.event(check_out)
        if event is None or not is_fresh(event.stamp, moment.stamp, self.policy.answer_s):
            return MoveRefused(MoveRefusal.SCAN_AGAIN)
        last = last_of(writing, event)
        if last is None or writing.open_sessions_of(last.begin.volunteer, drill=last.begin.drill):
            return MoveRefused(MoveRefusal.SETTLED)
        data, at = self.shelf.current().data, moment.instant_when(event.stamp, event.stamp.wall_ms)
        wants = wanting(data.standing_of(last.begin.volunteer), data.services, moment)
        post = post_after(last.session, at, data, wants)
        if post is None or post.id != post_id:
            return MoveRefused(MoveRefusal.POST_GONE)
        taken = _take(writing, last, post, data, moment)
        return self._go_on(writing, event, last, _Next(post, at, wants, taken))

    def _go_on(self, writing: Writing, event: Envelope, last: LastDuty, on: _Next) -> CheckedIn:
        aside, post = Aside(last.name, self.ids.new_salt()), on.post
        following = last.following(self.ids, aside)
        following = msgspec.structs.replace(following, service=post.service, team=post.team, shift=None)
        envelope = writing.append(following, event.stamp, aside)
        return CheckedIn(
            event_id=envelope.id,
            session_id=following.session,
            volunteer_number=following.volunteer,
            name=last.name,
            at=on.at,
            service=post.service,
            match=Match(Punctuality.WALK_IN),
            follows=True,
            wants=on.wants,
            stays_for=post,
            post_taken=on.taken,
        )


@dataclass(frozen=True, slots=True)
class _Next:
    """What a duty goes on with: the post, since when (aware UTC), trainings wanted, and whether the post was taken."""

    post: OpenPost
    at: datetime
    wants: Mapping[str, Want]
    taken: bool


def _take(writing: Writing, last: LastDuty, post: OpenPost, data: ReferenceData, moment: Moment) -> bool:
    """Record the word while it can still be given, unless it was given here before; tell whether it stands."""
    if moment.at >= instant_of(post.starts_ms + STRAIGHT_ON_MIN * MS_PER_MIN):
        return False
    volunteer = last.begin.volunteer
    pending = unsettled(volunteer, data, writing.roster_answers_of(volunteer))
    if post.id not in pending:
        said = RosterResponse(volunteer, last.end.certificate, RosterAnswer.TAKE, post.id, post.version)
        writing.append(said, moment.stamp)
    return True
