"""From raw clock stamps to the true time they can have had: a pure function of the log (clock.md).

Upstream: ``envelope`` (stamps), ``vocabulary``.
Downstream: ``sessions``, ``kiosk.timekeeping``, ``sync.platform``.

An anchor says: when CLOCK_BOOTTIME read ``bt_recv``, the true time lay in [S, S + rtt·(1+ρ)]. Within the same boot the
bounds of any stamp follow from elapsed boot time ± ρ. Across boots lower bounds go forward and upper bounds go
backward. The wall clock never moves a bound; it only picks an estimate between them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sync.protocol.envelope import NS_PER_US, Envelope, Stamp, open_body
from sync.protocol.events import Anchor
from sync.protocol.vocabulary import BoundsQuality

if TYPE_CHECKING:
    from collections.abc import Iterable

DRIFT_PPM = 500  # ρ: the most a booth's oscillator may run wrong (clock.md)
MILLION = 1_000_000
NS_PER_MS = 1_000_000
EARLIEST_MS = 0
LATEST_MS = 2**53 - 1


@dataclass(frozen=True, slots=True)
class AnchorPoint:
    """What an :class:`~sync.protocol.events.Anchor` states; times in ns and UTC ms."""

    boot_id: str
    boot_n: int
    bt_recv_ns: int
    server_ms: int
    rtt_ns: int


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


def anchors_in(envelopes: Iterable[Envelope]) -> tuple[AnchorPoint, ...]:
    """Return the anchors among some envelopes of one device."""
    found = []
    for envelope in envelopes:
        body = open_body(envelope)
        if isinstance(body, Anchor):
            found.append(point_of(body))
    return tuple(found)


def point_of(anchor: Anchor) -> AnchorPoint:
    """Return the point that an anchor event states."""
    bt_recv_ns, rtt_ns = anchor.bt_recv_us * NS_PER_US, anchor.rtt_us * NS_PER_US
    return AnchorPoint(anchor.boot_id, anchor.boot_n, bt_recv_ns, anchor.server_ms, rtt_ns)


def locate(stamp: Stamp, anchors: Iterable[AnchorPoint]) -> Bounds:
    """Return the bounds of the true time of ``stamp``, given all known anchors of the same device."""
    lo_ms, hi_ms, width_ns, est_ms = EARLIEST_MS, LATEST_MS, None, stamp.wall_ms
    for anchor in anchors:
        if anchor.boot_id == stamp.boot_id:
            near = _within_boot(stamp.bt_ns, anchor)
            lo_ms, hi_ms = max(lo_ms, near.lo_ms), min(hi_ms, near.hi_ms)
            if width_ns is None or near.hi_ms - near.lo_ms < width_ns:
                width_ns, est_ms = near.hi_ms - near.lo_ms, near.est_ms
        elif anchor.boot_n < stamp.boot_n:
            lo_ms = max(lo_ms, anchor.server_ms)
        elif anchor.boot_n > stamp.boot_n:
            hi_ms = min(hi_ms, _boot_start_at_latest_ms(anchor))
    hi_ms = max(lo_ms, hi_ms)
    clamped = min(max(est_ms, lo_ms), hi_ms)
    if width_ns is not None:
        return Bounds(lo_ms, clamped, hi_ms, BoundsQuality.ANCHORED)
    quality = BoundsQuality.BRACKETED if clamped == est_ms else BoundsQuality.CLAMPED
    return Bounds(lo_ms, clamped, hi_ms, quality)


def elapsed(first: Stamp, last: Stamp, anchors: Iterable[AnchorPoint]) -> Span:
    """Return the time between two stamps: exact within one boot, else from the bounds of both."""
    if first.boot_id == last.boot_id:
        exact_ns = max(0, last.bt_ns - first.bt_ns)
        return Span(exact_ns, exact_ns)
    points = tuple(anchors)
    begin, end = locate(first, points), locate(last, points)
    lo_ns = max(0, end.lo_ms - begin.hi_ms) * NS_PER_MS
    return Span(lo_ns, max(lo_ns, (end.hi_ms - begin.lo_ms) * NS_PER_MS))


def _within_boot(bt_ns: int, anchor: AnchorPoint) -> Bounds:
    since_ns = bt_ns - anchor.bt_recv_ns
    drift_ns = abs(since_ns) * DRIFT_PPM // MILLION + NS_PER_US  # both readings are cut to the microsecond
    rtt_ns = anchor.rtt_ns + anchor.rtt_ns * DRIFT_PPM // MILLION
    lo_ms = anchor.server_ms + (since_ns - drift_ns) // NS_PER_MS
    hi_ms = anchor.server_ms - ((-since_ns - drift_ns - rtt_ns) // NS_PER_MS)  # rounded up, towards later
    est_ms = anchor.server_ms + (since_ns + anchor.rtt_ns // 2) // NS_PER_MS
    return Bounds(lo_ms, est_ms, hi_ms, BoundsQuality.ANCHORED)


def _boot_start_at_latest_ms(anchor: AnchorPoint) -> int:
    up_ns = anchor.bt_recv_ns - anchor.bt_recv_ns * DRIFT_PPM // MILLION
    rtt_ns = anchor.rtt_ns + anchor.rtt_ns * DRIFT_PPM // MILLION
    return anchor.server_ms - ((up_ns - rtt_ns) // NS_PER_MS)
