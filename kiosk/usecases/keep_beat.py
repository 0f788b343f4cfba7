"""The running boot is written down as alive, and what ended is told to the chain: one heartbeat a boot (clock.md).

Upstream: the ports.
Downstream: ``kiosk.composition`` runs it at start, before anything else is recorded, and every minute.

A row a minute would be half a million events a year; the last one before a power cut says all they would
(docs/adr/0017).
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.usecases.errors import RecordingError

if TYPE_CHECKING:
    from kiosk.usecases.ports import Clock, Ledger

log = logging.getLogger(__name__)
MS_PER_S = 1000


@dataclass(frozen=True, slots=True)
class KeepBeat:
    """Overwrites the last instant at which this boot was surely alive."""

    clock: Clock
    ledger: Ledger

    def __call__(self) -> int:
        """Return the latest instant that had surely passed at any beat, UTC ms; 0 when the file cannot be used now."""
        now = self.clock.now()
        try:
            with self.ledger.writing() as writing:
                for heartbeat in writing.untold_beats(now.stamp.boot_n):
                    writing.append(heartbeat, now.stamp)
                writing.keep_beat(now.stamp, int(now.earliest.timestamp() * MS_PER_S))
                return writing.floor_ms()
        except RecordingError as error:
            log.warning("this minute's heartbeat could not be kept: %s", error.fault)
            return 0
