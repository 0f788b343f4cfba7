"""A roster as numbers: each possible place a variable, each hard rule a row, what is better a sum. Pure.

Upstream: ``problem``, ``rules``, ``weighing``.
Downstream: ``solving``, which gives the same numbers to a linear relaxation and to CP-SAT.

Every variable is a whole number from 0 to its upper bound; a row holds a weighted sum between two bounds. Costs are
never below zero. Where rising costs are spread over blocks, or somebody's loneliness is a variable of its own, the
sum is right once it is small: :func:`weighing.cost` is the measure of a roster that was found.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from sync.platform.rostering.model import Post
from sync.platform.rostering.problem import Firmness, Pair, Person, Problem
from sync.platform.rostering.rules import apart
from sync.platform.rostering.weighing import (
    ALONE,
    CHANGED,
    EMPTY,
    FIRM,
    MATE,
    MIXED,
    Standing,
    candidates,
    dislike,
    slopes,
    standing,
    unit_of,
)

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")
BOUNDLESS = 1 << 40  # more than any sum can be


@dataclass(frozen=True, slots=True)
class Row:
    """``least`` ≤ the weighted sum of some variables ≤ ``most``."""

    variables: Sequence[int]
    weights: Sequence[int]
    least: int
    most: int


@dataclass(slots=True)
class Sum:
    """A weighted sum to be made small."""

    variables: list[int] = field(default_factory=list)
    weights: list[int] = field(default_factory=list)
    constant: int = 0

    def add(self, variable: int, weight: int) -> None:
        if weight:
            self.variables.append(variable)
            self.weights.append(weight)

    def at_most(self, limit: int) -> Row:
        """Return the row that keeps the sum from rising above a limit."""
        return Row(self.variables, self.weights, -BOUNDLESS, limit - self.constant)

    def times(self, factor: int, *, plus: Sum) -> Sum:
        """Return a sum of its own: this one so many times, and another."""
        weights = [*(weight * factor for weight in self.weights), *plus.weights]
        return Sum([*self.variables, *plus.variables], weights, self.constant * factor + plus.constant)


@dataclass(slots=True)
class Model:
    """The variables and rows of one problem.

    Attributes:
        uppers: the upper bound of each variable.
        x: the variable of each possible place; 1: the volunteer is asked.
    """

    problem: Problem
    fixed: Standing
    uppers: list[int] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    x: dict[Pair, int] = field(default_factory=dict)
    of_post: dict[str, list[Pair]] = field(default_factory=lambda: defaultdict(list))
    of_person: dict[str, list[Pair]] = field(default_factory=lambda: defaultdict(list))

    def variable(self, upper: int = 1) -> int:
        self.uppers.append(upper)
        return len(self.uppers) - 1

    def row(self, variables: Sequence[int], weights: Sequence[int] | None = None, *, least: int, most: int) -> None:
        self.rows.append(Row(variables, weights or [1] * len(variables), least, most))

    def there(self, post: str) -> Sequence[str]:
        return self.fixed.people.get(post, ())

    def free(self, post: Post) -> int:
        return max(0, post.needed - len(self.there(post.id)))


def ruled(problem: Problem) -> Model:
    """Return the model of all hard rules, beside what stands firmly."""
    fixed = standing(problem)
    model = Model(problem, fixed)
    for pair in candidates(problem, fixed):
        model.x[pair] = model.variable()
        model.of_post[pair.post].append(pair)
        model.of_person[pair.person].append(pair)
    for post in problem.posts:
        taken = [model.x[pair] for pair in model.of_post[post.id]]
        if len(taken) > model.free(post):
            model.row(taken, least=0, most=model.free(post))
    for number, pairs in model.of_person.items():
        posts = [problem.post_of[pair.post] for pair in pairs]
        for clique in _cliques(posts, problem):
            model.row([model.x[Pair(id_, number)] for id_ in clique], least=0, most=1)
        _spans(model, number, posts)
    return model


def holes(model: Model) -> Sum:
    """Return how many places stay empty."""
    costs = Sum(constant=sum(model.free(post) for post in model.problem.posts))
    for taken in model.x.values():
        costs.add(taken, -1)
    return costs


def changes(model: Model) -> Sum:
    """Return how many of the places that stand, not firmly, and could stay, go."""
    costs = Sum()
    for pair, firmness in sorted(model.problem.held.items()):
        if pair in model.x and firmness not in FIRM:
            costs.constant += 1
            costs.add(model.x[pair], -1)
    return costs


def plain_quality(model: Model) -> Sum:
    """Return the costs that concern each place by itself: empty posts, fairness, points, change."""
    costs = Sum()
    _empty_posts(model, costs)
    _fairness(model, costs)
    _points(model, costs)
    for pair, firmness in sorted(model.problem.held.items()):
        if firmness is Firmness.OFFERED and pair.post in model.problem.inside:
            costs.constant += CHANGED
            if pair in model.x:
                costs.add(model.x[pair], -CHANGED)
    return costs


def company(model: Model, costs: Sum) -> None:
    """Add the costs that concern who serves with whom: mates, guides, teams."""
    person_of = model.problem.person_of
    for post in model.problem.posts:
        could = [pair.person for pair in model.of_post[post.id]]
        here = [*model.there(post.id), *could]
        guides = [number for number in here if person_of[number].guide]
        for number in here:
            person = person_of[number]
            if person.mates:
                _beside(model, costs, Pair(post.id, number), [each for each in here if each in person.mates], MATE)
            if person.newcomer and not person.guide:
                _beside(model, costs, Pair(post.id, number), guides, ALONE)
        if post.needed > 1:
            _one_team(model, costs, post, could)


def rows_by_variable(model: Model) -> Mapping[int, Sequence[int]]:
    """Return in which rows each variable stands."""
    return _grouped((variable, at) for at, row in enumerate(model.rows) for variable in row.variables)


def rows_around(model: Model, loose: Iterable[int], touching: Mapping[int, Sequence[int]]) -> list[Row]:
    """Return the rows of some places, and those of the other variables in them: all that moves where they move."""
    places = set(model.x.values())
    reached, seen = list(loose), set[int]()
    found: dict[int, Row] = {}
    while reached:
        for at in touching.get(reached.pop(), ()):
            if at not in found:
                found[at] = model.rows[at]
                others = {variable for variable in model.rows[at].variables if variable not in places} - seen
                seen |= others
                reached += others
    return [found[at] for at in sorted(found)]


def _spans(model: Model, number: str, posts: Sequence[Post]) -> None:
    """Limit minutes a day, minutes a week and posts a week, beside what is fixed."""
    limits, person = model.problem.limits, model.problem.person_of[number]
    own = model.fixed.posts.get(number, ())
    for on, within in _grouped((post.on, post) for post in posts).items():
        _minutes(model, number, within, limits.day_minutes - sum(post.minutes for post in own if post.on == on))
    for week, within in _grouped((post.week, post) for post in posts).items():
        before = [post for post in own if post.week == week]
        _minutes(model, number, within, limits.week_minutes - sum(post.minutes for post in before))
        most = max(0, person.most_a_week - len(before))
        if len(within) > most:
            model.row([model.x[Pair(post.id, number)] for post in within], least=0, most=most)


def _minutes(model: Model, number: str, posts: Sequence[Post], left: int) -> None:
    if sum(post.minutes for post in posts) > left:
        taken = [model.x[Pair(post.id, number)] for post in posts]
        model.row(taken, [post.minutes for post in posts], least=0, most=max(0, left))


def _cliques(posts: Sequence[Post], problem: Problem) -> list[tuple[str, ...]]:
    """Return sets of posts of which one person can have one, so that any two that are not apart share a set."""
    ordered = sorted(posts, key=lambda post: (post.starts_ms, post.ends_ms, post.id))
    beside: dict[str, set[str]] = {post.id: set() for post in ordered}
    open_: list[Post] = []
    for post in ordered:
        open_ = [each for each in open_ if each.ends_ms + problem.limits.rest_ms > post.starts_ms]
        for each in open_:
            if apart(each, post, problem.limits) is not None:
                beside[each.id].add(post.id)
                beside[post.id].add(each.id)
        open_.append(post)
    found: list[tuple[str, ...]] = []
    covered: set[tuple[str, str]] = set()
    for one, others in beside.items():
        for other in sorted(others):
            if (one, other) not in covered:
                found.append(_grown(one, other, beside))
                covered |= {(first, second) for first in found[-1] for second in found[-1]}
    return found


def _grown(one: str, other: str, beside: Mapping[str, set[str]]) -> tuple[str, ...]:
    clique, reached = [one, other], beside[one] & beside[other]
    while reached:
        clique.append(min(reached))
        reached = reached & beside[clique[-1]]
    return tuple(clique)


def _empty_posts(model: Model, costs: Sum) -> None:
    for post in model.problem.posts:
        if model.there(post.id) or not post.needed:
            continue
        taken = [model.x[pair] for pair in model.of_post[post.id]]
        if post.needed == 1 or not taken:
            costs.constant += EMPTY
            for each in taken:
                costs.add(each, -EMPTY)
        else:
            empty = model.variable()
            model.row([*taken, empty], least=1, most=BOUNDLESS)
            costs.add(empty, EMPTY)


def _fairness(model: Model, costs: Sum) -> None:
    """Each hour costs what stands behind it: the sum rises ever faster (convex), so blocks fill in their order."""
    problem = model.problem
    unit = unit_of(problem)
    for person in problem.people:
        posts = [problem.post_of[pair.post] for pair in model.of_person[person.number]]
        own = [post for post in model.fixed.posts.get(person.number, ()) if post.id in problem.inside]
        fixed = sum(post.minutes for post in own)
        blocks = []
        for units, slope in slopes(person, fixed + _most_minutes(problem, person, posts), unit):
            blocks.append(model.variable(units))
            costs.add(blocks[-1], slope)
        if blocks:
            taken = [model.x[pair] for pair in model.of_person[person.number]]
            lasting = [post.minutes // unit for post in posts]
            weights = [*lasting, *(-1 for _ in blocks)]
            model.row([*taken, *blocks], weights, least=-fixed // unit, most=-fixed // unit)


def _most_minutes(problem: Problem, person: Person, posts: Sequence[Post]) -> int:
    limit, most = problem.limits.week_minutes, max(0, person.most_a_week)
    weeks = _grouped((post.week, post.minutes) for post in posts)
    return sum(min(limit, sum(sorted(lasting, reverse=True)[:most])) for lasting in weeks.values())


def _points(model: Model, costs: Sum) -> None:
    person_of, post_of = model.problem.person_of, model.problem.post_of
    for pair, taken in model.x.items():
        costs.add(taken, dislike(person_of[pair.person], post_of[pair.post]))
    costs.constant += sum(dislike(person_of[pair.person], post_of[pair.post]) for pair in model.fixed.kept)


def _beside(model: Model, costs: Sum, place: Pair, companions: Sequence[str], weight: int) -> None:
    """Let it cost where somebody serves with none of their companions."""
    there = model.there(place.post)
    if any(each in there for each in companions):
        return
    is_fixed = place.person in there
    if not companions:
        costs.constant += weight * is_fixed
        if not is_fixed:
            costs.add(model.x[place], weight)
        return
    lonely = model.variable()
    variables = [lonely, *(model.x[Pair(place.post, each)] for each in companions)]
    weights = [1] * len(variables)
    if is_fixed:
        model.row(variables, weights, least=1, most=BOUNDLESS)
    else:
        model.row([*variables, model.x[place]], [*weights, -1], least=0, most=BOUNDLESS)
    costs.add(lonely, weight)


def _one_team(model: Model, costs: Sum, post: Post, could: Sequence[str]) -> None:
    person_of = model.problem.person_of
    certain = {person_of[number].team for number in model.there(post.id)} - {None}
    teams = _grouped((person_of[number].team, model.x[Pair(post.id, number)]) for number in could)
    others = [members for team, members in teams.items() if team is not None and team not in certain]
    if len(others) + len(certain) < 2:  # noqa: PLR2004 - two teams are what can be mixed
        return
    present = []
    for members in others:
        present.append(members[0] if len(members) == 1 else model.variable())
        for taken in members if len(members) > 1 else ():
            model.row([taken, present[-1]], [1, -1], least=-1, most=0)
    beyond = model.variable(len(certain) + len(present))
    model.row([beyond, *present], [1, *(-1 for _ in present)], least=len(certain) - 1, most=BOUNDLESS)
    costs.add(beyond, MIXED)


def _grouped(pairs: Iterable[tuple[Key, Value]]) -> Mapping[Key, list[Value]]:
    groups: dict[Key, list[Value]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return groups
