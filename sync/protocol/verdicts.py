"""Which of the things that persons said of a session hold: pure, and the same in whatever order they arrived.

Upstream: ``envelope``, ``events``, ``judgements``.
Downstream: ``sessions``.

Nobody decides about an own record, and nobody is their own second person::

    confirmation   of a check-out, a statement, an entry: by anyone but the volunteer (an entry: nor its author)
    amendment      confirmed by a second person; or by one, where it answers a standing objection of the volunteer
    void           by one person while nothing counts yet; else confirmed by a second one
    objection      stands until a decision names it, or an amendment that holds answers it
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from sync.protocol.judgements import (
    Amendment,
    CaptainEntry,
    Confirmation,
    Decision,
    Objection,
    Rating,
    Statement,
    Void,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sync.protocol.envelope import Envelope
    from sync.protocol.events import Body

B = TypeVar("B", bound="Body")


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What holds of the judgements on one session.

    Attributes:
        statement: the volunteer's latest word on the end, with its event id; ``stated`` tells that it is confirmed.
        confirmed: a captain stands for the end that was scanned, or for the hours that were entered.
        beyond_shift: that captain confirmed the time after the shift too.
        amendments: those that hold, in order; ``proposed`` and ``withdrawing`` tell of some that wait for a second
            person.
        voids: a withdrawal for which one person is enough while nothing counts; ``voided`` that it holds in any case.
        objections: event ids of those undecided.
        rating: the latest, by another than the volunteer.
    """

    statement: Statement | None = None
    stated: bool = False
    confirmed: bool = False
    beyond_shift: bool = False
    amendments: tuple[Amendment, ...] = ()
    proposed: bool = False
    voids: bool = False
    voided: bool = False
    objections: tuple[str, ...] = ()
    rating: Rating | None = None


def weigh(standing: Sequence[tuple[Envelope, Body]], volunteer: str, ending: str | None) -> Verdicts:
    """Return what holds of the judgements among the standing events of a session.

    Args:
        standing: events and their bodies in the fixed order of a fold, none undone.
        volunteer: whose session it is.
        ending: the event id that a confirmation of the hours must name: of the check-out or of the entry; None where
            there is none.
    """
    room = _Room(standing, volunteer)
    said = room.of_type(Statement)
    own = [(event, body) for event, body in said if body.volunteer == volunteer]
    latest = own[-1] if own else None
    word = None if latest is None else room.confirmation_of(latest[0])
    hours = None if ending is None else room.confirmation_of(ending)
    amendments = room.of_type(Amendment)
    holding = tuple(body for event, body in amendments if room.amends(event, body))
    voids = [(event, body) for event, body in room.of_type(Void) if body.voided_by != volunteer]
    ratings = [body for _, body in room.of_type(Rating) if body.rated_by != volunteer]
    return Verdicts(
        statement=latest[1] if latest else None,
        stated=word is not None,
        confirmed=hours is not None,
        beyond_shift=any(each is not None and each.beyond_shift for each in (word, hours)),
        amendments=holding,
        proposed=len(holding) < len(amendments),
        voids=bool(voids),
        voided=any(room.confirmation_of(event) for event, _ in voids),
        objections=tuple(event for event, _ in room.objections() if not room.is_decided(event)),
        rating=ratings[-1] if ratings else None,
    )


class _Room:
    """The judgements of one session, and who may not judge."""

    def __init__(self, standing: Sequence[tuple[Envelope, Body]], volunteer: str) -> None:
        self._standing = standing
        self._volunteer = volunteer
        self._authors = {envelope.id: _author_of(body) for envelope, body in standing}

    def of_type(self, kind: type[B]) -> list[tuple[str, B]]:
        return [(envelope.id, body) for envelope, body in self._standing if isinstance(body, kind)]

    def confirmation_of(self, event: str) -> Confirmation | None:
        """Return the first confirmation of an event by somebody who may be its second person."""
        barred = {self._volunteer, self._authors.get(event)}
        named = (body for _, body in self.of_type(Confirmation) if body.of == event)
        return next((body for body in named if body.confirmed_by not in barred), None)

    def objections(self) -> list[tuple[str, Objection]]:
        return [(event, body) for event, body in self.of_type(Objection) if body.volunteer == self._volunteer]

    def amends(self, event: str, amendment: Amendment) -> bool:
        answers = amendment.objection in {each for each, _ in self.objections()}
        return (answers and amendment.entered_by != self._volunteer) or self.confirmation_of(event) is not None

    def is_decided(self, objection: str) -> bool:
        decisions = (body for _, body in self.of_type(Decision) if body.of == objection)
        answers = (body for event, body in self.of_type(Amendment) if self.amends(event, body))
        return any(body.decided_by != self._volunteer for body in decisions) or any(
            body.objection == objection for body in answers
        )


def _author_of(body: Body) -> str | None:
    if isinstance(body, CaptainEntry | Amendment):
        return body.entered_by
    return body.voided_by if isinstance(body, Void) else None
