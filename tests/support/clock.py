"""A machine's clocks that a test sets: it elapses, is suspended, jumps, drifts and reboots as told."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from kiosk.timekeeping.system import Readings
from tests.support.community import ISSUED, milliseconds

NS_PER_S = 1_000_000_000
STARTING_S = 15  # from power to program


def boot_id_of(number: int) -> str:
    """Return the kernel's id of the machine's n-th boot."""
    return f"00000000-0000-4000-8000-{number:012d}"


@dataclass
class FakeClocks:
    """The port ``Clocks``. ``drift_ppm`` makes the oscillator run fast; the true time is kept beside.

    ``suspended_ns`` is what the machine slept of this boot: CLOCK_BOOTTIME counts it, CLOCK_MONOTONIC does not.
    """

    true_ns: int = milliseconds(ISSUED + timedelta(days=1)) * 1_000_000
    wall_error_ms: int = 0
    bt_ns: int = 60 * NS_PER_S
    boot: int = 1
    drift_ppm: int = 0
    suspended_ns: int = 0

    def read(self) -> Readings:
        """Return the clocks as they stand."""
        return Readings(boot_id_of(self.boot), self.bt_ns, self.true_ns // 1_000_000 + self.wall_error_ms)

    def ask(self, clock: int) -> int:
        """Answer as the kernel's ``clock_gettime`` does, in nanoseconds."""
        return {
            time.CLOCK_BOOTTIME: self.bt_ns,
            time.CLOCK_MONOTONIC: self.bt_ns - self.suspended_ns,
            time.CLOCK_REALTIME: self.true_ns + self.wall_error_ms * 1_000_000,
        }[clock]

    @property
    def true_ms(self) -> int:
        """The true time, UTC ms."""
        return self.true_ns // 1_000_000

    def elapse(self, seconds: float) -> None:
        """Let time pass, suspend included."""
        passed_ns = round(seconds * NS_PER_S)
        self.true_ns += passed_ns
        self.bt_ns += passed_ns + passed_ns * self.drift_ppm // 1_000_000

    def suspend(self, seconds: float) -> None:
        """Let the machine sleep with its power on."""
        before_ns = self.bt_ns
        self.elapse(seconds)
        self.suspended_ns += self.bt_ns - before_ns

    def set_to(self, at: datetime) -> None:
        """Put the true time (and the wall clock with it) to an instant."""
        self.true_ns = milliseconds(at) * 1_000_000

    def set_wall(self, at_ms: int) -> None:
        """Make the wall clock say an instant, UTC ms, whatever the truth is."""
        self.wall_error_ms = at_ms - self.true_ms

    def reboot(self, *, off_s: float = 30.0, wall_ms: int | None = None) -> None:
        """Cut the power for a while; afterwards the wall clock says ``wall_ms`` (None: it kept running)."""
        self.true_ns += round(off_s * NS_PER_S)
        self.boot += 1
        self.bt_ns = self.suspended_ns = 0
        self.elapse(STARTING_S)
        if wall_ms is not None:
            self.set_wall(wall_ms)
