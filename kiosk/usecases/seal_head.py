"""The head of the chain is signed: at start, at every export, and at most hourly while new records stand.

Upstream: the chain's ports.
Downstream: ``kiosk.composition`` runs it at start and every minute; ``export_ledger``.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.usecases.errors import RecordingError

if TYPE_CHECKING:
    from kiosk.usecases.chain_ports import ChainLedger, ChainReading, Sign
    from kiosk.usecases.ports import Clock
    from sync.protocol.checkpoint import Checkpoint
    from sync.protocol.envelope import Stamp

log = logging.getLogger(__name__)
APART_US = 3600 * 1_000_000  # a year of hourly ones takes 1 MB; what was done since the last has only the chain


@dataclass(frozen=True, slots=True)
class SealHead:
    """Keeps a signed checkpoint of the head where one is due."""

    clock: Clock
    ledger: ChainLedger
    sign: Sign

    def __call__(self, *, at_once: bool = False) -> Checkpoint | None:
        """Return the checkpoint that was kept, or None: nothing new, not due yet, or the file cannot be written now.

        Args:
            at_once: do not wait for the hour.
        """
        stamp = self.clock.now().stamp
        try:
            with self.ledger.reading() as reading:
                if not _is_due(reading, stamp, at_once=at_once):
                    return None
            with self.ledger.writing() as writing:
                checkpoint = self.sign(writing.head(), stamp)
                writing.keep_checkpoint(checkpoint)
        except RecordingError as error:
            log.warning("the chain's head could not be signed now: %s", error.fault)
            return None
        return checkpoint


def _is_due(reading: ChainReading, stamp: Stamp, *, at_once: bool) -> bool:
    head, last = reading.head(), reading.newest_checkpoint()
    if head.seq == 0 or (last is not None and last.seq >= head.seq):
        return False
    if at_once or last is None or last.stamp.boot_id != stamp.boot_id:
        return True
    return stamp.bt_us - last.stamp.bt_us >= APART_US
