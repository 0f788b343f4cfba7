"""One day's clocks for several programs: a file holds the true time, and whoever writes it lets time pass for all.

Upstream: ``kiosk.timekeeping.system`` (the port's readings).
Downstream: ``program``, ``town``.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from kiosk.timekeeping.system import Readings

NS_PER_MS = 1_000_000
STARTED_MS = 60_000  # between power and the first reading


@dataclass(frozen=True, slots=True)
class FileClocks:
    """The port ``Clocks`` over a file of two numbers, UTC ms: when the machine was switched on, and now."""

    file: Path
    boot_id: str = "00000000-0000-4000-8000-00000000000a"

    @classmethod
    def at(cls, file: Path, now: datetime) -> FileClocks:
        """Switch on at an instant (aware)."""
        clocks = cls(file)
        clocks._write(_ms(now), _ms(now))
        return clocks

    def read(self) -> Readings:
        """Return the clocks as they stand."""
        return Readings(self.boot_id, self.boottime_ns(), self.true_ms)

    def ask(self, clock: int) -> int:
        """Answer as the kernel's ``clock_gettime`` does, in nanoseconds."""
        return self.true_ms * NS_PER_MS if clock == time.CLOCK_REALTIME else self.boottime_ns()

    def boottime_ns(self) -> int:
        """Return nanoseconds since the machine was switched on."""
        began, now = self._numbers()
        return (now - began + STARTED_MS) * NS_PER_MS

    @property
    def true_ms(self) -> int:
        """The true time, UTC ms."""
        return self._numbers()[1]

    def go_on_to(self, now: datetime) -> None:
        """Let time pass until an instant (aware); it never goes back."""
        began, before = self._numbers()
        assert _ms(now) >= before, "time goes on"
        self._write(began, _ms(now))

    def _numbers(self) -> tuple[int, int]:
        began, now = self.file.read_text("ascii").split()
        return int(began), int(now)

    def _write(self, began: int, now: int) -> None:
        beside = self.file.with_suffix(".new")
        beside.write_text(f"{began} {now}", "ascii")
        beside.replace(self.file)


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)
