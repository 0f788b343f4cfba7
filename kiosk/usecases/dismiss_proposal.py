"""A correction or a withdrawal that waits for a second person is turned down by one; its author may take it back so.

Upstream: ``reach``, ``dossier``.
Downstream: ``kiosk.composition``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.domain.operator_refusal import DeskRefusal
from kiosk.domain.operators import Right
from kiosk.usecases.desk import Awaiting
from kiosk.usecases.desk_outcomes import DeskRefused, ProposalDismissed
from sync.protocol.judgements import Decision

if TYPE_CHECKING:
    from kiosk.usecases.dossier import Awaited, Dossier
    from kiosk.usecases.operator_outcomes import SignedIn
    from kiosk.usecases.outcomes import NotRecorded
    from kiosk.usecases.ports import Writing
    from kiosk.usecases.reach import DeskRoom, Reach
    from sync.protocol.vocabulary import DecisionReason

_PROPOSALS = frozenset({Awaiting.AMENDMENT, Awaiting.VOID})


@dataclass(frozen=True, slots=True)
class DismissProposal:
    """The use case behind 「不同意」."""

    room: DeskRoom

    def __call__(
        self, operator: SignedIn, session_id: str, reason: DecisionReason, of: str | None = None
    ) -> ProposalDismissed | DeskRefused | NotRecorded:
        """Turn a proposal down; ``of`` None: the one that waits."""
        reach = self.room.reach(operator)
        done = self.room.recorded(lambda writing: _dismiss(reach, writing, session_id, reason, of))
        return DeskRefused(done) if isinstance(done, DeskRefusal) else done


def _dismiss(
    reach: Reach, writing: Writing, session_id: str, reason: DecisionReason, of: str | None
) -> ProposalDismissed | DeskRefusal:
    dossier = reach.dossier(writing, session_id, Right.CORRECT)
    if isinstance(dossier, DeskRefusal):
        return dossier
    proposal = dismissible(dossier, of)
    if isinstance(proposal, DeskRefusal):
        return proposal
    body = Decision(session_id, proposal.event_id, upheld=False, reason=reason, decided_by=reach.operator)
    writing.append(body, reach.moment.stamp)
    return ProposalDismissed(session_id, dossier.name, proposal.what)


def dismissible(dossier: Dossier, of: str | None) -> Awaited | DeskRefusal:
    """Return the proposal that would be turned down, or why none."""
    proposals = [each for each in dossier.awaited() if each.what in _PROPOSALS and of in {None, each.event_id}]
    if not proposals:
        return DeskRefusal.NOTHING_WAITS
    return proposals[0] if len(proposals) == 1 else DeskRefusal.SEVERAL_WAIT
