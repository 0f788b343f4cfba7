"""What a week copied to another would be. Pure.

Upstream: ``opening``, ``model``.
Downstream: ``changing.Planner.copy_week``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import timedelta

from sync.platform.rostering.model import Post, PostState
from sync.platform.rostering.opening import Calendar

MS_PER_DAY = 24 * 3600 * 1000  # China has no summer time: a day later is the same time of the day


@dataclass(frozen=True, slots=True)
class Copies:
    """What is to be made of a week's posts, by the id of the post that is copied.

    Attributes:
        fresh: posts to be made, without ids.
        standing: those that stand in the other week already.
        shut: copies left out since the point is closed then; it was open for the post that is copied.
        begun: copies left out since they would have begun by now.
    """

    fresh: dict[str, Post] = field(default_factory=dict)
    standing: dict[str, Post] = field(default_factory=dict)
    shut: list[Post] = field(default_factory=list)
    begun: list[str] = field(default_factory=list)


def copies_of(posts: Iterable[Post], others: Iterable[Post], calendar: Calendar, days: int, now_ms: int) -> Copies:
    """Return what a copy of some posts so many days later (or earlier) asks for.

    Args:
        posts: that are copied.
        others: that stand in the other week.
        calendar: of both weeks.
        days: between them.
        now_ms: UTC ms.
    """
    found, standing = Copies(), {_likeness(post): post for post in others}
    for post in posts:
        copy = _moved(post, days)
        if calendar.is_open(post) and not calendar.is_open(copy):
            found.shut.append(copy)
        elif copy.starts_ms <= now_ms:
            found.begun.append(post.id)
        elif _likeness(copy) in standing:
            found.standing[post.id] = standing[_likeness(copy)]
        else:
            found.fresh[post.id] = copy
    return found


def _moved(post: Post, days: int) -> Post:
    return replace(
        post,
        id="",
        starts_ms=post.starts_ms + days * MS_PER_DAY,
        ends_ms=post.ends_ms + days * MS_PER_DAY,
        on=post.on + timedelta(days=days),
        state=PostState.DRAFT,
        version=1,
    )


def _likeness(post: Post) -> tuple[object, ...]:
    return post.point, post.service, post.starts_ms, post.ends_ms, post.team, post.skill, post.training
