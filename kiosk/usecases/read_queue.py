"""What waits for a person, a page at a time, the oldest first, with the working days that are left (令67 Art 11).

Upstream: ``reach``, ``sync.protocol.working_days``, the ports.
Downstream: ``read_desk``, ``kiosk.composition``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.domain.operator_refusal import DeskRefusal
from kiosk.timekeeping.moment import instant_of
from kiosk.usecases.desk import DeskLine, QueuePage
from kiosk.usecases.desk_outcomes import DeskRefused
from kiosk.usecases.operator_ports import KeptSession, QueueCounts, Wanted, is_due
from sync.protocol.vocabulary import Matter, SessionState
from sync.protocol.working_days import countdown

if TYPE_CHECKING:
    from datetime import tzinfo

    from kiosk.usecases.operator_outcomes import SignedIn
    from kiosk.usecases.ports import Reading
    from kiosk.usecases.reach import DeskRoom, Reach
    from sync.protocol.working_days import Countdown

S_PER_MIN = 60
LINES = 8  # on a page: as many as a screen of 800 pixels shows with touch targets of 20 mm


@dataclass(frozen=True, slots=True)
class Asked:
    """Which page, of how many that wait."""

    counts: QueueCounts
    matter: Matter | None = None
    page: int = 0


@dataclass(frozen=True, slots=True)
class ReadQueue:
    """Reads the queue; ``zone`` is the station's."""

    room: DeskRoom
    zone: tzinfo
    lines: int = LINES

    def __call__(self, operator: SignedIn, matter: Matter | None = None, page: int = 0) -> QueuePage | DeskRefused:
        """Return a page of what waits within the operator's reach; a page past the last is the last.

        Raises:
            RecordingError: the file cannot be read now.
        """
        reach = self.room.reach(operator)
        if not reach.rights():
            return DeskRefused(DeskRefusal.NOT_ALLOWED)
        with self.room.ledger.reading() as reading:
            counts = reading.queue_counts(reach.teams())
            return self.page(reach, reading, Asked(counts, matter, page))

    def page(self, reach: Reach, reading: Reading, asked: Asked) -> QueuePage:
        """Return a page within the caller's view of the ledger."""
        teams, matter, counts = reach.teams(), asked.matter, asked.counts
        total = counts.total if matter is None else counts.of[matter]
        pages = max(1, -(-total // self.lines))
        page = min(max(asked.page, 0), pages - 1)
        kept = reading.queue(Wanted(teams, matter), page * self.lines, self.lines)
        return QueuePage(matter, tuple(self.line(each, reach) for each in kept), page, pages, total)

    def line(self, kept: KeptSession, reach: Reach) -> DeskLine:
        """Return a session as a line."""
        return DeskLine(
            session_id=kept.id,
            volunteer=kept.volunteer,
            name=kept.name,
            service=kept.service,
            team=kept.team,
            started_at=instant_of(kept.started_ms),
            ended_at=None if kept.ended_ms is None else instant_of(kept.ended_ms),
            original_minutes=kept.original_s // S_PER_MIN,
            credited_minutes=kept.credited_minutes,
            state=kept.state,
            provenance=kept.provenance,
            matters=tuple(matter for matter in Matter if matter in kept.matters),
            quality=kept.quality,
            countdown=self._countdown(kept, reach),
            own=kept.volunteer == reach.operator,
        )

    def _countdown(self, kept: KeptSession, reach: Reach) -> Countdown | None:
        """Return the working days left; none for what is complete, still open, or counts nothing by its kind."""
        if kept.ended_ms is None or kept.state is SessionState.OPEN or not is_due(kept.matters, kept.state):
            return None
        ended_on = instant_of(kept.ended_ms).astimezone(self.zone).date()
        return countdown(ended_on, reach.moment.at.astimezone(self.zone).date())
