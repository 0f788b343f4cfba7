"""Exchanges with the platform, noted by the agent, become anchors of the ledger and of the clock (clock.md).

Upstream: the ports, ``sync.protocol.timeline``.
Downstream: ``kiosk.composition`` runs it at start and every minute.

The first exchange of a boot is recorded at once, later ones at most every six hours: more would only lengthen the
chain, at 500 ppm six hours are 11 s.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.usecases.errors import RecordingError
from sync.protocol.envelope import NS_PER_US

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kiosk.usecases.ports import Clock, Ledger, Mailbox, Reading
    from sync.protocol.events import Anchor
    from sync.protocol.timeline import AnchorPoint

log = logging.getLogger(__name__)
APART_US = 6 * 3600 * 1_000_000


@dataclass(frozen=True, slots=True)
class NoteAnchors:
    """Moves anchors from the mailbox into the ledger."""

    clock: Clock
    ledger: Ledger
    mailbox: Mailbox

    def __call__(self) -> Sequence[AnchorPoint]:
        """Return the anchors that now matter to the clock; none when the file cannot be used (tried again later)."""
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
                return reading.anchors()
        except RecordingError as error:
            log.warning("anchors could not be noted now: %s", error.fault)
            return ()


def _worth_recording(noted: Sequence[Anchor], reading: Reading) -> list[Anchor]:
    last = {point.boot_id: point.bt_recv_ns // NS_PER_US for point in reading.anchors()}
    worth = []
    for anchor in sorted(noted, key=lambda anchor: (anchor.boot_n, anchor.bt_recv_us)):
        before = last.get(anchor.boot_id)
        if before is None or anchor.bt_recv_us - before >= APART_US:
            worth.append(anchor)
            last[anchor.boot_id] = anchor.bt_recv_us
    return worth
