"""交接: who is relieved at a check-in, and who comes next at a check-out; by the roster alone, nothing is looked up.

Upstream: ``roster``, ``sync.protocol.reference``.
Downstream: ``kiosk.usecases.begin_duty``, ``kiosk.usecases.record_scan``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from kiosk.domain.roster import STRAIGHT_ON_MIN, TOLD, ends_at, starts_at
from sync.protocol.vocabulary import AssignmentState

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime, tzinfo

    from sync.protocol.reference import RosteredShift

CHANGEOVER = timedelta(minutes=STRAIGHT_ON_MIN)
OVER_MIDNIGHT = timedelta(hours=3)  # what begins so soon is next, whatever the date; else today's roster is asked


@dataclass(frozen=True, slots=True)
class HandOver:
    """Who comes next, or was there before; the presenter masks the name.

    Attributes:
        at: when they come, or were to go; aware UTC.
        others: how many more come with them.
        own: it is the volunteer's own next shift.
        asked: offered, and not accepted yet.
    """

    name: str
    at: datetime
    others: int = 0
    own: bool = False
    asked: bool = False


@dataclass(frozen=True, slots=True)
class NobodyNext:
    """Nobody is planned here any more today."""


def comes_next(
    volunteer: str, at: datetime, roster: Iterable[RosteredShift], zone: tzinfo
) -> HandOver | NobodyNext | None:
    """Return who comes next at this point after ``at`` (aware UTC); None where nothing is planned here at all.

    Of those who begin together, who has accepted is named before who was only asked. An own shift that has begun is
    what is being left, and not what comes.
    """
    told = [each for each in roster if each.state in TOLD]
    if not told:
        return None
    today = at.astimezone(zone).date()
    coming = [
        each
        for each in told
        if (at if each.volunteer == volunteer else at - CHANGEOVER) <= starts_at(each)
        and at < ends_at(each)
        and (starts_at(each).astimezone(zone).date() == today or starts_at(each) <= at + OVER_MIDNIGHT)
    ]
    if not coming:
        return NobodyNext()
    first = min(coming, key=lambda each: (each.starts_ms, _asked(each), each.volunteer != volunteer, each.id))
    together = {each.volunteer for each in coming if _place(each) == _place(first)}
    own = first.volunteer == volunteer
    return HandOver(first.display_name, starts_at(first), len(together) - 1, own=own, asked=_asked(first))


def is_relieved(
    volunteer: str, at: datetime, shift: RosteredShift | None, roster: Iterable[RosteredShift]
) -> HandOver | None:
    """Return whose shift ends as one begins: about the start of ``shift``, or about ``at`` for a walk-in.

    Of several, one of the same service kind is taken, and then the nearest end.
    """
    begins = at if shift is None else starts_at(shift)
    ending = [
        each
        for each in roster
        if each.state is AssignmentState.ACCEPTED
        and each.volunteer != volunteer
        and starts_at(each) < begins
        and abs(ends_at(each) - begins) <= CHANGEOVER
    ]
    if not ending or at > begins + CHANGEOVER:
        return None
    service = None if shift is None else shift.service
    going = min(ending, key=lambda each: (each.service != service, abs(ends_at(each) - begins), each.id))
    return HandOver(going.display_name, ends_at(going), len({each.volunteer for each in ending}) - 1)


def _place(shift: RosteredShift) -> tuple[int, bool]:
    return shift.starts_ms, _asked(shift)


def _asked(shift: RosteredShift) -> bool:
    return shift.state is not AssignmentState.ACCEPTED
