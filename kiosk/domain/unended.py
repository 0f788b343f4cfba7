"""A duty that nobody ended: which ends can be said of it, and which cannot (duty-rules.md 3).

Upstream: ``closing``, ``policy``, ``refusal``, ``sync.protocol.vocabulary``.
Downstream: ``kiosk.usecases.forgotten``, ``kiosk.presenter.forgotten``.

Nothing is guessed: what is offered is only what the volunteer may mean, and the answer is a proposal.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from kiosk.domain.closing import next_local
from kiosk.domain.refusal import StatementRefusal
from sync.protocol.vocabulary import StatementAnswer

if TYPE_CHECKING:
    from datetime import tzinfo

    from kiosk.domain.policy import DutyPolicy

STEP_MIN = 15
_STEP = timedelta(minutes=STEP_MIN)


@dataclass(frozen=True, slots=True)
class Unended:
    """What is known of it; instants aware UTC.

    Attributes:
        starts_at: when it began.
        until: it had ended by then: the limit that passed, or now.
        shift_ends_at: the end of its rostered shift, or None.
        dated: the clock knew the time of day when it began; else only lengths mean anything.
    """

    starts_at: datetime
    until: datetime
    shift_ends_at: datetime | None = None
    dated: bool = True


def ends_offered(duty: Unended, policy: DutyPolicy, zone: tzinfo) -> dict[StatementAnswer, datetime]:
    """Return the ends that one tap can say, in order: of its shift, of the station's day; where each is possible."""
    if not duty.dated:
        return {}
    offered = {} if duty.shift_ends_at is None else {StatementAnswer.SHIFT_END: duty.shift_ends_at}
    if policy.closes_at is not None:
        offered[StatementAnswer.CLOSING_TIME] = next_local(duty.starts_at, policy.closes_at, zone)
    told: dict[StatementAnswer, datetime] = {}
    for answer, ends_at in offered.items():
        if fault_of(ends_at, duty) is None and ends_at not in told.values():
            told[answer] = ends_at
    return told


def times_offered(duty: Unended, zone: tzinfo) -> tuple[datetime, ...]:
    """Return every end that the time picker offers: quarters of the local hour, or whole quarters since the start.

    Where not even one quarter fits, the limit itself; nothing where nothing is possible.
    """
    first = duty.starts_at + _STEP
    if duty.dated:
        local = duty.starts_at.astimezone(zone).replace(second=0, microsecond=0)
        past = timedelta(minutes=local.minute % STEP_MIN)
        first = (local - past + _STEP).astimezone(duty.starts_at.tzinfo)
    count = max(0, (duty.until - first) // _STEP + 1)
    steps = tuple(first + _STEP * number for number in range(count))
    return steps or ((duty.until,) if duty.until > duty.starts_at else ())


def fault_of(ends_at: datetime, duty: Unended) -> StatementRefusal | None:
    """Return why a duty cannot have ended then, or None."""
    if ends_at <= duty.starts_at:
        return StatementRefusal.NOT_AFTER_START
    return StatementRefusal.AFTER_LIMIT if ends_at > duty.until else None
