"""The scan that an answer belongs to: whoever answers showed a certificate a moment ago.

Upstream: the ports.
Downstream: ``state_end``, ``end_elsewhere``, ``change_service``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.protocol.envelope import open_body
from sync.protocol.events import CheckIn

if TYPE_CHECKING:
    from kiosk.usecases.ports import Reading
    from sync.protocol.envelope import Stamp

NS_PER_S = 1_000_000_000


def is_fresh(scan: Stamp, now: Stamp, longest_s: int) -> bool:
    """Tell whether a scan is of this boot and no older than ``longest_s``, by boot time."""
    return scan.boot_id == now.boot_id and 0 <= now.bt_ns - scan.bt_ns <= longest_s * NS_PER_S


def fresh_check_in(reading: Reading, event_id: str, now: Stamp, longest_s: int) -> CheckIn | None:
    """Return the check-in of an event id, if it is fresh."""
    event = reading.event(event_id)
    body = None if event is None or not is_fresh(event.stamp, now, longest_s) else open_body(event)
    return body if isinstance(body, CheckIn) else None
