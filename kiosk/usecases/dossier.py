"""One session with everything that was said of it, as the operators' use cases judge it.

Upstream: ``sync.protocol.sessions``, ``kiosk.usecases.record_ports``.
Downstream: ``reach`` opens it; ``read_session`` and every act at the desk.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from kiosk.domain.operator_refusal import DeskRefusal
from kiosk.usecases.desk import Awaiting
from sync.protocol.envelope import open_body
from sync.protocol.judgements import Amendment, CaptainEntry, Void
from sync.protocol.sessions import BEYOND_SHIFT, COUNTING_NOTHING
from sync.protocol.vocabulary import Provenance, SessionState

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sync.protocol.envelope import Envelope
    from sync.protocol.events import Body
    from sync.protocol.sessions import Session
    from sync.protocol.verdicts import Verdicts

B = TypeVar("B", bound="Body")
_BY_CONFIRMATION = frozenset({SessionState.CLOSED, SessionState.PROVISIONAL})


@dataclass(frozen=True, slots=True)
class Awaited:
    """An event that waits for a confirmation, and who said it; None: nobody, it was scanned."""

    event_id: str
    what: Awaiting
    by: str | None


@dataclass(frozen=True, slots=True)
class Dossier:
    """One session: as judged, as recorded, its events in order of recording, and what holds of the judgements."""

    session: Session
    original: Session
    events: tuple[Envelope, ...]
    verdicts: Verdicts
    check_in: Envelope
    name: str

    def of_type(self, kind: type[B]) -> Iterator[tuple[str, B]]:
        """Yield the bodies of a kind with their event ids, in order of recording."""
        for envelope in self.events:
            body = open_body(envelope)
            if isinstance(body, kind):
                yield envelope.id, body

    def awaited(self) -> tuple[Awaited, ...]:
        """Return what waits for a person's confirmation."""
        if self.session.state is SessionState.VOID:
            return ()
        authors = {event: body.entered_by for event, body in self.of_type(Amendment)}
        authors |= {event: body.voided_by for event, body in self.of_type(Void)}
        hours = self._hours()
        return (
            *(() if hours is None or self.session.state not in _BY_CONFIRMATION else (hours,)),
            *(Awaited(each, Awaiting.AMENDMENT, authors.get(each)) for each in self.verdicts.proposed),
            *(Awaited(each, Awaiting.VOID, authors.get(each)) for each in self.verdicts.withdrawing),
        )

    def choose(self, of: str | None, *, beyond_shift: bool) -> Awaited | DeskRefusal:
        """Return what a confirmation would be of; ``of`` None: the one thing that waits.

        Hours that were confirmed may be confirmed once more, for the time beyond the shift.
        """
        waiting, hours = self.awaited(), self._hours()
        if of is not None:
            waiting = tuple(each for each in waiting if each.event_id == of)
        again = beyond_shift and self.session.state is SessionState.CONFIRMED and self.session.shift is not None
        if again and hours is not None and BEYOND_SHIFT not in self.session.flags and of in {None, hours.event_id}:
            return hours
        if not waiting:
            return self._why_nothing_waits()
        return waiting[0] if len(waiting) == 1 else DeskRefusal.SEVERAL_WAIT

    def _hours(self) -> Awaited | None:
        """Return the event that a confirmation of the hours must name, or None."""
        session = self.session
        if session.flags & COUNTING_NOTHING:
            return None
        for event, entry in self.of_type(CaptainEntry):
            return Awaited(event, Awaiting.ENTRY, entry.entered_by)
        if self.original.provenance is Provenance.ONE_SCAN_AUTO:
            said = self.verdicts.said
            return None if said is None else Awaited(said, Awaiting.STATEMENT, session.volunteer)
        return None if session.ended_by is None else Awaited(session.ended_by, Awaiting.HOURS, None)

    def _why_nothing_waits(self) -> DeskRefusal:
        session = self.session
        if session.flags & COUNTING_NOTHING:
            return DeskRefusal.COUNTS_NOTHING
        if session.state is SessionState.VOID:
            return DeskRefusal.WITHDRAWN
        if session.state is SessionState.OPEN:
            return DeskRefusal.STILL_OPEN
        return DeskRefusal.END_NEEDED if session.state is SessionState.PROVISIONAL else DeskRefusal.NOTHING_WAITS
