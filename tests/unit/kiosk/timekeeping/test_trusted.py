"""The device's time: right where it can be known, and never earlier than what has surely passed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.timekeeping.moment import FAR_MS, instant_of
from kiosk.timekeeping.system import BOOT_ID, SystemClock, boottime_ns
from kiosk.timekeeping.trusted import BUILT_MS, TrustedClock
from sync.protocol.timeline import AnchorPoint, Beat, TimeLog
from sync.protocol.vocabulary import ClockQuality
from tests.support.clock import FakeClocks, boot_id_of

HOUR = 3600


def anchor_now(clocks: FakeClocks, *, rtt_s: float = 0.0) -> AnchorPoint:
    """Exchange with a platform that knows the truth."""
    server_ms = clocks.true_ms
    clocks.elapse(rtt_s)
    now = clocks.read()
    return AnchorPoint(now.boot_id, clocks.boot, now.bt_ns, server_ms, round(rtt_s * 1e9))


def test_a_plausible_wall_clock_is_shown_and_bounds_nothing_from_above() -> None:
    clocks = FakeClocks()
    moment = TrustedClock(clocks, 1).now()
    assert (moment.at, moment.latest, moment.calibrated) == (instant_of(clocks.true_ms), None, True)
    assert moment.earliest == instant_of(BUILT_MS)
    assert moment.stamp.clk == ClockQuality.UNKNOWN


@pytest.mark.parametrize("wall_ms", [0, -5, BUILT_MS - 60_000])
def test_a_clock_behind_the_build_counts_on_from_it(wall_ms: int) -> None:
    clocks = FakeClocks()
    clocks.set_wall(wall_ms)
    clock = TrustedClock(clocks, 1)
    assert clock.now().at == instant_of(BUILT_MS)
    clocks.elapse(HOUR)
    moment = clock.now()
    assert 0 <= BUILT_MS + HOUR * 1000 - moment.at.timestamp() * 1000 <= HOUR * 1000 * 500 / 1e6 + 1
    assert not moment.calibrated
    assert moment.stamp.clk == ClockQuality.FLOOR


def test_what_the_platform_said_last_is_a_floor_and_never_falls() -> None:
    clocks = FakeClocks()
    clocks.set_wall(0)
    clock = TrustedClock(clocks, 1)
    clock.learn(TimeLog(), BUILT_MS + 1000)
    assert clock.now().at == instant_of(BUILT_MS + 1000)
    clock.learn(TimeLog(), BUILT_MS)
    assert clock.now().at == instant_of(BUILT_MS + 1000)


def test_an_anchor_of_an_earlier_boot_is_a_floor() -> None:
    clocks = FakeClocks()
    anchor = anchor_now(clocks)
    clocks.reboot(wall_ms=0)
    clock = TrustedClock(clocks, 2)
    clock.learn(TimeLog((anchor,)), 0)
    moment = clock.now()
    assert moment.earliest == instant_of(anchor.server_ms + 14_992)  # the fifteen seconds of this boot, less ρ
    assert moment.latest is None
    assert moment.stamp.clk == ClockQuality.FLOOR


def test_a_floor_that_counts_on_for_weeks_with_a_fast_oscillator_is_never_later_than_the_truth() -> None:
    clocks = FakeClocks(drift_ppm=400)
    anchor = anchor_now(clocks)
    clocks.reboot(off_s=0, wall_ms=0)
    clock = TrustedClock(clocks, 2)
    clock.learn(TimeLog((anchor,)), 0)
    for _ in range(40):
        clocks.elapse(24 * HOUR)
        clock.learn(TimeLog((anchor,)), 0)
        assert clock.now().earliest <= instant_of(clocks.true_ms)


def test_an_anchor_of_this_boot_bounds_now_on_both_sides_whatever_the_wall_says() -> None:
    clocks = FakeClocks()
    clock = TrustedClock(clocks, 1)
    clock.learn(TimeLog((anchor_now(clocks, rtt_s=0.2),)), 0)
    clocks.set_wall(0)
    clocks.elapse(HOUR)
    moment = clock.now()
    assert moment.latest is not None
    assert moment.earliest <= instant_of(clocks.true_ms) <= moment.latest
    assert (moment.latest - moment.earliest).total_seconds() < 4
    assert moment.calibrated
    assert moment.stamp.clk == ClockQuality.ANCHORED


def test_an_anchor_once_learnt_is_not_forgotten_when_none_can_be_read() -> None:
    clocks = FakeClocks()
    clock = TrustedClock(clocks, 1)
    clock.learn(TimeLog((anchor_now(clocks),)), 0)
    clock.learn(TimeLog(), 0)
    assert clock.now().stamp.clk == ClockQuality.ANCHORED


def test_the_stamp_holds_the_raw_readings() -> None:
    clocks = FakeClocks()
    clocks.set_wall(-12345)
    stamp = TrustedClock(clocks, 7).now().stamp
    assert (stamp.boot_id, stamp.boot_n, stamp.bt_ns, stamp.wall_ms) == (boot_id_of(1), 7, clocks.bt_ns, -12345)


@given(
    drift_ppm=st.integers(-400, 400),
    deeds=st.lists(
        st.tuples(st.sampled_from(["wait", "sync", "jump", "reboot"]), st.floats(0, 40 * 24 * 3600)), max_size=12
    ),
)
def test_now_is_always_within_its_bounds(drift_ppm: int, deeds: list[tuple[str, float]]) -> None:
    clocks = FakeClocks(drift_ppm=drift_ppm)
    clock, anchors = TrustedClock(clocks, 1), list[AnchorPoint]()
    for deed, amount in deeds:
        if deed == "wait":
            clocks.elapse(amount)
        elif deed == "sync":
            anchors.append(anchor_now(clocks, rtt_s=amount % 30))
            clock.learn(TimeLog(tuple(anchors)), 0)
        elif deed == "jump":
            clocks.wall_error_ms = round((amount - 20 * 24 * 3600) * 1e6)
        else:
            clocks.reboot(off_s=amount)
            clock = TrustedClock(clocks, clocks.boot)
            clock.learn(TimeLog(tuple(anchors)), 0)
        moment, truth = clock.now(), instant_of(clocks.true_ms)
        assert moment.earliest <= truth
        assert moment.latest is None or truth <= moment.latest
        assert moment.earliest <= moment.at or moment.stamp.clk == ClockQuality.UNKNOWN


@pytest.mark.parametrize("ms", [-(2**53), -1, 0, 1, FAR_MS, FAR_MS + 1, 2**53])
def test_any_number_of_milliseconds_is_an_instant(ms: int) -> None:
    assert datetime(1970, 1, 1, tzinfo=UTC) <= instant_of(ms) <= datetime(9000, 1, 1, tzinfo=UTC)


def test_a_machine_that_slept_is_as_old_as_one_that_was_awake() -> None:
    clocks = FakeClocks()
    kernel = SystemClock(clocks.ask)
    before = kernel.read()
    clocks.elapse(HOUR)
    clocks.suspend(8 * HOUR)
    assert kernel.read().bt_ns - before.bt_ns == boottime_ns(clocks.ask) - before.bt_ns == 9 * HOUR * 1_000_000_000
    assert kernel.read().wall_ms == clocks.true_ms


def test_the_last_exchange_and_all_that_was_lived_since_is_a_floor() -> None:
    clocks = FakeClocks()
    anchor = anchor_now(clocks)
    clocks.elapse(HOUR)
    beat = Beat(boot_id_of(1), 1, clocks.bt_ns)
    clocks.reboot(off_s=0, wall_ms=0)
    clock = TrustedClock(clocks, 2)
    clock.learn(TimeLog((anchor,), (beat,)), 0)
    lived_ms = (HOUR + 15) * 1000
    assert clock.now().at == instant_of(anchor.server_ms + lived_ms - lived_ms * 5 // 10_000 - 1)
    clock.learn(TimeLog(), 0)
    assert clock.now().earliest <= instant_of(clocks.true_ms)


def test_this_machines_clocks_are_read() -> None:
    clock = SystemClock()
    first, second = clock.read(), clock.read()
    assert first.boot_id == BOOT_ID.read_text().strip()
    assert 0 < first.bt_ns <= second.bt_ns
    assert first.wall_ms > BUILT_MS - 10**9
