"""The hard rules: what no proposal, no manual change, no answer and no swap may break. Pure.

Upstream: ``problem``.
Downstream: ``solving``, ``explaining``, ``changing``, ``answering``: whoever puts a volunteer at a post.

What speaks against one volunteer at one post is a value with everything a sentence needs, never an exception.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sync.platform.rostering.model import Post
from sync.platform.rostering.problem import STRAIGHT_ON_MS, Limits, Pair, Person, Problem
from sync.protocol.vocabulary import RosterReason

ALWAYS = 1 << 62


@dataclass(frozen=True, slots=True)
class Violation:
    """One rule that a place breaks; ``other`` is the post it breaks it with, where there is one."""

    pair: Pair
    reason: RosterReason
    other: str | None = None


def unfit(person: Person, post: Post) -> RosterReason | None:
    """Return the first thing that speaks against a volunteer at a post, whatever else is planned, or None."""
    return unqualified(person, post) or (None if is_available(person, post) else RosterReason.UNAVAILABLE)


def unqualified(person: Person, post: Post) -> RosterReason | None:
    """Return what speaks against it even where the volunteer has time and says so, or None."""
    if not person.may_serve:
        return RosterReason.SUSPENDED
    if post.team is not None and post.team != person.team:
        return RosterReason.OTHER_TEAM
    if post.skill is not None and post.skill not in person.skills:
        return RosterReason.SKILL
    if post.training is not None and not _is_trained(person, post.training, post.ends_ms):
        return RosterReason.TRAINING
    if person.adult_from_ms is not None and post.starts_ms < person.adult_from_ms:
        return RosterReason.CONSENT if not person.consent else None if post.daytime else RosterReason.NIGHT
    return None


def is_available(person: Person, post: Post) -> bool:
    """Tell whether all of a post lies within one span of a volunteer's time."""
    at = bisect_right(person.available, (post.starts_ms, ALWAYS)) - 1
    return at >= 0 and person.available[at][1] >= post.ends_ms


def apart(one: Post, other: Post, limits: Limits) -> RosterReason | None:
    """Return why one person cannot serve at two posts, or None."""
    first, second = sorted((one, other), key=lambda post: (post.starts_ms, post.ends_ms))
    gap_ms = second.starts_ms - first.ends_ms
    if gap_ms < 0:
        return RosterReason.OVERLAP
    if first.point == second.point and gap_ms <= STRAIGHT_ON_MS:
        return None
    return RosterReason.REST if gap_ms < limits.rest_ms else None


def violations(problem: Problem, pairs: Iterable[Pair]) -> tuple[Violation, ...]:
    """Return every rule that a whole roster breaks, in the order of its pairs; empty where it holds."""
    found: list[Violation] = []
    standing: dict[str, list[Post]] = defaultdict(list)
    filled: dict[str, list[str]] = defaultdict(list)
    for pair in sorted(pairs):
        found += against(problem, pair, standing[pair.person], filled[pair.post])
        if pair.post in problem.post_of:
            standing[pair.person].append(problem.post_of[pair.post])
        filled[pair.post].append(pair.person)
    return tuple(found)


def against(
    problem: Problem, pair: Pair, others: Sequence[Post], there: Iterable[str], *, volunteered: bool = False
) -> Iterator[Violation]:
    """Yield all that speaks against one more place.

    Args:
        problem: whose people, posts and limits hold.
        pair: the place to be added.
        others: the posts at which its volunteer has places already, beside this one.
        there: who has a place at its post already.
        volunteered: the volunteer asks for it: then neither their usual time nor their wish for a week speaks against
            it, nor what they said of it before.
    """
    person, post = problem.person_of.get(pair.person), problem.post_of.get(pair.post)
    if person is None or post is None:
        yield Violation(pair, RosterReason.UNKNOWN)
        return
    taken = tuple(there)
    if pair.person in taken:
        yield Violation(pair, RosterReason.TWICE)
        return
    if pair in problem.declined and not volunteered:
        yield Violation(pair, RosterReason.DECLINED)
    reason = unqualified(person, post) if volunteered else unfit(person, post)
    if reason is not None:
        yield Violation(pair, reason)
    if len(taken) >= post.needed:
        yield Violation(pair, RosterReason.POST_FULL)
    yield from _with_others(pair, post, tuple(others), problem.limits)
    if not volunteered and _same_week(post, others) >= person.most_a_week:
        yield Violation(pair, RosterReason.WEEKLY_WISH)


def _with_others(pair: Pair, post: Post, others: tuple[Post, ...], limits: Limits) -> Iterator[Violation]:
    for other in others:
        if (reason := apart(post, other, limits)) is not None:
            yield Violation(pair, reason, other.id)
    if post.minutes + sum(other.minutes for other in others if other.on == post.on) > limits.day_minutes:
        yield Violation(pair, RosterReason.DAY_FULL)
    if post.minutes + sum(other.minutes for other in others if other.week == post.week) > limits.week_minutes:
        yield Violation(pair, RosterReason.WEEK_FULL)


def _same_week(post: Post, others: Sequence[Post]) -> int:
    return sum(other.week == post.week for other in others)


def _is_trained(person: Person, training: str, until_ms: int) -> bool:
    if training not in person.trained:
        return False
    lapses_ms = person.trained[training]
    return lapses_ms is None or lapses_ms >= until_ms
