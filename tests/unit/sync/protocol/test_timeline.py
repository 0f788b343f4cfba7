"""Whatever a booth's clocks and power do, the true time lies within the bounds, and the wall clock moves none."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.protocol.envelope import Stamp
from sync.protocol.events import DeviceNote, Heartbeat
from sync.protocol.sessions import fold
from sync.protocol.timeline import (
    AnchorPoint,
    Beat,
    Bounds,
    Span,
    TimeLog,
    apart,
    elapsed,
    locate,
    log_of,
    logs_in,
)
from sync.protocol.vocabulary import BoundsQuality
from tests.support.clock import FakeClocks
from tests.support.envelopes import START_MS, Recorder, anchor, check_in, check_out, stamp
from tests.support.histories import WALLS, Beat60, Deed, History, Reboot, Suspend, Sync, Wait, histories, known_parts

NS_PER_MS = 1_000_000
NS_PER_S = 1_000_000_000
HOUR = 3600
CUT_NS = 2000  # readings are cut to the microsecond, twice


def slack_ns(ns: int) -> int:
    """Return how far a boot clock may run wrong over so long a time."""
    return ns * 500 // 1_000_000 + CUT_NS


# Properties


@given(st.data(), histories())
def test_the_truth_is_always_within_the_bounds_whatever_is_known(data: st.DataObject, history: History) -> None:
    for log in (history.log, data.draw(known_parts(history))):
        for made, true_ns in history.stamps:
            bounds = locate(made, log)
            assert bounds.lo_ms <= true_ns // NS_PER_MS <= bounds.hi_ms
            assert bounds.lo_ms <= bounds.est_ms <= bounds.hi_ms


@given(histories(), WALLS)
def test_no_wall_reading_moves_a_bound_or_an_anchored_estimate(history: History, other_wall_ms: int) -> None:
    for made, _ in history.stamps:
        there = locate(made, history.log)
        here = locate(msgspec.structs.replace(made, wall_ms=other_wall_ms), history.log)
        assert (here.lo_ms, here.hi_ms) == (there.lo_ms, there.hi_ms)
        if there.quality is BoundsQuality.ANCHORED:
            assert here == there


@given(histories())
def test_a_duration_within_one_boot_is_the_difference_of_boot_time(history: History) -> None:
    for first, began_ns in history.stamps:
        for last, ended_ns in history.stamps:
            if first.boot_id != last.boot_id or last.bt_ns < first.bt_ns:
                continue
            span = elapsed(first, last, history.log)
            assert span.lo_ns == span.hi_ns == last.bt_ns - first.bt_ns
            assert abs(span.lo_ns - (ended_ns - began_ns)) <= slack_ns(ended_ns - began_ns)


@given(st.data(), histories())
def test_a_duration_across_boots_holds_the_truth_whatever_is_known(data: st.DataObject, history: History) -> None:
    log = data.draw(known_parts(history))
    for first, began_ns in history.stamps:
        for last, ended_ns in history.stamps:
            if first.boot_n >= last.boot_n:
                continue
            span, true_ns = elapsed(first, last, log), ended_ns - began_ns
            assert 0 <= span.lo_ns <= span.hi_ns
            assert span.lo_ns - slack_ns(true_ns) <= true_ns <= span.hi_ns + CUT_NS


@given(st.data(), histories())
def test_what_is_credited_was_served(data: st.DataObject, history: History) -> None:
    begin, end = sorted(data.draw(st.lists(st.integers(0, len(history.stamps) - 1), min_size=2, max_size=2)))
    recorder = Recorder()
    recorder.record(check_in(), history.stamps[begin][0])
    recorder.record(check_out(), history.stamps[end][0])
    session = fold(recorder.envelopes, {recorder.stream: data.draw(known_parts(history))})
    assert session is not None
    true_ns = history.stamps[end][1] - history.stamps[begin][1]
    assert session.credited_minutes * 60 * NS_PER_S <= true_ns + slack_ns(true_ns)


@given(st.data(), histories())
def test_another_beat_never_widens(data: st.DataObject, history: History) -> None:
    known = data.draw(known_parts(history))
    more = replace(known, beats=tuple(entry for entry in history.entries if isinstance(entry, Beat)))
    for made, _ in history.stamps:
        before, after = locate(made, known), locate(made, more)
        assert before.lo_ms <= after.lo_ms <= after.hi_ms <= before.hi_ms
        for last, _ in history.stamps:
            assert elapsed(made, last, known).lo_ns <= elapsed(made, last, more).lo_ns


@given(histories(), st.data())
def test_another_anchor_widens_by_no_more_than_its_own_round_trip(history: History, data: st.DataObject) -> None:
    anchors = [entry for entry in history.entries if isinstance(entry, AnchorPoint)]
    if not anchors:
        return
    fresh = data.draw(st.sampled_from(anchors))
    known = log_of(entry for entry in history.entries if entry != fresh)
    worse_ms = (fresh.rtt_ns + slack_ns(fresh.rtt_ns)) // NS_PER_MS + 3  # each of three bounds is cut to the ms
    for made, _ in history.stamps:
        before, after = locate(made, known), locate(made, history.log)
        assert after.lo_ms >= before.lo_ms - worse_ms
        assert after.hi_ms <= before.hi_ms + worse_ms


@given(st.data(), histories())
def test_no_order_of_arrival_changes_a_bound(data: st.DataObject, history: History) -> None:
    turned = log_of(data.draw(st.permutations(history.entries)))
    for made, _ in history.stamps:
        assert locate(made, turned) == locate(made, history.log)
        assert elapsed(history.stamps[0][0], made, turned) == elapsed(history.stamps[0][0], made, history.log)


@given(st.floats(0, 100 * HOUR), st.floats(0, 100 * HOUR))
def test_a_suspended_machine_ages_as_one_that_is_awake(awake_s: float, asleep_s: float) -> None:
    history = History(FakeClocks()).live([Sync(0, 0), Wait(awake_s), Suspend(asleep_s)])
    made, true_ns = history.stamps[-1]
    first, began_ns = history.stamps[0]
    assert locate(made, history.log).lo_ms <= true_ns // NS_PER_MS <= locate(made, history.log).hi_ms
    assert abs(elapsed(first, made, history.log).lo_ns - (true_ns - began_ns)) <= CUT_NS


def test_a_power_cut_of_unknown_length_takes_only_the_minute_that_no_beat_saw() -> None:
    deeds: list[Deed] = [Wait(HOUR), Beat60(), Wait(59), Reboot(5 * HOUR, None), Wait(HOUR)]
    history = History(FakeClocks())
    history.stamp()
    for deed in deeds:
        history._do(deed)
    history.stamp()
    span = elapsed(history.stamps[0][0], history.stamps[-1][0], history.log)
    alive_s = HOUR + 15 + HOUR  # 15 s from power to program
    assert span.lo_ns == alive_s * NS_PER_S
    assert span.hi_ns > 10 * 365 * 86_400 * NS_PER_S


# Examples


def at(second: float, boot: int = 1, **more: int) -> AnchorPoint:
    return logs_in([Recorder().record(anchor(second, boot=boot, **more))])["stream-1"].anchors[0]


def beat(second: float, boot: int = 1, boot_id: str | None = None) -> Beat:
    return Beat(boot_id or f"boot-{boot}", boot, round(second * NS_PER_S))


def log(*entries: AnchorPoint | Beat) -> TimeLog:
    return log_of(entries)


def test_an_anchor_at_the_very_moment_gives_the_round_trip_as_width() -> None:
    bounds = locate(stamp(100), log(at(100, rtt_ns=2 * NS_PER_S)))
    assert bounds.lo_ms == START_MS + 99_999  # one microsecond of drift, rounded towards earlier
    assert bounds.hi_ms == START_MS + 102_002  # the round trip, half a thousandth more, rounded towards later
    assert bounds.est_ms == START_MS + 101_000
    assert bounds.quality is BoundsQuality.ANCHORED


@pytest.mark.parametrize("away_s", [-3600, 3600])
def test_an_hour_away_the_bounds_are_wider_by_five_hundred_millionths(away_s: int) -> None:
    bounds = locate(stamp(7200 + away_s), log(at(7200)))
    middle = START_MS + (7200 + away_s) * 1000
    assert (middle - bounds.lo_ms, bounds.hi_ms - middle) == (1801, 1801)


def test_an_estimate_comes_from_the_narrower_of_the_two_nearest_anchors() -> None:
    early, late = at(0, server_ms=START_MS + 100), at(7200)
    assert locate(stamp(3500), log(early, late)).est_ms == START_MS + 3_500_100
    assert locate(stamp(3700), log(early, late)).est_ms == START_MS + 3_700_000


def test_only_the_nearest_anchor_on_either_side_is_asked() -> None:
    astray = at(0, server_ms=START_MS + 10**10)  # a platform whose clock was wrong for a while
    near = log(at(100), at(200))
    assert locate(stamp(150), log(astray, at(100), at(200), at(300, server_ms=0))) == locate(stamp(150), near)
    later = stamp(5, boot=3)
    assert locate(later, log(astray, at(100), beat(100))) == locate(later, log(at(100), beat(100)))


def test_anchors_at_one_place_are_all_asked() -> None:
    narrow, wide = at(100), at(100, server_ms=START_MS + 99_000, rtt_ns=2 * NS_PER_S)
    for both in (log(narrow, wide), log(wide, narrow)):
        assert locate(stamp(100), both) == locate(stamp(100), log(narrow))


def test_between_two_anchored_boots_a_stamp_is_bracketed_by_both() -> None:
    bounds = locate(stamp(500, boot=2), log(at(1000, boot=1), at(2000, boot=3, server_ms=START_MS + 9_000_000)))
    assert bounds.lo_ms == START_MS + 1_000_000 + 499_749  # its own 500 s are lived, less ρ, rounded towards earlier
    assert bounds.hi_ms == START_MS + 9_000_000 - 2_000_000 + 1001  # the third boot began 2000 s earlier, ±ρ


def test_beats_carry_lower_bounds_forward_and_upper_bounds_backward() -> None:
    anchors = at(1000, boot=1), at(2000, boot=4, server_ms=START_MS + 50_000_000)
    beats = beat(4000, boot=1), beat(7000, boot=2), beat(2500, boot=3), beat(1, boot=5), beat(1, boot=0)
    bounds = locate(stamp(500, boot=3), log(*anchors, *beats))
    since_s, until_s = 3000 + 7000 + 500, 2000 + 2000
    assert bounds.lo_ms == START_MS + 1_000_000 + since_s * 1000 * 9995 // 10_000 - 1
    assert bounds.hi_ms == START_MS + 50_000_000 - until_s * 1000 * 9995 // 10_000 + 1


def test_of_two_boots_with_one_number_only_what_both_lived_counts() -> None:
    cloned = log(beat(100, boot=2), beat(90, boot=2, boot_id="other"), beat(95, boot=2, boot_id="other"))
    assert elapsed(stamp(0, boot=1), stamp(5, boot=3), cloned).lo_ns == 100 * NS_PER_S
    own = elapsed(stamp(0, boot=2), stamp(5, boot=3), cloned)
    assert own.lo_ns == 105 * NS_PER_S


def test_the_time_both_boots_surely_lived_is_known_whatever_the_wall_clock_does() -> None:
    begin, end = stamp(100, boot=1, wall_ms=10**12), stamp(600, boot=3, wall_ms=-5)
    lived = log(beat(3700, boot=1), beat(1800, boot=2))
    assert elapsed(begin, end, lived).lo_ns == (3600 + 1800 + 600) * NS_PER_S
    assert elapsed(end, begin, lived).lo_ns == 0
    assert elapsed(begin, end, log()).lo_ns == 600 * NS_PER_S


def test_the_bounds_may_know_more_than_the_beats() -> None:
    anchors = at(0, boot=1), at(0, boot=2, server_ms=START_MS + 7_200_000)
    span = elapsed(stamp(0, boot=1), stamp(0, boot=2), log(*anchors, beat(60, boot=1)))
    assert 7199 * NS_PER_S < span.lo_ns <= 7200 * NS_PER_S <= span.hi_ns < 7201 * NS_PER_S


def test_of_instants_on_two_devices_only_the_bounds_are_compared() -> None:
    begin = Bounds(1000, 1500, 2000, BoundsQuality.ANCHORED)
    assert apart(begin, Bounds(5000, 5000, 6000, BoundsQuality.ANCHORED)) == Span(2999 * NS_PER_MS, 5001 * NS_PER_MS)
    assert apart(begin, begin) == Span(0, 1001 * NS_PER_MS)
    assert apart(Bounds(9000, 9000, 9000, BoundsQuality.STATED), begin) == Span(0, 0)


def test_a_wall_clock_within_the_bounds_is_taken_and_outside_is_clamped() -> None:
    known = log(at(0, boot=1))
    good = locate(stamp(1, boot=2, wall_ms=START_MS + 1005), known)
    assert (good.est_ms, good.quality) == (START_MS + 1005, BoundsQuality.BRACKETED)
    early = locate(stamp(1, boot=2, wall_ms=0), known)
    assert (early.est_ms, early.quality) == (START_MS + 999, BoundsQuality.CLAMPED)


def test_without_anchors_the_wall_clock_is_all_there_is() -> None:
    assert locate(stamp(5, wall_ms=1234), log(beat(9))).est_ms == 1234
    assert locate(stamp(5, wall_ms=-1), log()).quality is BoundsQuality.CLAMPED


def test_an_anchor_of_a_boot_with_the_same_number_and_another_id_says_nothing() -> None:
    for second in (0, 9):
        cloned = replace(at(second, boot=1), boot_id="of-another-machine")
        assert locate(stamp(5, wall_ms=1234), log(cloned)) == locate(stamp(5, wall_ms=1234), log())


def test_contradicting_anchors_never_give_bounds_the_wrong_way_round() -> None:
    bounds = locate(stamp(10), log(at(10), at(10, server_ms=START_MS + 10**9)))
    assert bounds.lo_ms <= bounds.est_ms <= bounds.hi_ms


def test_time_never_runs_backwards_within_a_boot() -> None:
    assert elapsed(stamp(10), stamp(5), log()).hi_ns == 0


def test_only_anchors_and_heartbeats_are_taken_from_a_log_each_into_that_of_its_stream() -> None:
    here, there = Recorder(), Recorder("stream-2")
    here.record(DeviceNote("stream_started"))
    here.record(anchor(7))
    here.record(Heartbeat("boot-1", 1, 5_000_000))
    there.record(DeviceNote("x"))
    logs = logs_in([*here.envelopes, *there.envelopes])
    assert logs == {"stream-1": log(at(7), beat(5))}


def test_a_file_knows_the_boots_that_its_entries_name() -> None:
    known = log(at(7, boot=1), beat(5, boot=2))
    assert [known.knows(stamp(0, boot=boot)) for boot in (1, 2, 3)] == [True, True, False]
    assert not known.knows(Stamp("another", 1, 0, 0, "unknown"))
