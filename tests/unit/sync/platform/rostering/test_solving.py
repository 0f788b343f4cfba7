"""What every proposal keeps to, in worlds of chance; and what is better, in small ones that are plain."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sync.platform.rostering.model import Post
from sync.platform.rostering.problem import Firmness, Pair, Problem
from sync.platform.rostering.rules import Violation, against
from sync.platform.rostering.solved import Effort, Solved, Stage
from sync.platform.rostering.solving import solve
from sync.platform.rostering.weighing import candidates, cost, standing
from sync.protocol.vocabulary import RosterReason
from tests.support.problems import person, post, problem, worlds

QUICK = Effort(seconds=5, workers=1, steps=1.0)
FEW = 8  # places that could be given: 256 rosters
SMALL = settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


@SMALL
@given(worlds(), st.booleans())
def test_no_proposal_breaks_a_hard_rule_nor_leaves_a_hole_that_a_hand_could_fill(world: Problem, repair: bool) -> None:
    solved = solve(world, QUICK, repair=repair)
    assert list(broken(world, solved.pairs)) == []
    assert all(pair.post in world.inside for pair in solved.pairs)
    by_hand = filled_by_hand(world, (pair for pair in solved.pairs if is_firm(world, pair)))
    assert len(solved.pairs) >= len(by_hand)
    assert solved.holes == sum(max(0, each.needed - places_at(solved, each)) for each in world.posts)
    assert solved.is_proven
    assert solved.stages[-1].found == cost(world, solved.pairs)


@settings(SMALL, max_examples=60)
@given(worlds())
def test_nothing_better_exists_where_everything_can_be_tried(world: Problem) -> None:
    fixed = standing(world)
    could = candidates(world, fixed)
    if len(could) > FEW:
        return
    every = (
        [*fixed.kept, *(pair for pair, taken in zip(could, chosen, strict=True) if taken)]
        for chosen in product((False, True), repeat=len(could))
    )
    lawful = [pairs for pairs in every if not any(broken(world, pairs))]
    solved = solve(world, QUICK)
    assert min((-len(pairs), cost(world, pairs)) for pairs in lawful) == (
        -len(solved.pairs),
        solved.stages[-1].found,
    )


@SMALL
@given(worlds())
def test_what_is_firm_stays_or_is_told_with_what_speaks_against_it(world: Problem) -> None:
    solved = solve(world, QUICK)
    gone = {each.pair for each in solved.dropped}
    for pair, firmness in world.held.items():
        if pair.post in world.inside and firmness in {Firmness.ACCEPTED, Firmness.WANTED}:
            assert (pair in solved.pairs) != (pair in gone)


@SMALL
@given(worlds())
def test_a_repair_moves_no_more_than_must_be(world: Problem) -> None:
    solved = solve(world, QUICK, repair=True)
    changes = next(stage for stage in solved.stages if stage.name == "changes")
    others = solve(world, replace(QUICK, seed=7))
    assert changes.bound == changes.found <= places_that_went(world, others)
    assert solved.holes == others.holes


def test_after_a_leave_one_place_is_filled_and_nothing_else_moves() -> None:
    posts = [post(f"{day}-{starts}", starts, starts + 3, day) for day in range(5) for starts in (9, 14)]
    people = [person(f"p{number}", most_a_week=3, minutes_this_year=600 * number) for number in range(5)]
    month = problem(posts, people)
    published = dict.fromkeys(solve(month, QUICK).pairs, Firmness.OFFERED)
    left = min(published)
    stands = {pair: firm for pair, firm in published.items() if pair != left}
    after = replace(month, held=stands, declined=frozenset({left}))
    repaired = solve(after, QUICK, repair=True)
    assert repaired.holes == 0
    assert left not in repaired.pairs
    assert len(set(stands) - set(repaired.pairs)) == repaired.stages[1].bound == 0


def test_the_same_seed_gives_the_same_roster() -> None:
    posts = [post(f"{day}-{n}", 9 + 3 * n, 12 + 3 * n, day, needed=2) for day in range(4) for n in range(2)]
    people = [
        person(f"p{number}", team=("youth", "party")[number % 2], newcomer=number % 3 == 0, guide=number % 4 == 1)
        for number in range(8)
    ]
    both = [solve(problem(posts, people), Effort(seconds=20, workers=4, steps=0.3, seed=5)) for _ in range(2)]
    assert both[0].pairs == both[1].pairs
    assert both[0].stages == both[1].stages


def test_an_empty_post_is_filled_before_a_second_place() -> None:
    solved = solve(problem([post("a", needed=2), post("b", needed=2)], [person("ann"), person("bob")]), QUICK)
    assert {pair.post for pair in solved.pairs} == {"a", "b"}


def test_who_has_the_fewest_hours_is_asked_first() -> None:
    people = [person("ann", minutes_this_year=600), person("bob", minutes_this_year=60)]
    for firm in ({}, {Pair("morning", "ann"): Firmness.DRAFT}):
        assert solve(problem([post()], people, held=firm), QUICK).pairs == (Pair("morning", "bob"),)


def test_among_equals_wishes_for_points_mates_and_a_guide_decide() -> None:
    two = [post("east"), post("west", point="west")]
    people = [person("ann", points=("west", "east")), person("bob", points=("east", "west"))]
    assert set(solve(problem(two, people), QUICK).pairs) == {Pair("west", "ann"), Pair("east", "bob")}
    pinned, ten_more = {Pair("morning", "ann"): Firmness.WANTED}, 10
    for first, other in (
        ({"mates": frozenset({"eve"})}, {}),
        ({"newcomer": True}, {"guide": True}),
        ({"team": "youth"}, {"team": "youth"}),
    ):
        eve = person("eve", minutes_this_year=ten_more, **other)
        world = problem([post(needed=2)], [person("ann", **first), person("bob", team="party"), eve], held=pinned)
        assert {each.person for each in solve(world, QUICK).pairs} == {"ann", "eve"}, first


def test_who_took_a_place_outside_the_own_time_keeps_it_and_a_contradiction_is_told() -> None:
    people = [person("ann", available=(), most_a_week=0), person("bob", available=())]
    held = {Pair("a", "ann"): Firmness.ACCEPTED, Pair("b", "bob"): Firmness.WANTED}
    solved = solve(problem([post("a"), post("b")], people, held=held), QUICK)
    assert solved.pairs == (Pair("a", "ann"),)
    assert solved.dropped == (Violation(Pair("b", "bob"), RosterReason.UNAVAILABLE),)


def test_an_offer_stays_among_equals_and_one_that_became_impossible_is_told() -> None:
    held = {Pair("a", "bob"): Firmness.OFFERED, Pair("b", "eve"): Firmness.OFFERED}
    people = [person("ann"), person("bob"), person("eve", may_serve=False)]
    solved = solve(problem([post("a"), post("b", day=1)], people, held=held), QUICK)
    assert Pair("a", "bob") in solved.pairs
    assert solved.dropped == (Violation(Pair("b", "eve"), RosterReason.SUSPENDED),)


def test_nothing_to_plan_is_solved_and_what_nobody_can_fill_is_proven() -> None:
    empty = solve(problem([], []), QUICK)
    assert (empty.pairs, empty.holes, empty.gap) == ((), 0, 0.0)
    alone = solve(problem([post(needed=2)], []), QUICK)
    assert (alone.holes, alone.gap, alone.is_proven) == (2, 0.0, True)


def test_the_gap_is_the_largest_of_all_stages() -> None:
    solved = Solved((), (), (Stage("holes", 100, 99), Stage("quality", 100, 80.0)), 1.0)
    assert solved.gap == pytest.approx(0.2)
    assert not solved.is_proven
    assert Stage("holes", 1, 0).gap == 1.0


def test_it_is_told_how_far_it_is() -> None:
    told: list[tuple[float, int, float]] = []
    solve(problem([post()], [person()]), QUICK, progress=lambda *word: told.append(word))
    assert told
    assert told[-1][1:] == (0, 0.0)


def broken(world: Problem, pairs: Iterable[Pair]) -> Iterator[Violation]:
    """Judge each place beside all others, whatever their order; who accepted is not held to the own time."""
    chosen = [*pairs, *(pair for pair in world.held if pair.post not in world.inside)]
    for pair in chosen:
        others = [world.post_of[other.post] for other in chosen if other.person == pair.person and other != pair]
        there = [other.person for other in chosen if other.post == pair.post and other != pair]
        accepted = world.held.get(pair) is Firmness.ACCEPTED
        if pair.post in world.inside:
            yield from against(world, pair, others, there, volunteered=accepted)


def filled_by_hand(world: Problem, firm: Iterable[Pair]) -> list[Pair]:
    """Fill post after post with whoever may, beside what is firm: what a patient planner does."""
    made, posts = list(firm), defaultdict[str, list[Post]](list)
    for pair in (*made, *(pair for pair in world.held if pair.post not in world.inside)):
        posts[pair.person].append(world.post_of[pair.post])
    for each in world.posts:
        for one in world.people:
            pair = Pair(each.id, one.number)
            there = [other.person for other in made if other.post == each.id]
            near = not one.points or each.point in one.points
            if near and next(against(world, pair, posts[one.number], there), None) is None:
                made.append(pair)
                posts[one.number].append(each)
    return made


def is_firm(world: Problem, pair: Pair) -> bool:
    return world.held.get(pair) in {Firmness.ACCEPTED, Firmness.WANTED}


def places_at(solved: Solved, at_post: Post) -> int:
    return sum(pair.post == at_post.id for pair in solved.pairs)


def places_that_went(world: Problem, solved: Solved) -> int:
    """Count the places that stood, not firmly, could stay by themselves, and are gone."""
    told = {each.pair for each in solved.dropped}
    loose = {pair for pair, firm in world.held.items() if pair.post in world.inside and not is_firm(world, pair)}
    return len(loose - set(solved.pairs) - told)
