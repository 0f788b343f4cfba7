"""What is said of a roster is true: why a place was given so, and what would fill a hole."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings

from sync.platform.console.reader import Reader
from sync.platform.rostering.explaining import hole_sentences, holes, reasons, sentence
from sync.platform.rostering.model import Post
from sync.platform.rostering.problem import Firmness, Pair, Person, Problem
from sync.platform.rostering.proposal import Hole
from sync.platform.rostering.rules import against
from sync.platform.rostering.solved import Effort
from sync.platform.rostering.solving import solve
from sync.protocol.vocabulary import RosterReason as R
from tests.support.problems import WHOLE_TIME, person, post, problem, worlds

QUICK = Effort(seconds=5, workers=1, steps=0.5)
CHINESE, ENGLISH = (Reader(language, ZoneInfo("Asia/Shanghai")) for language in ("zh_CN", "en"))
MENDED: Mapping[str, Callable[[Person, Post], tuple[Person, Post]]] = {
    "add": lambda one, there: (one, there),
    "weekly_wish": lambda one, there: (replace(one, most_a_week=99), there),
    "training": lambda one, there: (replace(one, trained={**one.trained, str(there.training): None}), there),
    "skill": lambda one, there: (replace(one, skills=one.skills | {str(there.skill)}), there),
    "consent": lambda one, there: (replace(one, consent=True), there),
    "point": lambda one, there: (replace(one, points=()), there),
    "team": lambda one, there: (one, replace(there, team=None)),
}


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(worlds())
def test_doing_what_is_named_fills_the_hole_and_every_place_has_its_sentence(world: Problem) -> None:
    pairs = solve(world, QUICK).pairs
    for hole in holes(world, pairs):
        for fill in hole.fills:
            for number in fill.people:
                assert fits(world, pairs, hole, MENDED[fill.kind], world.person_of[number]), fill
        there = world.post_of[hole.post]
        newcomer = person(
            "new", team=there.team, skills=frozenset({there.skill or ""}), trained={there.training or "": None}
        )
        assert fits(world, pairs, hole, MENDED["add"], newcomer) == (hole.fills[-1].kind == "time")
        why, what = hole_sentences(hole, there, CHINESE)
        assert all((*why, *what))
    found = reasons(world, pairs)
    assert set(found) == set(pairs)
    for reason in found.values():
        assert "%" not in sentence(msgspec.json.decode(msgspec.json.encode(reason)), CHINESE) != ""


def test_the_proposal_has_no_hole_that_somebody_could_fill_at_once() -> None:
    world = problem([post("a"), post("b", day=1)], [person()])
    assert holes(world, solve(world, QUICK).pairs) == ()
    assert holes(world, ())[0].fills[0].kind == "add"


@pytest.mark.parametrize(
    ("people", "at_post", "reason", "kind", "named"),
    [
        ([person(), person("bob", available=())], {"training": "急救"}, R.TRAINING, "training", ("ann",)),
        ([person(most_a_week=0)], {}, R.WEEKLY_WISH, "weekly_wish", ("ann",)),
        ([person(adult_from_ms=WHOLE_TIME[0][1])], {}, R.CONSENT, "consent", ("ann",)),
        ([person(team="party")], {"team": "youth"}, R.OTHER_TEAM, "team", ("ann",)),
        ([person(points=("west",))], {}, None, "point", ("ann",)),
        ([person(available=())], {}, R.UNAVAILABLE, "time", ()),
    ],
)
def test_a_hole_says_why_and_what_would_fill_it(
    people: list[Person], at_post: dict[str, Any], reason: R | None, kind: str, named: tuple[str, ...]
) -> None:
    hole = holes(problem([post(**at_post)], people), ())[0]
    assert (hole.against[0][0] if hole.against else None) is reason
    assert (hole.fills[0].kind, hole.fills[0].people) == (kind, named)


def test_each_reason_is_the_one_that_holds() -> None:
    posts = [post("a"), post("b", day=1, needed=2), post("c", day=2, skill="signs")]
    people = [
        person("ann", skills=frozenset({"signs"}), minutes_this_year=600, most_a_week=1),
        person("bob", minutes_this_year=0),
        person("eve", minutes_this_year=900, guide=True),
        person("new", newcomer=True, minutes_this_year=300),
    ]
    world = problem(posts, people, held={Pair("b", "new"): Firmness.ACCEPTED})
    found = reasons(world, [Pair("a", "bob"), Pair("b", "new"), Pair("b", "eve"), Pair("c", "ann")])
    assert found[Pair("a", "bob")] == {"why": "fewest", "others": 2, "hours": 0}
    assert found[Pair("b", "new")] == {"why": "accepted"}
    assert found[Pair("b", "eve")] == {"why": "guide", "others": 1, "hours": 15, "fewer": 1}
    assert found[Pair("c", "ann")] == {"why": "only"}
    mates = problem([post(needed=2)], [person("ann", mates=frozenset({"bob"}), minutes_this_year=60), *people[1:]])
    with_mate = reasons(mates, [Pair("morning", "ann"), Pair("morning", "bob")])[Pair("morning", "ann")]
    assert with_mate == {"why": "fewest", "others": 2, "hours": 1}
    elder = replace(mates, people=(replace(mates.people[0], minutes_this_year=999), *mates.people[1:]))
    found = reasons(elder, [Pair("morning", "ann"), Pair("morning", "bob")])
    assert found[Pair("morning", "ann")]["why"] == "mate"
    assert sentence(found[Pair("morning", "ann")], CHINESE, {"bob": "李四"}) == "按意愿与 李四 同班。"
    assert sentence({"why": "of a later version"}, ENGLISH) == ""


def fits(
    world: Problem,
    pairs: tuple[Pair, ...],
    hole: Hole,
    mend: Callable[[Person, Post], tuple[Person, Post]],
    one: Person,
) -> bool:
    """Tell whether somebody breaks no rule in the hole once they, or the post, are mended."""
    then, there = mend(one, world.post_of[hole.post])
    everybody = tuple(then if each.number == one.number else each for each in world.people)
    mended = replace(
        world,
        people=everybody if one.number in world.person_of else (*everybody, then),
        posts=tuple(there if each.id == there.id else each for each in world.posts),
    )
    roster = {*pairs, *(pair for pair in world.held if pair.post not in world.inside)}
    others = [mended.post_of[pair.post] for pair in roster if pair.person == one.number]
    at_post = [pair.person for pair in roster if pair.post == hole.post]
    near = not then.points or there.point in then.points
    return near and not list(against(mended, Pair(hole.post, one.number), others, at_post))
