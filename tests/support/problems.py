"""Rostering problems made in memory: posts and people with valid defaults, and small random worlds.

Upstream: ``sync.platform.rostering``, Hypothesis.
Downstream: tests of rules, proposals and explanations.
"""

from __future__ import annotations

from datetime import date, timedelta
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


HOURS = st.sampled_from([(8, 11), (9, 12), (11, 14), (12, 15), (14, 17), (17, 20), (19, 22), (22, 26)])
POINTS = st.sampled_from(["east", "west"])


@st.composite
def worlds(draw: st.DrawFn) -> Problem:
    """Return a small problem in which every rule matters, with places that stand, contradictory ones too."""
    posts = [draw(_posts(f"post-{number}")) for number in range(draw(st.integers(0, 7)))]
    around = [draw(_posts(f"around-{number}")) for number in range(draw(st.integers(0, 2)))]
    people = [draw(_people(f"person-{number}")) for number in range(draw(st.integers(0, 5)))]
    limits = Limits(day_minutes=draw(st.sampled_from([180, 360])), week_minutes=draw(st.sampled_from([360, 1200])))
    pairs = [Pair(each.id, one.number) for each in (*posts, *around) for one in people]
    held = {pair: draw(st.sampled_from(Firmness)) for pair in draw(_some(pairs))}
    declined = frozenset(set(draw(_some(pairs))) - held.keys())
    return Problem(tuple(posts), tuple(people), limits, held, declined, tuple(around))


def _some(pairs: list[Pair]) -> st.SearchStrategy[list[Pair]]:
    return st.lists(st.sampled_from(pairs), max_size=5, unique=True) if pairs else st.just([])


@st.composite
def _posts(draw: st.DrawFn, id_: str) -> Post:
    starts, ends = draw(HOURS)
    return post(
        id_,
        starts,
        ends,
        draw(st.integers(0, 2)),
        point=draw(POINTS),
        needed=draw(st.sampled_from([1, 1, 2, 3])),
        team=draw(st.sampled_from([None, None, None, "youth"])),
        skill=draw(st.sampled_from([None, None, None, "signs"])),
        training=draw(st.sampled_from([None, None, None, "first aid"])),
    )


@st.composite
def _people(draw: st.DrawFn, number: str) -> Person:
    return person(
        number,
        available=draw(st.sampled_from([WHOLE_TIME, WHOLE_TIME, ((at(8), at(15)), (at(8, 1), at(20, 1))), ()])),
        team=draw(st.sampled_from([None, "youth", "party"])),
        skills=draw(st.sampled_from([frozenset[str](), frozenset({"signs"})])),
        trained=draw(st.sampled_from([{}, {"first aid": None}, {"first aid": at(0, 1)}])),
        points=draw(st.sampled_from([(), ("east",), ("west", "east")])),
        mates=draw(st.sampled_from([frozenset[str](), frozenset({"person-0", "person-1"})])),
        most_a_week=draw(st.integers(1, 4)),
        adult_from_ms=draw(st.sampled_from([None, None, at(0, 400)])),
        consent=draw(st.booleans()),
        guide=draw(st.booleans()),
        newcomer=draw(st.booleans()),
        minutes_this_year=draw(st.integers(0, 3000)),
        may_serve=draw(st.sampled_from([True, True, True, False])),
    )
