"""Counts tapped on the check-out card: 指路 n, 茶水 n, 充电 n (REQ 1.6).

Upstream: the ports.
Downstream: ``kiosk.composition``.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.usecases.errors import RecordingError
from kiosk.usecases.outcomes import NotRecorded, Tallied, TallyOutcome
from sync.protocol.events import Tally

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kiosk.usecases.ports import Clock, Ledger

log = logging.getLogger(__name__)
MAX_COUNT = 9999


@dataclass(frozen=True, slots=True)
class RecordTally:
    """The use case behind the + and − of the check-out card."""

    clock: Clock
    ledger: Ledger

    def __call__(self, session_id: str, counts: Mapping[str, int]) -> TallyOutcome:
        """Record the counts of a session whole; counts are kept within 0 and 9999, the latest record holds."""
        kept = {kind: min(max(count, 0), MAX_COUNT) for kind, count in counts.items()}
        try:
            with self.ledger.writing() as writing:
                recorded = writing.session(session_id)
                if recorded is not None and dict(recorded.session.tallies) != kept:
                    writing.append(Tally(session_id, kept), self.clock.now().stamp)
        except RecordingError as error:
            log.warning("a tally could not be recorded: %s", error.fault)
            return NotRecorded(error.fault)
        return Tallied(session_id, kept)
