"""A volunteer's own part of the roster: places, exchanges asked of them, and what became of answers.

Upstream: ``sync.protocol.reference``, ``sync.protocol.roster``.
Downstream: ``kiosk.usecases.answer_roster``, ``kiosk.usecases.open_own_records``, ``kiosk.presenter.records``.

What the platform told stands; an own answer that it has not dealt with yet lies over it and says so::

    told offered ── accept noted ──▶ accepting      told accepted ── leave noted ──▶ leaving
                 └─ decline noted ─▶ declining                    ├─ swap noted ───▶ asking
                                                                  └─ swap told ────▶ asked ── taken back ─▶ withdrawing

An answer is dealt with once the platform tells what became of it, or once that of which it was said has a higher
version than the device knew. The later word about the same thing holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sync.protocol.vocabulary import AnswerOutcome, AssignmentState, RosterAnswer, SwapState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sync.protocol.reference import ReferenceData, RosteredShift
    from sync.protocol.roster import AnswerSettled, RosterResponse, SwapAsked

DECIDED_MS = 120_000  # two minutes: the platform decides an answer right after its batch (docs/adr/0031)
AHEAD_MS = 14 * 24 * 3600 * 1000  # how far own shifts are shown: a fortnight (issue: offline for two weeks ahead)


@dataclass(frozen=True, slots=True)
class OwnAnswer:
    """An answer that stands in this device's ledger.

    Attributes:
        id: its event's.
        received_ms: when the platform had it, by the platform's time, UTC ms; None: not yet, as far as is known.
    """

    id: str
    said: RosterResponse
    received_ms: int | None = None


class PlaceState(StrEnum):
    """How a place stands to its volunteer, answers of this device included that the platform has not dealt with."""

    OFFERED = "offered"  # 待答复
    ACCEPTED = "accepted"  # 已接受
    ACCEPTING = "accepting"
    DECLINING = "declining"
    LEAVING = "leaving"
    ASKING = "asking"  # a swap was asked for here, and the platform does not know yet
    ASKED = "asked"  # a colleague has been asked
    WITHDRAWING = "withdrawing"  # the swap, by who asked


@dataclass(frozen=True, slots=True)
class OwnPlace:
    """One own place on the roster.

    Attributes:
        asked: the id of the exchange that was asked for, and its version; an answer of this device that the platform
            has not dealt with stands for it, because the exchange gets that answer's id (docs/adr/0031).
    """

    shift: RosteredShift
    state: PlaceState
    asked: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class SwapOfMe:
    """An exchange that a colleague asks for.

    Attributes:
        theirs: what the colleague cannot serve.
        mine: the own shift that is wanted for it, or None: a favour.
        answered: AGREE_SWAP or REFUSE_SWAP where this device noted one that the platform has not dealt with.
    """

    swap: SwapAsked
    theirs: RosteredShift
    mine: RosteredShift | None
    answered: RosterAnswer | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for a volunteer's word: offers to answer, exchanges to agree to, outcomes to read."""

    offers: tuple[RosteredShift, ...] = ()
    swaps: tuple[SwapAsked, ...] = ()
    outcomes: tuple[AnswerSettled, ...] = ()

    @property
    def count(self) -> int:
        """How many things they are in all."""
        return len(self.offers) + len(self.swaps) + len(self.outcomes)


def waiting_for(volunteer: str, data: ReferenceData, own_answers: Sequence[OwnAnswer], now_ms: int = 0) -> Waiting:
    """Return what waits for a volunteer's word.

    Args:
        volunteer: the number.
        data: what the platform told.
        own_answers: the volunteer's, of this device's ledger, earliest first.
        now_ms: UTC ms; what has begun by then is waited for no more.
    """
    pending = unsettled(volunteer, data, own_answers)
    places = own_places(volunteer, data, pending, now_ms)
    offered = (each.shift for each in places if each.state is PlaceState.OFFERED and each.shift.starts_ms > now_ms)
    swaps = (each.swap for each in swaps_of(volunteer, data, pending, now_ms) if each.answered is None)
    return Waiting(tuple(offered), tuple(swaps), outcomes_of(volunteer, data, own_answers))


def unsettled(volunteer: str, data: ReferenceData, own_answers: Iterable[OwnAnswer]) -> Mapping[str, OwnAnswer]:
    """Return the latest answer about each thing, by its id, where nothing was told or seen of what became of it.

    What was issued well after the platform had an answer, and says nothing of it, tells too: it was read elsewhere.
    """
    answers = list(own_answers)
    over = {each.id for each in data.settled if each.volunteer == volunteer}
    over |= {each.said.of for each in answers if each.said.answer is RosterAnswer.SEEN}
    latest = {each.said.of: each for each in answers if each.said.answer is not RosterAnswer.SEEN}
    return {of: each for of, each in latest.items() if each.id not in over and not _was_dealt_with(each, data)}


def _was_dealt_with(answer: OwnAnswer, data: ReferenceData) -> bool:
    return answer.received_ms is not None and answer.received_ms + DECIDED_MS <= data.issued_ms


def own_places(
    volunteer: str, data: ReferenceData, pending: Mapping[str, OwnAnswer], now_ms: int
) -> tuple[OwnPlace, ...]:
    """Return the own places that are not over, of the next fortnight, earliest first."""
    asked = {
        each.assignment: each for each in data.swaps if each.volunteer == volunteer and each.state is SwapState.ASKED
    }
    own = (
        each
        for each in data.roster
        if each.volunteer == volunteer and now_ms < each.ends_ms and each.starts_ms < now_ms + AHEAD_MS
    )
    places = (_place(shift, asked.get(shift.id), pending) for shift in own)
    return tuple(sorted(places, key=lambda each: (each.shift.starts_ms, each.shift.id)))


def swaps_of(
    volunteer: str, data: ReferenceData, pending: Mapping[str, OwnAnswer], now_ms: int
) -> tuple[SwapOfMe, ...]:
    """Return the exchanges that colleagues ask of a volunteer and that nothing has begun of, earliest first."""
    shifts = {each.id: each for each in data.roster if each.starts_ms > now_ms}
    found = []
    for swap in data.swaps:
        theirs, mine = shifts.get(swap.assignment), shifts.get(swap.in_return or "")
        complete = theirs is not None and (swap.in_return is None or mine is not None)
        if swap.colleague == volunteer and swap.state is SwapState.ASKED and complete and theirs is not None:
            noted = _noted(pending.get(swap.id), swap.version)
            found.append(SwapOfMe(swap, theirs, mine, None if noted is None else noted.answer))
    return tuple(sorted(found, key=lambda each: (each.theirs.starts_ms, each.swap.id)))


def outcomes_of(volunteer: str, data: ReferenceData, own_answers: Iterable[OwnAnswer]) -> tuple[AnswerSettled, ...]:
    """Return what became of answers and was not read yet; what is done and stands in the list anyhow is left out."""
    seen = {each.said.of for each in own_answers if each.said.answer is RosterAnswer.SEEN}
    ended = swap_ends(data)
    news = (
        each for each in data.settled if each.volunteer == volunteer and each.id not in seen and _is_news(each, ended)
    )
    return tuple(sorted(news, key=lambda each: (each.starts_ms, each.id)))


def swap_ends(data: ReferenceData) -> Mapping[str, SwapState]:
    """Return how exchanges ended, by their ids; one that its asker took back is no news to anybody."""
    open_ = (SwapState.ASKED, SwapState.WITHDRAWN)
    return {each.id: each.state for each in data.swaps if each.state not in open_}


def _is_news(settled: AnswerSettled, ended: Mapping[str, SwapState]) -> bool:
    if settled.outcome is not AnswerOutcome.DONE:
        return True
    if settled.answer is RosterAnswer.ASK_SWAP:
        return settled.id in ended
    return settled.answer is RosterAnswer.TAKE


def _place(shift: RosteredShift, swap: SwapAsked | None, pending: Mapping[str, OwnAnswer]) -> OwnPlace:
    answer = pending.get(shift.id)
    said = _noted(answer, shift.version)
    if said is not None and said.answer in _NOTED:
        return OwnPlace(shift, _NOTED[said.answer])
    if swap is not None:
        gone = _noted(pending.get(swap.id), swap.version) is not None
        return OwnPlace(shift, PlaceState.WITHDRAWING if gone else PlaceState.ASKED, (swap.id, swap.version))
    if answer is not None and said is not None:
        gone = answer.id in pending
        return OwnPlace(shift, PlaceState.WITHDRAWING if gone else PlaceState.ASKING, (answer.id, 0))
    offered = shift.state is AssignmentState.OFFERED
    return OwnPlace(shift, PlaceState.OFFERED if offered else PlaceState.ACCEPTED)


_NOTED = {
    RosterAnswer.ACCEPT: PlaceState.ACCEPTING,
    RosterAnswer.DECLINE: PlaceState.DECLINING,
    RosterAnswer.LEAVE: PlaceState.LEAVING,
}


def _noted(answer: OwnAnswer | None, version: int) -> RosterResponse | None:
    """Return what was said of a thing as it still is, or None."""
    return None if answer is None or answer.said.version < version else answer.said
