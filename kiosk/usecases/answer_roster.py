"""An answer to the roster by an own card: recorded here, decided by the platform; asked, not ordered (条例 Art 25).

Upstream: ``kiosk.domain.own_plan``, ``own_record`` (how long a card speaks), the ports.
Downstream: ``kiosk.composition``.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.domain.own_plan import own_plan
from kiosk.domain.record_refusal import RecordRefusal
from kiosk.usecases.errors import RecordingError
from kiosk.usecases.outcomes import NotRecorded
from kiosk.usecases.own_record import is_fresh
from kiosk.usecases.record_outcomes import RecordRefused, RosterAnswered
from sync.protocol.roster import RosterResponse
from sync.protocol.vocabulary import RosterAnswer, SwapState

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kiosk.domain.own_plan import OwnPlan
    from kiosk.domain.policy import DutyPolicy
    from kiosk.timekeeping.moment import Moment
    from kiosk.usecases.ports import Clock, Ledger, Reading, ReferenceShelf, Writing
    from kiosk.usecases.record_outcomes import FreshScan, Reply, RosterOutcome
    from sync.protocol.reference import ReferenceData

log = logging.getLogger(__name__)
MS_PER_S = 1000


def plan_of(volunteer: str, reading: Reading, data: ReferenceData, moment: Moment) -> OwnPlan:
    """Return what lies ahead of a volunteer, answers of this device's ledger included."""
    return own_plan(volunteer, data, reading.roster_answers_of(volunteer), round(moment.at.timestamp() * MS_PER_S))


@dataclass(frozen=True, slots=True)
class AnswerRoster:
    """The use case of every answer on the pages of the own plan; the right is asked anew from what is known now."""

    clock: Clock
    ledger: Ledger
    shelf: ReferenceShelf
    policy: DutyPolicy

    def __call__(self, scan: FreshScan, reply: Reply) -> RosterOutcome:
        """Record what the volunteer says; nothing is decided here. The later word about the same thing holds."""
        moment = self.clock.now()
        if not is_fresh(scan, moment.stamp, self.policy):
            return RecordRefused(RecordRefusal.SCAN_AGAIN)
        try:
            with self.ledger.writing() as writing:
                return self._answer(writing, scan, reply, moment)
        except RecordingError as error:
            log.warning("an answer to the roster could not be recorded: %s", error.fault)
            return NotRecorded(error.fault)

    def _answer(self, writing: Writing, scan: FreshScan, reply: Reply, moment: Moment) -> RosterOutcome:
        data = self.shelf.current().data
        plan = plan_of(scan.volunteer, writing, data, moment)
        known = _KNOWN[reply.answer](plan, data, reply)
        if isinstance(known, RecordRefusal):
            return RecordRefused(known)
        said = RosterResponse(
            volunteer=scan.volunteer,
            certificate=scan.presented,
            answer=reply.answer,
            of=reply.of,
            version=known,
            colleague=reply.colleague,
            in_return=reply.in_return,
            reason=reply.reason,
        )
        writing.append(said, moment.stamp)
        return RosterAnswered(reply, plan_of(scan.volunteer, writing, data, moment))


def _place(plan: OwnPlan, data: ReferenceData, reply: Reply) -> int | RecordRefusal:
    """Return the version of the own place that is answered, or why it cannot be."""
    place = plan.place(reply.of)
    if place is None:
        return _not_there(plan, data, reply)
    if place.shift.starts_ms <= plan.now_ms:
        return RecordRefusal.BEGUN
    if reply.answer not in plan.answers_to(place):
        return RecordRefusal.ANSWERED_SO
    if reply.answer is not RosterAnswer.ASK_SWAP:
        return place.shift.version
    offered = plan.stand_ins(place) if reply.in_return is None else plan.shifts_to_swap(place)
    fits = any(
        each.volunteer == reply.colleague and (reply.in_return is None or each.id == reply.in_return)
        for each in offered
    )
    return place.shift.version if fits else RecordRefusal.DOES_NOT_FIT


def _not_there(plan: OwnPlan, data: ReferenceData, reply: Reply) -> RecordRefusal:
    if any(each.id == reply.of for each in plan.colleagues):
        return RecordRefusal.NOT_YOUR_PLACE
    over = any(each.id == reply.of and each.ends_ms <= plan.now_ms for each in data.roster)
    return RecordRefusal.BEGUN if over else RecordRefusal.PLACE_GONE


def _post(plan: OwnPlan, data: ReferenceData, reply: Reply) -> int | RecordRefusal:
    place = plan.post(reply.of)
    if place is None:
        begun = any(each.id == reply.of and each.starts_ms <= plan.now_ms for each in data.open_posts)
        return RecordRefusal.BEGUN if begun else RecordRefusal.PLACE_GONE
    if place.noted:
        return RecordRefusal.ANSWERED_SO
    return place.post.version if place.obstacle is None else RecordRefusal.DOES_NOT_FIT


def _asked(plan: OwnPlan, data: ReferenceData, reply: Reply) -> int | RecordRefusal:
    """Return the version of the exchange that a colleague asks for, or why it cannot be answered."""
    asked = plan.swap(reply.of)
    if asked is None:
        open_ = (each.id for each in data.swaps if each.state is SwapState.ASKED)
        return RecordRefusal.NOT_YOUR_PLACE if reply.of in open_ else RecordRefusal.PLACE_GONE
    return RecordRefusal.ANSWERED_SO if asked.answered is reply.answer else asked.swap.version


def _own_swap(plan: OwnPlan, data: ReferenceData, reply: Reply) -> int | RecordRefusal:
    """Return the version of the exchange that the volunteer asked for and takes back, or why it cannot be."""
    for place in plan.places:
        if place.asked is not None and place.asked[0] == reply.of:
            stands = RosterAnswer.WITHDRAW_SWAP in plan.answers_to(place)
            return place.asked[1] if stands else RecordRefusal.ANSWERED_SO
    others = any(each.id == reply.of and each.state is SwapState.ASKED for each in data.swaps)
    return RecordRefusal.NOT_YOUR_PLACE if others else RecordRefusal.PLACE_GONE


def _outcome(plan: OwnPlan, _data: ReferenceData, reply: Reply) -> int | RecordRefusal:
    return RecordRefusal.ANSWERED_SO if plan.outcome(reply.of) is None else 0


_KNOWN: Mapping[RosterAnswer, Callable[[OwnPlan, ReferenceData, Reply], int | RecordRefusal]] = {
    RosterAnswer.ACCEPT: _place,
    RosterAnswer.DECLINE: _place,
    RosterAnswer.LEAVE: _place,
    RosterAnswer.ASK_SWAP: _place,
    RosterAnswer.TAKE: _post,
    RosterAnswer.AGREE_SWAP: _asked,
    RosterAnswer.REFUSE_SWAP: _asked,
    RosterAnswer.WITHDRAW_SWAP: _own_swap,
    RosterAnswer.SEEN: _outcome,
}
