"""服务评价: one touch by somebody who was served, without identity, bound to whoever is on duty (REQ 2.7c).

Upstream: ``kiosk.domain.recipient_rating``, the ports.
Downstream: ``kiosk.composition``.

How long ago things were is told by boot time, from the ledger itself, so that a restart of the program forgets nothing;
what another boot saw is longer ago than any of these limits matters for, but for a burst, which then begins anew.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.domain.recipient_rating import Lately, is_burst, refusal_of
from kiosk.usecases.errors import RecordingError
from kiosk.usecases.outcomes import NotRecorded
from kiosk.usecases.record_outcomes import FaceRefused, FaceTaken
from sync.protocol.judgements import RecipientRating
from sync.protocol.sessions import DRILL
from sync.protocol.vocabulary import EventKind

if TYPE_CHECKING:
    from kiosk.domain.policy import DutyPolicy
    from kiosk.usecases.open_own_records import LookedAt
    from kiosk.usecases.ports import Clock, Ledger, ReferenceShelf, Writing
    from kiosk.usecases.record_outcomes import FaceOutcome
    from sync.protocol.envelope import Stamp
    from sync.protocol.vocabulary import Face

log = logging.getLogger(__name__)
MOST = 64  # duties that one face is bound to (judgements.RecipientRating)
_SCANS = (EventKind.CHECK_IN.value, EventKind.CHECK_OUT.value)
_FACES = (EventKind.RECIPIENT_RATING.value,)


@dataclass(frozen=True, slots=True)
class RateByRecipient:
    """The use case of a touched face."""

    clock: Clock
    ledger: Ledger
    shelf: ReferenceShelf
    policy: DutyPolicy
    looked_at: LookedAt

    def __call__(self, face: Face) -> FaceOutcome:
        """Record a face for every duty that is open here now; in a drill it is bound to those of the drill, apart."""
        stamp = self.clock.now().stamp
        try:
            with self.ledger.writing() as writing:
                return self._take(writing, face, stamp)
        except RecordingError as error:
            log.warning("a face could not be recorded: %s", error.fault)
            return NotRecorded(error.fault)

    def _take(self, writing: Writing, face: Face, stamp: Stamp) -> FaceOutcome:
        drill = writing.drill_on()
        open_now = [each.session for each in writing.open_sessions()]
        on_duty = [session.id for session in open_now if (DRILL in session.flags) is drill]
        lately = self._lately(writing, len(on_duty), stamp)
        refusal = refusal_of(lately, self.policy)
        if refusal is not None:
            return FaceRefused(refusal)
        burst = is_burst(lately, self.policy)
        point = self.shelf.current().data.service_point.id
        writing.append(RecipientRating(face, point, on_duty[-MOST:], burst=burst, drill=drill), stamp)
        return FaceTaken(face)

    def _lately(self, writing: Writing, on_duty: int, stamp: Stamp) -> Lately:
        lately = writing.latest_events((*_SCANS, *_FACES))
        scans = [event.stamp for event in lately if event.kind in _SCANS]
        if self.looked_at.stamp is not None:
            scans.append(self.looked_at.stamp)
        since_faces = _ages([event.stamp for event in lately if event.kind in _FACES], stamp)
        return Lately(on_duty, min(_ages(scans, stamp), default=None), since_faces)


def _ages(stamps: list[Stamp], now: Stamp) -> list[int]:
    """Return how long ago each was, ns, of those of this boot."""
    return [now.bt_ns - then.bt_ns for then in stamps if then.boot_id == now.boot_id]
