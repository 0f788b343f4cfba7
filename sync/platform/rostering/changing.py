"""Manual changes of a roster: each asks the hard rules first, raises versions, and stands in the log.

Upstream: ``reading`` (rules), ``store.rosters``.
Downstream: the planner's page, ``proposals`` (applies what was proposed), ``templates``, ``sheets``, the commands.

All of it happens in a transaction of :data:`store.rosters.OWNER`. What a rule speaks against comes back as a value and
changes nothing. What cannot be at all (a post that has begun, or is no more) is a :class:`DecisionError` with a
sentence. A volunteer is asked and never ordered (条例 Art 25): no change here makes a place ``accepted``, and one whose
time or place is moved is asked about anew.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from sync.platform.errors import DecisionError
from sync.platform.ports import Ids
from sync.platform.rostering.copying import copies_of
from sync.platform.rostering.hours import day_of, is_by_day, week_days
from sync.platform.rostering.model import LIVE, TOLD, Assignment, Post, PostState
from sync.platform.rostering.problem import Limits, Pair
from sync.platform.rostering.reading import Scene, posts_on, scene_of
from sync.platform.rostering.rules import Violation
from sync.platform.rostering.templates import calendar_of
from sync.platform.rostering.undoing import Undone, undo_last
from sync.platform.store import Unit
from sync.platform.store.rosters import By
from sync.platform.wording import marked
from sync.protocol.vocabulary import AssignmentState, RosterReason, SwapState

LONGEST_MS = 24 * 3600 * 1000
_BEGUN = marked("The post has begun already.")
MOST_NEEDED = 9999  # as the wire tells of open places


@dataclass(frozen=True, slots=True)
class Published:
    """What was published: posts, places offered, and drafts that stay drafts, since a rule speaks against them now."""

    posts: int
    offers: int
    kept: tuple[Violation, ...] = ()


@dataclass(frozen=True, slots=True)
class Copied:
    """What was copied; ``skipped`` places and why, and ``shut`` posts that lie where the point is closed then."""

    posts: int
    places: int
    skipped: tuple[Violation, ...] = ()
    shut: tuple[Post, ...] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """A place that is to be made; fields as of ``Assignment``."""

    post: str
    volunteer: str
    pinned: bool = True
    reason: dict[str, Any] | None = None


class Planner:
    """One person's changes in one transaction.

    ``may`` tells which posts the person may plan, where that is not all: what is done to many posts at once (made of
    templates, copied, published) leaves the others alone. Who may do a single change is looked at before.
    """

    def __init__(
        self,
        unit: Unit,
        ids: Ids,
        by: By,
        limits: Limits = Limits(),  # noqa: B008 - frozen
        may: Callable[[Post], bool] = lambda _post: True,
    ) -> None:
        self.unit = unit
        self.by = by
        self.limits = limits
        self.may = may
        self._ids = ids

    def put_post(self, post: Post) -> Post:
        """Write a post that is new (a draft, unless it says that it is published) or has changed.

        Where its time, place or service changes, who had accepted is asked again. Whoever no longer fits is taken off.

        Raises:
            DecisionError: it cannot be so, has begun, was cancelled, or has more volunteers than it would need.
        """
        held = self.unit.rosters.post(post.id) if post.id else None
        self._admit(post, held)
        put = replace(
            post,
            id=post.id or self._ids(),
            on=day_of(post.starts_ms),
            daytime=is_by_day(post.starts_ms, post.ends_ms),
            state=post.state if held is None else held.state,
        )
        put = self.unit.rosters.put_post(put, self.by)
        if held is not None and held.version != put.version:
            self._fit_places(held, put)
        return put

    def cancel_post(self, id_: str) -> Post:
        """Cancel a post; who has a place there is told that it is withdrawn.

        Raises:
            DecisionError: it has begun, or was cancelled.
        """
        post = self._open_post(id_)
        for place in self.unit.rosters.assignments((id_,)):
            self._withdraw(place, RosterReason.CANCELLED)
        return self.unit.rosters.put_post(replace(post, state=PostState.CANCELLED), self.by)

    def assign(
        self, post_id: str, volunteer: str, *, pinned: bool = True, reason: dict[str, Any] | None = None
    ) -> Assignment | tuple[Violation, ...]:
        """Put a volunteer at a post, as a draft; return what speaks against it where anything does."""
        made, violations = self.assign_all([Wanted(post_id, volunteer, pinned, reason)])
        return violations or made[0]

    def assign_all(self, wanted: Iterable[Wanted]) -> tuple[tuple[Assignment, ...], tuple[Violation, ...]]:
        """Put volunteers at posts as drafts, one after another; return what was made, and what spoke against others."""
        asked = tuple(wanted)
        posts = self.unit.rosters.posts_named(each.post for each in asked)
        scene = self._scene(posts.values(), (each.volunteer for each in asked))
        made: list[Assignment] = []
        violations: list[Violation] = []
        for each in asked:
            placed = self._place(scene, posts.get(each.post), each)
            if isinstance(placed, Assignment):
                made.append(placed)
            else:
                violations += placed
        return tuple(made), tuple(violations)

    def unassign(self, assignment_id: str) -> Assignment:
        """Take a volunteer off a post.

        Raises:
            DecisionError: the post has begun, or the place was taken back, declined or exchanged meanwhile.
        """
        place = self._live_place(assignment_id)
        return self._withdraw(place, RosterReason.CHANGED)

    def move(self, assignment_id: str, to_post: str) -> Assignment | tuple[Violation, ...]:
        """Move a volunteer to another post, as a draft there; return what speaks against it where anything does.

        Raises:
            DecisionError: as of :meth:`unassign`.
        """
        place = self._live_place(assignment_id)
        if place.post == to_post:
            return place
        posts = self.unit.rosters.posts_named((to_post,))
        scene = self._scene(posts.values(), (place.volunteer,))
        wanted = Wanted(to_post, place.volunteer)
        violations = self._against(scene, posts.get(to_post), wanted, (place.id,))
        if violations:
            return violations
        self._withdraw(place, RosterReason.CHANGED)
        return self._draft(scene, wanted)

    def publish(self, points: Collection[str], from_on: date, until_on: date) -> Published:
        """Publish the posts of some points and days (both included) that have not begun; drafts there are offered.

        What was accepted or is offered stays. A draft against which a rule speaks by now stays a draft, and is told.
        """
        here = filter(self.may, posts_on(self.unit, points, from_on, until_on))
        posts = [post for post in here if post.starts_ms > self.by.at_ms]
        drafts = self.unit.rosters.assignments((post.id for post in posts), {AssignmentState.DRAFT})
        scene = self._scene(posts, (place.volunteer for place in drafts))
        told, offers = 0, 0
        kept: list[Violation] = []
        for post in posts:
            if post.state is PostState.DRAFT:
                self.unit.rosters.put_post(replace(post, state=PostState.PUBLISHED), self.by)
                told += 1
        for place in drafts:
            against = scene.judge(scene.posts[place.post], place.volunteer, without=(place.id,))
            kept += against
            if not against:
                self._put(replace(place, state=AssignmentState.OFFERED))
                offers += 1
        return Published(told, offers, tuple(kept))

    def copy_week(self, points: Collection[str], from_monday: date, to_monday: date) -> Copied:
        """Copy the posts of a week to another, and their places as drafts as far as no rule speaks against them.

        A post that stands in the other week already is not made again. Days may be any of their weeks.

        Raises:
            DecisionError: it is the same week.
        """
        source, target = week_days(from_monday), week_days(to_monday)
        if source == target:
            raise DecisionError(marked("A week is copied to another week."))
        first, last = min(source[0], target[0]), max(source[-1], target[-1])
        posts, others = (posts_on(self.unit, points, week[0], week[-1]) for week in (source, target))
        calendar = calendar_of(self.unit, points, first, last)
        copies = copies_of(filter(self.may, posts), others, calendar, (target[0] - source[0]).days, self.by.at_ms)
        to_posts = copies.standing | {id_: self.put_post(post) for id_, post in copies.fresh.items()}
        made, skipped = self.assign_all(self._copied_places(to_posts))
        begun = (Violation(Pair(id_, ""), RosterReason.BEGUN) for id_ in copies.begun)
        return Copied(len(copies.fresh), len(made), (*begun, *skipped), tuple(copies.shut))

    def undo(self) -> Undone:
        """Undo the last change of this person of the last minutes.

        Raises:
            DecisionError: there is none, something else was changed meanwhile, or a rule would be broken.
        """
        return undo_last(self.unit, self.by, self.limits)

    def _admit(self, post: Post, held: Post | None) -> None:
        if not 0 < post.ends_ms - post.starts_ms <= LONGEST_MS:
            raise DecisionError(marked("A post ends after it begins, within 24 hours."))
        if not 1 <= post.needed <= MOST_NEEDED:
            raise DecisionError(marked("A post needs at least one volunteer."))
        if post.point not in self._points:
            raise DecisionError(marked("There is no such service point."))
        if post.starts_ms <= self.by.at_ms:
            raise DecisionError(_BEGUN)
        if held is None:
            return
        self._refuse_closed(held)
        if len(self.unit.rosters.assignments((held.id,))) > post.needed:
            raise DecisionError(marked("More volunteers have a place there than it would need. Take some off first."))

    @cached_property
    def _points(self) -> frozenset[str]:
        return frozenset(point.id for point in self.unit.registry.service_points())

    def _fit_places(self, held: Post, put: Post) -> None:
        moved = _when_and_where(held) != _when_and_where(put)
        scene = self._scene((put,), (place.volunteer for place in self.unit.rosters.assignments((put.id,))))
        for place in scene.at(put.id):
            accepted = place.state is AssignmentState.ACCEPTED and not moved
            if scene.judge(put, place.volunteer, without=(place.id,), volunteered=accepted):
                scene.place(self._withdraw(place, RosterReason.CHANGED))
            elif moved and place.state in TOLD:
                scene.place(self._put(replace(place, state=AssignmentState.OFFERED)))

    def _copied_places(self, to_posts: Mapping[str, Post]) -> list[Wanted]:
        """Return the places to be copied, but for those that stand already; ``to_posts`` by the id copied from."""
        standing = self.unit.rosters.assignments(post.id for post in to_posts.values())
        there = {(place.post, place.volunteer) for place in standing}
        wanted = (
            Wanted(to_posts[place.post].id, place.volunteer, place.pinned)
            for place in self.unit.rosters.assignments(to_posts)
        )
        return [each for each in wanted if (each.post, each.volunteer) not in there]

    def _place(self, scene: Scene, post: Post | None, wanted: Wanted) -> Assignment | tuple[Violation, ...]:
        return self._against(scene, post, wanted) or self._draft(scene, wanted)

    def _against(
        self, scene: Scene, post: Post | None, wanted: Wanted, without: Collection[str] = ()
    ) -> tuple[Violation, ...]:
        pair = Pair(wanted.post, wanted.volunteer)
        if post is None:
            return (Violation(pair, RosterReason.UNKNOWN),)
        if post.state is PostState.CANCELLED:
            return (Violation(pair, RosterReason.CANCELLED),)
        if post.starts_ms <= self.by.at_ms:
            return (Violation(pair, RosterReason.BEGUN),)
        return scene.judge(post, wanted.volunteer, without=without)

    def _draft(self, scene: Scene, wanted: Wanted) -> Assignment:
        place = Assignment(
            id=self._ids(),
            post=wanted.post,
            volunteer=wanted.volunteer,
            state=AssignmentState.DRAFT,
            pinned=wanted.pinned,
            reason=wanted.reason,
        )
        put = self._put(place)
        scene.place(put)
        return put

    def _withdraw(self, place: Assignment, why: RosterReason) -> Assignment:
        for swap in self.unit.rosters.swaps_of((place.id,), {SwapState.ASKED}):
            post = self.unit.rosters.post(place.post)
            failed = replace(swap, state=SwapState.FAILED, why=why, settled_ms=self.by.at_ms)
            self.unit.rosters.put_swap(failed, post.point if post else "", self.by)
        return self._put(replace(place, state=AssignmentState.WITHDRAWN))

    def _put(self, place: Assignment) -> Assignment:
        return self.unit.rosters.put_assignment(place, self.by)

    def _live_place(self, assignment_id: str) -> Assignment:
        place = self.unit.rosters.assignment(assignment_id)
        if place is None or place.state not in LIVE:
            raise DecisionError(marked("This place was changed meanwhile. Look at it again."))
        self._open_post(place.post)
        return place

    def _open_post(self, id_: str) -> Post:
        post = self.unit.rosters.post(id_)
        if post is None:
            raise DecisionError(marked("There is no such post."))
        self._refuse_closed(post)
        return post

    def _refuse_closed(self, post: Post) -> None:
        if post.state is PostState.CANCELLED:
            raise DecisionError(marked("The post was cancelled."))
        if post.starts_ms <= self.by.at_ms:
            raise DecisionError(_BEGUN)

    def _scene(self, posts: Iterable[Post], volunteers: Iterable[str]) -> Scene:
        return scene_of(self.unit, tuple(posts), volunteers, self.by.at_ms, self.limits)


def _when_and_where(post: Post) -> tuple[Any, ...]:
    return post.point, post.service, post.starts_ms, post.ends_ms
