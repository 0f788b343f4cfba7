"""The few entries that matter give the same times as all of them, and what they may move is found."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sync.protocol.envelope import Stamp
from sync.protocol.timebook import EVER, NEVER, Reach, TimeBook, hull_of, hull_of_news, merged
from sync.protocol.timeline import AnchorPoint, Beat, TimeLog, elapsed, locate, log_of, place_of

MOMENTS = st.integers(0, 12).map(lambda each: each * 10**12)  # few, so that many share a place
BOOTS = st.integers(0, 6)
ANCHORS = st.builds(
    lambda boot, bt_ns, server_ms, rtt_ns: AnchorPoint(f"boot-{boot}", boot, bt_ns, server_ms, rtt_ns),
    BOOTS,
    MOMENTS,
    st.integers(0, 2_000_000_000_000),
    st.integers(0, 60_000_000_000),
)
BEATS = st.builds(lambda boot, bt_ns: Beat(f"boot-{boot}", boot, bt_ns), BOOTS, MOMENTS)
LOGS = st.lists(ANCHORS | BEATS, max_size=20).map(log_of)
STAMPS = st.builds(
    lambda boot, bt_ns: Stamp(f"boot-{boot}", boot, bt_ns // 1000, 1_000_000_000_000, "unknown"), BOOTS, MOMENTS
)
SCANS = st.lists(STAMPS, min_size=1, max_size=3)


def times_of(stamps: list[Stamp], log: TimeLog) -> list[object]:
    """Return all that a fold may ask of some stamps."""
    return [
        *(locate(stamp, log) for stamp in stamps),
        *(elapsed(first, last, log) for first in stamps for last in stamps),
    ]


def joined(one: TimeLog, other: TimeLog) -> TimeLog:
    return TimeLog(one.anchors + other.anchors, one.beats + other.beats)


@given(LOGS, SCANS)
def test_the_chosen_entries_give_the_same_times(log: TimeLog, scans: list[Stamp]) -> None:
    few = TimeBook(log).around(scans)
    assert set(few.anchors) <= set(log.anchors)
    assert set(few.beats) <= set(log.beats)
    assert times_of(scans, few) == times_of(scans, log)


@given(LOGS, SCANS, SCANS)
def test_a_book_of_more_than_was_asked_for_gives_the_same(log: TimeLog, scans: list[Stamp], more: list[Stamp]) -> None:
    part = TimeBook(TimeBook(log).around([*scans, *more]))
    assert times_of(scans, part.around(scans)) == times_of(scans, log)


@given(LOGS, SCANS, st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(log: TimeLog, scans: list[Stamp], chance: object) -> None:
    entries: list[AnchorPoint | Beat] = [*log.anchors, *log.beats]
    chance.shuffle(entries)  # type: ignore[attr-defined]
    assert TimeBook(log_of(entries)).around(scans) == TimeBook(log).around(scans)


@given(LOGS, LOGS, SCANS)
def test_what_no_reach_covers_keeps_its_times(known: TimeLog, fresh: TimeLog, scans: list[Stamp]) -> None:
    hull = hull_of(scans)
    reaches = TimeBook(known).reaches_of(fresh)
    if not any(hull.first <= reach.last and hull.last >= reach.first for reach in reaches):
        assert times_of(scans, known) == times_of(scans, joined(known, fresh))


@given(LOGS, LOGS)
def test_the_part_around_the_news_tells_its_reaches(known: TimeLog, fresh: TimeLog) -> None:
    if not (fresh.anchors or fresh.beats):
        return
    hull = hull_of_news(fresh)
    sides = TimeBook(known)._places
    first = max((place for place in sides if place < hull.first), default=EVER)
    last = min((place for place in sides if place > hull.last), default=NEVER)
    part = TimeLog(tuple(anchor for anchor in known.anchors if first <= anchor.place <= last), known.beats)
    assert TimeBook(part).reaches_of(fresh) == TimeBook(known).reaches_of(fresh)


def test_ten_years_of_a_device_give_a_handful_for_a_scan() -> None:
    anchors = [AnchorPoint(f"boot-{n // 2}", n // 2, n % 2 * 10**13, n * 10**7, 0) for n in range(15_000)]
    beats = [Beat(f"boot-{n}", n, 10**13) for n in range(7000)]
    scans = [Stamp("boot-3000", 3000, 5 * 10**9, 0, "unknown"), Stamp("boot-3001", 3001, 10**9, 0, "unknown")]
    few = TimeBook(log_of([*anchors, *beats])).around(scans)
    assert (len(few.anchors), len(few.beats)) == (4, 2)


def test_a_new_heartbeat_moves_nothing_that_ended_before_it() -> None:
    known = log_of([AnchorPoint("boot-1", 1, 100, 5, 0)])
    assert TimeBook(known).reaches_of(log_of([Beat("boot-4", 4, 9)])) == (Reach((5, 0), NEVER),)
    assert TimeBook(TimeLog()).reaches_of(log_of([Beat("boot-4", 4, 9)])) == (Reach((5, 0), (5, 0)),)


def test_a_new_anchor_moves_what_lies_between_its_neighbours() -> None:
    known = log_of([AnchorPoint("boot-1", 1, 100, 5, 0), AnchorPoint("boot-1", 1, 300, 5, 0)])
    assert TimeBook(known).reaches_of(log_of([AnchorPoint("boot-1", 1, 200, 5, 0)])) == (Reach((1, 100), (1, 300)),)


def test_nothing_is_around_no_stamps() -> None:
    assert TimeBook(log_of([Beat("boot-1", 1, 9)])).around([]) == TimeLog()
    assert hull_of([]) == Reach(EVER, EVER)
    assert place_of(Stamp("boot-1", 1, 2, 0, "unknown")) == (1, 2000)


PLACES = st.tuples(BOOTS, st.integers(0, 12))
REACHES = st.tuples(PLACES, PLACES).map(lambda ends: Reach(min(ends), max(ends)))


@given(st.lists(REACHES), PLACES)
def test_fewer_reaches_hold_the_same_places_and_none_twice(reaches: list[Reach], place: tuple[int, int]) -> None:
    held = [reach for reach in merged(reaches) if reach.first <= place <= reach.last]
    assert len(held) == any(reach.first <= place <= reach.last for reach in reaches)
