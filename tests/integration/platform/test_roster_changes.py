"""Promises of manual changes: whatever a planner does, no hard rule is broken, and the log knows all of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.platform.errors import DecisionError
from sync.platform.rostering.changing import Planner, Published
from sync.platform.rostering.hours import instant_of
from sync.platform.rostering.model import (
    Assignment,
    Deviation,
    Post,
    PostState,
    Profile,
    SpecialDay,
    Swap,
    Template,
    Weekly,
)
from sync.platform.rostering.problem import Firmness, Pair
from sync.platform.rostering.reading import problem_of
from sync.platform.rostering.rules import violations
from sync.platform.rostering.templates import make_posts
from sync.platform.store import Unit
from sync.platform.store.rosters import plain
from sync.protocol.vocabulary import AssignmentState, RosterReason, SwapState
from tests.integration.platform.emptied import fresh_file
from tests.support.rosters import MONDAY, NUMBERS, POINTS, WEEKS, Town, post_at

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


@settings(max_examples=10, deadline=None)
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


def test_publishing_offers_drafts_and_what_was_accepted_stays(town: Town) -> None:
    post = town.put(post_at(0, 9, 11, needed=2))
    place = town.assign(post)
    assert town.plan(lambda planner: planner.publish(POINTS, *WEEKS)) == Published(1, 1)
    town.answer(place, state=ACCEPTED)
    later = town.assign(post, MINOR)
    assert later.state is AssignmentState.DRAFT
    assert town.plan(lambda planner: planner.publish(POINTS, *WEEKS)) == Published(0, 1)
    assert (town.place(place).state, town.place(later).state) == (ACCEPTED, OFFERED)


def test_a_draft_that_a_leave_has_overtaken_is_not_offered(town: Town) -> None:
    place = town.assign(town.put(post_at(0, 9, 11)))
    away = Deviation("away", instant_of(MONDAY, 0), instant_of(MONDAY, 0) + DAY_MS, free=False)
    with town.database.writing("roster") as unit:
        unit.roster_people.put_deviation(place.volunteer, away, town.by)
    published = town.plan(lambda planner: planner.publish(POINTS, *WEEKS))
    assert [each.reason for each in published.kept] == [RosterReason.UNAVAILABLE]
    assert town.place(place).state is AssignmentState.DRAFT


def test_whoever_accepted_is_asked_again_when_the_time_moves_and_taken_off_when_it_no_longer_fits(town: Town) -> None:
    post = town.put(post_at(0, 9, 11, needed=2))
    place, busy = town.assign(post), town.assign(post, MINOR)
    town.publish()
    for each in (place, busy):
        town.answer(each, state=ACCEPTED)
    with town.database.writing("roster") as unit:
        town.bring(unit, Profile(MINOR), (Weekly(0, 9 * 60, 11 * 60),))
    town.put(replace(post_at(0, 9, 11, needed=3), id=post.id))
    assert town.place(place).state is ACCEPTED  # more places: nothing was moved
    town.put(replace(post_at(0, 10, 12, needed=3), id=post.id))
    assert (town.place(place).state, town.place(busy).state) == (OFFERED, WITHDRAWN)
    assert town.place(place).version == 4  # whoever answers what was before answers something else


def test_a_post_that_has_begun_is_changed_no_more(town: Town) -> None:
    post = town.put(post_at(0, 9, 11))
    place = town.assign(post)
    town.now_ms = post.starts_ms
    for change in (
        lambda planner: planner.put_post(replace(post, needed=2)),
        lambda planner: planner.put_post(replace(post, id="")),
        lambda planner: planner.cancel_post(post.id),
        lambda planner: planner.unassign(place.id),
        lambda planner: planner.undo(),
    ):
        with pytest.raises(DecisionError):
            town.plan(change)
    assert town.refused(post, MINOR) == {RosterReason.BEGUN}
    assert town.place(place) == place


def test_each_rule_is_told_and_nothing_is_written(town: Town) -> None:
    diverse(town)
    wanted = town.put(post_at(0, 9, 11, training="aed"))
    other = town.put(post_at(0, 10, 12, POINTS[1]))
    town.assign(other, LEARNED)
    later = town.put(post_at(4, 9, 11, training="aed"))
    for post, number, reason in [
        (wanted, LEARNED, RosterReason.OVERLAP),
        (wanted, SKILLED, RosterReason.TRAINING),
        (later, LEARNED, RosterReason.TRAINING),  # lapsed by then
        (other, LEARNED, RosterReason.TWICE),
        (other, SKILLED, RosterReason.POST_FULL),
        (town.put(post_at(1, 9, 11)), SKILLED, RosterReason.UNAVAILABLE),
        (town.put(post_at(1, 9, 11, team="party")), MINOR, RosterReason.OTHER_TEAM),
        (town.put(post_at(1, 9, 11, skill="english")), MINOR, RosterReason.SKILL),
        (town.put(post_at(1, 18, 21)), MINOR, RosterReason.NIGHT),
        (town.put(post_at(1, 8, 15)), WISHING, RosterReason.DAY_FULL),
    ]:
        assert reason in town.refused(post, number)
    assert len(town.places()) == 1


def test_whoever_declined_is_not_put_there_again(town: Town) -> None:
    post = town.put(post_at(0, 9, 11))
    place = town.assign(post)
    town.publish()
    town.answer(place, state=AssignmentState.DECLINED)
    assert town.refused(post, place.volunteer) == {RosterReason.DECLINED}


def test_undo_takes_back_a_whole_change_and_then_the_one_before(town: Town) -> None:
    post, other = town.put(post_at(0, 9, 11)), town.put(post_at(1, 9, 11))
    place = town.assign(post)
    moved = town.plan(lambda planner: planner.move(place.id, other.id))
    assert isinstance(moved, Assignment)
    town.plan(Planner.undo)
    assert [(each.id, each.post) for each in town.places()] == [(place.id, post.id)]
    town.plan(Planner.undo)
    assert town.places() == []
    town.plan(Planner.undo)
    assert town.post(other.id).state is PostState.CANCELLED
    assert town.place(moved).state is WITHDRAWN


def test_undo_is_refused_where_something_else_was_changed_meanwhile(town: Town) -> None:
    post = town.put(post_at(0, 9, 11))
    place = town.assign(post)
    town.publish()
    town.answer(place, state=ACCEPTED)
    with pytest.raises(DecisionError, match="meanwhile"):
        town.plan(Planner.undo)
    with pytest.raises(DecisionError, match="nothing"):
        town.plan(Planner.undo, who="somebody else")
    town.now_ms += 16 * 60_000
    with pytest.raises(DecisionError, match="nothing"):
        town.plan(Planner.undo)
    assert town.place(place).state is ACCEPTED


def test_undo_breaks_no_rule_that_came_to_hold_meanwhile(town: Town) -> None:
    post, other = town.put(post_at(0, 9, 11)), town.put(post_at(0, 10, 12, POINTS[1]))
    place = town.assign(post)
    town.plan(lambda planner: planner.unassign(place.id))
    town.plan(lambda planner: planner.assign(other.id, place.volunteer), who="another planner")
    with pytest.raises(DecisionError, match="rule"):
        town.plan(Planner.undo)


def test_a_week_is_copied_with_whom_can_come_and_tells_who_cannot(town: Town) -> None:
    post, closed = town.put(post_at(0, 9, 11, needed=2)), town.put(post_at(1, 9, 11))
    town.assign(post)
    town.assign(post, MINOR)
    with town.database.writing("roster") as unit:
        away = Deviation("away", instant_of(MONDAY, 0) + 7 * DAY_MS, instant_of(MONDAY, 0) + 8 * DAY_MS, free=False)
        unit.roster_people.put_deviation(MINOR, away, town.by)
        unit.openings.put_special(SpecialDay(POINTS[0], MONDAY.replace(day=14), None, None, "修整"), town.by)
    copied = town.plan(lambda planner: planner.copy_week(POINTS, MONDAY, MONDAY.replace(day=13)))
    assert (copied.posts, copied.places) == (1, 1)
    assert [each.reason for each in copied.skipped] == [RosterReason.UNAVAILABLE]
    assert [each.starts_ms for each in copied.shut] == [closed.starts_ms + 7 * DAY_MS]
    again = town.plan(lambda planner: planner.copy_week(POINTS, MONDAY, MONDAY.replace(day=13)))
    assert (again.posts, again.places) == (0, 0)
    with pytest.raises(DecisionError):
        town.plan(lambda planner: planner.copy_week(POINTS, MONDAY, MONDAY.replace(day=8)))


def test_posts_of_templates_are_made_once_and_not_again_when_they_were_cancelled(town: Town) -> None:
    template = Template("morning", POINTS[0], "上午", "directions", (0, 1), 9 * 60, 11 * 60)
    week = MONDAY, MONDAY.replace(day=12)
    with town.database.writing("roster") as unit:
        unit.openings.put_template(template, town.by)
    assert town.plan(lambda planner: make_posts(planner, POINTS, *week)) == 2
    with town.database.reading() as unit:
        first = unit.rosters.posts(0, 1 << 60)[0]
    town.plan(lambda planner: planner.cancel_post(first.id))
    assert town.plan(lambda planner: make_posts(planner, POINTS, *week)) == 0


def test_a_cancelled_post_withdraws_its_places_and_fails_the_exchanges_asked_of_them(town: Town) -> None:
    place = town.assign(post := town.put(post_at(0, 9, 11)))
    asked = Swap("swap", place.id, place.volunteer, MINOR, None, SwapState.ASKED, town.now_ms)
    with town.database.writing("roster") as unit:
        unit.rosters.put_swap(asked, post.point, town.by)
    town.plan(lambda planner: planner.cancel_post(post.id))
    with town.database.reading() as unit:
        swap = unit.rosters.swap("swap")
    assert swap is not None
    assert (swap.state, swap.why) == (SwapState.FAILED, RosterReason.CANCELLED)
    assert town.place(place).state is WITHDRAWN


def test_a_problem_is_all_that_a_planner_knows(town: Town) -> None:
    diverse(town)
    with town.database.writing("roster") as unit:
        town.bring(unit, Profile(BUSY, points=(POINTS[1],)))
        unit.roster_people.put_weekly(WISHING, (), town.by)
    posts = [town.put(post_at(day, 9, 11, needed=2)) for day in (0, 2, 9)]
    accepted, _ = town.assign(posts[0]), town.assign(posts[1])
    town.publish()
    town.answer(accepted, state=ACCEPTED)
    declined = town.assign(posts[0], LEARNED)
    town.publish()
    town.answer(declined, state=AssignmentState.DECLINED)
    town.assign(posts[2])
    with town.database.reading() as unit:
        found = problem_of(unit, POINTS[:1], MONDAY, MONDAY.replace(day=12), town.now_ms)
    assert [post.id for post in found.posts] == [posts[0].id, posts[1].id]
    assert set(found.person_of) == {SKILLED, MINOR, LEARNED}  # one wishes to be elsewhere, one never has time
    skilled = found.person_of[SKILLED]
    assert found.held == {Pair(posts[0].id, SKILLED): Firmness.ACCEPTED, Pair(posts[1].id, SKILLED): Firmness.WANTED}
    assert found.declined == {Pair(posts[0].id, LEARNED)}
    assert skilled.minutes_this_year == 120  # planned outside this problem
    assert skilled.newcomer
    assert found.person_of[MINOR].consent
    tuesday = instant_of(MONDAY, 0) + DAY_MS
    assert all(end <= tuesday or begin >= tuesday + DAY_MS for begin, end in skilled.available)


def test_what_stands_in_the_week_around_is_counted(town: Town) -> None:
    near, far = town.put(post_at(6, 9, 11, POINTS[1])), town.put(post_at(20, 9, 11))
    for post in (near, far):
        town.assign(post)
    with town.database.reading() as unit:
        found = problem_of(unit, POINTS, MONDAY, MONDAY, town.now_ms)
    assert [post.id for post in found.around] == [near.id]
    assert found.held == {Pair(near.id, NUMBERS[0]): Firmness.WANTED}
