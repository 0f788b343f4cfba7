"""How long to wait before trying again: full jitter, reset by success. Pure; chance comes in as a number.

Upstream: nothing.
Downstream: ``plan``.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Backoff:
    """Limits of the wait in seconds: the first ceiling and the last (protocol.md: 2 s … 5 min)."""

    first_s: float = 2.0
    most_s: float = 300.0

    def wait_s(self, failures: int, chance: float) -> float:
        """Return the wait after so many failures in a row.

        Args:
            failures: at least 1.
            chance: a number in [0, 1), evenly drawn, so that a city's booths do not come back together.
        """
        doublings = min(max(failures, 1) - 1, 32)
        ceiling_s = min(self.most_s, self.first_s * 2.0**doublings)
        return ceiling_s * chance
