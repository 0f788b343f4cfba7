"""Sessions that nobody ended are closed by the rules, as provisional: asked later, never guessed.

Upstream: ``kiosk.domain.closing``, the ports.
Downstream: ``kiosk.composition`` runs it at start and every minute.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.domain.closing import Limit, limit_of
from kiosk.usecases.errors import RecordingError
from sync.protocol.events import AutoClose

if TYPE_CHECKING:
    from datetime import tzinfo

    from kiosk.domain.policy import DutyPolicy
    from kiosk.timekeeping.moment import Moment
    from kiosk.usecases.ports import Clock, Ledger, RecordedSession

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class CloseOverdue:
    """Closes every open session past its limit; ``zone`` is the station's."""

    clock: Clock
    ledger: Ledger
    policy: DutyPolicy
    zone: tzinfo

    def __call__(self) -> int:
        """Return how many sessions were closed; 0 also when the file cannot be written now (tried again later)."""
        now = self.clock.now()
        try:
            with self.ledger.reading() as reading:
                due = [s for s in reading.open_sessions() if self._limit(s, now).at <= now.at]
            if not due:
                return 0
            with self.ledger.writing() as writing:
                still_open = {recorded.session.id for recorded in writing.open_sessions()}
                closing = [recorded for recorded in due if recorded.session.id in still_open]
                for recorded in closing:
                    limit = self._limit(recorded, now)
                    at_ms = int(limit.at.timestamp() * 1000)
                    writing.append(AutoClose(recorded.session.id, limit.reason, at_ms), now.stamp)
        except RecordingError as error:
            log.warning("overdue sessions could not be closed now: %s", error.fault)
            return 0
        return len(closing)

    def _limit(self, recorded: RecordedSession, now: Moment) -> Limit:
        began_at = now.instant_when(recorded.check_in.stamp, recorded.session.started.est_ms)
        return limit_of(began_at, self.policy, self.zone)
