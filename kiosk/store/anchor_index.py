"""The anchors of a device by boot, so that ten years of them cost a scan nothing.

Upstream: ``sync.protocol.timeline``.
Downstream: ``transaction``.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sync.protocol.timeline import AnchorPoint


class AnchorIndex:
    """Anchors in order of boots; immutable after construction."""

    def __init__(self, anchors: Iterable[AnchorPoint]) -> None:
        """Sort the anchors by boot and boot time."""
        self._anchors = sorted(anchors, key=lambda anchor: (anchor.boot_n, anchor.bt_recv_ns))
        self._boots = [anchor.boot_n for anchor in self._anchors]

    def near(self, boots: Iterable[int]) -> Sequence[AnchorPoint]:
        """Return what can bound stamps of these boots: their own anchors, the last before, the next boot's after."""
        chosen = sorted(boots)
        if not chosen:
            return ()
        first = bisect_left(self._boots, chosen[0])
        last = bisect_right(self._boots, chosen[-1])
        if last < len(self._boots):
            last = bisect_right(self._boots, self._boots[last])
        return self._anchors[max(0, first - 1) : last]

    def latest(self) -> Sequence[AnchorPoint]:
        """Return the anchors of the latest boot that has any."""
        return self.near(self._boots[-1:])
