"""An operator stands for what waits: a scanned end, a volunteer's word, entered hours, a correction, a withdrawal.

Upstream: ``reach``, ``dossier``.
Downstream: ``kiosk.composition``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.domain.operator_refusal import DeskRefusal
from kiosk.domain.operators import Right
from kiosk.usecases.desk_outcomes import Batch, DeskRefused, SessionConfirmed
from kiosk.usecases.dossier import Awaited
from kiosk.usecases.reach import open_dossier
from sync.protocol.judgements import Confirmation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kiosk.usecases.dossier import Dossier
    from kiosk.usecases.operator_outcomes import SignedIn
    from kiosk.usecases.outcomes import NotRecorded
    from kiosk.usecases.ports import Writing
    from kiosk.usecases.reach import DeskRoom, Reach


@dataclass(frozen=True, slots=True)
class ConfirmSession:
    """The use case behind 「确认」, of one session or of several."""

    room: DeskRoom

    def __call__(
        self, operator: SignedIn, session_id: str, of: str | None = None, *, beyond_shift: bool = False
    ) -> SessionConfirmed | DeskRefused | NotRecorded:
        """Confirm what waits of a session.

        Args:
            operator: who stands for it.
            session_id: of the session.
            of: the event that is confirmed; None: the one thing that waits.
            beyond_shift: the time after the end of the shift counts too.
        """
        reach = self.room.reach(operator)
        done = self.room.recorded(lambda writing: _confirm(reach, writing, session_id, of, beyond_shift=beyond_shift))
        return DeskRefused(done) if isinstance(done, DeskRefusal) else done

    def several(self, operator: SignedIn, session_ids: Sequence[str]) -> Batch | NotRecorded:
        """Confirm what waits of each, in one transaction; each is judged by itself."""
        reach = self.room.reach(operator)
        ids = list(dict.fromkeys(session_ids))
        came = self.room.recorded(lambda writing: [_confirm(reach, writing, each, None) for each in ids])
        return Batch.of(ids, came) if isinstance(came, list) else came


def _confirm(
    reach: Reach, writing: Writing, session_id: str, of: str | None, *, beyond_shift: bool = False
) -> SessionConfirmed | DeskRefusal:
    dossier = reach.dossier(writing, session_id, Right.CONFIRM)
    if isinstance(dossier, DeskRefusal):
        return dossier
    chosen = confirmable(dossier, reach.operator, of, beyond_shift=beyond_shift)
    if isinstance(chosen, DeskRefusal):
        return chosen
    body = Confirmation(session_id, chosen.event_id, reach.operator, beyond_shift)
    writing.append(body, reach.moment.stamp)
    now = open_dossier(writing, session_id) or dossier
    return SessionConfirmed(session_id, dossier.name, chosen.what, now.session.state, now.session.credited_minutes)


def confirmable(
    dossier: Dossier, operator: str, of: str | None, *, beyond_shift: bool = False
) -> Awaited | DeskRefusal:
    """Return what an operator would confirm of a session, or why nothing."""
    chosen = dossier.choose(of, beyond_shift=beyond_shift)
    if isinstance(chosen, Awaited) and chosen.by == operator:
        return DeskRefusal.SAME_PERSON
    return chosen
