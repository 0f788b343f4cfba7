"""Small worlds to plan in: two points, a handful of volunteers, a planner; valid by default.

Upstream: ``sync.platform.rostering``, ``sync.platform.store``.
Downstream: tests of rosters.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import count
from typing import TypeVar

from sync.platform.records import Circumstances, Volunteer
from sync.platform.rostering.changing import Planner
from sync.platform.rostering.hours import instant_of, span_of
from sync.platform.rostering.model import LIVE, Assignment, Post, Profile, Weekly
from sync.platform.rostering.problem import Problem
from sync.platform.rostering.reading import problem_of
from sync.platform.store import Database, Unit
from sync.platform.store.rosters import OWNER, By
from sync.protocol.reference import ServicePoint
from sync.protocol.vocabulary import RosterReason

MONDAY = date(2026, 7, 6)  # 2026 07 06 … a week without holidays
WEEKS = date(2026, 6, 29), date(2026, 8, 2)  # all that a test plans
POINTS = ("point-1", "point-2")
NUMBERS = tuple(f"410302000000001{digit}" for digit in range(5))
T = TypeVar("T")


@dataclass(slots=True)
class Town:
    """A stored roster and its planner; ``now_ms`` stands until it is set."""

    database: Database
    now_ms: int = instant_of(MONDAY, 0) - 1
    who: str = "planner"
    ids: Callable[[], str] = field(default_factory=lambda: map("id-{}".format, count(1)).__next__)

    def settle(self) -> Town:
        """Register the points and volunteers of this module, who can come every day from 8 to 20."""
        with self.database.writing(OWNER) as unit:
            for point in POINTS:
                if unit.registry.service_point(point) is None:
                    unit.registry.add_service_point(ServicePoint(point, point, "410302", "08:00", "20:00"))
            unit.registry.add_volunteers(Volunteer(number, "张三", None, 0) for number in NUMBERS)
            for number in NUMBERS:
                self.bring(unit, Profile(number))
        return self

    def bring(self, unit: Unit, profile: Profile, weekly: tuple[Weekly, ...] | None = None) -> None:
        """Note what a volunteer brings."""
        every_day = tuple(Weekly(weekday, 8 * 60, 20 * 60) for weekday in range(7))
        unit.roster_people.put_profile(profile, self.by)
        unit.roster_people.put_weekly(profile.volunteer, every_day if weekly is None else weekly, self.by)

    def decide(self, number: str, **decided: object) -> None:
        """Note what was decided of a volunteer."""
        with self.database.writing(OWNER) as unit:
            unit.standings.put(number, replace(Circumstances(), **decided))  # type: ignore[arg-type]

    @property
    def by(self) -> By:
        """Who changes something now."""
        return By(self.who, self.now_ms, "page")

    def plan(self, change: Callable[[Planner], T], who: str | None = None) -> T:
        """Let a planner change something in a transaction of its own, a second later than the last."""
        self.now_ms += 1000
        with self.database.writing(OWNER) as unit:
            return change(Planner(unit, self.ids, replace(self.by, who=who or self.who)))

    def put(self, post: Post) -> Post:
        """Write a post."""
        return self.plan(lambda planner: planner.put_post(post))

    def assign(self, post: Post, number: str = NUMBERS[0]) -> Assignment:
        """Put a volunteer at a post; no rule speaks against it."""
        placed = self.plan(lambda planner: planner.assign(post.id, number))
        assert isinstance(placed, Assignment), placed
        return placed

    def refused(self, post: Post, number: str = NUMBERS[0]) -> set[RosterReason]:
        """Ask to put a volunteer at a post, against which rules speak; return which."""
        found = self.plan(lambda planner: planner.assign(post.id, number))
        assert isinstance(found, tuple), found
        return {each.reason for each in found}

    def publish(self) -> None:
        """Publish all there is."""
        self.plan(lambda planner: planner.publish(POINTS, *WEEKS))

    def answer(self, place: Assignment, **changes: object) -> Assignment:
        """Write a place anew, as its volunteer's answer does."""
        self.now_ms += 1000
        with self.database.writing(OWNER) as unit:
            held = unit.rosters.assignment(place.id)
            assert held is not None
            by = By(place.volunteer, self.now_ms, "page")
            return unit.rosters.put_assignment(replace(held, **changes), by)  # type: ignore[arg-type]

    def place(self, of: Assignment) -> Assignment:
        """Return a place as it stands."""
        with self.database.reading() as unit:
            held = unit.rosters.assignment(of.id)
        assert held is not None
        return held

    def post(self, id_: str) -> Post:
        """Return a post as it stands."""
        with self.database.reading() as unit:
            held = unit.rosters.post(id_)
        assert held is not None
        return held

    def places(self) -> list[Assignment]:
        """Return all places that anybody has, by id."""
        with self.database.reading() as unit:
            posts = unit.rosters.posts(0, 1 << 60, cancelled=True)
            found = unit.rosters.assignments((post.id for post in posts), None)
        return sorted((place for place in found if place.state in LIVE), key=lambda place: place.id)

    def problem(self, now_ms: int | None = None) -> Problem:
        """Return the whole roster as a problem."""
        with self.database.reading() as unit:
            return problem_of(unit, POINTS, *WEEKS, self.now_ms if now_ms is None else now_ms)


def post_at(day: int, starts: int, ends: int, point: str = POINTS[0], **fields: object) -> Post:
    """Return a post so many days after :data:`MONDAY`, by hours of the day; it has no id yet."""
    on = date.fromordinal(MONDAY.toordinal() + day)
    starts_ms, ends_ms = span_of(on, starts * 60, ends * 60)
    return replace(Post("", point, "directions", starts_ms, ends_ms, on), **fields)  # type: ignore[arg-type]
