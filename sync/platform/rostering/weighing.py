"""What is better among rosters that break no rule: the costs of fairness, wishes, teams, guides and changes. Pure.

Upstream: ``problem``, ``rules``.
Downstream: ``solving`` makes the same costs a model; ``explaining``, the bench and the tests weigh what was found.

The order in which things matter, each well above what follows it for one place of three hours:

====================  =======================================================================================
holes                 a stage of its own (``solving``): nothing below outweighs one
empty posts           3000 for a post with nobody, so of as many holes a second missing one is the better
fairness              6 an hour of service for each hour that stands behind the volunteer this year: who has one hour
                      fewer saves 18. It leads towards the 25 h a year of everyone (REQ 3.2): the fewest come first
wishes                3 for each step down one's list of points; 9 for a mate who is there by wish and is not
team together         5 for each named team at a post beyond the first
guide                 4 for a newcomer with no guide 骨干 beside
little change         2 for each offered place that goes (in a repair: a stage of its own, before fairness)
====================  =======================================================================================
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, gcd

from sync.platform.rostering.model import Post
from sync.platform.rostering.problem import Firmness, Pair, Person, Problem
from sync.platform.rostering.rules import Violation, against

HOUR = 6  # for an hour of service, for each hour before it
HOLE = 20_000  # where holes and all else are one sum: more than one place can cost and save elsewhere
EMPTY = 3_000  # more than a post of 3 h costs whoever has served 160 h this year
POINT_STEP, LAST_POINT, MATE = 3, 12, 9
MIXED, ALONE, CHANGED = 5, 4, 2
BLOCK_MINUTES = 60  # fairness rises in steps of about an hour
MINUTES_AN_HOUR = 60
FIRM = (Firmness.ACCEPTED, Firmness.WANTED)


@dataclass(frozen=True, slots=True)
class Standing:
    """What a new roster starts from.

    Attributes:
        kept: places that stay.
        dropped: what speaks against places that stood and cannot stay.
        posts: by person, where they have a place that is fixed, posts around too.
        people: by post, who has a place that is fixed.
    """

    kept: tuple[Pair, ...]
    dropped: tuple[Violation, ...]
    posts: Mapping[str, Sequence[Post]]
    people: Mapping[str, Sequence[str]]


def standing(problem: Problem) -> Standing:
    """Return which places stay: all around, then what was accepted, then what the planner wants; rules permitting.

    A volunteer who accepted is asked no more for their usual time or their wish for a week.
    """
    posts: dict[str, list[Post]] = defaultdict(list)
    people: dict[str, list[str]] = defaultdict(list)
    kept: list[Pair] = []
    dropped: list[Violation] = []
    around = {post.id: post for post in problem.around}
    for pair in sorted(problem.held):
        if pair.post in around:
            posts[pair.person].append(around[pair.post])
            people[pair.post].append(pair.person)
    for firmness in FIRM:
        for pair in sorted(pair for pair, firm in problem.held.items() if firm is firmness and pair.post not in around):
            own, there = posts[pair.person], people[pair.post]
            wrong = tuple(against(problem, pair, own, there, volunteered=firmness is Firmness.ACCEPTED))
            dropped += wrong
            if not wrong:
                own.append(problem.post_of[pair.post])
                there.append(pair.person)
                kept.append(pair)
    return Standing(tuple(kept), tuple(dropped), posts, people)


def candidates(problem: Problem, fixed: Standing) -> tuple[Pair, ...]:
    """Return every place that breaks no rule beside what is fixed, by person and begin of the post.

    Nobody is proposed for a point that they did not name; where they stand already by an offer, they may stay.
    """
    by_point: dict[str, list[Post]] = defaultdict(list)
    for post in sorted(problem.posts, key=lambda each: (each.starts_ms, each.id)):
        by_point[post.point].append(post)
    every = [post for point in sorted(by_point) for post in by_point[point]]
    offered = _offered(problem)
    found: list[Pair] = []
    for person in sorted(problem.people, key=lambda each: each.number):
        named = [post for point in dict.fromkeys(person.points) for post in by_point.get(point, ())]
        own = fixed.posts.get(person.number, ())
        for post in (
            [*named, *(p for p in offered[person.number] if p.point not in person.points)] if person.points else every
        ):
            pair = Pair(post.id, person.number)
            if next(against(problem, pair, own, fixed.people.get(post.id, ())), None) is None:
                found.append(pair)
    return tuple(found)


def _offered(problem: Problem) -> Mapping[str, Sequence[Post]]:
    offered: dict[str, list[Post]] = defaultdict(list)
    for pair in sorted(problem.held):
        if pair.post in problem.inside and problem.held[pair] is Firmness.OFFERED:
            offered[pair.person].append(problem.post_of[pair.post])
    return offered


def unit_of(problem: Problem) -> int:
    """Return the minutes of which the length of every post is a multiple."""
    return max(1, gcd(*(post.minutes for post in problem.posts)))


def slopes(person: Person, minutes: int, unit: int) -> list[tuple[int, int]]:
    """Return what service costs a person as it grows: (units in a block, cost of each), together so many minutes."""
    block = unit * ceil(BLOCK_MINUTES / unit)
    return [
        (
            min(block, minutes - begun) // unit,
            round(HOUR * (person.minutes_this_year + begun) * unit / MINUTES_AN_HOUR**2),
        )
        for begun in range(0, minutes, block)
    ]


def dislike(person: Person, post: Post) -> int:
    """Return what it costs to send somebody to a point further down their list."""
    if not person.points or post.point == person.points[0]:
        return 0
    return min(LAST_POINT, POINT_STEP * person.points.index(post.point)) if post.point in person.points else LAST_POINT


def cost(problem: Problem, pairs: Iterable[Pair]) -> int:
    """Return the cost of a whole roster below coverage; places at posts around are not counted."""
    inside = problem.inside
    there: dict[str, list[Person]] = defaultdict(list)
    served: dict[str, int] = defaultdict(int)
    chosen = {pair for pair in pairs if pair.post in inside}
    for pair in sorted(chosen):
        there[pair.post].append(problem.person_of[pair.person])
        served[pair.person] += problem.post_of[pair.post].minutes
    unit = unit_of(problem) if problem.posts else 1
    fairness = sum(
        units * each
        for number, minutes in served.items()
        for units, each in slopes(problem.person_of[number], minutes, unit)
    )
    gone = sum(
        firm is Firmness.OFFERED and pair not in chosen for pair, firm in problem.held.items() if pair.post in inside
    )
    empty = sum(post.needed > 0 and post.id not in there for post in problem.posts)
    return (
        EMPTY * empty
        + fairness
        + CHANGED * gone
        + sum(_at_post(problem.post_of[post], people) for post, people in there.items())
    )


def _at_post(post: Post, people: Sequence[Person]) -> int:
    numbers = {person.number for person in people}
    teams = {person.team for person in people if person.team is not None}
    alone = 0 if any(person.guide for person in people) else sum(person.newcomer for person in people)
    missed = sum(bool(person.mates) and not person.mates & numbers for person in people)
    return (
        sum(dislike(person, post) for person in people) + MATE * missed + MIXED * max(0, len(teams) - 1) + ALONE * alone
    )
