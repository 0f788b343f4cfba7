"""A station to plan for: three points, two teams, people with usual times, templates; next week is still empty.

Upstream: ``sync.platform.rostering``, ``sync.platform.store``.
Downstream: tests and pictures of the planner's pages.
"""

from __future__ import annotations

import uuid
from datetime import date, timedelta

from sync.platform.ports import unix_ms
from sync.platform.records import Volunteer
from sync.platform.rostering.changing import Planner
from sync.platform.rostering.hours import day_of, instant_of, week_days
from sync.platform.rostering.model import Assignment, Post, Profile, Template, Weekly
from sync.platform.store import Database, Unit
from sync.platform.store.rosters import OWNER, By
from sync.protocol.reference import ServicePoint
from sync.protocol.vocabulary import ServiceKind
from tests.integration.platform.emptied import POINT
from tests.support.console import PORTS

SOUTH = ServicePoint("point-2", "定鼎门广场岗亭", "410302", "08:00", "20:00")
YOUTH, WOMEN = "青年先锋队", "巾帼服务队"
NAMES = [
    *("张红梅", "李建国", "王秀英", "赵丽", "陈志强", "刘洋", "周静", "孙明", "何芳", "高磊"),
    *("罗娜", "宋军", "唐敏", "韩勇", "冯艳", "曹霞", "彭涛", "曾桂英", "田杰", "邓超"),
]
DAY_MS = 24 * 3600 * 1000
MORNING, NOON, AFTERNOON = (510, 690), (690, 840), (840, 1020)  # minutes of the day


def present_ms() -> int:
    """Return the present instant, UTC ms."""
    return unix_ms(PORTS.clock())


def monday() -> date:
    """Return the Monday of next week."""
    return week_days(day_of(present_ms()))[0] + timedelta(days=7)


def by() -> By:
    """Return who wrote all this, two days ago."""
    return By("command", present_ms() - 2 * DAY_MS, "command")


def number(place: int) -> str:
    """Return the number of a volunteer; fictitious, and no ID number."""
    return f"LY{place:04d}"


def name(place: int) -> str:
    """Return the name of a volunteer."""
    count = len(NAMES)
    return NAMES[place] if place < count else NAMES[place % count][0] + NAMES[(place * 7 + place // count) % count][1:]


def furnish(database: Database, people: int = len(NAMES), *, second_point: bool = True) -> None:
    """Add points, people and templates; odd volunteers are of the youth, who can come all day, the others mornings."""
    with database.writing("registry") as unit:
        if second_point:
            unit.registry.add_service_point(SOUTH)
        unit.registry.add_volunteers(Volunteer(number(place), name(place), "directions", 0) for place in range(people))
    with database.writing(OWNER) as unit:
        for place in range(people):
            own = number(place)
            team = YOUTH if place % 2 else WOMEN
            unit.roster_people.put_profile(Profile(own, team=team, guide=place in {1, 4}, most_a_week=5), by())
            until = AFTERNOON[1] if place % 2 else MORNING[1]
            unit.roster_people.put_weekly(own, [Weekly(day, MORNING[0], until) for day in range(7)], by())
        _templates(unit)


def _templates(unit: Unit) -> None:
    patterns = (
        ("morning", MORNING, ServiceKind.DIRECTIONS, 2, None),
        ("noon", NOON, ServiceKind.TEA_CHARGING, 1, YOUTH),
        ("afternoon", AFTERNOON, ServiceKind.DIRECTIONS, 2, YOUTH),
        ("women", MORNING, ServiceKind.ENVIRONMENT, 1, WOMEN),
    )
    for name, (starts, ends), service, needed, team in patterns:
        days = tuple(range(7)) if name != "women" else (5,)
        template = Template(name, POINT.id, name, service.value, days, starts, ends, needed, team=team)
        unit.openings.put_template(template, by())


def add_post(database: Database, on: date, span: tuple[int, int], needed: int = 1, **more: str) -> Post:
    """Add a post at the first point (or another), as a draft."""
    point, team, service = more.get("point", POINT.id), more.get("team"), more.get("service", "directions")
    post = Post("", point, service, instant_of(on, span[0]), instant_of(on, span[1]), on, needed, team=team)
    with database.writing(OWNER) as unit:
        return planner(unit).put_post(post)


def put(database: Database, post: Post, volunteer: str) -> Assignment:
    """Put a volunteer at a post as somebody else's change."""
    with database.writing(OWNER) as unit:
        placed = planner(unit).assign(post.id, volunteer)
    assert isinstance(placed, Assignment), placed
    return placed


def planner(unit: Unit) -> Planner:
    """Return who plans at the command line."""
    return Planner(unit, lambda: str(uuid.uuid4()), by())


def held(database: Database, post: Post) -> dict[str, str]:
    """Return who has a place at a post, and its state."""
    with database.reading() as unit:
        return {each.volunteer: each.state.value for each in unit.rosters.assignments((post.id,))}


def posts(database: Database, point: str = POINT.id) -> list[Post]:
    """Return all posts of a point that were not cancelled."""
    with database.reading() as unit:
        return list(unit.rosters.posts(0, 1 << 52, (point,)))
