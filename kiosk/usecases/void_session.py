"""A record is withdrawn, with a reason; what counts already waits for a second person.

Upstream: ``reach``, ``kiosk.domain.desk_rules``.
Downstream: ``kiosk.composition``, ``decide_objection``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.domain.desk_rules import void_fault
from kiosk.domain.operator_refusal import DeskRefusal
from kiosk.domain.operators import Right
from kiosk.usecases.desk_outcomes import DeskRefused, SessionVoided
from kiosk.usecases.reach import open_dossier
from sync.protocol.judgements import Void
from sync.protocol.vocabulary import SessionState

if TYPE_CHECKING:
    from kiosk.usecases.dossier import Dossier
    from kiosk.usecases.operator_outcomes import SignedIn
    from kiosk.usecases.outcomes import NotRecorded
    from kiosk.usecases.ports import Writing
    from kiosk.usecases.reach import DeskRoom, Reach
    from sync.protocol.vocabulary import VoidReason


@dataclass(frozen=True, slots=True)
class VoidSession:
    """The use case behind 「作废」."""

    room: DeskRoom

    def __call__(
        self, operator: SignedIn, session_id: str, reason: VoidReason
    ) -> SessionVoided | DeskRefused | NotRecorded:
        """Withdraw a session."""
        reach = self.room.reach(operator)
        done = self.room.recorded(lambda writing: _void(reach, writing, session_id, reason))
        return DeskRefused(done) if isinstance(done, DeskRefusal) else done


def _void(reach: Reach, writing: Writing, session_id: str, reason: VoidReason) -> SessionVoided | DeskRefusal:
    dossier = reach.dossier(writing, session_id, Right.CORRECT)
    return dossier if isinstance(dossier, DeskRefusal) else record_void(reach, writing, dossier, reason)


def record_void(reach: Reach, writing: Writing, dossier: Dossier, reason: VoidReason) -> SessionVoided | DeskRefusal:
    """Record a withdrawal within the caller's transaction, or return why not."""
    session_id = dossier.session.id
    fault = void_fault(dossier.session)
    if fault is not None or dossier.verdicts.withdrawing:
        return fault or DeskRefusal.ALREADY_WAITS
    writing.append(Void(session_id, reason, reach.operator), reach.moment.stamp)
    now = open_dossier(writing, session_id) or dossier
    return SessionVoided(session_id, dossier.name, now.session.state is SessionState.VOID)
