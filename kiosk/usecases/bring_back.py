"""A platform that lost its memory asks for everything: what left the outbox long ago comes back from the ledger.

Upstream: the ports.
Downstream: ``kiosk.station`` runs it every minute.

The agent notes in the mailbox that everything is asked for; from then on some events a minute go back into the outbox
as acknowledged, until all are there. The agent then asks the platform which of them it lacks, and sends only those.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.usecases.errors import RecordingError

if TYPE_CHECKING:
    from kiosk.usecases.ports import Mailbox

log = logging.getLogger(__name__)
A_MINUTE = 1000  # ten years of a station, 150,000 events, are back within three hours


@dataclass(frozen=True, slots=True)
class BringBack:
    """Brings some events back where they are asked for."""

    mailbox: Mailbox

    def __call__(self) -> None:
        """Bring the next of them back; nothing where nothing is asked for."""
        try:
            count = self.mailbox.bring_back(A_MINUTE)
        except RecordingError as error:
            log.warning("older records could not be brought back now: %s", error.fault)
            return
        if count:
            log.info("%d older records are offered to the platform again", count)
