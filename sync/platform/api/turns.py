"""Whose batch is taken when: some at once, some wait, the rest are told when to come again.

Upstream: nothing.
Downstream: ``events``.

After a week without network a city's devices come back together. A worker that let them all in would hold all their
bodies in memory, and a booth with one record would wait for every other booth's week. So::

    batch ──▶ small lane: bodies up to 8 KiB, say the records of the last hour ──┐
         └──▶ wide lane: all others ────────────────────────────────────────────┤
                                                                                ├─ room? ─▶ body read ─▶ turn ─▶ taken
                                                                                └─ no ────▶ 503, appointment

A lane takes one or two batches at once: more threads would only share one interpreter. Those that wait are bounded by
their number, so that none waits longer than a device does. Whoever finds no room gets an appointment: the instants
follow each other as fast as the lane has lately been taking batches, so a rush spreads itself over the time it needs,
without chance: nearly everybody knocks twice (a test holds a simulated rush to that). Who sends slowly holds room, but
no turn.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

SMALL_BYTES = 8 * 1024
FIRST_GUESS_S = 0.1  # for one batch, until some were taken
WEIGHT = 0.1  # of the latest batch in the running mean
SOONEST_S, LATEST_S = 1, 900  # a device comes every quarter of an hour whatever it was told (protocol.md)


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one lane: how many batches are taken at once, and how many may have room besides."""

    at_once: int
    waiting: int


SMALL = Limits(at_once=2, waiting=64)
WIDE = Limits(at_once=1, waiting=31)  # a processor each; at most 32 × 256 KiB = 8 MiB of bodies a worker


@dataclass(slots=True)
class Lane:
    """One lane of one worker; all of it happens on the event loop. ``now`` gives seconds that never go back."""

    limits: Limits
    now: Callable[[], float] = field(default=lambda: asyncio.get_running_loop().time())
    _within: int = 0
    _mean_s: float = FIRST_GUESS_S
    _next_s: float = 0.0
    _turns: asyncio.Semaphore = field(init=False)

    def __post_init__(self) -> None:
        self._turns = asyncio.Semaphore(self.limits.at_once)

    def enter(self) -> bool:
        """Take room and return True, or return False where there is none; :meth:`leave` gives it back."""
        if self._within >= self.limits.at_once + self.limits.waiting:
            return False
        self._within += 1
        return True

    def leave(self) -> None:
        """Give room back."""
        self._within -= 1

    def appointment_s(self) -> int:
        """Return in how many whole seconds somebody who found no room should come again; each gets a later one."""
        every_s = self._mean_s / self.limits.at_once
        first_s = self.now() + self._within * every_s
        self._next_s = max(self._next_s + every_s, first_s)
        return min(LATEST_S, max(SOONEST_S, round(self._next_s - self.now())))

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for a turn, in the order of asking, and have it until the block ends."""
        async with self._turns:
            began_s = self.now()
            try:
                yield
            finally:
                self._mean_s += WEIGHT * (self.now() - began_s - self._mean_s)


@dataclass(frozen=True, slots=True)
class Turns:
    """The two lanes of a worker."""

    small: Lane = field(default_factory=lambda: Lane(SMALL))
    wide: Lane = field(default_factory=lambda: Lane(WIDE))

    def lane_of(self, declared: str | None) -> Lane:
        """Return the lane of a body by its Content-Length; one without a number is wide."""
        is_small = declared is not None and declared.isdecimal() and int(declared) <= SMALL_BYTES
        return self.small if is_small else self.wide
