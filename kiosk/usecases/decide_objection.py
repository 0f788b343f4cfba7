"""An operator decides on what the volunteer disputes (令67 Art 13): dismissed, or upheld with its remedy, all at once.

Upstream: ``reach``, ``amend_session``, ``void_session``, ``rate_service``.
Downstream: ``kiosk.composition``.

A correction that answers an objection holds at once: the volunteer is the one person and the operator the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.domain.operator_refusal import DeskRefusal
from kiosk.domain.operators import Right
from kiosk.usecases.desk_outcomes import (
    Change,
    DeskRefused,
    Mark,
    ObjectionDecided,
    SessionAmended,
    SessionRated,
    SessionVoided,
)
from kiosk.usecases.rate_service import record_rating
from kiosk.usecases.reach import open_dossier
from kiosk.usecases.void_session import record_void
from sync.protocol.judgements import Decision

if TYPE_CHECKING:
    from kiosk.usecases.amend_session import AmendSession
    from kiosk.usecases.desk_outcomes import Ruling
    from kiosk.usecases.dossier import Dossier
    from kiosk.usecases.operator_outcomes import SignedIn
    from kiosk.usecases.outcomes import NotRecorded
    from kiosk.usecases.ports import Writing
    from kiosk.usecases.reach import DeskRoom, Reach


@dataclass(frozen=True, slots=True)
class DecideObjection:
    """The use case behind 「异议处理」."""

    room: DeskRoom
    amend: AmendSession

    def __call__(
        self, operator: SignedIn, session_id: str, ruling: Ruling
    ) -> ObjectionDecided | DeskRefused | NotRecorded:
        """Decide on an objection; where the remedy is refused nothing is decided."""
        reach = self.room.reach(operator)
        done = self.room.recorded(lambda writing: self._decide(reach, writing, session_id, ruling))
        return DeskRefused(done) if isinstance(done, DeskRefusal) else done

    def _decide(
        self, reach: Reach, writing: Writing, session_id: str, ruling: Ruling
    ) -> ObjectionDecided | DeskRefusal:
        dossier = reach.dossier(writing, session_id, Right.CORRECT)
        if isinstance(dossier, DeskRefusal):
            return dossier
        standing = dossier.verdicts.objections
        objection = next((each for each in standing if ruling.objection in {None, each}), None)
        if objection is None:
            return DeskRefusal.NO_OBJECTION
        holds = self._remedy(reach, writing, dossier, ruling, objection)
        if isinstance(holds, DeskRefusal):
            return holds
        upheld = ruling.remedy is not None
        writing.append(Decision(session_id, objection, upheld, ruling.reason, reach.operator), reach.moment.stamp)
        now = open_dossier(writing, session_id) or dossier
        return ObjectionDecided(session_id, dossier.name, upheld, holds, now.session.credited_minutes)

    def _remedy(
        self, reach: Reach, writing: Writing, dossier: Dossier, ruling: Ruling, objection: str
    ) -> bool | DeskRefusal:
        """Record the remedy, and return whether it holds."""
        if ruling.remedy is None:
            return True
        done: SessionAmended | SessionRated | SessionVoided | DeskRefusal
        if isinstance(ruling.remedy, Change):
            done = self.amend.record(reach, writing, dossier, ruling.remedy, objection)
        elif isinstance(ruling.remedy, Mark):
            done = record_rating(reach, writing, dossier, ruling.remedy)
        else:
            done = record_void(reach, writing, dossier, ruling.remedy)
        if isinstance(done, DeskRefusal):
            return done
        return True if isinstance(done, SessionRated) else done.holds
