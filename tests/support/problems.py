"""Rostering problems made in memory: posts and people with valid defaults, and small random worlds.

Upstream: ``sync.platform.rostering``, Hypothesis.
Downstream: tests of rules, proposals and explanations.
"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from hypothesis import strategies as st

from sync.platform.rostering.hours import instant_of, is_by_day
from sync.platform.rostering.model import Post
from sync.platform.rostering.problem import Firmness, Limits, Pair, Person, Problem

MONDAY = date(2026, 7, 6)
WHOLE_TIME = ((instant_of(MONDAY - timedelta(days=7), 0), instant_of(MONDAY + timedelta(days=28), 0)),)


def at(hour: float, day: int = 0) -> int:
    """Return the instant (UTC ms) of an hour of a day after the Monday."""
    return instant_of(MONDAY + timedelta(days=day), round(hour * 60))


def post(id_: str = "morning", starts: float = 9, ends: float = 12, day: int = 0, **fields: Any) -> Post:
    """Return a post at point ``east`` on the Monday, or so many days after it."""
    span, on = (at(starts, day), at(ends, day)), MONDAY + timedelta(days=day)
    known: dict[str, Any] = {"point": "east", "service": "directions", "daytime": is_by_day(*span)}
    return Post(id=id_, starts_ms=span[0], ends_ms=span[1], on=on, **(known | fields))


def person(number: str = "ann", **fields: Any) -> Person:
    """Return a volunteer who can come at any time."""
    return Person(number, **({"available": WHOLE_TIME} | fields))


def problem(posts: list[Post], people: list[Person], **fields: Any) -> Problem:
    """Return a problem of some posts and people."""
    return Problem(tuple(posts), tuple(people), **fields)


HOURS = ((8, 11), (9, 12), (11, 14), (12, 15), (14, 17), (17, 20), (19, 22), (22, 26))
DAYTIME = 6  # the first so many of them
FREE = (WHOLE_TIME, WHOLE_TIME, WHOLE_TIME, ((at(8), at(15)), (at(8, 1), at(20, 1))), ())


@st.composite
def worlds(draw: st.DrawFn) -> Problem:
    """Return a small problem in which every rule matters, with places that stand, contradictory ones too.

    A seed is drawn and the rest follows from it: what Hypothesis draws piece by piece is mostly too bare to plan in.
    """
    chance = Random(draw(st.integers(0, 1 << 32)))  # noqa: S311 - no secret
    posts = [_post(chance, f"post-{number}") for number in range(chance.randrange(9))]
    around = [_post(chance, f"around-{number}") for number in range(chance.randrange(3))]
    people = [_person(chance, number) for number in range(chance.randrange(7))]
    limits = Limits(day_minutes=chance.choice((180, 360, 720)), week_minutes=chance.choice((360, 540, 1200)))
    pairs = [Pair(each.id, one.number) for each in (*posts, *around) for one in people]
    chance.shuffle(pairs)
    firm = [chance.choice(tuple(Firmness)) for _ in range(chance.randrange(6))]
    held = dict(zip(pairs, firm, strict=False))
    declined = frozenset(pairs[len(held) : len(held) + chance.randrange(4)])
    return Problem(tuple(posts), tuple(people), limits, held, declined, tuple(around))


def _post(chance: Random, id_: str) -> Post:
    starts, ends = chance.choice(HOURS if chance.random() < 0.2 else HOURS[:DAYTIME])
    return post(
        id_,
        starts,
        ends,
        chance.randrange(2),
        point=chance.choice(("east", "west")),
        needed=chance.choice((1, 1, 2, 3)),
        team="youth" if chance.random() < 0.1 else None,
        skill="signs" if chance.random() < 0.1 else None,
        training="first aid" if chance.random() < 0.2 else None,
    )


def _person(chance: Random, number: int) -> Person:
    mate = f"person-{chance.randrange(4)}"
    return person(
        f"person-{number}",
        available=chance.choice(FREE),
        team=chance.choice((None, "youth", "party")),
        skills=frozenset({"signs"}) if chance.random() < 0.5 else frozenset(),
        trained=chance.choice(({}, {"first aid": None}, {"first aid": at(0, 1)})),
        points=chance.choice(((), (), ("east",), ("west", "east"))),
        mates=frozenset({mate}) - {f"person-{number}"} if chance.random() < 0.4 else frozenset(),
        most_a_week=chance.randint(1, 4),
        adult_from_ms=at(0, 400) if chance.random() < 0.2 else None,
        consent=chance.random() < 0.7,
        guide=chance.random() < 0.3,
        newcomer=chance.random() < 0.3,
        minutes_this_year=chance.randrange(3000),
        may_serve=chance.random() < 0.9,
    )
