"""The anchors and beats of one stream, arranged so that a session is placed by the few that matter to it.

Upstream: ``sync.protocol.timeline``.
Downstream: ``kiosk.store``, ``sync.platform``.

``timeline`` reads of a log: the nearest anchor on either side of a stamp, and the beats from the one to the other.
Giving it those alone changes nothing (a property test holds that), so the cost of a fold does not grow with the years a
device has served.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING

from sync.protocol.timeline import Place, TimeLog, place_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sync.protocol.envelope import Stamp
    from sync.protocol.timeline import AnchorPoint, Beat

EVER: Place = (-1, 0)  # before and after every boot that has a number on the wire
NEVER: Place = (2**31 + 1, 0)


@dataclass(frozen=True, slots=True, order=True)
class Reach:
    """What news of time may move: whatever has a stamp between two places, both included, or one on either side."""

    first: Place
    last: Place


def hull_of(stamps: Iterable[Stamp]) -> Reach:
    """Return from the first to the last place of some stamps: what is there, and the anchors beside it, place them."""
    places = [place_of(stamp) for stamp in stamps] or [EVER]
    return Reach(min(places), max(places))


def hull_of_news(fresh: TimeLog) -> Reach:
    """Return what must be known to tell what ``fresh`` may move; it holds an anchor or a beat."""
    places = [anchor.place for anchor in fresh.anchors]
    places += [place for beat in fresh.beats for place in ((beat.boot_n, 0), (beat.boot_n + 1, 0))]
    return Reach(min(places), max(places))


def merged(reaches: Iterable[Reach]) -> list[Reach]:
    """Return fewer reaches that hold the same places: those that overlap become one."""
    joined: list[Reach] = []
    for reach in sorted(reaches):
        if joined and reach.first <= joined[-1].last:
            joined[-1] = Reach(joined[-1].first, max(joined[-1].last, reach.last))
        else:
            joined.append(reach)
    return joined


class TimeBook:
    """All that one stream says of time, in one fixed order whatever order it arrived in."""

    def __init__(self, log: TimeLog) -> None:
        self._anchors = sorted(set(log.anchors), key=_anchor_order)
        self._places = [anchor.place for anchor in self._anchors]
        self._beats = sorted(set(log.beats), key=_beat_order)
        self._beaten = [beat.boot_n for beat in self._beats]

    def around(self, stamps: Iterable[Stamp]) -> TimeLog:
        """Return what places these stamps, and tells the time between any two of them."""
        here = {place_of(stamp) for stamp in stamps}
        sides = {side for place in here for side in self._sides(bisect_right(self._places, place))} - {EVER, NEVER}
        anchors = [anchor for place in sorted(sides) for anchor in self._at(place)]
        numbers = sorted(boot_n for boot_n, _ in here | sides) or [0]
        beats = self._beats[bisect_left(self._beaten, numbers[0]) : bisect_right(self._beaten, numbers[-1])]
        return TimeLog(tuple(anchors), tuple(beats))

    def reaches_of(self, fresh: TimeLog) -> tuple[Reach, ...]:
        """Return what may move once ``fresh`` is known too."""
        moved = {self._reach_of_anchor(anchor) for anchor in fresh.anchors}
        return tuple(sorted(moved | {self._reach_of_beat(beat) for beat in fresh.beats}))

    def _reach_of_anchor(self, anchor: AnchorPoint) -> Reach:
        before, _ = self._sides(bisect_left(self._places, anchor.place))
        _, after = self._sides(bisect_right(self._places, anchor.place))
        return Reach(before, after)

    def _reach_of_beat(self, beat: Beat) -> Reach:
        """It moves upper bounds only where an anchor stands after it, and lower bounds only where one stands before."""
        end = (beat.boot_n + 1, 0)
        before, after = self._sides(bisect_left(self._places, end))
        return Reach(end if after == NEVER else before, end if before == EVER else after)

    def _sides(self, index: int) -> tuple[Place, Place]:
        before = self._places[index - 1] if index else EVER
        return before, self._places[index] if index < len(self._places) else NEVER

    def _at(self, place: Place) -> list[AnchorPoint]:
        return self._anchors[bisect_left(self._places, place) : bisect_right(self._places, place)]


_beat_order = attrgetter("boot_n", "boot_id", "bt_ns")
_anchor_order = attrgetter("boot_n", "bt_recv_ns", "boot_id", "server_ms", "rtt_ns")
