"""From raw clock stamps to the true time they can have had: a pure function of the log (clock.md, docs/adr/0017).

Upstream: ``envelope`` (stamps), ``events``, ``vocabulary``.
Downstream: ``timebook``, ``sessions``, ``kiosk.timekeeping``, ``kiosk.usecases``, ``sync.platform``.

An anchor says: when CLOCK_BOOTTIME read ``bt_recv``, the true time lay in [S, S + rtt·(1+ρ)]. A beat says: when it read
``bt``, this boot was alive. What bounds a stamp at ``t``::

    nearest anchor before ──── time surely lived since ────▶ t ◀──── time surely lived until ──── nearest anchor after

In the boot of the stamp an anchor bounds it on both sides by elapsed boot time ± ρ. Across boots lower bounds go
forward and upper bounds go backward, by all the time that beats say the boots between lived. The wall clock never moves
a bound; it only picks an estimate between them. Whatever is missing of a log, the truth stays within.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from sync.protocol.envelope import NS_PER_US, Envelope, Stamp, open_body
from sync.protocol.events import Anchor, Heartbeat
from sync.protocol.vocabulary import BoundsQuality

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

DRIFT_PPM = 500  # ρ: the most a booth's oscillator may run wrong (clock.md)
MILLION = 1_000_000
NS_PER_MS = 1_000_000
EARLIEST_MS = 0
LATEST_MS = 2**53 - 1
Place: TypeAlias = tuple[int, int]  # number of a boot, and ns since its start: where in a device's life something was


@dataclass(frozen=True, slots=True)
class AnchorPoint:
    """What an :class:`~sync.protocol.events.Anchor` states; times in ns and UTC ms."""

    boot_id: str
    boot_n: int
    bt_recv_ns: int
    server_ms: int
    rtt_ns: int

    @property
    def place(self) -> Place:
        """Where it was received."""
        return self.boot_n, self.bt_recv_ns


@dataclass(frozen=True, slots=True)
class Beat:
    """What a :class:`~sync.protocol.events.Heartbeat` states: this boot was alive when its clock read ``bt_ns``."""

    boot_id: str
    boot_n: int
    bt_ns: int


@dataclass(frozen=True, slots=True)
class TimeLog:
    """What one stream says of its device's time, in any order.

    One file counts the boots of a stream, so their numbers order them; those of two streams say nothing of each other.
    """

    anchors: tuple[AnchorPoint, ...] = ()
    beats: tuple[Beat, ...] = ()

    def knows(self, stamp: Stamp) -> bool:
        """Tell whether the file behind this stream counted the boot of a stamp by the same number."""
        beaten = any(_is_of(beat, stamp) for beat in self.beats)
        return beaten or any(_is_of(anchor, stamp) for anchor in self.anchors)


@dataclass(frozen=True, slots=True)
class Bounds:
    """The true time of a stamp, UTC milliseconds: surely in [lo_ms, hi_ms], best guess est_ms."""

    lo_ms: int
    est_ms: int
    hi_ms: int
    quality: BoundsQuality


@dataclass(frozen=True, slots=True)
class Span:
    """A duration in nanoseconds, surely in [lo_ns, hi_ns]; equal within one boot, both ≥ 0."""

    lo_ns: int
    hi_ns: int


def logs_in(envelopes: Iterable[Envelope]) -> dict[str, TimeLog]:
    """Return what some envelopes say of time, by stream; none for a stream that says nothing of it."""
    entries: dict[str, list[AnchorPoint | Beat]] = {}
    for envelope in envelopes:
        entry = entry_of(envelope)
        if entry is not None:
            entries.setdefault(envelope.stream, []).append(entry)
    return {stream: log_of(found) for stream, found in entries.items()}


def entry_of(envelope: Envelope) -> AnchorPoint | Beat | None:
    """Return what an envelope says of its device's time, or None."""
    body = open_body(envelope)
    if isinstance(body, Anchor):
        return point_of(body)
    return Beat(body.boot_id, body.boot_n, body.bt_us * NS_PER_US) if isinstance(body, Heartbeat) else None


def point_of(anchor: Anchor) -> AnchorPoint:
    """Return the point that an anchor event states."""
    bt_recv_ns, rtt_ns = anchor.bt_recv_us * NS_PER_US, anchor.rtt_us * NS_PER_US
    return AnchorPoint(anchor.boot_id, anchor.boot_n, bt_recv_ns, anchor.server_ms, rtt_ns)


def log_of(entries: Iterable[AnchorPoint | Beat]) -> TimeLog:
    """Return the log of some entries of one stream."""
    found = tuple(entries)
    anchors = tuple(entry for entry in found if isinstance(entry, AnchorPoint))
    return TimeLog(anchors, tuple(entry for entry in found if isinstance(entry, Beat)))


def place_of(stamp: Stamp) -> Place:
    """Return where in its device's life a stamp was made."""
    return stamp.boot_n, stamp.bt_ns


def locate(stamp: Stamp, log: TimeLog) -> Bounds:
    """Return the bounds of the true time of ``stamp``, given the log of its stream."""
    before, after = _nearest(stamp, log.anchors)
    own = [_within_boot(stamp.bt_ns, anchor) for anchor in (*before, *after) if _is_of(anchor, stamp)]
    forward = [_carried_forward(anchor, stamp, log) for anchor in before if anchor.boot_n < stamp.boot_n]
    backward = [_carried_backward(anchor, stamp, log) for anchor in after if anchor.boot_n > stamp.boot_n]
    lo_ms = max([EARLIEST_MS, *forward, *(near.lo_ms for near in own)])
    hi_ms = max(lo_ms, min([LATEST_MS, *backward, *(near.hi_ms for near in own)]))
    est_ms = min(own, key=_width).est_ms if own else stamp.wall_ms
    clamped_ms = min(max(est_ms, lo_ms), hi_ms)
    if own:
        return Bounds(lo_ms, clamped_ms, hi_ms, BoundsQuality.ANCHORED)
    quality = BoundsQuality.BRACKETED if clamped_ms == est_ms else BoundsQuality.CLAMPED
    return Bounds(lo_ms, clamped_ms, hi_ms, quality)


def elapsed(first: Stamp, last: Stamp, log: TimeLog) -> Span:
    """Return the time between two stamps of one stream, or of one boot.

    Within one boot it is what its clock says, exact to ρ whatever the wall clock did. Across boots it is at least the
    time the device was surely alive between them, by that same clock; and what the bounds of both leave open.
    """
    if first.boot_id == last.boot_id:
        exact_ns = max(0, last.bt_ns - first.bt_ns)
        return Span(exact_ns, exact_ns)
    span = apart(locate(first, log), locate(last, log))
    if first.boot_n >= last.boot_n:
        return span
    alive_ns = _rest_ns(first, first.bt_ns, log) + _lived_between_ns(first, last, log) + last.bt_ns
    return Span(max(span.lo_ns, alive_ns), max(span.hi_ns, alive_ns))


def apart(begin: Bounds, end: Bounds) -> Span:
    """Return the time between two instants of which only the bounds are known, say of two devices."""
    lo_ns = max(0, end.lo_ms - begin.hi_ms - 1) * NS_PER_MS  # a bound is a whole ms: the instant lies somewhere in it
    return Span(lo_ns, max(lo_ns, (end.hi_ms - begin.lo_ms + 1) * NS_PER_MS))


def _nearest(stamp: Stamp, anchors: Iterable[AnchorPoint]) -> tuple[Sequence[AnchorPoint], Sequence[AnchorPoint]]:
    """The last anchor at or before a stamp and the first one after; several only where they share a place."""
    here = place_of(stamp)
    places = [(anchor.place, anchor) for anchor in anchors]
    last = max((place for place, _ in places if place <= here), default=None)
    first = min((place for place, _ in places if place > here), default=None)
    return [anchor for place, anchor in places if place == last], [anchor for place, anchor in places if place == first]


def _within_boot(bt_ns: int, anchor: AnchorPoint) -> Bounds:
    since_ns = bt_ns - anchor.bt_recv_ns
    drift_ns = abs(since_ns) * DRIFT_PPM // MILLION + NS_PER_US  # both readings are cut to the microsecond
    lo_ms = anchor.server_ms + (since_ns - drift_ns) // NS_PER_MS
    hi_ms = anchor.server_ms - ((-since_ns - drift_ns - _at_most_ns(anchor.rtt_ns)) // NS_PER_MS)  # towards later
    est_ms = anchor.server_ms + (since_ns + anchor.rtt_ns // 2) // NS_PER_MS
    return Bounds(lo_ms, est_ms, hi_ms, BoundsQuality.ANCHORED)


def _width(near: Bounds) -> tuple[int, int]:
    return near.hi_ms - near.lo_ms, near.est_ms


def _carried_forward(anchor: AnchorPoint, stamp: Stamp, log: TimeLog) -> int:
    """The lower bound from an earlier boot, UTC ms: its time, and all that was surely lived since."""
    lived_ns = _rest_ns(anchor, anchor.bt_recv_ns, log) + _lived_between_ns(anchor, stamp, log) + stamp.bt_ns
    return anchor.server_ms + _at_least_ns(lived_ns) // NS_PER_MS


def _carried_backward(anchor: AnchorPoint, stamp: Stamp, log: TimeLog) -> int:
    """The upper bound from a later boot, UTC ms: its time, less all that was surely lived until then."""
    lived_ns = _rest_ns(stamp, stamp.bt_ns, log) + _lived_between_ns(stamp, anchor, log) + anchor.bt_recv_ns
    return anchor.server_ms - ((_at_least_ns(lived_ns) - _at_most_ns(anchor.rtt_ns)) // NS_PER_MS)


def _is_of(entry: AnchorPoint | Beat, other: AnchorPoint | Stamp) -> bool:
    return entry.boot_n == other.boot_n and entry.boot_id == other.boot_id


def _rest_ns(at: AnchorPoint | Stamp, bt_ns: int, log: TimeLog) -> int:
    """How long the boot of ``at`` was surely alive after it."""
    return max([0, *(beat.bt_ns - bt_ns for beat in log.beats if _is_of(beat, at))])


def _lived_between_ns(first: AnchorPoint | Stamp, last: AnchorPoint | Stamp, log: TimeLog) -> int:
    """How long the boots between two were surely alive; where two share a number, only what both lived counts."""
    lives: dict[int, dict[str, int]] = {}
    for beat in log.beats:
        if first.boot_n < beat.boot_n < last.boot_n:
            own = lives.setdefault(beat.boot_n, {})
            own[beat.boot_id] = max(own.get(beat.boot_id, 0), beat.bt_ns)
    return sum(min(own.values()) for own in lives.values())


def _at_least_ns(clock_ns: int) -> int:
    """The true time that has surely passed when boot clocks, cut to the microsecond, went on by so much."""
    return clock_ns - clock_ns * DRIFT_PPM // MILLION - NS_PER_US


def _at_most_ns(clock_ns: int) -> int:
    return clock_ns + clock_ns * DRIFT_PPM // MILLION
