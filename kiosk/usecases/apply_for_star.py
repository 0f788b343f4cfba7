"""申请星级: a volunteer with the hours applies for the next star; the community decides (REQ 2.7b).

Upstream: ``kiosk.domain.stars``, ``open_own_records`` (the same figures), the ports.
Downstream: ``kiosk.composition``.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.domain.record_refusal import RecordRefusal
from kiosk.usecases.errors import RecordingError
from kiosk.usecases.open_own_records import standing_of, star_standing, totals_in
from kiosk.usecases.outcomes import NotRecorded
from kiosk.usecases.own_record import is_fresh
from kiosk.usecases.record_outcomes import RecordRefused, StarAppliedFor
from sync.protocol.judgements import StarApplication

if TYPE_CHECKING:
    from kiosk.domain.policy import DutyPolicy
    from kiosk.usecases.ports import Clock, Ledger, ReferenceShelf, Writing
    from kiosk.usecases.record_outcomes import ApplicationOutcome, FreshScan
    from sync.protocol.envelope import Stamp

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ApplyForStar:
    """The use case of 「申请」; the right is asked anew from the ledger and the platform's word."""

    clock: Clock
    ledger: Ledger
    shelf: ReferenceShelf
    policy: DutyPolicy

    def __call__(self, scan: FreshScan, level: int) -> ApplicationOutcome:
        """Record the application for a level (1–5), once, and only for the one after the level held."""
        stamp = self.clock.now().stamp
        if not is_fresh(scan, stamp, self.policy):
            return RecordRefused(RecordRefusal.SCAN_AGAIN)
        try:
            with self.ledger.writing() as writing:
                return self._apply(writing, scan, level, stamp)
        except RecordingError as error:
            log.warning("an application could not be recorded: %s", error.fault)
            return NotRecorded(error.fault)

    def _apply(self, writing: Writing, scan: FreshScan, level: int, stamp: Stamp) -> ApplicationOutcome:
        standing = standing_of(scan.volunteer, self.shelf.current().data)
        star = star_standing(standing, totals_in(writing, scan.volunteer), writing)
        if level in star.applied:
            return RecordRefused(RecordRefusal.ALREADY_APPLIED)
        if level != star.may_apply_for:
            return RecordRefused(RecordRefusal.NOT_THIS_STAR)
        writing.append(StarApplication(scan.volunteer, scan.presented, level, star.confirmed_minutes), stamp)
        return StarAppliedFor(level)
