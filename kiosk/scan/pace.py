"""Two ways to keep time: not oftener than, and exactly as often as.

*Upstream*: a clock that is passed in. *Downstream*: `live` and `scanner` take at most so many, `footage` plays.
"""

from collections.abc import Callable

_NS = 1_000_000_000


class Pace:
    """At most so many turns a second, on average.

    A turn may come a quarter early: two clocks of the same rate must not lose every other beat to jitter.
    """

    def __init__(self, per_second: float, clock: Callable[[], int]) -> None:
        """Begin with a turn that is due. `per_second` > 0; `clock` in nanoseconds."""
        self._interval_ns = round(_NS / per_second)
        self._clock = clock
        self._due_ns: int | None = None

    def early_s(self) -> float:
        """Return how much too early it is for a turn, seconds, 0 when it is not."""
        if self._due_ns is None:
            return 0.0
        return max(0, self._due_ns - self._interval_ns // 4 - self._clock()) / _NS

    def take(self) -> None:
        """Take a turn now; time that was not used is not saved up."""
        now_ns = self._clock()
        due_ns = now_ns if self._due_ns is None else self._due_ns
        self._due_ns = max(due_ns, now_ns - self._interval_ns // 4) + self._interval_ns


class Reel:
    """Makes the n-th picture wait until it is due."""

    def __init__(self, fps: float, clock: Callable[[], int]) -> None:
        """Start at the first `wait`. `fps` > 0; `clock` in nanoseconds."""
        self._interval_ns = round(_NS / fps)
        self._clock = clock
        self._due_ns: int | None = None

    def wait(self, pause: Callable[[float], bool]) -> bool:
        """Wait for the next turn; True when the wait was broken off."""
        now_ns = self._clock()
        due_ns = now_ns if self._due_ns is None else self._due_ns
        # After a long stall (a suspended machine) the film goes on; it does not race to catch up.
        if now_ns - due_ns > _NS:
            due_ns = now_ns
        self._due_ns = due_ns + self._interval_ns
        return pause(max(0, due_ns - now_ns) / _NS)
