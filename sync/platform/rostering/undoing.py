"""Takes the last change of one person back, through the log, where nothing else has changed since.

Upstream: ``store.rosters`` (the log keeps what was before), ``reading`` (rules).
Downstream: ``changing``.

An undo is a change of its own in the log, of source ``undo``; the next undo goes one change further back. What a
person changed in one go (one instant, one way) is taken back in one go.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, TypeAlias

from sync.platform.errors import DecisionError
from sync.platform.rostering.model import LIVE, Assignment, Change, Post, PostState, Swap
from sync.platform.rostering.problem import Limits
from sync.platform.rostering.reading import Scene, scene_of
from sync.platform.store import Unit
from sync.platform.store.rosters import STAMPS, By, plain, read_plain
from sync.platform.wording import marked
from sync.protocol.vocabulary import AssignmentState, SwapState

UNDO = "undo"
WITHIN_MS = 15 * 60 * 1000  # later a planner no longer knows what it was
KINDS = frozenset({"post", "assignment", "swap"})
Thing: TypeAlias = Post | Assignment | Swap


@dataclass(frozen=True, slots=True)
class Undone:
    """What was taken back: the lines of the log, the latest first, and when they were made (UTC ms)."""

    at_ms: int
    changes: tuple[Change, ...]


def undo_last(unit: Unit, by: By, limits: Limits) -> Undone:
    """Undo the last change of ``by.who``.

    Raises:
        DecisionError: there is none, something else was changed meanwhile, or a rule would be broken.
    """
    changes = last_change(unit, by)
    if not changes:
        raise DecisionError(marked("There is nothing of the last minutes to undo."))
    first, last = _ends_of(changes)
    held = {key: _held(unit, *key) for key in first}
    if any(one is None or _content(plain(one)) != _content(last[key]) for key, one in held.items()):
        raise DecisionError(marked("Something else was changed meanwhile; it cannot be undone."))
    back = {key: _as_before(change, held[key]) for key, change in first.items()}
    _admit(unit, tuple(back.values()), by, limits)
    written = replace(by, source=UNDO)
    for one in sorted(back.values(), key=lambda each: isinstance(each, (Assignment, Swap))):
        _write(unit, one, written)
    return Undone(changes[0].at_ms, changes)


def last_change(unit: Unit, by: By) -> tuple[Change, ...]:
    """Return what an undo of ``by.who`` would take back, the latest line of the log first; empty: nothing."""
    return _last_of(unit.rosters.changes_by(by.who, by.at_ms - WITHIN_MS))


def _last_of(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Return the last change that was not taken back yet, of changes the newest first: an undo pairs as a bracket."""
    undone = 0
    for (_, source), group in groupby(changes, key=lambda each: (each.at_ms, each.source)):
        if source == UNDO:
            undone += 1
        elif undone:
            undone -= 1
        else:
            found = tuple(each for each in group if each.kind in KINDS)
            if found:
                return found
    return ()


def _ends_of(changes: Iterable[Change]) -> tuple[dict[tuple[str, str], Change], dict[tuple[str, str], dict[str, Any]]]:
    """Return the first change of each thing, and what became of it at last."""
    first: dict[tuple[str, str], Change] = {}
    last: dict[tuple[str, str], dict[str, Any]] = {}
    for change in changes:
        key = change.kind, change.subject
        last.setdefault(key, dict(change.after or {}))
        first[key] = change
    return first, last


def _held(unit: Unit, kind: str, id_: str) -> Thing | None:
    if kind == "post":
        return unit.rosters.post(id_)
    return unit.rosters.assignment(id_) if kind == "assignment" else unit.rosters.swap(id_)


def _content(of: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in of.items() if key not in STAMPS}


def _as_before(change: Change, held: Thing | None) -> Thing:
    if change.before is not None:
        return read_plain(change.kind, change.before)
    if isinstance(held, Post):
        return replace(held, state=PostState.CANCELLED)
    if isinstance(held, Swap):
        return replace(held, state=SwapState.WITHDRAWN)
    assert held is not None  # noqa: S101 - a thing without a row was refused
    return replace(held, state=AssignmentState.WITHDRAWN)


def _admit(unit: Unit, back: tuple[Thing, ...], by: By, limits: Limits) -> None:
    touched = {one.id for one in back if isinstance(one, Post)} | {
        one.post for one in back if isinstance(one, Assignment)
    }
    as_is = unit.rosters.posts_named(touched)
    posts = as_is | {one.id: one for one in back if isinstance(one, Post)}
    if any(post.starts_ms <= by.at_ms for post in (*as_is.values(), *posts.values())):
        raise DecisionError(marked("The post has begun already."))
    places = {place.id: place for place in unit.rosters.assignments(touched)}
    places |= {one.id: one for one in back if isinstance(one, Assignment)}
    live = [place for place in places.values() if place.state in LIVE]
    scene = scene_of(unit, tuple(posts.values()), {place.volunteer for place in live}, by.at_ms, limits)
    for one in back:
        if isinstance(one, Assignment):
            scene.place(one)
    if any(_breaks(unit, scene, posts[place.post], place) for place in live):
        raise DecisionError(marked("It cannot be undone: a rule of the roster would be broken by now."))


def _breaks(unit: Unit, scene: Scene, post: Post, place: Assignment) -> bool:
    if post.state is PostState.CANCELLED:
        return True
    if not scene.judge(post, place.volunteer, without=(place.id,)):
        return False
    asked_for = unit.rosters.changes_of("assignment", place.id)[0].by == place.volunteer
    return not asked_for or bool(scene.judge(post, place.volunteer, without=(place.id,), volunteered=True))


def _write(unit: Unit, one: Thing, by: By) -> None:
    if isinstance(one, Post):
        unit.rosters.put_post(one, by)
    elif isinstance(one, Assignment):
        unit.rosters.put_assignment(one, by)
    else:
        place = unit.rosters.assignment(one.assignment)
        post = None if place is None else unit.rosters.post(place.post)
        unit.rosters.put_swap(one, post.point if post else "", by)
