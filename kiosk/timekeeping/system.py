"""The kernel's clocks: the one place of the kiosk that reads them.

Upstream: Linux (``CLOCK_BOOTTIME``, ``CLOCK_REALTIME``, the boot id).
Downstream: ``trusted``, ``kiosk.composition``.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
NS_PER_MS = 1_000_000
Ask: TypeAlias = Callable[[int], int]  # a clock's number in, nanoseconds out


@dataclass(frozen=True, slots=True)
class Readings:
    """Raw readings: the boot's id, ns since boot (suspend included), wall clock in UTC ms since 1970."""

    boot_id: str
    bt_ns: int
    wall_ms: int


class SystemClock:
    """Reads the clocks of this machine."""

    def __init__(self, ask: Ask = time.clock_gettime_ns) -> None:
        """Read the boot id once; it cannot change while the process lives. ``ask`` is the kernel's call."""
        self._boot_id = BOOT_ID.read_text(encoding="ascii").strip()
        self._ask = ask

    def read(self) -> Readings:
        """Return the clocks as they stand."""
        return Readings(self._boot_id, boottime_ns(self._ask), self._ask(time.CLOCK_REALTIME) // NS_PER_MS)


def boottime_ns(ask: Ask = time.clock_gettime_ns) -> int:
    """Return CLOCK_BOOTTIME in nanoseconds: it never jumps and, unlike CLOCK_MONOTONIC, counts suspend."""
    return ask(time.CLOCK_BOOTTIME)
