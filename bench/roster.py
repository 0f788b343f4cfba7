"""How good proposed rosters are, what is proven of them, and how long they take; beside two ways without a solver.

What it compares, in one run on one machine, on made-up instances of four weeks (station: 60 volunteers, 4 points,
several seeds; district: 600 volunteers, 40 points), with the same hard rules for all (``rostering.rules``):

* the proposal (``rostering.solving``) within its time: 10 s for a station, 60 s for a district, model included;
* a greedy planner: post after post in the order of days, first one volunteer for each and then the others, always who
  has the fewest hours so far of those who may;
* a first-come sign-up: volunteers come along in a random order, three times, and take what they like best.

What is said of each: holes (places that stay empty) and coverage, Gini of the hours that volunteers have by the end
(this year's and these weeks'), wishes met (of places of volunteers who named points: the first one; of places of those
who named mates: one of them is there), seconds.

The gap is the largest of all stages (docs/adr/0030): of the holes, and of the quality of rosters with no more holes
than were found. Both bounds are printed. ``station_…`` are means over seeds, its gap and seconds the worst of them.
Where the greedy planner reaches the proven least of holes, nobody can have fewer: such instances are named equal.

    .venv/bin/python bench/roster.py [--seeds N] [--seconds S] [--district-seconds S] [--no-district]

The last line is one JSON object: station_gap_pct (aim ≤ 2), district_gap_pct (aim ≤ 5), and for both sizes holes,
holes_least (proven), holes_greedy, holes_first_come, gini…, wishes…, coverage…, seconds, quality_gap_pct.
"""

from __future__ import annotations

import json
import os
import random
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import click

sys.path.insert(0, str(Path(__file__).parents[1]))  # also when run as a script

from sync.platform.rostering.hours import instant_of, is_by_day
from sync.platform.rostering.model import Post
from sync.platform.rostering.problem import Pair, Person, Problem
from sync.platform.rostering.rules import against, violations
from sync.platform.rostering.solved import Effort, Stage
from sync.platform.rostering.solving import solve

FIRST_MONDAY, DAYS = date(2026, 9, 7), 28
TEAMS = ("党员", "青年", "巾帼", "助残", "社区", "文明单位")
LONG_OPEN, SHORT_OPEN = ((8, 11), (11, 14), (14, 17), (17, 20)), ((8, 11), (11, 14), (14, 17))
FIRST_AID, SIGN = "急救", "手语"
VISITS = 3


def instance(volunteers: int, points: int, seed: int) -> Problem:
    """Return a made-up problem: posts of three hours, people of five kinds of days."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    names = [f"p{number:02d}" for number in range(points)]
    posts = [post for number, name in enumerate(names) for post in _posts_at(name, number)]
    return Problem(tuple(posts), tuple(_person(chance, number, volunteers, names) for number in range(volunteers)))


def _posts_at(point: str, number: int) -> Iterable[Post]:
    for day in range(DAYS):
        on = FIRST_MONDAY + timedelta(days=day)
        is_weekend = on.weekday() >= 5
        for begins, ends in SHORT_OPEN if number % 2 else LONG_OPEN:
            span = instant_of(on, begins * 60), instant_of(on, ends * 60)
            yield Post(
                id=f"{point}-{day:02d}-{begins:02d}",
                point=point,
                service="directions",
                starts_ms=span[0],
                ends_ms=span[1],
                on=on,
                needed=2 if is_weekend or number % 4 == 0 else 1,
                team=TEAMS[number % len(TEAMS)] if on.weekday() == 5 and begins == 8 and number % 8 == 3 else None,
                skill=SIGN if number % 10 == 7 and begins == 14 and is_weekend else None,
                training=FIRST_AID if number % 4 == 2 and begins == 8 else None,
                daytime=is_by_day(*span),
            )


def _person(chance: random.Random, number: int, volunteers: int, points: Sequence[str]) -> Person:
    home, kind = chance.randrange(len(points)), chance.random()
    reach = chance.choice((1, 2, 3, 4))
    is_minor = kind >= 0.95
    spans = [span for day in range(DAYS) for span in _free(chance, kind, FIRST_MONDAY + timedelta(days=day))]
    return Person(
        number=f"{number:05d}",
        available=tuple(spans),
        team=chance.choice((*TEAMS, None)),
        skills=frozenset({SIGN} if chance.random() < 0.08 else ()),
        trained={FIRST_AID: None} if chance.random() < 0.35 else {},
        points=tuple(points[(home + step) % len(points)] for step in range(min(reach, len(points)))),
        mates=frozenset({f"{chance.randrange(volunteers):05d}"} if chance.random() < 0.2 else ()) - {f"{number:05d}"},
        most_a_week=chance.choice((1, 2, 2, 3, 4)),
        adult_from_ms=instant_of(date(2028, 1, 1), 0) if is_minor else None,
        consent=chance.random() < 0.8,
        guide=not is_minor and chance.random() < 0.15,
        newcomer=chance.random() < 0.1,
        minutes_this_year=chance.randrange(0, 1500, 30),
        may_serve=chance.random() > 0.01,
    )


def _free(chance: random.Random, kind: float, on: date) -> list[tuple[int, int]]:
    """Return when somebody of a kind can come on a day: retired, at work, mornings, weekends, at school."""
    is_weekend = on.weekday() >= 5
    spans: tuple[tuple[int, int], ...] = ()
    if chance.random() < 0.1:  # away that day
        spans = ()
    elif kind < 0.35:
        spans = () if is_weekend or chance.random() < 0.3 else ((8, 17),)
    elif kind < 0.65:
        spans = ((8, 20),) if is_weekend else ((17, 20),) if chance.random() < 0.3 else ()
    elif kind < 0.85:
        spans = ((8, 14),) if chance.random() < 0.5 else ()
    elif is_weekend:
        spans = ((8, 17),)
    return [(instant_of(on, begins * 60), instant_of(on, ends * 60)) for begins, ends in spans]


@dataclass
class Book:
    """Places given one after another, each only where no rule speaks against it."""

    problem: Problem

    def __post_init__(self) -> None:
        self.pairs: list[Pair] = []
        self.posts: dict[str, list[Post]] = defaultdict(list)
        self.people: dict[str, list[str]] = defaultdict(list)

    def may(self, pair: Pair) -> bool:
        person, post = self.problem.person_of[pair.person], self.problem.post_of[pair.post]
        if person.points and post.point not in person.points:
            return False
        return next(against(self.problem, pair, self.posts[pair.person], self.people[pair.post]), None) is None

    def put(self, pair: Pair) -> None:
        self.pairs.append(pair)
        self.posts[pair.person].append(self.problem.post_of[pair.post])
        self.people[pair.post].append(pair.person)

    def hours(self, number: str) -> int:
        return self.problem.person_of[number].minutes_this_year + sum(post.minutes for post in self.posts[number])


def greedy(problem: Problem, _seed: int) -> list[Pair]:
    """Return what a patient planner does by hand."""
    book = Book(problem)
    near: dict[str, list[Person]] = defaultdict(list)
    for post in problem.posts:
        near.setdefault(post.point, [each for each in problem.people if not each.points or post.point in each.points])
    for place in range(max(post.needed for post in problem.posts)):
        for post in sorted(problem.posts, key=lambda each: (each.starts_ms, each.id)):
            if place < post.needed:
                able = [each.number for each in near[post.point] if book.may(Pair(post.id, each.number))]
                if able:
                    book.put(Pair(post.id, min(able, key=lambda number: (book.hours(number), number))))
    return book.pairs


def first_come(problem: Problem, seed: int) -> list[Pair]:
    """Return what becomes of a list that hangs out for all to sign."""
    chance, book = random.Random(seed), Book(problem)  # noqa: S311 - no secret
    comers = [person for person in problem.people for _ in range(VISITS)]
    chance.shuffle(comers)
    for person in comers:
        liked = [post for post in problem.posts if not person.points or post.point in person.points]
        chance.shuffle(liked)
        liked.sort(key=lambda post: person.points.index(post.point) if person.points else 0)
        for post in liked[: len(liked) // 2]:  # nobody reads all of a long list
            if book.may(Pair(post.id, person.number)):
                book.put(Pair(post.id, person.number))
    return book.pairs


@dataclass(frozen=True)
class Figures:
    """What is said of a roster."""

    holes: int
    coverage: float
    gini: float
    wishes: float
    seconds: float


def figures(problem: Problem, pairs: Sequence[Pair], seconds: float) -> Figures:
    """Weigh a roster; it must break no rule."""
    assert not violations(problem, pairs), violations(problem, pairs)[:3]
    needed = sum(post.needed for post in problem.posts)
    planned: dict[str, int] = defaultdict(int)
    there: dict[str, set[str]] = defaultdict(set)
    for pair in pairs:
        planned[pair.person] += problem.post_of[pair.post].minutes
        there[pair.post].add(pair.person)
    hours = [person.minutes_this_year + planned[person.number] for person in problem.people]
    met, asked = 0, 0
    for pair in pairs:
        person, post = problem.person_of[pair.person], problem.post_of[pair.post]
        asked += bool(person.points) + bool(person.mates)
        met += (bool(person.points) and person.points[0] == post.point) + bool(person.mates & there[pair.post])
    return Figures(needed - len(pairs), len(pairs) / needed, gini(hours), met / max(1, asked), seconds)


def gini(values: Sequence[int]) -> float:
    """Return how unequal values are: 0 all alike, near 1 one has all."""
    ordered, total = sorted(values), sum(values)
    weighed = sum((2 * rank - len(ordered) - 1) * value for rank, value in enumerate(ordered, start=1))
    return weighed / (len(ordered) * total) if total else 0.0


@dataclass(frozen=True)
class Outcome:
    """One instance: the proposal and its peers."""

    proposal: Figures
    greedy: Figures
    first_come: Figures
    stages: tuple[Stage, ...]
    gap: float


def measure(problem: Problem, seed: int, seconds: float) -> Outcome:
    """Plan one instance in all three ways."""
    peers = [_timed(way, problem, seed) for way in (greedy, first_come)]
    solved = solve(problem, Effort(seconds=seconds, seed=seed))
    proposal = figures(problem, solved.pairs, solved.seconds)
    return Outcome(proposal, peers[0], peers[1], solved.stages, solved.gap)


def _timed(way: Callable[[Problem, int], list[Pair]], problem: Problem, seed: int) -> Figures:
    began_s = time.perf_counter()
    pairs = way(problem, seed)
    return figures(problem, pairs, time.perf_counter() - began_s)


def show(name: str, outcome: Outcome) -> None:
    """Print one instance."""
    print(f"\n{name}")
    for way, found in (("proposal", outcome.proposal), ("greedy", outcome.greedy), ("first come", outcome.first_come)):
        print(
            f"  {way:<10} {found.holes:4d} holes, coverage {found.coverage:6.1%}, Gini {found.gini:.3f}, "
            f"wishes met {found.wishes:5.1%}, {found.seconds:5.1f} s"
        )
    for stage in outcome.stages:
        print(f"  {stage.name}: found {stage.found}, proven not below {stage.bound:.0f}, gap {stage.gap:.2%}")
    least = outcome.stages[0].bound
    if outcome.proposal.holes < outcome.greedy.holes:
        word = "fewer holes than greedy"
    else:
        word = (
            "equal: greedy has the proven least of holes" if outcome.greedy.holes <= least else "NOT fewer than greedy"
        )
    print(f"  {word}; gap {outcome.gap:.2%}", flush=True)


def summary(size: str, outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Return the figures of one size, for the last line."""
    line: dict[str, float] = {
        f"{size}_gap_pct": round(100 * max(each.gap for each in outcomes), 3),
        f"{size}_quality_gap_pct": round(100 * max(each.stages[-1].gap for each in outcomes), 3),
        f"{size}_seconds": round(max(each.proposal.seconds for each in outcomes), 1),
        f"{size}_holes_least": statistics.mean(each.stages[0].bound for each in outcomes),
        f"{size}_fewer_holes_than_greedy": sum(each.proposal.holes < each.greedy.holes for each in outcomes),
        f"{size}_instances": len(outcomes),
    }
    for way in ("", "_greedy", "_first_come"):
        found = [getattr(each, way.strip("_") or "proposal") for each in outcomes]
        line[f"{size}_holes{way}"] = statistics.mean(each.holes for each in found)
        for figure in ("coverage", "gini", "wishes"):
            line[f"{size}_{figure}{way}"] = round(statistics.mean(getattr(each, figure) for each in found), 4)
    return line


@click.command()
@click.option("--seeds", default=3, show_default=True, help="Stations that are planned.")
@click.option("--seconds", default=10.0, show_default=True, help="For a station.")
@click.option("--district-seconds", default=60.0, show_default=True, help="For the district.")
@click.option("--district/--no-district", default=True, help="Plan the district too.")
def main(seeds: int, seconds: float, district_seconds: float, *, district: bool) -> None:
    """Plan stations and a district, beside a greedy planner and a first-come sign-up."""
    print(f"{os.cpu_count()} cores, load average {os.getloadavg()[0]:.2f}")
    stations = []
    for seed in range(1, seeds + 1):
        stations.append(measure(instance(60, 4, seed), seed, seconds))
        show(f"station, seed {seed}: 60 volunteers, 4 points, 4 weeks, {seconds:g} s", stations[-1])
    line = summary("station", stations)
    if district:
        whole = measure(instance(600, 40, 1), 1, district_seconds)
        show(f"district: 600 volunteers, 40 points, 4 weeks, {district_seconds:g} s", whole)
        line |= summary("district", [whole])
    line["load_average"] = round(os.getloadavg()[0], 2)
    print(json.dumps(line))


if __name__ == "__main__":
    main()
