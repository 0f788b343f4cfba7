"""Sessions that nobody ended are closed by the rules, as provisional: asked later, never guessed.

Upstream: ``kiosk.domain.closing``, the ports.
Downstream: ``kiosk.composition`` runs it at start and every minute.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.domain.closing import Limit, limit_of
from kiosk.domain.standing import is_minor
from kiosk.usecases.close_drill import close_drill_sessions
from kiosk.usecases.errors import NotEnrolledError, RecordingError
from kiosk.usecases.forgotten import began_at
from sync.protocol.events import AutoClose
from sync.protocol.sessions import DRILL

if TYPE_CHECKING:
    from datetime import tzinfo

    from kiosk.domain.policy import DutyPolicy
    from kiosk.timekeeping.moment import Moment
    from kiosk.usecases.ports import Clock, Ledger, Reading, RecordedSession, ReferenceShelf
    from sync.protocol.reference import Standing

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class CloseOverdue:
    """Closes every open session past its limit; ``zone`` is the station's."""

    clock: Clock
    ledger: Ledger
    shelf: ReferenceShelf
    policy: DutyPolicy
    zone: tzinfo

    def __call__(self) -> int:
        """Return how many sessions were closed; 0 also when the file cannot be written now (tried again later)."""
        now = self.clock.now()
        try:
            with self.ledger.reading() as reading:
                if not self._due(reading, now) and not _left_over(reading):
                    return 0
            with self.ledger.writing() as writing:
                closed = close_drill_sessions(writing, now) if _left_over(writing) else 0
                due = self._due(writing, now)
                for recorded, limit in due:
                    at_ms = int(limit.at.timestamp() * 1000)
                    writing.append(AutoClose(recorded.session.id, limit.reason, at_ms), now.stamp)
        except RecordingError as error:
            log.warning("overdue sessions could not be closed now: %s", error.fault)
            return 0
        return closed + len(due)

    def _due(self, reading: Reading, now: Moment) -> list[tuple[RecordedSession, Limit]]:
        limits = [(recorded, self._limit(recorded, now)) for recorded in reading.open_sessions()]
        return [(recorded, limit) for recorded, limit in limits if limit.at <= now.at]

    def _limit(self, recorded: RecordedSession, now: Moment) -> Limit:
        starts_at = began_at(recorded, now)
        minor = is_minor(self._standing(recorded.session.volunteer), starts_at)
        return limit_of(starts_at, self.policy, self.zone, minor=minor)

    def _standing(self, volunteer: str) -> Standing | None:
        try:
            return self.shelf.current().data.standing_of(volunteer)
        except NotEnrolledError:
            return None


def _left_over(reading: Reading) -> bool:
    """Tell whether somebody is still on duty in a drill that is over."""
    return not reading.drill_on() and any(DRILL in each.session.flags for each in reading.open_sessions())
