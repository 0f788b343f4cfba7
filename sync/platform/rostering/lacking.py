"""Why posts of a roster stay empty, and what would fill them. Pure.

Upstream: ``whole``, ``rules``, ``proposal``.
Downstream: ``proposals``; ``explaining`` puts it into sentences.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from sync.platform.rostering.model import Post
from sync.platform.rostering.problem import Limits, Pair, Person, Problem
from sync.platform.rostering.proposal import Fill, Hole
from sync.platform.rostering.rules import against, unfit
from sync.platform.rostering.whole import Whole
from sync.protocol.vocabulary import RosterReason

MOST_NAMED = 5  # people named beside a hole
LAPSES_NEVER = None
Mended = Callable[[Person, Post], tuple[Person, Post]]
_ORDER = ("add", "weekly_wish", "training", "skill", "consent", "point", "team")
_MENDED: Mapping[RosterReason, tuple[str, Mended]] = MappingProxyType(
    {  # a rule that somebody can mend, what that is called, and what is then so
        RosterReason.TRAINING: ("training", lambda person, post: (_trained(person, post), post)),
        RosterReason.SKILL: ("skill", lambda person, post: (_skilled(person, post), post)),
        RosterReason.CONSENT: ("consent", lambda person, post: (replace(person, consent=True), post)),
        RosterReason.OTHER_TEAM: ("team", lambda person, post: (person, replace(post, team=None))),
        RosterReason.WEEKLY_WISH: ("weekly_wish", lambda person, post: (person, post)),
    }
)


def holes(problem: Problem, pairs: Iterable[Pair]) -> tuple[Hole, ...]:
    """Return which posts of a roster lack people, why, and what would fill one place at each.

    Who is named beside a :class:`Fill` breaks no rule at all once that one thing is so.
    """
    roster = Whole.of(problem, pairs)
    found = []
    for post in sorted(problem.posts, key=lambda each: (each.starts_ms, each.id)):
        missing = post.needed - len(roster.people[post.id])
        if missing > 0:
            found.append(_hole(roster, post, missing))
    return tuple(found)


def _hole(roster: Whole, post: Post, missing: int) -> Hole:
    count: Counter[RosterReason] = Counter()
    mended: dict[str, list[str]] = defaultdict(list)
    for person, broken in _kept_away(roster, post):
        count.update(broken[:1])
        kind = _what_would_do(person, post, broken)
        if kind is not None:
            mended[kind].append(person.number)
    what = {"training": post.training, "skill": post.skill, "team": post.team}
    fills = [Fill(kind, _fewest(roster, mended[kind]), what.get(kind)) for kind in _ORDER if mended[kind]]
    against_ = sorted(count.items(), key=lambda each: (-each[1], each[0]))
    return Hole(post.id, missing, tuple(against_), (*fills, _anew(post, roster.problem.limits)))


def _anew(post: Post, limits: Limits) -> Fill:
    """Return what holds for whoever is not known yet: nobody serves longer than a day or week allows."""
    return Fill("shorter" if post.minutes > min(limits.day_minutes, limits.week_minutes) else "time")


def _what_would_do(person: Person, post: Post, broken: Sequence[RosterReason]) -> str | None:
    """Return the one thing that would let somebody serve there, or None where there is no such thing."""
    is_away = bool(person.points) and post.point not in person.points
    if not broken:
        return "point" if is_away else "add"
    if is_away or len(broken) > 1 or broken[0] not in _MENDED:
        return None
    kind, mend = _MENDED[broken[0]]
    return kind if unfit(*mend(person, post)) is None else None


def _trained(person: Person, post: Post) -> Person:
    return person if post.training is None else replace(person, trained={**person.trained, post.training: LAPSES_NEVER})


def _skilled(person: Person, post: Post) -> Person:
    return person if post.skill is None else replace(person, skills=person.skills | {post.skill})


def _kept_away(roster: Whole, post: Post) -> Iterator[tuple[Person, list[RosterReason]]]:
    """Yield everybody who is not there, and every rule that keeps them away, each once."""
    there = roster.people[post.id]
    for person in roster.problem.people:
        if person.number not in there:
            pair = Pair(post.id, person.number)
            broken = against(roster.problem, pair, roster.others(person.number), there)
            yield person, list(dict.fromkeys(each.reason for each in broken))


def _fewest(roster: Whole, numbers: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted(numbers, key=lambda number: (roster.minutes(number), number))[:MOST_NAMED])
