"""Which of the things that persons said of a session hold: pure, and the same in whatever order they arrived.

Upstream: ``envelope``, ``events``, ``judgements``.
Downstream: ``sessions``.

Nobody decides about an own record, and nobody is their own second person::

    confirmation   of a check-out, a statement, an entry: by anyone but the volunteer (an entry: nor its author)
    amendment      confirmed by a second person; or by one, where it is the first to answer a standing objection of the
                   volunteer, and does not answer it with hours that the same person entered
    void           by one person while nothing counts yet; else confirmed by a second one
    objection      stands until a decision names it, or an amendment that holds answers it
    dismissal      a decision against a correction or a withdrawal that waits: it waits no longer

What was confirmed stays confirmed: a later statement, or a later dismissal, takes nothing back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

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
    """What holds of the judgements on one session; events that wait are named by their ids.

    Attributes:
        statement: the volunteer's word on the end, the latest that was confirmed or else the latest; ``said`` is its
            event id, ``stated`` tells that it is confirmed.
        confirmed: a captain stands for the end that was scanned, or for the hours that were entered.
        beyond_shift: such a captain confirmed the time after the shift too.
        amendments: those that hold, in order; ``held`` are their event ids.
        proposed: the corrections that wait for a second person.
        withdrawing: the withdrawals by one person; enough while nothing counts.
        voided: a withdrawal holds in any case.
        objections: those undecided.
        rating: the latest, by another than the volunteer.
    """

    statement: Statement | None = None
    said: str | None = None
    stated: bool = False
    confirmed: bool = False
    beyond_shift: bool = False
    amendments: tuple[Amendment, ...] = ()
    held: tuple[str, ...] = ()
    proposed: tuple[str, ...] = ()
    withdrawing: tuple[str, ...] = ()
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
    said, statement = room.word()
    words, hours = room.confirmations_of(said), room.confirmations_of(ending)
    amendments = [(event, body, room.amends(event, body)) for event, body in room.of_type(Amendment)]
    voids = [event for event, body in room.of_type(Void) if body.voided_by != volunteer]
    ratings = [body for _, body in room.of_type(Rating) if body.rated_by != volunteer]
    return Verdicts(
        statement=statement,
        said=said,
        stated=bool(words),
        confirmed=bool(hours),
        beyond_shift=any(each.beyond_shift for each in (*words, *hours)),
        amendments=tuple(body for _, body, holds in amendments if holds),
        held=tuple(event for event, _, holds in amendments if holds),
        proposed=tuple(event for event, _, holds in amendments if not holds and event not in room.dismissed),
        withdrawing=tuple(event for event in voids if event not in room.dismissed),
        voided=any(room.confirmations_of(event) for event in voids),
        objections=tuple(event for event in room.objections if event not in room.decided),
        rating=ratings[-1] if ratings else None,
    )


class _Room:
    """The judgements of one session, and who may not judge.

    Attributes:
        objections: event ids of the volunteer's own.
        dismissed: what a decision was against; ``decided``: what one named, or an amendment answered.
    """

    def __init__(self, standing: Sequence[tuple[Envelope, Body]], volunteer: str) -> None:
        self._standing = standing
        self._of_type: dict[type[Body], list[tuple[str, Any]]] = {}
        for envelope, body in standing:
            self._of_type.setdefault(type(body), []).append((envelope.id, body))
        self._volunteer = volunteer
        self._authors = {envelope.id: _author_of(body) for envelope, body in standing}
        self._entered_by = {body.entered_by for _, body in self.of_type(CaptainEntry)}
        self.objections = [event for event, body in self.of_type(Objection) if body.volunteer == volunteer]
        decisions = [body for _, body in self.of_type(Decision) if body.decided_by != volunteer]
        self.dismissed = {body.of for body in decisions if not body.upheld}
        self._answers = self._answered()
        self.decided: set[str | None] = {body.of for body in decisions}
        self.decided |= {body.objection for event, body in self.of_type(Amendment) if self.amends(event, body)}

    def of_type(self, kind: type[B]) -> list[tuple[str, B]]:
        return self._of_type.get(kind, [])

    def word(self) -> tuple[str | None, Statement | None]:
        """Return the volunteer's word on the end, with its event id."""
        own = [(event, body) for event, body in self.of_type(Statement) if body.volunteer == self._volunteer]
        confirmed = [each for each in own if self.confirmations_of(each[0])]
        return next(reversed(confirmed or own), (None, None))

    def confirmations_of(self, event: str | None) -> list[Confirmation]:
        """Return the confirmations of an event by those who may be its second person."""
        if event is None:
            return []
        barred = {self._volunteer, self._authors.get(event)}
        named = (body for _, body in self.of_type(Confirmation) if body.of == event)
        return [body for body in named if body.confirmed_by not in barred]

    def amends(self, event: str, amendment: Amendment) -> bool:
        """Tell whether an amendment holds."""
        return self._answers.get(amendment.objection) == event or bool(self.confirmations_of(event))

    def _answered(self) -> dict[str | None, str]:
        """Return the first amendment that may answer each objection by itself, where none was dismissed before."""
        first: dict[str | None, str] = {}
        barred = {self._volunteer, *self._entered_by}
        for envelope, body in self._standing:
            if isinstance(body, Decision) and body.decided_by != self._volunteer and not body.upheld:
                first.setdefault(body.of, envelope.id)
            elif isinstance(body, Amendment) and body.entered_by not in barred and body.objection in self.objections:
                first.setdefault(body.objection, envelope.id)
        return first


def _author_of(body: Body) -> str | None:
    if isinstance(body, CaptainEntry | Amendment):
        return body.entered_by
    return body.voided_by if isinstance(body, Void) else None
