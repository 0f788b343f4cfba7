"""Posts 班次, the places at them, exchanges, and the log of every change.

Upstream: ``tables``, ``rostering.model``.
Downstream: ``rostering``, ``present``, the planner's and the volunteers' pages.

Whoever writes here does so in a transaction of the owner :data:`OWNER`: rules look at several rows at once (all posts
of a volunteer, all places at a post), so one at a time changes any roster. Every change goes through :meth:`put_post`,
:meth:`put_assignment` or :meth:`put_swap`, which raise its version and note it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from enum import Enum
from typing import Any

import msgspec
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from sync.platform.rostering.hours import is_by_day
from sync.platform.rostering.model import LIVE, TOLD, Assignment, Change, Post, PostState, Swap
from sync.platform.store.tables import (
    AssignmentRow,
    PostRow,
    RosterLogRow,
    ServicePointRow,
    SessionRow,
    SwapRow,
    VolunteerRow,
)
from sync.protocol.reference import NearbyShift, RosteredShift
from sync.protocol.vocabulary import AssignmentState, RosterReason, SwapState

OWNER = "roster"
STAMPS = frozenset({"version", "changed_ms", "changed_by"})  # of a value in the log: what every change writes
CHUNK = 500
_LIVE = tuple(state.value for state in LIVE)
_TOLD = tuple(state.value for state in TOLD)


@dataclass(frozen=True, slots=True)
class By:
    """Who changes something, when (UTC ms), and by which way (``model.Change.source``)."""

    who: str
    at_ms: int
    source: str


class Rosters:
    """The roster's rows of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def post(self, id_: str) -> Post | None:
        """Return a post, cancelled ones too."""
        row = self._session.get(PostRow, id_)
        return None if row is None else _post_of(row)

    def posts(
        self, from_ms: int, until_ms: int, points: Collection[str] | None = None, *, cancelled: bool = False
    ) -> tuple[Post, ...]:
        """Return the posts that lie in part within [from, until) (UTC ms), of some points or all, by their begin."""
        query = select(PostRow).where(PostRow.ends_ms > from_ms, PostRow.starts_ms < until_ms)
        if points is not None:
            query = query.where(PostRow.service_point.in_(sorted(points)))
        if not cancelled:
            query = query.where(PostRow.state != PostState.CANCELLED.value)
        rows = self._session.scalars(query.order_by(PostRow.starts_ms, PostRow.id))
        return tuple(_post_of(row) for row in rows)

    def with_room(
        self, from_ms: int, until_ms: int, points: Collection[str] | None = None
    ) -> tuple[tuple[Post, int], ...]:
        """Return the published posts that begin after an instant and before another (UTC ms), with places left there.

        Of some points or all, by their begin. A planner's draft holds a place, as it does for the rules.
        """
        begins = PostRow.starts_ms > from_ms, PostRow.starts_ms < until_ms, PostRow.ends_ms > from_ms
        here = begins if points is None else (*begins, PostRow.service_point.in_(sorted(points)))
        taken = (
            select(AssignmentRow.post, func.count().label("places"))
            .join(PostRow, PostRow.id == AssignmentRow.post)
            .where(AssignmentRow.state.in_(_LIVE), *here)
            .group_by(AssignmentRow.post)
            .subquery()
        )
        left = PostRow.needed - func.coalesce(taken.c.places, 0)
        query = select(PostRow, left).outerjoin(taken, taken.c.post == PostRow.id)
        query = query.where(PostRow.state == PostState.PUBLISHED.value, left > 0, *here)
        rows = self._session.execute(query.order_by(PostRow.starts_ms, PostRow.id))
        return tuple((_post_of(row), count) for row, count in rows)

    def posts_named(self, ids: Iterable[str]) -> dict[str, Post]:
        """Return the posts of these ids, by id."""
        found: dict[str, Post] = {}
        for chunk in _chunks(ids):
            rows = self._session.scalars(select(PostRow).where(PostRow.id.in_(chunk)))
            found |= {row.id: _post_of(row) for row in rows}
        return found

    def put_post(self, post: Post, by: By) -> Post:
        """Write a post that is new or has changed; return it with its version."""
        row = self._session.get(PostRow, post.id)
        before = None if row is None else _post_of(row)
        put = replace(post, version=before.version + 1 if before else 1)
        if before is not None and replace(post, version=before.version) == before:
            return before
        self._write(row, _post_row(put))
        self._note("post", put.point, before, put, by)
        return put

    def assignment(self, id_: str) -> Assignment | None:
        """Return a place, whatever became of it."""
        row = self._session.get(AssignmentRow, id_)
        return None if row is None else _assignment_of(row)

    def assignments(
        self, posts: Iterable[str], states: Collection[AssignmentState] | None = LIVE
    ) -> tuple[Assignment, ...]:
        """Return the places at some posts in some states (None: all), by post and then as they were changed."""
        found: list[Assignment] = []
        for chunk in _chunks(posts):
            query = select(AssignmentRow).where(AssignmentRow.post.in_(chunk))
            if states is not None:
                query = query.where(AssignmentRow.state.in_([state.value for state in states]))
            found += map(_assignment_of, self._session.scalars(query))
        return tuple(sorted(found, key=lambda each: (each.post, each.changed_ms, each.id)))

    def of_volunteers(
        self,
        volunteers: Iterable[str],
        from_ms: int,
        until_ms: int,
        states: Collection[AssignmentState] | None = LIVE,
        *,
        cancelled: bool = False,
    ) -> tuple[tuple[Assignment, Post], ...]:
        """Return the places of some volunteers at posts that lie in part within [from, until), by their begin."""
        found: list[tuple[Assignment, Post]] = []
        for chunk in _chunks(volunteers):
            query = select(AssignmentRow, PostRow).join(PostRow, PostRow.id == AssignmentRow.post)
            query = query.where(AssignmentRow.volunteer.in_(chunk))
            query = query.where(PostRow.ends_ms > from_ms, PostRow.starts_ms < until_ms)
            if not cancelled:
                query = query.where(PostRow.state != PostState.CANCELLED.value)
            if states is not None:
                query = query.where(AssignmentRow.state.in_([state.value for state in states]))
            found += [(_assignment_of(row), _post_of(post)) for row, post in self._session.execute(query)]
        return tuple(sorted(found, key=lambda each: (each[1].starts_ms, each[1].id, each[0].id)))

    def put_assignment(self, assignment: Assignment, by: By) -> Assignment:
        """Write a place that is new or has changed; return it with its version. Rules are the caller's to ask."""
        row = self._session.get(AssignmentRow, assignment.id)
        before = None if row is None else _assignment_of(row)
        version = before.version + 1 if before else 1
        put = replace(assignment, version=version, changed_ms=by.at_ms, changed_by=by.who)
        post = self._session.get(PostRow, put.post)
        self._write(row, _assignment_row(put))
        self._note("assignment", post.service_point if post else None, before, put, by)
        return put

    def told(
        self, service_point: str, ending_after_ms: int, begun_before_ms: int | None = None
    ) -> tuple[RosteredShift, ...]:
        """Return the places at a point that volunteers know of, of posts that end after an instant, by their begin.

        Args:
            service_point: whose.
            ending_after_ms: UTC ms.
            begun_before_ms: posts that begin no later than this, UTC ms; None: all.
        """
        query = (
            select(AssignmentRow, PostRow, VolunteerRow.name)
            .join(PostRow, PostRow.id == AssignmentRow.post)
            .join(VolunteerRow, VolunteerRow.number == AssignmentRow.volunteer)
            .where(PostRow.service_point == service_point, PostRow.ends_ms > ending_after_ms)
            .where(PostRow.state == PostState.PUBLISHED.value, AssignmentRow.state.in_(_TOLD))
            .order_by(PostRow.starts_ms, AssignmentRow.id)
        )
        if begun_before_ms is not None:
            query = query.where(PostRow.starts_ms <= begun_before_ms)
        return tuple(_told_of(row, post, name) for row, post, name in self._session.execute(query))

    def nearby(
        self, service_point: str, volunteers: Collection[str], from_ms: int, until_ms: int
    ) -> tuple[NearbyShift, ...]:
        """Return the places that some volunteers know of at other points, within [from, until), without addresses."""
        found: list[NearbyShift] = []
        columns = AssignmentRow, PostRow, ServicePointRow.name
        query = (
            select(*columns)
            .join(PostRow, PostRow.id == AssignmentRow.post)
            .join(ServicePointRow, ServicePointRow.id == PostRow.service_point)
            .where(PostRow.ends_ms > from_ms, PostRow.starts_ms < until_ms, PostRow.service_point != service_point)
            .where(PostRow.state == PostState.PUBLISHED.value, AssignmentRow.state.in_(_TOLD))
        )
        for chunk in _chunks(volunteers):
            rows = self._session.execute(query.where(AssignmentRow.volunteer.in_(chunk)))
            found += [
                NearbyShift(place.id, place.volunteer, post.service_point, name, post.starts_ms, post.ends_ms)
                for place, post, name in rows
            ]
        return tuple(sorted(found, key=lambda each: (each.starts_ms, each.id)))

    def points_served(self, volunteer: str, since_ms: int) -> tuple[str, ...]:
        """Return the service points at which a volunteer began a duty since an instant, UTC ms."""
        query = select(SessionRow.service_point).where(
            SessionRow.volunteer == volunteer, SessionRow.started_est_ms > since_ms
        )
        return tuple(self._session.scalars(query.distinct().order_by(SessionRow.service_point)))

    def swap(self, id_: str) -> Swap | None:
        """Return an exchange."""
        row = self._session.get(SwapRow, id_)
        return None if row is None else swap_of(row)

    def swaps_of(self, assignments: Iterable[str], states: Collection[SwapState] | None = None) -> tuple[Swap, ...]:
        """Return the exchanges in which one of these places is offered or wanted, by when they were asked."""
        found: dict[str, Swap] = {}
        for chunk in _chunks(assignments):
            query = select(SwapRow).where(or_(SwapRow.assignment.in_(chunk), SwapRow.in_return.in_(chunk)))
            if states is not None:
                query = query.where(SwapRow.state.in_([state.value for state in states]))
            found |= {row.id: swap_of(row) for row in self._session.scalars(query)}
        return tuple(sorted(found.values(), key=lambda each: (each.asked_ms, each.id)))

    def put_swap(self, swap: Swap, point: str, by: By) -> Swap:
        """Write an exchange that is new or has changed; return it with its version."""
        row = self._session.get(SwapRow, swap.id)
        before = None if row is None else swap_of(row)
        put = replace(swap, version=before.version + 1 if before else 1)
        self._write(row, _swap_row(put))
        self._note("swap", point, before, put, by)
        return put

    def note(self, change: Change) -> None:
        """Note a change of something that is kept elsewhere: a template, hours, a profile."""
        self._session.add(
            RosterLogRow(
                at_ms=change.at_ms,
                by=change.by,
                source=change.source,
                kind=change.kind,
                subject=change.subject,
                version=change.version,
                service_point=change.point,
                before=None if change.before is None else msgspec.json.encode(change.before).decode(),
                after=None if change.after is None else msgspec.json.encode(change.after).decode(),
            )
        )
        self._session.flush()

    def changes_of(self, kind: str, subject: str) -> tuple[Change, ...]:
        """Return what became of one thing, the earliest first."""
        query = select(RosterLogRow).where(RosterLogRow.kind == kind, RosterLogRow.subject == subject)
        return tuple(map(_change_of, self._session.scalars(query.order_by(RosterLogRow.id))))

    def latest_changes(self, service_point: str | None, limit: int, before_id: int | None = None) -> Sequence[Change]:
        """Return the latest changes at a point, or at all, the newest first."""
        query = select(RosterLogRow).order_by(RosterLogRow.id.desc()).limit(limit)
        if service_point is not None:
            query = query.where(RosterLogRow.service_point == service_point)
        if before_id is not None:
            query = query.where(RosterLogRow.id < before_id)
        return tuple(map(_change_of, self._session.scalars(query)))

    def changes_by(self, who: str, since_ms: int) -> tuple[Change, ...]:
        """Return what somebody changed since an instant (UTC ms), the newest first."""
        query = select(RosterLogRow).where(RosterLogRow.by == who, RosterLogRow.at_ms >= since_ms)
        return tuple(map(_change_of, self._session.scalars(query.order_by(RosterLogRow.id.desc()))))

    def next_version(self, kind: str, subject: str) -> int:
        """Return the version that the next change of a thing has which counts none of its own."""
        query = select(func.max(RosterLogRow.version)).where(RosterLogRow.kind == kind, RosterLogRow.subject == subject)
        return (self._session.scalar(query) or 0) + 1

    def log_of(self, service_point: str, limit: int, before_id: int | None = None) -> tuple[tuple[int, Change], ...]:
        """Return the latest changes at a point with their places in the log, the newest first.

        Args:
            service_point: whose.
            limit: how many at most.
            before_id: only what stands before this place in the log.
        """
        query = select(RosterLogRow).where(RosterLogRow.service_point == service_point)
        if before_id is not None:
            query = query.where(RosterLogRow.id < before_id)
        rows = self._session.scalars(query.order_by(RosterLogRow.id.desc()).limit(limit))
        return tuple((row.id, _change_of(row)) for row in rows)

    def count_changes(self) -> int:
        """Return how many changes were ever noted: it rises with each, so who holds an older one knows of news."""
        return self._session.scalar(select(func.max(RosterLogRow.id))) or 0

    def _write(self, held: object | None, row: object) -> None:
        if held is None:
            self._session.add(row)  # a merge would look for it again
        else:
            self._session.merge(row)

    def _note(self, kind: str, point: str | None, before: Any, after: Any, by: By) -> None:
        was = None if before is None else plain(before)
        self.note(Change(by.at_ms, by.who, by.source, kind, after.id, after.version, point, was, plain(after)))


def plain(value: Any) -> dict[str, Any]:
    """Return a frozen value of ``rostering.model`` as the log keeps it."""
    return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}


def read_plain(kind: str, kept: Mapping[str, Any]) -> Post | Assignment | Swap:
    """Return a post, a place or an exchange as the log kept it (:func:`plain`)."""
    return msgspec.convert(kept, {"post": Post, "assignment": Assignment, "swap": Swap}[kind])


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(value)
    return plain(value) if is_dataclass(value) and not isinstance(value, type) else value


def _chunks(ids: Iterable[str]) -> Iterable[list[str]]:
    every = sorted(set(ids))
    return (every[at : at + CHUNK] for at in range(0, len(every), CHUNK))


def _post_of(row: PostRow) -> Post:
    return Post(
        id=row.id,
        point=row.service_point,
        service=row.service,
        starts_ms=row.starts_ms,
        ends_ms=row.ends_ms,
        on=date.fromisoformat(row.on_day),
        needed=row.needed,
        team=row.team,
        skill=row.skill,
        training=row.training,
        daytime=is_by_day(row.starts_ms, row.ends_ms),
        state=PostState(row.state),
        template=row.template,
        version=row.version,
    )


def _post_row(post: Post) -> PostRow:
    return PostRow(
        id=post.id,
        service_point=post.point,
        service=post.service,
        team=post.team,
        skill=post.skill,
        training=post.training,
        starts_ms=post.starts_ms,
        ends_ms=post.ends_ms,
        on_day=post.on.isoformat(),
        needed=post.needed,
        state=post.state.value,
        template=post.template,
        version=post.version,
    )


def _assignment_of(row: AssignmentRow) -> Assignment:
    return Assignment(
        id=row.id,
        post=row.post,
        volunteer=row.volunteer,
        state=AssignmentState(row.state),
        pinned=row.pinned,
        reason=None if row.reason is None else msgspec.json.decode(row.reason, type=dict[str, Any]),
        version=row.version,
        changed_ms=row.changed_ms,
        changed_by=row.changed_by,
    )


def _assignment_row(each: Assignment) -> AssignmentRow:
    return AssignmentRow(
        id=each.id,
        post=each.post,
        volunteer=each.volunteer,
        state=each.state.value,
        pinned=each.pinned,
        reason=None if each.reason is None else msgspec.json.encode(each.reason).decode(),
        version=each.version,
        changed_ms=each.changed_ms,
        changed_by=each.changed_by,
    )


def _told_of(row: AssignmentRow, post: PostRow, name: str) -> RosteredShift:
    state, times = AssignmentState(row.state), (post.starts_ms, post.ends_ms)
    return RosteredShift(row.id, row.volunteer, name, post.service, *times, post.team, state, post.id, row.version)


def swap_of(row: SwapRow) -> Swap:
    """Return the exchange of a row."""
    return Swap(
        id=row.id,
        assignment=row.assignment,
        volunteer=row.volunteer,
        colleague=row.colleague,
        in_return=row.in_return,
        state=SwapState(row.state),
        asked_ms=row.asked_ms,
        why=None if row.why is None else RosterReason(row.why),
        version=row.version,
        settled_ms=row.settled_ms,
    )


def _swap_row(swap: Swap) -> SwapRow:
    return SwapRow(
        id=swap.id,
        assignment=swap.assignment,
        volunteer=swap.volunteer,
        colleague=swap.colleague,
        in_return=swap.in_return,
        state=swap.state.value,
        why=None if swap.why is None else swap.why.value,
        version=swap.version,
        asked_ms=swap.asked_ms,
        settled_ms=swap.settled_ms,
    )


def _change_of(row: RosterLogRow) -> Change:
    return Change(
        at_ms=row.at_ms,
        by=row.by,
        source=row.source,
        kind=row.kind,
        subject=row.subject,
        version=row.version,
        point=row.service_point,
        before=None if row.before is None else msgspec.json.decode(row.before, type=dict[str, Any]),
        after=None if row.after is None else msgspec.json.decode(row.after, type=dict[str, Any]),
    )
