"""The hard rules, one promise each; every branch of them is walked here."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sync.platform.rostering.model import Post
from sync.platform.rostering.problem import Limits, Pair, Person
from sync.platform.rostering.rules import Violation, against, apart, is_available, unfit, unqualified, violations
from sync.protocol.vocabulary import RosterReason as R
from tests.support.problems import at, person, post, problem

MINOR = at(0, 400)


@pytest.mark.parametrize(
    ("one", "at_post", "reason"),
    [
        ({}, {}, None),
        ({"may_serve": False}, {}, R.SUSPENDED),
        ({"team": "party"}, {"team": "youth"}, R.OTHER_TEAM),
        ({"team": "youth"}, {"team": "youth"}, None),
        ({}, {"skill": "signs"}, R.SKILL),
        ({"skills": frozenset({"signs"})}, {"skill": "signs"}, None),
        ({}, {"training": "first aid"}, R.TRAINING),
        ({"trained": {"first aid": None}}, {"training": "first aid"}, None),
        ({"trained": {"first aid": at(12)}}, {"training": "first aid"}, None),
        ({"trained": {"first aid": at(12) - 1}}, {"training": "first aid"}, R.TRAINING),
        ({"adult_from_ms": MINOR}, {}, R.CONSENT),
        ({"adult_from_ms": MINOR, "consent": True}, {}, None),
        ({"adult_from_ms": MINOR, "consent": True}, {"daytime": False}, R.NIGHT),
        ({"adult_from_ms": at(9)}, {"daytime": False}, None),
        ({"available": ()}, {}, R.UNAVAILABLE),
        ({"available": ((at(9), at(12)),)}, {}, None),
        ({"available": ((at(9), at(12) - 1),)}, {}, R.UNAVAILABLE),
        ({"available": ((at(9) + 1, at(13)),)}, {}, R.UNAVAILABLE),
        ({"available": ((at(8), at(10)), (at(10, 1), at(12, 1)))}, {}, R.UNAVAILABLE),
    ],
)
def test_who_may_serve_at_a_post(one: dict[str, Any], at_post: dict[str, Any], reason: R | None) -> None:
    assert unfit(person(**one), post(**at_post)) is reason


def test_who_asks_for_a_place_is_not_held_to_the_own_usual_time() -> None:
    busy, free_post = person(available=()), post()
    assert not is_available(busy, free_post)
    assert unqualified(busy, free_post) is None
    asked = problem([free_post], [busy], declined=frozenset({Pair("morning", "ann")}))
    assert said(asked, [], volunteered=True) == []
    assert said(asked, []) == [R.DECLINED, R.UNAVAILABLE]
    weekly = replace(asked, people=(replace(busy, most_a_week=0),), declined=frozenset())
    assert said(weekly, []) == [R.UNAVAILABLE, R.WEEKLY_WISH]
    assert said(weekly, [], volunteered=True) == []


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        (post("other", 11, 14), R.OVERLAP),
        (post("other", 9, 12), R.OVERLAP),
        (post("other", 12, 15), None),
        (post("other", 12.25, 15), None),
        (post("other", 12.3, 15), R.REST),
        (post("other", 12, 15, point="west"), R.REST),
        (post("other", 13, 15, point="west"), None),
        (post("other", 7, 8.5, point="west"), R.REST),
    ],
)
def test_two_posts_need_rest_between_them_unless_one_goes_straight_on(other: Post, reason: R | None) -> None:
    assert apart(post(), other, Limits()) is reason
    assert apart(other, post(), Limits()) is reason


def test_days_and_weeks_have_a_most() -> None:
    others = [post("noon", 12, 15), post("evening", 16, 19)]
    world = problem([post(), *others], [person()])
    assert said(world, others[:1]) == []
    assert said(world, others) == [R.DAY_FULL]
    weekly = problem([post(day=6)], [person()], limits=Limits(week_minutes=8 * 60))
    assert said(weekly, [post("a", day=1), post("b", day=2)]) == [R.WEEK_FULL]
    assert said(weekly, [post("a", day=7), post("b", day=8)]) == []


def test_a_post_takes_so_many_and_each_once() -> None:
    world = problem([post(needed=1)], [person(), person("bob")])
    assert said(world, [], there=["bob"]) == [R.POST_FULL]
    assert said(world, [], there=["ann"]) == [R.TWICE]


def test_nobody_is_asked_more_often_than_they_wish() -> None:
    world = problem([post()], [person(most_a_week=1)])
    assert said(world, [post("later", day=3)]) == [R.WEEKLY_WISH]
    assert said(world, [post("next week", day=7)]) == []


def test_who_or_what_is_unknown_is_said_so() -> None:
    assert violations(problem([], [person()]), [Pair("morning", "ann")]) == (
        Violation(Pair("morning", "ann"), R.UNKNOWN),
    )
    assert violations(problem([post()], []), [Pair("morning", "ann")])[0].reason is R.UNKNOWN


def test_a_whole_roster_names_what_each_place_breaks_and_with_which_other() -> None:
    world = problem([post("a"), post("b", 11, 14)], [person()])
    assert violations(world, [Pair("a", "ann"), Pair("b", "ann")]) == (Violation(Pair("b", "ann"), R.OVERLAP, "a"),)
    assert violations(world, [Pair("a", "ann")]) == ()


def said(world: Any, others: list[Post], there: list[str] | None = None, *, volunteered: bool = False) -> list[R]:
    one: Person = world.people[0]
    pair = Pair(world.posts[0].id, one.number)
    return [each.reason for each in against(world, pair, others, there or [], volunteered=volunteered)]
