"""A correction beside the original: it holds when a second person stands for it, or where it answers the volunteer.

Upstream: ``reach``, ``kiosk.domain.desk_rules``.
Downstream: ``kiosk.composition``, ``decide_objection``.

A duty that nobody ended is ended in the same way: with an end, on somebody's word.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from kiosk.domain.desk_rules import Surroundings, correction_fault, correction_of
from kiosk.domain.operator_refusal import DeskRefusal
from kiosk.domain.operators import Right
from kiosk.timekeeping.moment import instant_of
from kiosk.usecases.desk_outcomes import DeskRefused, SessionAmended
from kiosk.usecases.reach import open_dossier
from sync.protocol.judgements import Amendment
from sync.protocol.vocabulary import ServiceKind

if TYPE_CHECKING:
    from datetime import datetime

    from kiosk.domain.policy import DutyPolicy
    from kiosk.usecases.desk_outcomes import Change
    from kiosk.usecases.dossier import Dossier
    from kiosk.usecases.operator_outcomes import SignedIn
    from kiosk.usecases.outcomes import NotRecorded
    from kiosk.usecases.ports import Writing
    from kiosk.usecases.reach import DeskRoom, Reach


@dataclass(frozen=True, slots=True)
class AmendSession:
    """The use case behind 「更正」."""

    room: DeskRoom
    policy: DutyPolicy

    def __call__(
        self, operator: SignedIn, session_id: str, change: Change
    ) -> SessionAmended | DeskRefused | NotRecorded:
        """Propose a correction of a session."""
        reach = self.room.reach(operator)
        done = self.room.recorded(lambda writing: self._amend(reach, writing, session_id, change))
        return DeskRefused(done) if isinstance(done, DeskRefusal) else done

    def _amend(self, reach: Reach, writing: Writing, session_id: str, change: Change) -> SessionAmended | DeskRefusal:
        dossier = reach.dossier(writing, session_id, Right.CORRECT)
        if isinstance(dossier, DeskRefusal):
            return dossier
        if dossier.verdicts.proposed:
            return DeskRefusal.ALREADY_WAITS
        return self.record(reach, writing, dossier, change)

    def record(
        self, reach: Reach, writing: Writing, dossier: Dossier, change: Change, objection: str | None = None
    ) -> SessionAmended | DeskRefusal:
        """Record a correction within the caller's transaction, or return why not; ``objection``: the one it answers."""
        session_id, volunteer = dossier.session.id, dossier.session.volunteer
        starts_ms, ends_ms = _ms(change.starts_at), _ms(change.ends_at)
        corrected = correction_of(dossier.session, starts_ms, ends_ms, change.service)
        around = timedelta(minutes=self.policy.cap_min + self.policy.grace_min)
        recorded = writing.sessions_of(volunteer, instant_of(corrected.starts_ms) - around)
        services = {*ServiceKind, *(each.service for each in reach.know.shelf.current().data.services)}
        others = [each.session for each in recorded if each.session.id != session_id]
        surroundings = Surroundings(reach.moment.at, self.policy.cap_min, services, others)
        fault = correction_fault(dossier.session, corrected, surroundings)
        if fault is not None:
            return fault
        body = Amendment(session_id, change.reason, reach.operator, starts_ms, ends_ms, change.service, objection)
        event = writing.append(body, reach.moment.stamp)
        now = open_dossier(writing, session_id) or dossier
        holds = event.id not in now.verdicts.proposed
        return SessionAmended(session_id, dossier.name, holds, now.session.credited_minutes)


def _ms(at: datetime | None) -> int | None:
    return None if at is None else int(at.timestamp() * 1000)
