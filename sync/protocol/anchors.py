"""The anchors of one device, arranged so that a session is placed by the few that matter to it.

Upstream: ``sync.protocol.timeline``.
Downstream: ``kiosk.store``, ``sync.platform.ingest``, ``sync.platform.receiving``.

``timeline.locate`` reads three things of a device's anchors: those of the stamp's own boot, the latest of the boots
before, and the one of the boots after that started earliest. Giving it those alone changes no bound (a property test
holds that), and keeps the cost of a re-fold apart from the years a device has served.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import accumulate, groupby
from typing import TYPE_CHECKING

from sync.protocol.envelope import Stamp
from sync.protocol.timeline import AnchorPoint, locate
from sync.protocol.vocabulary import ClockQuality

if TYPE_CHECKING:
    from collections.abc import Iterable

NO_BOOT = ""  # matches the boot of no anchor: an id on the wire has at least one character


@dataclass(frozen=True, slots=True, order=True)
class Boot:
    """One start of a device: the kernel's id and the device's own count."""

    boot_id: str
    boot_n: int


class AnchorBook:
    """All known anchors of one device, in one fixed order whatever order they arrived in."""

    def __init__(self, anchors: Iterable[AnchorPoint]) -> None:
        self._ordered = sorted(set(anchors), key=_key)
        self._numbers = [anchor.boot_n for anchor in self._ordered]
        self._of_boot = {boot_id: tuple(own) for boot_id, own in groupby(sorted(self._ordered, key=_boot), key=_boot)}
        self._latest = list(accumulate(self._ordered, _later))
        self._earliest = list(accumulate(reversed(self._ordered), _earlier_start))[::-1]

    def around(self, boots: Iterable[Boot]) -> tuple[AnchorPoint, ...]:
        """Return the anchors that bound stamps of these boots, in the fixed order."""
        chosen: set[AnchorPoint] = set()
        for boot in boots:
            chosen.update(self._of_boot.get(boot.boot_id, ()))
            chosen.update(self._outer(boot.boot_n))
        return tuple(sorted(chosen, key=_key))

    def moved(self, boots: Iterable[Boot], fresh: Iterable[AnchorPoint]) -> frozenset[str]:
        """Return the ids of those boots in which stamps may move once ``fresh`` is known too."""
        added = tuple(fresh)
        after = AnchorBook((*self._ordered, *added))
        own = {anchor.boot_id for anchor in added}
        return frozenset(
            boot.boot_id
            for boot in boots
            if boot.boot_id in own or self._outer_bounds(boot.boot_n) != after._outer_bounds(boot.boot_n)
        )

    def _outer(self, boot_n: int) -> tuple[AnchorPoint, ...]:
        before, after = bisect_left(self._numbers, boot_n), bisect_right(self._numbers, boot_n)
        return (*self._latest[before - 1 : before], *self._earliest[after : after + 1])

    def _outer_bounds(self, boot_n: int) -> tuple[int, int]:
        bounds = locate(_stamp_without_boot(boot_n), self._outer(boot_n))
        return bounds.lo_ms, bounds.hi_ms


def _key(anchor: AnchorPoint) -> tuple[int, str, int, int, int]:
    return anchor.boot_n, anchor.boot_id, anchor.bt_recv_ns, anchor.server_ms, anchor.rtt_ns


def _boot(anchor: AnchorPoint) -> str:
    return anchor.boot_id


def _later(one: AnchorPoint, other: AnchorPoint) -> AnchorPoint:
    return other if other.server_ms > one.server_ms else one


def _earlier_start(one: AnchorPoint, other: AnchorPoint) -> AnchorPoint:
    return other if _latest_start_ms(other) < _latest_start_ms(one) else one


def _latest_start_ms(anchor: AnchorPoint) -> int:
    return locate(_stamp_without_boot(anchor.boot_n - 1), (anchor,)).hi_ms


def _stamp_without_boot(boot_n: int) -> Stamp:
    return Stamp(NO_BOOT, boot_n, 0, 0, ClockQuality.UNKNOWN)
