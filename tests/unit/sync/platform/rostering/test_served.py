"""Plan against service: decided behind the watermark alone, the same in any order, turned by whatever comes late."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.platform.completeness import Reach
from sync.platform.rostering.coverage import Coverage, coverage, presence, reliability_of
from sync.platform.rostering.model import Assignment, Post, PostState
from sync.platform.rostering.served import CAP_MS, Came, Doubt, Known, Outcome, Stay, Watch, outcomes
from sync.platform.rostering.spans import length, union, within, without
from sync.protocol.vocabulary import AssignmentState

MINUTE, HOUR = 60_000, 3_600_000
NINE, NOON, NIGHT = 9 * HOUR, 12 * HOUR, 23 * HOUR  # of one day that begins at 0
POST = Post("p1", "point", "directions", NINE, NOON, date(1970, 1, 1), state=PostState.PUBLISHED)
HERS = Assignment("a1", "p1", "v1", AssignmentState.ACCEPTED)
ALL = Reach(NIGHT)
BOOTH = Watch("d1", "east", "point", 0, None, ALL, NIGHT)


def stay(volunteer: str = "v1", begin: int = NINE, end: int | None = NOON, **more: object) -> Stay:
    """Return a session that is dated well."""
    latest = end if end is not None else begin + CAP_MS
    made = Stay(f"s-{volunteer}-{begin}-{end}", volunteer, "point", begin, end, begin, latest)
    return replace(made, **more)  # type: ignore[arg-type]


def known(*stays: Stay, **more: object) -> Known:
    """Return one post with one place, and a device that has told all."""
    return replace(Known([POST], [HERS], stays, [BOOTH], NIGHT), **more)  # type: ignore[arg-type]


def one(*stays: Stay, **more: object) -> Outcome:
    """Return what became of her place."""
    return next(each for each in outcomes(known(*stays, **more)) if each.place == "a1")


def watch(**more: object) -> Watch:
    """Return another device at the point."""
    return replace(BOOTH, device="d2", name="west", **more)  # type: ignore[arg-type]


def test_who_was_there_served_and_a_few_minutes_are_nothing() -> None:
    assert one(stay()).came is Came.SERVED
    late = one(stay(begin=NINE + 4 * MINUTE))
    assert (late.came, late.late, late.minutes) == (Came.SERVED, False, 176)
    assert one(stay(begin=NINE - HOUR, end=NOON + HOUR)).minutes == 180


def test_who_was_there_for_a_part_served_partly_with_the_minutes() -> None:
    found = one(stay(begin=NINE + HOUR, end=NOON - HOUR))
    assert (found.came, found.minutes, found.of_minutes, found.late, found.early) == (Came.PARTLY, 60, 180, True, True)


def test_a_break_is_two_sessions_of_one_shift() -> None:
    found = one(stay(end=NINE + HOUR), stay(begin=NOON - HOUR, shift="a1"))
    assert (found.came, found.minutes, found.began_ms, found.ended_ms) == (Came.PARTLY, 120, NINE, NOON)


def test_nobody_is_absent_before_every_device_of_the_point_has_told_all() -> None:
    for late in (watch(reach=Reach(NOON - 1)), watch(reach=Reach()), watch(reach=Reach(NOON - HOUR), heard_ms=None)):
        found = one(watches=[BOOTH, late])
        assert (found.came, found.doubt, found.waits) == (Came.UNKNOWN, Doubt.WAITS, (late,))
    assert one(watches=[BOOTH, watch(reach=Reach(NOON))]).came is Came.ABSENT


def test_a_record_that_comes_late_turns_absent_into_served() -> None:
    assert one().came is Came.ABSENT
    assert one(stay()).came is Came.SERVED


def test_a_device_counts_for_as_long_as_it_stood_there() -> None:
    silent = Reach()
    assert one(watches=[BOOTH, watch(reach=silent, from_ms=NOON)]).came is Came.ABSENT
    assert one(watches=[BOOTH, watch(reach=silent, until_ms=NINE)]).came is Came.ABSENT
    assert one(watches=[BOOTH, watch(reach=silent, until_ms=NINE + 1)]).doubt is Doubt.WAITS
    assert one(watches=[BOOTH, watch(reach=Reach(NINE + HOUR), until_ms=NINE + HOUR)]).came is Came.ABSENT


def test_without_a_device_nobody_can_tell_who_was_not_there() -> None:
    assert one(watches=[]).doubt is Doubt.NO_DEVICE
    assert one(watches=[replace(BOOTH, point="elsewhere")]).doubt is Doubt.NO_DEVICE
    assert one(watches=[replace(BOOTH, from_ms=NINE + HOUR)]).doubt is Doubt.NO_DEVICE
    assert one(stay(), watches=[]).came is Came.SERVED


def test_records_that_may_be_lost_hide_that_time_and_no_other() -> None:
    holed = replace(BOOTH, reach=Reach(NIGHT, holes=((NINE + HOUR, NINE + HOUR + 1),)))
    assert one(watches=[holed]).doubt is Doubt.LOST
    assert one(watches=[replace(BOOTH, reach=Reach(NIGHT, holes=((NOON, NIGHT),)))]).came is Came.ABSENT


def test_where_no_device_ran_nobody_could_show_a_card() -> None:
    off = replace(BOOTH, reach=Reach(NIGHT, off=((NINE - HOUR, NOON - 14 * MINUTE),)))
    assert one(watches=[off]).doubt is Doubt.NOT_RUNNING
    assert one(stay(begin=NOON - 10 * MINUTE), watches=[off]).came is Came.PARTLY
    assert one(watches=[replace(BOOTH, reach=Reach(NIGHT, off=((NINE, NOON - 15 * MINUTE),)))]).came is Came.ABSENT
    assert one(watches=[off, watch()]).came is Came.ABSENT


def test_hours_that_nobody_confirmed_wait_and_count_nothing() -> None:
    found = one(stay(confirmed=False), watches=[replace(BOOTH, reach=Reach())])
    assert (found.came, found.minutes, found.began_ms) == (Came.UNCONFIRMED, 0, NINE)
    assert one(stay(), stay(begin=NOON, end=NIGHT, confirmed=False)).came is Came.SERVED


def test_an_open_duty_is_sure_as_far_as_the_point_is_known() -> None:
    there = stay(end=None)
    assert one(there).came is Came.SERVED
    found = one(there, watches=[replace(BOOTH, reach=Reach(NINE + HOUR))], now_ms=13 * HOUR)
    assert (found.came, found.minutes, found.ended_ms) == (Came.UNKNOWN, 60, None)


def test_a_duty_that_a_wrong_clock_dated_makes_nobody_absent() -> None:
    vague = stay(begin=20 * HOUR, end=21 * HOUR, earliest_ms=0, latest_ms=NIGHT)
    assert (one(vague).came, one(vague).doubt) == (Came.UNCONFIRMED, Doubt.CLOCK)
    assert one(replace(vague, earliest_ms=NOON)).came is Came.ABSENT


def test_a_session_belongs_to_the_shift_it_names_wherever_it_was() -> None:
    assert one(stay(point="elsewhere", shift="a1")).came is Came.SERVED
    assert one(stay(point="elsewhere")).came is Came.ABSENT
    early = one(stay(begin=NINE - HOUR, end=NINE, shift="a1"))
    assert (early.came, early.minutes, early.began_ms) == (Came.PARTLY, 0, None)


def test_one_stay_that_goes_on_serves_the_next_post_too() -> None:
    after = replace(POST, id="p2", starts_ms=NOON, ends_ms=15 * HOUR)
    places = [HERS, replace(HERS, id="a2", post="p2")]
    found = outcomes(known(stay(end=15 * HOUR, shift="a1"), posts=[POST, after], places=places))
    assert [each.came for each in found] == [Came.SERVED, Came.SERVED]


def test_two_places_at_once_are_shown_and_left_to_a_person() -> None:
    found = one(stay(), stay(point="elsewhere", begin=NINE + HOUR))
    assert (found.came, found.twice) == (Came.SERVED, True)


def test_who_holds_no_place_is_absent_from_none() -> None:
    for state in AssignmentState:
        found = outcomes(known(places=[replace(HERS, state=state)]))
        came = {each.came for each in found}
        assert (Came.ABSENT in came) == (state is AssignmentState.ACCEPTED), state
        assert (Came.UNANSWERED in came) == (state is AssignmentState.OFFERED), state
    assert outcomes(known(posts=[replace(POST, state=PostState.DRAFT)])) == ()


def test_a_walk_in_stands_in_for_one_who_is_missing() -> None:
    found = one(stay("v2", begin=NINE + HOUR))
    assert (found.came, found.by, found.by_minutes) == (Came.COVERED, "v2", 120)
    assert one(stay("v2", begin=NINE + 2 * HOUR)).came is Came.ABSENT  # less than half of it
    assert one(stay("v2", confirmed=False)).came is Came.ABSENT
    assert one(stay("v2"), watches=[]).came is Came.UNKNOWN


def test_each_walk_in_stands_in_once_and_nobody_with_a_place_does() -> None:
    two = replace(POST, needed=3)
    places = [HERS, replace(HERS, id="a2", volunteer="v2"), replace(HERS, id="a3", volunteer="v3")]
    found = outcomes(known(stay("v2"), stay("v9", end=NOON - MINUTE), posts=[two], places=places))
    assert [(each.volunteer, each.came, each.by) for each in found] == [
        ("v1", Came.COVERED, "v9"),
        ("v2", Came.SERVED, None),
        ("v3", Came.ABSENT, None),
    ]
    both = [POST, replace(POST, id="p2")]
    twice = outcomes(known(stay("v9"), posts=both, places=[HERS, replace(HERS, id="a2", post="p2", volunteer="v2")]))
    assert [each.came for each in twice] == [Came.COVERED, Came.ABSENT]


def test_a_place_that_nobody_had_is_vacant_or_filled() -> None:
    empty = outcomes(known(places=[]))
    assert [(each.came, each.volunteer, each.doubt) for each in empty] == [(Came.VACANT, None, None)]
    assert outcomes(known(places=[], watches=[]))[0].doubt is Doubt.NO_DEVICE
    filled = outcomes(known(stay("v2"), places=[], watches=[]))
    assert [(each.came, each.by) for each in filled] == [(Came.COVERED, "v2")]


@pytest.mark.parametrize(("now", "came"), [(NINE - 1, Came.AHEAD), (NINE, Came.RUNNING), (NOON, Came.ABSENT)])
def test_nothing_is_decided_before_its_end(now: int, came: Came) -> None:
    two = outcomes(known(posts=[replace(POST, needed=2)], now_ms=now))
    assert [each.came for each in two] == [came, Came.VACANT if now == NOON else came]


def test_a_volunteers_figures_count_what_was_decided_and_accepted() -> None:
    own = [
        one(stay()),
        one(stay(begin=NINE + HOUR, end=NOON - HOUR)),
        one(),
        one(stay("v2")),
        one(watches=[]),
        one(stay(confirmed=False)),
        one(now_ms=NINE),
        one(places=[replace(HERS, state=AssignmentState.OFFERED)]),
        one(stay("v2"), places=[replace(HERS, state=AssignmentState.OFFERED)]),
    ]
    found = reliability_of(own)
    assert (found.came, found.late, found.early, found.absent, found.open, found.known) == (2, 1, 1, 2, 2, 4)


def test_coverage_is_the_union_of_presence_in_opening_hours_and_says_how_much_is_known() -> None:
    opened = ((8 * HOUR, NOON), (14 * HOUR, 18 * HOUR))
    spans = [(7 * HOUR, 10 * HOUR), (9 * HOUR, 11 * HOUR), (13 * HOUR, 15 * HOUR)]
    found = coverage(opened, spans, [(10 * HOUR, NOON)], [replace(BOOTH, reach=Reach(15 * HOUR))])
    assert found == Coverage(480, 240, 300, 60)
    assert (found.percent, found.is_known, Coverage().percent) == (50, False, None)
    assert coverage(opened, spans, [], []).known_minutes == 0
    assert (found + found).open_minutes == 960
    sure, likely = presence([stay(), stay("v2", confirmed=False)], [(NINE, NOON)] * 2, NIGHT)
    assert (sure, likely) == ([(NINE, NOON)], [(NINE, NOON)])


span = st.tuples(st.integers(0, 40), st.integers(0, 40))
spans = st.lists(span, max_size=6)


@settings(max_examples=80)
@given(spans, spans)
def test_spans_are_sets_of_time(one_: list[tuple[int, int]], other: list[tuple[int, int]]) -> None:
    left, right = ({at for begin, end in each for at in range(begin, end)} for each in (one_, other))
    for made, meant in ((union(one_), left), (within(one_, other), left & right), (without(one_, other), left - right)):
        assert {at for begin, end in made for at in range(begin, end)} == meant
        assert length(made) == len(meant)
        assert union(made) == made


instant = st.integers(8, 14).map(lambda hour: hour * HOUR)
minutes = st.integers(0, 240).map(lambda count: count * MINUTE)


@st.composite
def worlds(draw: st.DrawFn) -> Known:
    """Posts, places, stays and devices of a morning, of few people so that they meet."""
    who = st.sampled_from(["v1", "v2", "v3"])
    posts = [
        replace(POST, id=f"p{n}", starts_ms=begin, ends_ms=begin + HOUR + draw(minutes), needed=draw(st.integers(1, 3)))
        for n, begin in enumerate(draw(st.lists(instant, min_size=1, max_size=3)))
    ]
    states = st.sampled_from(AssignmentState)
    held = draw(st.lists(st.tuples(who, states, st.sampled_from(posts)), max_size=5))
    places = [Assignment(f"a{n}", post.id, one_, state) for n, (one_, state, post) in enumerate(held)]
    stays = [
        replace(
            stay(volunteer, begin, None if draw(st.booleans()) and draw(st.booleans()) else begin + draw(minutes)),
            session=f"s{n}",
            confirmed=draw(st.integers(0, 3)) > 0,
            shift=draw(st.sampled_from([None, None, "a0", "a1"])),
            point=draw(st.sampled_from(["point", "point", "elsewhere"])),
        )
        for n, (volunteer, begin) in enumerate(draw(st.lists(st.tuples(who, instant), max_size=5)))
    ]
    hole = draw(st.sampled_from([(), ((10 * HOUR, 11 * HOUR),)]))
    watches = [
        Watch(f"d{n}", "booth", "point", 0, None, Reach(reach, holes=hole))
        for n, reach in enumerate(draw(st.lists(st.integers(7, 23).map(lambda hour: hour * HOUR), max_size=2)))
    ]
    return Known(posts, places, stays, watches, draw(st.integers(8, 23).map(lambda hour: hour * HOUR)))


@settings(max_examples=80)
@given(worlds(), st.data())
def test_no_order_changes_what_became_of_anything(world: Known, data: st.DataObject) -> None:
    names = ("posts", "places", "stays", "watches")
    shuffled = {name: data.draw(st.permutations(list(getattr(world, name)))) for name in names}
    assert outcomes(replace(world, **shuffled)) == outcomes(world)  # type: ignore[arg-type]


@settings(max_examples=120)
@given(worlds())
def test_minutes_fit_the_shift_and_nobody_is_absent_before_the_watermark(world: Known) -> None:
    known_to = min((each.reach.to_ms for each in world.watches), default=0)
    for each in outcomes(world):
        assert 0 <= each.minutes <= each.of_minutes
        assert each.came not in {Came.ABSENT, Came.PARTLY} or known_to >= each.post.ends_ms
        if each.came in {Came.ABSENT, Came.COVERED} and each.volunteer:
            assert not any(
                one_.volunteer == each.volunteer
                and one_.point == "point"
                and one_.until_ms is not None
                and one_.until_ms > each.post.starts_ms
                and one_.from_ms < each.post.ends_ms
                for one_ in world.stays
            )


@settings(max_examples=80)
@given(worlds(), st.sampled_from(["v1", "v2", "v3"]), instant, minutes)
def test_what_comes_late_takes_nothing_away_from_who_served(
    world: Known, volunteer: str, begin: int, lasts: int
) -> None:
    more = replace(world, stays=[*world.stays, replace(stay(volunteer, begin, begin + lasts), session="late")])
    before = {each.place: each for each in outcomes(world) if each.place}
    for after in outcomes(more):
        if after.place and before[after.place].came is Came.SERVED:
            assert after.came is Came.SERVED
        if after.place:
            assert after.minutes >= before[after.place].minutes
