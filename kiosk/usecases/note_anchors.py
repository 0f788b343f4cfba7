"""Exchanges with the platform, noted by the agent, become anchors of the ledger and of the clock (clock.md).

Upstream: the ports, ``sync.protocol.timeline``.
Downstream: ``kiosk.composition`` runs it at start and every minute.

The first exchange of a boot is recorded at once, a later one when the time has become uncertain by more than 21.6 s,
which at 500 ppm either way is six hours after the last: more would only lengthen the chain. One whose own round trip
is not far shorter than that uncertainty teaches nothing.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.usecases.errors import RecordingError
from sync.protocol.envelope import Stamp
from sync.protocol.timeline import DRIFT_PPM, NS_PER_MS, TimeLog, locate, point_of
from sync.protocol.vocabulary import ClockQuality

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kiosk.usecases.ports import Clock, Ledger, Mailbox, Reading
    from sync.protocol.events import Anchor

log = logging.getLogger(__name__)
UNCERTAIN_NS = 2 * 6 * 3600 * DRIFT_PPM * 1000  # six hours at ρ either way
TEACHES = 2  # an exchange at least halves the uncertainty


@dataclass(frozen=True, slots=True)
class NoteAnchors:
    """Moves anchors from the mailbox into the ledger."""

    clock: Clock
    ledger: Ledger
    mailbox: Mailbox

    def __call__(self) -> TimeLog:
        """Return what now places this moment; nothing when the file cannot be used (tried again later)."""
        try:
            noted = self.mailbox.take_anchors()
            with self.ledger.reading() as reading:
                worth = _worth_recording(noted, reading)
            if worth:
                with self.ledger.writing() as writing:
                    stamp = self.clock.now().stamp
                    for anchor in worth:
                        writing.append(anchor, stamp)
            self.mailbox.drop_anchors(noted)
            with self.ledger.reading() as reading:
                return reading.time_log(self.clock.now().stamp)
        except RecordingError as error:
            log.warning("anchors could not be noted now: %s", error.fault)
            return TimeLog()


def _worth_recording(noted: Sequence[Anchor], reading: Reading) -> list[Anchor]:
    worth: list[Anchor] = []
    for anchor in sorted(noted, key=lambda anchor: (anchor.boot_n, anchor.bt_recv_us)):
        at = Stamp(anchor.boot_id, anchor.boot_n, anchor.bt_recv_us, 0, ClockQuality.UNKNOWN.value)
        known = reading.time_log(at)
        bounds = locate(at, TimeLog((*known.anchors, *map(point_of, worth)), known.beats))
        uncertain_ns = (bounds.hi_ms - bounds.lo_ms) * NS_PER_MS
        if uncertain_ns > max(UNCERTAIN_NS, TEACHES * point_of(anchor).rtt_ns):
            worth.append(anchor)
    return worth
