"""Trusted time: the wall clock where nothing contradicts it, and counting on from what is known where it does.

Upstream: ``system`` (readings), ``sync.protocol.timeline`` (anchors and beats).
Downstream: ``kiosk.composition`` wires it as the ``Clock`` port.

::

    anchored   an exchange with the platform in this boot: its time plus elapsed boot time ± ρ
    unknown    no anchor in this boot, wall clock not before the floor: shown as it is, nothing bounds it from above
    floor      wall clock before the floor: counts on from it, slowly by ρ

The floor is the latest of: the build of this program, its reference data, what had surely passed at the last beat, and
the last anchor with all the time the boots since then lived. Neither a restart nor a reboot takes the time behind it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from kiosk.timekeeping.moment import Moment, instant_of
from sync.protocol.envelope import NS_PER_US, Stamp
from sync.protocol.timeline import DRIFT_PPM, MILLION, TimeLog, locate
from sync.protocol.vocabulary import BoundsQuality, ClockQuality

if TYPE_CHECKING:
    from kiosk.timekeeping.system import Readings

BUILT_MS = 1_795_392_000_000  # 2026-11-23T00:00:00Z: this program did not exist before
NS_PER_MS = 1_000_000


class Clocks(Protocol):
    """Where raw readings come from."""

    def read(self) -> Readings:
        """Return the clocks as they stand."""
        ...


class TrustedClock:
    """The device's time, fed with what its ledger says of time and with floors as they become known."""

    def __init__(self, clocks: Clocks, boot_n: int) -> None:
        """Take the clocks and this boot's number (from 1, kept by the store)."""
        self._clocks = clocks
        self._boot_n = boot_n
        self._log = TimeLog()
        self._floor_ms = BUILT_MS
        self._floor_bt_ns = clocks.read().bt_ns

    def learn(self, log: TimeLog, floor_ms: int) -> None:
        """Take what places this moment, and an instant (UTC ms) that has surely passed; nothing forgets nothing."""
        if log.anchors or log.beats:
            self._log = log
        readings = self._clocks.read()
        passed_ms = max(floor_ms, locate(self._stamp(readings, ClockQuality.UNKNOWN), self._log).lo_ms)
        if passed_ms > self._counted_on_ms(readings.bt_ns):
            self._floor_ms, self._floor_bt_ns = passed_ms, readings.bt_ns

    def now(self) -> Moment:
        """Return the present moment. Never raises and never blocks: recording does not wait for the right time."""
        readings = self._clocks.read()
        floor_ms = self._counted_on_ms(readings.bt_ns)
        bounds = locate(self._stamp(readings, ClockQuality.ANCHORED), self._log)
        if bounds.quality is BoundsQuality.ANCHORED:
            return self._moment(readings, ClockQuality.ANCHORED, bounds.est_ms, bounds.lo_ms, bounds.hi_ms)
        if readings.wall_ms < floor_ms:
            return self._moment(readings, ClockQuality.FLOOR, floor_ms, floor_ms, None)
        return self._moment(readings, ClockQuality.UNKNOWN, readings.wall_ms, floor_ms, None)

    def _counted_on_ms(self, bt_ns: int) -> int:
        since_ns = bt_ns - self._floor_bt_ns
        return self._floor_ms + (since_ns - since_ns * DRIFT_PPM // MILLION) // NS_PER_MS

    def _stamp(self, readings: Readings, quality: ClockQuality) -> Stamp:
        return Stamp(readings.boot_id, self._boot_n, readings.bt_ns // NS_PER_US, readings.wall_ms, quality.value)

    def _moment(self, readings: Readings, quality: ClockQuality, at_ms: int, lo_ms: int, hi_ms: int | None) -> Moment:
        return Moment(
            stamp=self._stamp(readings, quality),
            at=instant_of(at_ms),
            earliest=instant_of(lo_ms),
            latest=None if hi_ms is None else instant_of(hi_ms),
            calibrated=quality is not ClockQuality.FLOOR,
        )
