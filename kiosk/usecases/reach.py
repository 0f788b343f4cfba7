"""What every act at the desk asks first: may this operator do this here and now, to this record; and how it is kept.

Upstream: ``know_operator``, ``dossier``, the ports.
Downstream: every use case of the operator's desk.

A captain's reach ends with the own team, a permission with its term, and about an own record somebody else decides.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from kiosk.domain.operator_refusal import DeskRefusal
from kiosk.domain.operators import OWN_TEAM_ONLY, RIGHTS, Right, Role, may
from kiosk.usecases.dossier import Dossier
from kiosk.usecases.errors import RecordingError
from kiosk.usecases.outcomes import NotRecorded
from sync.protocol.sessions import judged_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from kiosk.timekeeping.moment import Moment
    from kiosk.usecases.know_operator import KnowOperator
    from kiosk.usecases.operator_outcomes import SignedIn
    from kiosk.usecases.ports import Clock, Ledger, Reading, Writing
    from sync.protocol.sessions import Session

log = logging.getLogger(__name__)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reach:
    """One operator at one moment."""

    know: KnowOperator
    operator: str
    moment: Moment

    def rights(self) -> frozenset[Right]:
        """Return what the operator may do at all, to some record or another."""
        held = self.know.held_by(self.operator, self.moment)
        return frozenset(right for each in held for right in RIGHTS[Role(each.role)])

    def teams(self) -> frozenset[str] | None:
        """Return the teams whose records the operator decides about; None: every team, and none."""
        held = self.know.held_by(self.operator, self.moment)
        deciding = [each for each in held if Right.CONFIRM in RIGHTS[Role(each.role)]]
        if any(each.role not in OWN_TEAM_ONLY for each in deciding):
            return None
        return frozenset(each.team for each in deciding if each.team is not None)

    def fault(self, right: Right) -> DeskRefusal | None:
        """Return why the operator may not do this for the station, or None."""
        return None if right in self.rights() else DeskRefusal.NOT_ALLOWED

    def fault_over(self, session: Session, right: Right) -> DeskRefusal | None:
        """Return why the operator may not do this to a session, or None."""
        if not may(self.know.held_by(self.operator, self.moment), right, session.team):
            return DeskRefusal.OTHER_TEAM if right in self.rights() else DeskRefusal.NOT_ALLOWED
        return DeskRefusal.OWN_RECORD if session.volunteer == self.operator else None

    def dossier(self, reading: Reading, session_id: str, right: Right) -> Dossier | DeskRefusal:
        """Return a session that the operator may do this to, or why not."""
        dossier = open_dossier(reading, session_id)
        if dossier is None:
            return DeskRefusal.UNKNOWN_SESSION
        return self.fault_over(dossier.session, right) or dossier


@dataclass(frozen=True, slots=True)
class DeskRoom:
    """What every act at the desk needs: who may, what time it is, and where it is kept."""

    know: KnowOperator
    clock: Clock
    ledger: Ledger

    def reach(self, operator: SignedIn) -> Reach:
        """Return what an operator may do now."""
        return Reach(self.know, operator.operator, self.clock.now())

    def recorded(self, act: Callable[[Writing], T]) -> T | NotRecorded:
        """Do an act in one transaction; where the file fails nothing of it was recorded."""
        try:
            with self.ledger.writing() as writing:
                return act(writing)
        except RecordingError as error:
            log.warning("an act at the desk could not be recorded: %s", error.fault)
            return NotRecorded(error.fault)


def open_dossier(reading: Reading, session_id: str) -> Dossier | None:
    """Return a session with all that was said of it, or None."""
    recorded, history = reading.session(session_id), reading.history(session_id)
    if recorded is None or history is None:
        return None
    events = tuple(history.events)
    verdicts = judged_in(events)
    return Dossier(history.session, history.original, events, verdicts, recorded.check_in, recorded.name)
