"""All that a volunteer can answer at this kiosk, and with what: places, exchanges, open posts, colleagues.

Upstream: ``own_roster``, ``open_posts``, ``sync.protocol.reference``.
Downstream: ``kiosk.usecases``, ``kiosk.presenter.records``.

What is offered here is what the platform would take as far as this device can see; it decides all the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kiosk.domain.open_posts import OpenPlace, open_places
from kiosk.domain.own_roster import AHEAD_MS, PlaceState, outcomes_of, own_places, swap_ends, swaps_of, unsettled
from sync.protocol.vocabulary import AssignmentState, RosterAnswer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kiosk.domain.own_roster import OwnAnswer, OwnPlace, SwapOfMe
    from sync.protocol.reference import ReferenceData, RosteredShift
    from sync.protocol.roster import AnswerSettled
    from sync.protocol.vocabulary import SwapState

_ANSWERS = {
    PlaceState.OFFERED: (RosterAnswer.ACCEPT, RosterAnswer.DECLINE),
    PlaceState.ACCEPTED: (RosterAnswer.LEAVE, RosterAnswer.ASK_SWAP),
    PlaceState.ACCEPTING: (RosterAnswer.DECLINE,),
    PlaceState.DECLINING: (RosterAnswer.ACCEPT,),
    PlaceState.LEAVING: (RosterAnswer.ACCEPT,),
    PlaceState.ASKING: (RosterAnswer.WITHDRAW_SWAP, RosterAnswer.LEAVE),
    PlaceState.ASKED: (RosterAnswer.WITHDRAW_SWAP, RosterAnswer.LEAVE),
    PlaceState.WITHDRAWING: (RosterAnswer.LEAVE,),
}


@dataclass(frozen=True, slots=True)
class OwnPlan:
    """What lies ahead of one volunteer at this point, as this device knows it.

    Attributes:
        now_ms: for when it was put together, UTC ms.
        point: the service point's name.
        places: the own ones of the next fortnight, earliest first.
        swaps: exchanges that colleagues ask for.
        posts: open posts, earliest first; those at which the volunteer has a place are not among them.
        outcomes: what became of answers and was not read yet.
        ends: how exchanges ended, by their ids; one that was asked for here has the id of the answer that asked.
        colleagues: the shifts of others here that are not over, of the same fortnight, earliest first.
    """

    now_ms: int = 0
    point: str = ""
    places: tuple[OwnPlace, ...] = ()
    swaps: tuple[SwapOfMe, ...] = ()
    posts: tuple[OpenPlace, ...] = ()
    outcomes: tuple[AnswerSettled, ...] = ()
    ends: Mapping[str, SwapState] = field(default_factory=dict)
    colleagues: tuple[RosteredShift, ...] = ()

    def place(self, id_: str) -> OwnPlace | None:
        """Return the own place of an assignment's id."""
        return next((each for each in self.places if each.shift.id == id_), None)

    def swap(self, id_: str) -> SwapOfMe | None:
        """Return the exchange of this id that is asked for."""
        return next((each for each in self.swaps if each.swap.id == id_), None)

    def post(self, id_: str) -> OpenPlace | None:
        """Return the open post of this id."""
        return next((each for each in self.posts if each.post.id == id_), None)

    def outcome(self, id_: str) -> AnswerSettled | None:
        """Return what became of the answer of this id."""
        return next((each for each in self.outcomes if each.id == id_), None)

    def answers_to(self, place: OwnPlace) -> tuple[RosterAnswer, ...]:
        """Return what may be said of an own place now; nothing once it has begun, and no exchange with nobody."""
        if place.shift.starts_ms <= self.now_ms:
            return ()
        nobody = not self.stand_ins(place)
        return tuple(each for each in _ANSWERS[place.state] if each is not RosterAnswer.ASK_SWAP or not nobody)

    def mates(self, shift: RosteredShift) -> tuple[RosteredShift, ...]:
        """Return the colleagues who have agreed to serve at the same post; what others were only asked is theirs."""
        return tuple(
            each
            for each in self.colleagues
            if shift.post is not None and each.post == shift.post and each.state is AssignmentState.ACCEPTED
        )

    def shifts_to_swap(self, place: OwnPlace) -> tuple[RosteredShift, ...]:
        """Return the colleagues' agreed shifts that an own place can be exchanged for, as far as is known here."""
        free = {each.volunteer for each in self.stand_ins(place)}
        mine = [each for each in self._standing() if each.shift.id != place.shift.id]
        return tuple(
            each
            for each in self.colleagues
            if each.volunteer in free
            and each.state is AssignmentState.ACCEPTED
            and each.starts_ms > self.now_ms
            and not any(_overlap(each, own.shift) for own in mine)
        )

    def stand_ins(self, place: OwnPlace) -> tuple[RosteredShift, ...]:
        """Return the colleagues who have no shift at the time of an own place, each by their next shift."""
        busy = {each.volunteer for each in self.colleagues if _overlap(each, place.shift)}
        return tuple(_first_of_each(each for each in self.colleagues if each.volunteer not in busy))

    def _standing(self) -> Iterator[OwnPlace]:
        gone = (PlaceState.DECLINING, PlaceState.LEAVING)
        return (each for each in self.places if each.state not in gone)


def own_plan(volunteer: str, data: ReferenceData, answers: Sequence[OwnAnswer], now_ms: int) -> OwnPlan:
    """Return what lies ahead of a volunteer; ``answers`` are the own ones of this device, earliest first."""
    pending = unsettled(volunteer, data, answers)
    places = own_places(volunteer, data, pending, now_ms)
    others = (
        each
        for each in data.roster
        if each.volunteer != volunteer and now_ms < each.ends_ms and each.starts_ms < now_ms + AHEAD_MS
    )
    return OwnPlan(
        now_ms=now_ms,
        point=data.service_point.name,
        places=places,
        swaps=swaps_of(volunteer, data, pending, now_ms),
        posts=open_places(volunteer, data, pending, places, now_ms),
        outcomes=outcomes_of(volunteer, data, answers),
        ends=swap_ends(data),
        colleagues=tuple(sorted(others, key=lambda each: (each.starts_ms, each.id))),
    )


def _overlap(one: RosteredShift, other: RosteredShift) -> bool:
    return one.starts_ms < other.ends_ms and other.starts_ms < one.ends_ms


def _first_of_each(shifts: Iterable[RosteredShift]) -> Iterable[RosteredShift]:
    first: dict[str, RosteredShift] = {}
    for each in shifts:
        first.setdefault(each.volunteer, each)
    return first.values()
