"""A whole roster, looked at by person and by post: who has how many hours, who could have a place. Pure.

Upstream: ``problem``, ``rules``.
Downstream: ``explaining``, ``lacking``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sync.platform.rostering.model import Post
from sync.platform.rostering.problem import Pair, Person, Problem
from sync.platform.rostering.rules import against


@dataclass(frozen=True, slots=True)
class Whole:
    """A roster, by person and by post; places at posts around are counted too."""

    problem: Problem
    pairs: tuple[Pair, ...]
    posts: Mapping[str, Sequence[Post]]
    people: Mapping[str, Sequence[str]]

    @classmethod
    def of(cls, problem: Problem, pairs: Iterable[Pair]) -> Whole:
        inside = tuple(sorted(set(pairs)))
        posts: dict[str, list[Post]] = defaultdict(list)
        people: dict[str, list[str]] = defaultdict(list)
        elsewhere = (pair for pair in problem.held if pair.post not in problem.inside)
        for pair in (*inside, *sorted(elsewhere)):
            posts[pair.person].append(problem.post_of[pair.post])
            people[pair.post].append(pair.person)
        return cls(problem, inside, posts, people)

    def others(self, number: str, without: str = "") -> list[Post]:
        return [post for post in self.posts.get(number, ()) if post.id != without]

    def minutes(self, number: str, without: str = "") -> int:
        """Return the minutes of this year behind a person, this roster's included."""
        planned = (post.minutes for post in self.others(number, without) if post.id in self.problem.inside)
        return self.problem.person_of[number].minutes_this_year + sum(planned)

    def could(self, pair: Pair) -> list[Person]:
        """Return who could have the place of somebody else, all the rest as it is."""
        post = self.problem.post_of[pair.post]
        there = [number for number in self.people[pair.post] if number != pair.person]
        return [
            person
            for person in self.problem.people
            if person.number not in self.people[pair.post]
            and (not person.points or post.point in person.points)
            and next(against(self.problem, Pair(post.id, person.number), self.others(person.number), there), None)
            is None
        ]
