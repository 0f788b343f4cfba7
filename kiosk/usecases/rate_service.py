"""服务质量和效果: the captain rates a duty; a later rating takes the place of an earlier one, and both stay on record.

Upstream: ``reach``, ``kiosk.domain.desk_rules``.
Downstream: ``kiosk.composition``, ``decide_objection``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.domain.desk_rules import rating_fault
from kiosk.domain.operator_refusal import DeskRefusal
from kiosk.domain.operators import Right
from kiosk.usecases.desk_outcomes import Batch, DeskRefused, SessionRated
from kiosk.usecases.reach import open_dossier
from sync.protocol.judgements import Rating

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kiosk.usecases.desk_outcomes import Mark
    from kiosk.usecases.dossier import Dossier
    from kiosk.usecases.operator_outcomes import SignedIn
    from kiosk.usecases.outcomes import NotRecorded
    from kiosk.usecases.ports import Writing
    from kiosk.usecases.reach import DeskRoom, Reach


@dataclass(frozen=True, slots=True)
class RateService:
    """The use case behind 「评价」 at the desk (REQ 1.5b, 2.6b), of one session or of several."""

    room: DeskRoom

    def __call__(self, operator: SignedIn, session_id: str, mark: Mark) -> SessionRated | DeskRefused | NotRecorded:
        """Rate a session."""
        reach = self.room.reach(operator)
        done = self.room.recorded(lambda writing: _rate(reach, writing, session_id, mark))
        return DeskRefused(done) if isinstance(done, DeskRefusal) else done

    def several(self, operator: SignedIn, session_ids: Sequence[str], mark: Mark) -> Batch | NotRecorded:
        """Rate each alike, in one transaction; each is judged by itself."""
        reach = self.room.reach(operator)
        ids = list(dict.fromkeys(session_ids))
        came = self.room.recorded(lambda writing: [_rate(reach, writing, each, mark) for each in ids])
        return Batch.of(ids, came) if isinstance(came, list) else came


def _rate(reach: Reach, writing: Writing, session_id: str, mark: Mark) -> SessionRated | DeskRefusal:
    dossier = reach.dossier(writing, session_id, Right.RATE)
    return dossier if isinstance(dossier, DeskRefusal) else record_rating(reach, writing, dossier, mark)


def record_rating(reach: Reach, writing: Writing, dossier: Dossier, mark: Mark) -> SessionRated | DeskRefusal:
    """Record a rating within the caller's transaction, or return why not."""
    session_id = dossier.session.id
    fault = rating_fault(dossier.session, mark.counts)
    if fault is not None:
        return fault
    effects, counts = list(dict.fromkeys(mark.effects)), dict(mark.counts)
    writing.append(Rating(session_id, mark.quality, reach.operator, effects, counts), reach.moment.stamp)
    now = open_dossier(writing, session_id) or dossier
    return SessionRated(session_id, dossier.name, mark.quality, now.session.is_complete)
