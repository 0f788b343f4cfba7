"""A copied disk was noticed: this device begins a stream of its own, and every machine with a copy does the same.

Upstream: the chain's ports.
Downstream: ``kiosk.composition`` runs it every minute.

Nothing is lost by it: the platform keeps what both recorded, and sessions that are open go on in the new stream,
because later events name their session and not their place. Volunteers see nothing of it.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.usecases.errors import RecordingError
from sync.protocol.events import DeviceNote

if TYPE_CHECKING:
    from kiosk.usecases.chain_ports import ChainLedger
    from kiosk.usecases.ports import Clock
    from kiosk.usecases.seal_head import SealHead

log = logging.getLogger(__name__)
STREAM_FORKED = "stream_forked"


@dataclass(frozen=True, slots=True)
class LeaveFork:
    """Begins another stream where the platform found two machines in this one."""

    clock: Clock
    ledger: ChainLedger
    seal_head: SealHead

    def __call__(self) -> bool:
        """Return whether another stream was begun; False also when the file cannot be written now (tried again)."""
        try:
            with self.ledger.reading() as reading:
                if not reading.is_forked():
                    return False
            self.seal_head(at_once=True)
            with self.ledger.writing() as writing:
                if not writing.is_forked():
                    return False
                writing.begin_stream()
                writing.append(DeviceNote(STREAM_FORKED), self.clock.now().stamp)
        except RecordingError as error:
            log.warning("another stream could not be begun now: %s", error.fault)
            return False
        log.warning("another machine writes to this device's stream (a copied disk?): a new stream was begun")
        return True
