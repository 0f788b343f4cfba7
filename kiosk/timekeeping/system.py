"""The kernel's clocks: the one place of the kiosk that reads them.

Upstream: Linux (``CLOCK_BOOTTIME``, ``CLOCK_REALTIME``, the boot id).
Downstream: ``trusted``, ``kiosk.composition``.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
NS_PER_MS = 1_000_000


@dataclass(frozen=True, slots=True)
class Readings:
    """Raw readings: the boot's id, ns since boot (suspend included), wall clock in UTC ms since 1970."""

    boot_id: str
    bt_ns: int
    wall_ms: int


class SystemClock:
    """Reads the clocks of this machine."""

    def __init__(self) -> None:
        """Read the boot id once; it cannot change while the process lives."""
        self._boot_id = BOOT_ID.read_text(encoding="ascii").strip()

    def read(self) -> Readings:
        """Return the clocks as they stand."""
        return Readings(self._boot_id, boottime_ns(), time.clock_gettime_ns(time.CLOCK_REALTIME) // NS_PER_MS)


def boottime_ns() -> int:
    """Return CLOCK_BOOTTIME in nanoseconds: it never jumps and counts suspend."""
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME)
