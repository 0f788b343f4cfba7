"""How this device is, for those who look after it: written into the mailbox once a minute, carried on by the agent.

Upstream: the ports.
Downstream: ``kiosk.station`` runs it beside the heartbeat.

It holds no name, number or code of anybody. With it goes how far the records reach: the stamp is read first, so that
whatever was recorded before it stands in the file when its heads are read (docs/adr/0033).
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.usecases.errors import RecordingError
from kiosk.usecases.ports import KioskState

if TYPE_CHECKING:
    from kiosk.usecases.ports import Clock, Mailbox

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class TellHow:
    """Tells how the device is; ``version`` is the program's."""

    clock: Clock
    mailbox: Mailbox
    version: str

    def __call__(self, camera: str = "") -> None:
        """Tell it, with a word of the presenter's ``CameraSight`` where there is a camera."""
        stamp = self.clock.now().stamp
        try:
            how = KioskState(self.version, stamp.clk, camera, max(0, stamp.wall_ms), stamp.boot_n, stamp)
            self.mailbox.tell_how(how)
        except RecordingError as error:
            log.warning("how the device is could not be told: %s", error.fault)
