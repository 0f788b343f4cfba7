"""The few anchors that matter give the same bounds as all of them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sync.protocol.anchors import AnchorBook, Boot
from sync.protocol.envelope import Stamp
from sync.protocol.timeline import AnchorPoint, locate

HOUR_NS = 3_600_000_000_000
boots = st.integers(0, 4).map(lambda n: Boot(f"boot-{n}", n))
anchors = st.builds(
    lambda boot, bt_ns, server_ms, rtt_ns: AnchorPoint(boot.boot_id, boot.boot_n, bt_ns, server_ms, rtt_ns),
    boots,
    st.integers(0, 100 * HOUR_NS),
    st.integers(0, 2_000_000_000_000),
    st.integers(0, 60_000_000_000),
)
moments = st.integers(0, 100 * HOUR_NS)


def stamp(boot: Boot, bt_ns: int) -> Stamp:
    return Stamp(boot.boot_id, boot.boot_n, bt_ns // 1000, 1_000_000_000_000, "unknown")


@given(st.lists(anchors), st.lists(boots, min_size=1, max_size=2), moments)
def test_the_chosen_anchors_give_the_same_bounds(known: list[AnchorPoint], chosen: list[Boot], bt_ns: int) -> None:
    everything = AnchorBook(known).around([Boot(f"boot-{n}", n) for n in range(5)])
    few = AnchorBook(known).around(chosen)
    assert set(few) <= set(known)
    for boot in chosen:
        exact, quick = locate(stamp(boot, bt_ns), known), locate(stamp(boot, bt_ns), few)
        assert (quick.lo_ms, quick.hi_ms, quick.quality) == (exact.lo_ms, exact.hi_ms, exact.quality)
        assert locate(stamp(boot, bt_ns), everything) == quick


@given(st.lists(anchors), st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(known: list[AnchorPoint], chance: object) -> None:
    shuffled = list(known)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    every = [Boot(f"boot-{n}", n) for n in range(5)]
    assert AnchorBook(shuffled).around(every) == AnchorBook(known).around(every)


@given(st.lists(anchors), st.lists(anchors, min_size=1, max_size=3), moments)
def test_boots_that_are_not_named_as_moved_keep_their_bounds(
    known: list[AnchorPoint], fresh: list[AnchorPoint], bt_ns: int
) -> None:
    every = [Boot(f"boot-{n}", n) for n in range(5)]
    before, after = AnchorBook(known), AnchorBook([*known, *fresh])
    moved = before.moved(every, fresh)
    assert {anchor.boot_id for anchor in fresh} <= moved
    for boot in every:
        if boot.boot_id not in moved:
            at = stamp(boot, bt_ns)
            assert locate(at, before.around([boot])) == locate(at, after.around([boot]))
