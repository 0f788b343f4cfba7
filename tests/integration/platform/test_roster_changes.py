"""Promises of manual changes: whatever a planner does, no hard rule is broken, and the log knows all of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.platform.errors import DecisionError
from sync.platform.rostering.changing import Planner
from sync.platform.rostering.hours import instant_of
from sync.platform.rostering.model import Deviation, Post, Profile, Weekly
from sync.platform.rostering.rules import violations
from sync.platform.store import Unit
from sync.platform.store.rosters import plain
from sync.protocol.vocabulary import AssignmentState
from tests.integration.platform.emptied import fresh_file
from tests.support.rosters import MONDAY, NUMBERS, POINTS, Town, post_at

OFFERED, ACCEPTED, WITHDRAWN = AssignmentState.OFFERED, AssignmentState.ACCEPTED, AssignmentState.WITHDRAWN
DAY_MS = 24 * 3_600_000
SKILLED, MINOR, BUSY, WISHING, LEARNED = NUMBERS


@pytest.fixture
def town() -> Iterator[Town]:
    with fresh_file() as database:
        yield Town(database).settle()


def diverse(town: Town) -> Town:
    """Let each volunteer be limited by another rule."""
    with town.database.writing("roster") as unit:
        town.bring(unit, Profile(SKILLED, team="party", skills=frozenset({"english"})))
        town.bring(unit, Profile(BUSY), tuple(Weekly(day, 8 * 60, 12 * 60) for day in (0, 1, 2)))
        town.bring(unit, Profile(WISHING, most_a_week=2))
        unit.standings.put_training(LEARNED, "aed", instant_of(MONDAY, 0) + 3 * DAY_MS)
        away = Deviation("away", instant_of(MONDAY, 0) + DAY_MS, instant_of(MONDAY, 0) + 2 * DAY_MS, free=False)
        unit.roster_people.put_deviation(SKILLED, away, town.by)
    born_on = MONDAY.replace(year=MONDAY.year - 18, day=9)
    town.decide(MINOR, born_on=born_on, guardian_consent=True)
    return town


PLACES = st.integers(0, 30)
POSTS = st.builds(
    lambda day, starts, hours, point, more: post_at(day, starts, starts + hours, point, **more),
    st.integers(0, 4),
    st.sampled_from([7, 8, 9, 10, 11, 13, 17, 19]),
    st.integers(1, 4),
    st.sampled_from(POINTS),
    st.sampled_from([{}, {"needed": 2}, {"skill": "english"}, {"training": "aed"}, {"team": "party", "needed": 2}]),
)
ASSIGN = st.tuples(st.just("assign"), PLACES, st.sampled_from(NUMBERS))
STEPS = st.one_of(
    st.tuples(st.just("put"), POSTS),
    *[ASSIGN] * 4,
    st.tuples(st.just("change"), PLACES, POSTS),
    st.tuples(st.just("answer"), PLACES, st.sampled_from([ACCEPTED, ACCEPTED, AssignmentState.DECLINED])),
    st.tuples(st.just("move"), PLACES, PLACES),
    st.tuples(st.sampled_from(["unassign", "cancel"]), PLACES),
    st.tuples(st.sampled_from(["publish", "undo", "undo", "copy"])),
    st.tuples(st.just("later"), st.integers(1, 30)),
)


class Life:
    """What people do with a roster, step by step; a refusal changes nothing."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.refused = 0

    def do(self, step: tuple[Any, ...]) -> None:
        before = self.everything()
        try:
            getattr(self, step[0])(*step[1:])
        except DecisionError:
            self.refused += 1
            assert self.everything() == before

    def put(self, post: Post) -> None:
        self.town.put(post)

    def change(self, place: int, post: Post) -> None:
        if (held := self._nth(self._posts(), place)) is not None:
            self.town.put(replace(post, id=held.id))

    def assign(self, place: int, number: str) -> None:
        if (post := self._nth(self._posts(), place)) is not None:
            self.town.plan(lambda planner: planner.assign(post.id, number))

    def answer(self, place: int, said: AssignmentState) -> None:
        held = self._nth(self.town.places(), place)
        if held is not None and held.state is OFFERED:
            self.town.answer(held, state=said)

    def move(self, place: int, to: int) -> None:
        held, post = self._nth(self.town.places(), place), self._nth(self._posts(), to)
        if held is not None and post is not None:
            self.town.plan(lambda planner: planner.move(held.id, post.id))

    def unassign(self, place: int) -> None:
        if (held := self._nth(self.town.places(), place)) is not None:
            self.town.plan(lambda planner: planner.unassign(held.id))

    def cancel(self, place: int) -> None:
        if (post := self._nth(self._posts(), place)) is not None:
            self.town.plan(lambda planner: planner.cancel_post(post.id))

    def publish(self) -> None:
        self.town.publish()

    def undo(self) -> None:
        self.town.plan(Planner.undo)

    def copy(self) -> None:
        self.town.plan(lambda planner: planner.copy_week(POINTS, MONDAY, MONDAY.replace(day=13)))

    def later(self, hours: int) -> None:
        self.town.now_ms += hours * 3_600_000

    def everything(self) -> dict[tuple[str, str], dict[str, Any]]:
        """Return all posts and places that are stored."""
        posts = self._posts(cancelled=True)
        with self.town.database.reading() as unit:
            places = unit.rosters.assignments((post.id for post in posts), None)
        found = {("post", post.id): plain(post) for post in posts}
        return found | {("assignment", place.id): plain(place) for place in places}

    def _posts(self, *, cancelled: bool = False) -> list[Post]:
        with self.town.database.reading() as unit:
            return list(unit.rosters.posts(0, 1 << 60, cancelled=cancelled))

    def _nth(self, among: list[Any], place: int) -> Any:
        return among[place % len(among)] if among else None


def replayed(unit: Unit, key: tuple[str, str]) -> dict[str, Any]:
    """Return what the log says became of a thing; versions rise by one, and no change is missing."""
    became: dict[str, Any] | None = None
    for place, change in enumerate(unit.rosters.changes_of(*key), start=1):
        assert change.version == place
        assert change.before == became
        became = dict(change.after or {})
    assert became is not None
    return became


@settings(max_examples=15, deadline=None)
@given(st.lists(POSTS, min_size=1, max_size=4), st.lists(STEPS, min_size=8, max_size=24))
def test_no_hard_rule_is_ever_broken_and_the_log_replays_to_what_is_stored(
    posts: list[Post], steps: list[tuple[Any, ...]]
) -> None:
    with fresh_file() as database:
        life = Life(diverse(Town(database).settle()))
        for step in [*(("put", post) for post in posts), *steps]:
            life.do(step)
            problem = life.town.problem(now_ms=0)
            assert violations(problem, problem.held) == ()
        stored = life.everything()
        with database.reading() as unit:
            assert {key: replayed(unit, key) for key in stored} == stored
