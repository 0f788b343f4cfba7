"""The volunteer who waits for the captain's word: one at a time, in memory, for as long as the screen asks for it.

Upstream: ``kiosk.certificate.identify``.
Downstream: ``present_certificate``.

Nothing of it is recorded and nothing of it outlives the program: whoever waits through a restart shows the card again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kiosk.certificate.identify import Identity
    from sync.protocol.envelope import Stamp

NS_PER_S = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Request:
    """What is recorded once an operator has confirmed it; ``service`` None takes the likely one."""

    identity: Identity
    service: str | None
    since: Stamp


@dataclass(slots=True)
class Waiting:
    """Room for one request; the next scan that comes to anything takes its place."""

    request: Request | None = None

    def at(self, stamp: Stamp, longest_s: int) -> Request | None:
        """Return the request that still waits at the instant of a stamp, by boot time."""
        request = self.request
        if request is None or request.since.boot_id != stamp.boot_id:
            return None
        return request if stamp.bt_ns - request.since.bt_ns <= longest_s * NS_PER_S else None
