"""How many links that are not open one address has asked for: who guesses has to wait.

Upstream: nothing.
Downstream: ``my``.
"""

from __future__ import annotations

import threading
from collections import OrderedDict

MOST = 20  # wrong links of one address …
WITHIN_MS = 60_000  # … in a minute
ADDRESSES = 4096  # remembered at most; the one longest unseen is forgotten first


class Misses:
    """Counts of this process; they need not survive a restart."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: OrderedDict[str, list[int]] = OrderedDict()

    def must_wait(self, address: str, now_ms: int) -> bool:
        """Tell whether an address has guessed too often."""
        with self._lock:
            return len(self._recent(address, now_ms)) >= MOST

    def note(self, address: str, now_ms: int) -> None:
        """Count a link that is not open."""
        with self._lock:
            self._seen[address] = [*self._recent(address, now_ms), now_ms]
            self._seen.move_to_end(address)
            while len(self._seen) > ADDRESSES:
                self._seen.popitem(last=False)

    def _recent(self, address: str, now_ms: int) -> list[int]:
        return [at for at in self._seen.get(address, []) if 0 <= now_ms - at < WITHIN_MS]
