"""What is to be planned: posts that need people, the people, what limits them, and what stands already. Pure.

Upstream: ``model``.
Downstream: ``rules``, ``solving``, ``explaining``; ``reading`` makes it of the database.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from sync.platform.rostering.model import Post

HOUR_MS = 3_600_000
STRAIGHT_ON_MS = 15 * 60_000  # a post at the same point that begins so soon is one stretch: 接着值下一班 needs no rest


class Firmness(StrEnum):
    """How firm a place is that stands already."""

    ACCEPTED = "accepted"  # by the volunteer: stays
    OFFERED = "offered"  # published, not answered: stays where nothing speaks against it
    WANTED = "wanted"  # put there by the planner: stays, whatever it costs
    DRAFT = "draft"  # of an earlier proposal: may go


@dataclass(frozen=True, slots=True)
class Person:
    """A volunteer as a planner sees one.

    Attributes:
        available: 服务时间 as spans [from, until) of UTC ms, sorted and apart, leave taken out.
        trained: trainings held, and when each lapses (UTC ms; None: never).
        points: where they would serve, the dearest first; empty: anywhere. They are proposed for no other.
        adult_from_ms: minors serve by day, and with consent; None: adult.
        guide, newcomer: 骨干, and who should serve beside one.
        minutes_this_year: credited so far and planned outside this problem, for fairness.
        may_serve: False for one who is suspended.
    """

    number: str
    available: tuple[tuple[int, int], ...] = ()
    team: str | None = None
    skills: frozenset[str] = frozenset()
    trained: Mapping[str, int | None] = field(default_factory=dict)
    points: tuple[str, ...] = ()
    mates: frozenset[str] = frozenset()
    most_a_week: int = 7
    adult_from_ms: int | None = None
    consent: bool = False
    guide: bool = False
    newcomer: bool = False
    minutes_this_year: int = 0
    may_serve: bool = True


@dataclass(frozen=True, slots=True)
class Limits:
    """What nobody is asked to exceed.

    Attributes:
        rest_ms: between the end of one post and the start of the next; straight on at the same point needs none.
        day_minutes, week_minutes: of service on a local day and in an ISO week.
    """

    rest_ms: int = HOUR_MS
    day_minutes: int = 6 * 60
    week_minutes: int = 20 * 60


@dataclass(frozen=True, slots=True, order=True)
class Pair:
    """One volunteer at one post, by their ids."""

    post: str
    person: str


@dataclass(frozen=True)
class Problem:
    """One roster to be made.

    Attributes:
        posts: to be filled.
        around: posts outside the span or at other points, at which these people have places already: what is fixed.
        held: places that stand already, at any of these posts, and how firmly.
        declined: pairs that were refused or left by the volunteer; never proposed again.
    """

    posts: tuple[Post, ...]
    people: tuple[Person, ...]
    limits: Limits = Limits()
    held: Mapping[Pair, Firmness] = field(default_factory=dict)
    declined: frozenset[Pair] = frozenset()
    around: tuple[Post, ...] = ()

    @cached_property
    def post_of(self) -> Mapping[str, Post]:
        """Posts by id, those around too."""
        return {post.id: post for post in (*self.around, *self.posts)}

    @cached_property
    def person_of(self) -> Mapping[str, Person]:
        """People by number."""
        return {person.number: person for person in self.people}

    @cached_property
    def inside(self) -> frozenset[str]:
        """The ids of the posts to be filled."""
        return frozenset(post.id for post in self.posts)
