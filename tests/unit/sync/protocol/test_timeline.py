"""Whatever a booth's clocks and power do, the true time lies within the bounds, and the wall clock moves none."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.protocol.envelope import Stamp
from sync.protocol.events import DeviceNote
from sync.protocol.timeline import AnchorPoint, anchors_in, elapsed, locate
from sync.protocol.vocabulary import BoundsQuality
from tests.support.clock import FakeClocks
from tests.support.envelopes import START_MS, Recorder, anchor, stamp

NS_PER_MS = 1_000_000
NS_PER_S = 1_000_000_000
YEAR_MS = 365 * 24 * 3600 * 1000


@dataclass
class History:
    """What a machine lived through: each event's stamp with the true time it was made at, and the anchors."""

    clocks: FakeClocks
    stamps: list[tuple[Stamp, int]] = field(default_factory=list)
    anchors: list[AnchorPoint] = field(default_factory=list)

    def stamp(self) -> None:
        now = self.clocks.read()
        made = Stamp(now.boot_id, self.clocks.boot, now.bt_ns // 1000, now.wall_ms, "unknown")
        self.stamps.append((made, self.clocks.true_ns))

    def exchange(self, there_s: float, back_s: float) -> None:
        """Ask the platform: the answer says its time, in whole ms, at the moment of answering."""
        sent_ns = self.clocks.read().bt_ns
        self.clocks.elapse(there_s)
        server_ms = self.clocks.true_ms
        self.clocks.elapse(back_s)
        now = self.clocks.read()
        self.anchors.append(AnchorPoint(now.boot_id, self.clocks.boot, now.bt_ns, server_ms, now.bt_ns - sent_ns))


def wait(history: History, seconds: float) -> None:
    history.clocks.elapse(seconds)


def sync(history: History, trip: tuple[float, float]) -> None:
    history.exchange(*trip)


def jump(history: History, by_ms: int) -> None:
    history.clocks.wall_error_ms = by_ms


def reboot(history: History, off_s: float) -> None:
    history.clocks.reboot(off_s=off_s)


WALLS = st.integers(-56 * YEAR_MS, 10 * YEAR_MS)
DEEDS = st.one_of(
    st.tuples(st.just(wait), st.floats(0, 40 * 3600)),
    st.tuples(st.just(sync), st.tuples(st.floats(0, 30), st.floats(0, 30))),
    st.tuples(st.just(jump), WALLS),
    st.tuples(st.just(reboot), st.floats(0, 30 * 24 * 3600)),
)


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Events, waits, suspends, syncs, wall jumps of −56 … +10 years, reboots of unknown length, ±400 ppm."""
    history = History(FakeClocks(drift_ppm=draw(st.integers(-400, 400))))
    history.stamp()
    for deed, detail in draw(st.lists(DEEDS, max_size=25)):
        act: Any = deed
        act(history, detail)
        history.stamp()
    return history


@given(histories())
def test_the_truth_is_always_within_the_bounds(history: History) -> None:
    for made, true_ns in history.stamps:
        bounds = locate(made, history.anchors)
        assert bounds.lo_ms <= true_ns // NS_PER_MS <= bounds.hi_ms
        assert bounds.lo_ms <= bounds.est_ms <= bounds.hi_ms


@given(histories(), WALLS)
def test_no_wall_reading_moves_a_bound_or_an_anchored_estimate(history: History, other_wall_ms: int) -> None:
    for made, _ in history.stamps:
        there = locate(made, history.anchors)
        here = locate(msgspec.structs.replace(made, wall_ms=other_wall_ms), history.anchors)
        assert (here.lo_ms, here.hi_ms) == (there.lo_ms, there.hi_ms)
        if there.quality is BoundsQuality.ANCHORED:
            assert here == there


@given(histories())
def test_a_duration_within_one_boot_is_the_difference_of_boot_time(history: History) -> None:
    for first, began_ns in history.stamps:
        for last, ended_ns in history.stamps:
            if first.boot_id != last.boot_id or last.bt_ns < first.bt_ns:
                continue
            span = elapsed(first, last, history.anchors)
            assert span.lo_ns == span.hi_ns == last.bt_ns - first.bt_ns
            true_ns = ended_ns - began_ns
            assert abs(span.lo_ns - true_ns) <= true_ns * 500 // 1_000_000 + 1000


@given(histories())
def test_a_duration_across_boots_holds_the_truth(history: History) -> None:
    for first, began_ns in history.stamps:
        for last, ended_ns in history.stamps:
            if first.boot_n >= last.boot_n:
                continue
            span = elapsed(first, last, history.anchors)
            assert 0 <= span.lo_ns <= span.hi_ns
            assert span.lo_ns - NS_PER_MS <= ended_ns - began_ns <= span.hi_ns + NS_PER_MS


@given(histories())
def test_the_order_of_the_anchors_changes_no_bound(history: History) -> None:
    turned = list(reversed(history.anchors))
    for made, _ in history.stamps:
        here, there = locate(made, turned), locate(made, history.anchors)
        assert (here.lo_ms, here.hi_ms, here.quality) == (there.lo_ms, there.hi_ms, there.quality)


def at(second: float, boot: int = 1, **more: int) -> AnchorPoint:
    return anchors_in([Recorder().record(anchor(second, boot=boot, **more))])[0]


def test_an_anchor_at_the_very_moment_gives_the_round_trip_as_width() -> None:
    bounds = locate(stamp(100), [at(100, rtt_ns=2 * NS_PER_S)])
    assert bounds.lo_ms == START_MS + 99_999  # one nanosecond of drift, rounded towards earlier
    assert bounds.hi_ms == START_MS + 102_002  # the round trip, half a thousandth more, rounded towards later
    assert bounds.est_ms == START_MS + 101_000
    assert bounds.quality is BoundsQuality.ANCHORED


@pytest.mark.parametrize("away_s", [-3600, 3600])
def test_an_hour_away_the_bounds_are_wider_by_five_hundred_millionths(away_s: int) -> None:
    bounds = locate(stamp(7200 + away_s), [at(7200)])
    middle = START_MS + (7200 + away_s) * 1000
    assert (middle - bounds.lo_ms, bounds.hi_ms - middle) == (1801, 1801)


def test_an_estimate_comes_from_the_narrowest_anchor() -> None:
    wrong = at(0, server_ms=START_MS - 500, rtt_ns=NS_PER_S)
    assert locate(stamp(3600), [wrong, at(3600)]).est_ms == START_MS + 3_600_000
    assert locate(stamp(3600), [at(3600), wrong]).est_ms == START_MS + 3_600_000


def test_between_two_anchored_boots_a_stamp_is_bracketed_by_both() -> None:
    bounds = locate(stamp(500, boot=2), [at(1000, boot=1), at(2000, boot=3, server_ms=START_MS + 9_000_000)])
    assert bounds.lo_ms == START_MS + 1_000_000
    assert bounds.hi_ms == START_MS + 9_000_000 - 2_000_000 + 1000  # the third boot began 2000 s earlier, ±ρ


def test_a_wall_clock_within_the_bounds_is_taken_and_outside_is_clamped() -> None:
    anchors = [at(0, boot=1)]
    good = locate(stamp(1, boot=2, wall_ms=START_MS + 5), anchors)
    assert (good.est_ms, good.quality) == (START_MS + 5, BoundsQuality.BRACKETED)
    early = locate(stamp(1, boot=2, wall_ms=0), anchors)
    assert (early.est_ms, early.quality) == (START_MS, BoundsQuality.CLAMPED)


def test_without_anchors_the_wall_clock_is_all_there_is() -> None:
    assert locate(stamp(5, wall_ms=1234), []).est_ms == 1234
    assert locate(stamp(5, wall_ms=-1), []).quality is BoundsQuality.CLAMPED


def test_an_anchor_of_a_boot_with_the_same_number_and_another_id_says_nothing() -> None:
    cloned = replace(at(0, boot=1), boot_id="of-another-machine")
    assert locate(stamp(5, wall_ms=1234), [cloned]) == locate(stamp(5, wall_ms=1234), [])


def test_contradicting_anchors_never_give_bounds_the_wrong_way_round() -> None:
    bounds = locate(stamp(10), [at(10), at(10, server_ms=START_MS + 10**9)])
    assert bounds.lo_ms <= bounds.est_ms <= bounds.hi_ms


def test_time_never_runs_backwards_within_a_boot() -> None:
    assert elapsed(stamp(10), stamp(5), []).hi_ns == 0


def test_only_anchors_are_taken_from_a_log() -> None:
    recorder = Recorder()
    recorder.record(DeviceNote("stream_started"))
    recorder.record(anchor(7))
    assert [point.bt_recv_ns for point in anchors_in(recorder.envelopes)] == [7 * NS_PER_S]
