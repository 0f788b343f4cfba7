"""How fast a backlog goes away, and how long it will take. Pure.

Upstream: nothing.
Downstream: ``errands``, ``status``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Drain:
    """Events moved on without a break since an instant (seconds of a clock that never jumps)."""

    since_s: float | None = None
    until_s: float = 0.0
    moved: int = 0

    def after(self, moved: int, began_s: float, ended_s: float) -> Drain:
        """Return the drain after a batch that took from one instant to another; one that moved nothing ends it."""
        if not moved:
            return Drain()
        since_s = began_s if self.since_s is None else self.since_s
        return replace(self, since_s=since_s, until_s=ended_s, moved=self.moved + moved)

    @property
    def rate(self) -> float | None:
        """Events a second, or None where nothing moves."""
        if self.since_s is None or self.until_s <= self.since_s:
            return None
        return self.moved / (self.until_s - self.since_s)

    def left_s(self, waiting: int) -> float | None:
        """Return the seconds until so many have gone, or None where nothing moves."""
        return waiting / self.rate if self.rate else None
