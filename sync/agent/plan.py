"""What the agent does next: a pure function of what is known. No clock, no socket, no file.

Upstream: ``backoff``.
Downstream: ``relay`` and ``errands`` carry it out.

How a deed went decides when it has its next turn, and how much it takes::

    answer               next size             next wait
    ───────────────────  ────────────────────  ─────────────────────────────────────────
    receipt              doubles, up to 500    none while events wait, else until polled
    receipt, none moved  stays                 backoff with full jitter
    too large (413)      halves, down to 1     none; of a single event: as failed
    unfit (400)          halves, down to 1     none; a single event has been set aside
    busy (429, 503)      stays                 Retry-After, at most the 15-minute timer
    refused (401, 403)   stays                 the 15-minute timer; nothing is deleted
    failed (all else)    stays; halves where   backoff with full jitter
                         answers go on failing

Every deed has a turn of its own and waits for no other's: of those whose turn it is, the one that waited longest is
done. Instants are seconds of one clock that never jumps and counts suspend (CLOCK_BOOTTIME)::

    send        there are events that were never set back
    send again  there are events that the platform wanted again, or that broke a call of their own
    contact     15 minutes after the last, whatever else happened
    reconcile   once a day, so after a day offline too, and whenever the platform's epoch changed
    rotate      the key is older than the settings want, or a rotation was begun
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from sync.agent.backoff import Backoff
from sync.protocol.batch import MAX_EVENTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

TIMER_S = 15 * 60.0  # whatever happened, something is tried this often (protocol.md)
MOST_SET_ASIDE = 2  # events in a row without a receipt between them: more, and it is the platform that reads nothing
ISOLATE_AFTER = 3  # failed answers in a row, then one event of the batch may be what breaks the platform
LEAST_ASKED_S = 1.0  # a Retry-After below is none
OK, REFUSED, TOO_LARGE, BUSY = range(200, 300), (401, 403), 413, (429, 503)


class Answer(StrEnum):
    """How a try went."""

    RECEIPT = "receipt"
    STALLED = "stalled"
    TOO_LARGE = "too_large"
    UNFIT = "unfit"
    BUSY = "busy"
    REFUSED = "refused"
    FAILED = "failed"


class Deed(StrEnum):
    """What the agent can do."""

    CONTACT = "contact"
    SEND = "send"
    SEND_AGAIN = "send_again"
    RECONCILE = "reconcile"
    ROTATE = "rotate"


@dataclass(frozen=True, slots=True)
class Plan:
    """What comes next of one deed.

    Attributes:
        batch_size: at most so many events in the next batch, 1 … 500.
        failures: tries without a receipt in a row.
        wait_s: seconds to wait before the next try; 0 for at once.
    """

    batch_size: int = MAX_EVENTS
    failures: int = 0
    wait_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Turn:
    """When a deed may be done next, and how."""

    plan: Plan = field(default_factory=Plan)
    from_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Known:
    """What the next deed depends on.

    Attributes:
        now_s: the instant.
        fresh, again: whether such events wait.
        asks: whether the platform is to be asked what it lacks.
        rotates: whether the key is to be changed.
        contacted_s: the instant of the last contact, or None.
    """

    now_s: float
    fresh: bool = False
    again: bool = False
    asks: bool = False
    rotates: bool = False
    contacted_s: float | None = None


@dataclass(frozen=True, slots=True)
class Next:
    """The deed whose turn it is, or None and the seconds until one's may be."""

    deed: Deed | None
    wait_s: float = 0.0


Turns = MappingProxyType[Deed, Turn]
NEW: Turns = MappingProxyType({deed: Turn() for deed in Deed})


def choose(known: Known, turns: Mapping[Deed, Turn], poll_s: float) -> Next:
    """Return what is done next; ``poll_s`` is how long it may be waited where nothing is known to come."""
    wanted = {Deed.CONTACT, *_wanted(known)}
    due = {deed: min(turn.from_s, known.now_s + TIMER_S) for deed, turn in turns.items() if deed in wanted}
    due[Deed.CONTACT] = max(due[Deed.CONTACT], min(_contact_from_s(known), known.now_s + TIMER_S))
    first = min(due, key=lambda deed: due[deed])
    wait_s = due[first] - known.now_s
    return Next(first) if wait_s <= 0 else Next(None, wait_s if known.fresh else min(wait_s, poll_s))


def turned(turns: Mapping[Deed, Turn], deed: Deed, plan: Plan, now_s: float) -> Turns:
    """Return the turns after a deed was done; where several are due at one instant, it comes after the others."""
    others = {each: turn for each, turn in turns.items() if each is not deed}
    return MappingProxyType({**others, deed: Turn(plan, now_s + min(plan.wait_s, TIMER_S))})


def held_off(turns: Mapping[Deed, Turn], deed: Deed, wait_s: float, now_s: float) -> Turns:
    """Return the turns where a deed waits at least so long from now."""
    turn = turns[deed]
    return MappingProxyType({**turns, deed: replace(turn, from_s=max(turn.from_s, now_s + wait_s))})


def let_in(turns: Mapping[Deed, Turn], deeds: Iterable[Deed], now_s: float) -> Turns:
    """Return the turns where some deeds that were refused have theirs at once: the platform knows the device again."""
    return MappingProxyType({**turns, **{deed: replace(turns[deed], from_s=now_s) for deed in deeds}})


def after(plan: Plan, answer: Answer, retry_after_s: float | None, chance: float, backoff: Backoff) -> Plan:
    """Return the plan after an answer; ``retry_after_s`` is what a busy platform asked for, if it did."""
    if answer is Answer.RECEIPT:
        return Plan(min(MAX_EVENTS, plan.batch_size * 2))
    failures = plan.failures + 1
    jittered_s = min(TIMER_S, backoff.wait_s(failures, chance))
    if answer in {Answer.TOO_LARGE, Answer.UNFIT} and plan.batch_size > 1:
        return replace(plan, batch_size=plan.batch_size // 2, wait_s=0.0)
    if answer is Answer.UNFIT:
        return replace(plan, failures=failures, wait_s=0.0)
    if answer is Answer.REFUSED:
        return replace(plan, failures=failures, wait_s=TIMER_S)
    if answer is Answer.BUSY and retry_after_s is not None and retry_after_s >= LEAST_ASKED_S:
        return replace(plan, failures=failures, wait_s=min(TIMER_S, retry_after_s))  # an appointment: come then
    return replace(plan, failures=failures, wait_s=jittered_s)


def sets_aside(plan: Plan) -> bool:
    """Tell whether a single event that the platform cannot read is set aside, or may be no worse than the others."""
    return plan.failures < MOST_SET_ASIDE


def isolates(plan: Plan) -> bool:
    """Tell whether so many answers failed in a row that one of the events may be why."""
    return plan.failures >= ISOLATE_AFTER


def narrowed(plan: Plan) -> Plan:
    """Return the plan with half of its size, where answers go on failing."""
    return replace(plan, batch_size=max(1, plan.batch_size // 2)) if isolates(plan) else plan


def answer_to(status: int) -> Answer:
    """Return what a status means that is not 2xx."""
    if status in REFUSED:
        return Answer.REFUSED
    if status == TOO_LARGE:
        return Answer.TOO_LARGE
    return Answer.BUSY if status in BUSY else Answer.FAILED


def _wanted(known: Known) -> list[Deed]:
    wanted = {
        Deed.SEND: known.fresh,
        Deed.SEND_AGAIN: known.again,
        Deed.RECONCILE: known.asks,
        Deed.ROTATE: known.rotates,
    }
    return [deed for deed, is_wanted in wanted.items() if is_wanted]


def _contact_from_s(known: Known) -> float:
    return 0.0 if known.contacted_s is None else known.contacted_s + TIMER_S
