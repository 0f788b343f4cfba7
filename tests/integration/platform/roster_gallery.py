"""Pictures of the planner's pages: ``python -m tests.integration.platform.roster_gallery DIR [WIDTHxHEIGHT …]``.

Upstream: Playwright, ``gallery``, ``roster_town``.
Downstream: docs/gallery, people who look.
"""

from __future__ import annotations

import random
import socket
import sys
import tempfile
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import uvicorn
from playwright.sync_api import Page, expect

from sync.platform.app import Appearance, build_app
from sync.platform.rostering.hours import instant_of
from sync.platform.rostering.model import Post, SpecialDay
from sync.platform.rostering.templates import make_posts
from sync.platform.signin.rights import Role
from sync.platform.store import Database
from sync.platform.store.rosters import OWNER, By
from sync.protocol.vocabulary import AssignmentState
from tests.integration.platform.emptied import POINT
from tests.integration.platform.gallery import chromium, enter, keep
from tests.integration.platform.roster_town import by, furnish, monday, number, planner
from tests.support.console import CHEAP, PASSWORD, PORTS, enlist

PEOPLE, SEED, BUSY = 60, 5, 9  # the last: a volunteer with a post on Monday afternoon
PATIENCE_MS = 60_000
WEEKS = timedelta(days=34)  # planned from next Monday on


def populate(database: Database) -> None:
    """Plan next week and the one after in part, publish some days of it, and let some volunteers answer."""
    with database.writing("registry") as unit:
        unit.registry.begin_epoch("epoch-1")
        unit.registry.add_service_point(POINT)
    furnish(database, PEOPLE)
    chance = random.Random(SEED)  # noqa: S311 - of a picture
    with database.writing(OWNER) as unit:
        unit.openings.put_special(SpecialDay("*", monday() + timedelta(days=5), 480, 1080, "12·5 志愿者日"), by())
        make_posts(planner(unit), (POINT.id,), monday(), monday() + WEEKS)
        signing = monday() + timedelta(days=2)
        hour_ms = 3_600_000
        for on, skill in ((signing, "手语"), (monday(), None)):
            begin_ms = instant_of(on, 15 * 60)
            post = Post("", POINT.id, "environment", begin_ms, begin_ms + 3 * hour_ms, on, 2, skill=skill)
            planner(unit).put_post(post)
        afternoon = next(each for each in unit.rosters.posts(0, 1 << 52, (POINT.id,)) if each.template == "afternoon")
        planner(unit).assign(afternoon.id, number(BUSY))
        for post in unit.rosters.posts(0, 1 << 52, (POINT.id,)):
            for _ in range(post.needed * 2):
                if len(unit.rosters.assignments((post.id,))) < post.needed and chance.random() < 0.6:
                    planner(unit).assign(post.id, number(chance.randrange(PEOPLE)))
        planner(unit).publish((POINT.id,), monday(), monday() + timedelta(days=4))
        posts = unit.rosters.posts(0, 1 << 52, (POINT.id,))
        for place in unit.rosters.assignments(post.id for post in posts):
            if place.state is AssignmentState.OFFERED and chance.random() < 0.6:
                said = By(place.volunteer, by().at_ms + 3_600_000, "device")
                unit.rosters.put_assignment(replace(place, state=AssignmentState.ACCEPTED), said)
    enlist(database, "zhan-zhang", Role.HEAD, point=POINT.id)


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Yield the address of such a platform."""
    database = Database.open(f"sqlite:///{folder / f'{uuid.uuid4()}.sqlite'}")
    database.migrate()
    populate(database)
    server = uvicorn.Server(uvicorn.Config(build_app(database, PORTS, Appearance(costs=CHEAP)), log_config=None))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(10)
            database.close()


def take(page: Page, url: str, folder: Path, mark: str) -> None:
    """Take every page of a planner."""
    week = f"{url}/roster?from={monday().isoformat()}"

    def kept(word: str) -> None:
        keep(page, folder / f"console-roster-{word}{mark}.png")

    enter(page, url, "zhan-zhang", PASSWORD)
    page.goto(f"{url}/roster?view=month&from={(monday() + WEEKS / 2).isoformat()}")
    kept("month")
    page.goto(week)
    kept("week")
    page.click(".post.short[data-open] .open >> nth=1")
    page.wait_for_selector(".side-head")
    kept("post")
    page.fill("#seek", number(BUSY))
    expect(page.locator("#people li")).to_have_count(1)
    page.locator("#people li").drag_to(
        page.locator(".week tbody tr").filter(has_text="15:00").locator("td .post").first
    )
    page.wait_for_selector("#said")
    kept("refused")
    page.goto(week)
    page.get_by_role("button", name="拟一份排班").click()
    page.wait_for_selector("#watch progress:not([value='0'])")
    kept("watch")
    page.wait_for_selector(".proposal", timeout=PATIENCE_MS)
    kept("proposal")
    page.get_by_role("button", name="采用（作为草稿）").click()
    page.wait_for_selector("#said")
    kept("applied")
    page.click("a.primary")
    page.wait_for_selector(".sum-figures")
    kept("publish")


def main(folder: Path, sizes: list[str]) -> None:
    """Take the pictures of all sizes; the first one's have no size in their names."""
    folder.mkdir(parents=True, exist_ok=True)
    for place, size in enumerate(sizes or ["1366x768"]):
        width, height = map(int, size.split("x"))
        with tempfile.TemporaryDirectory() as room, served(Path(room)) as url, chromium(width, height) as page:
            take(page, url, folder, f"-{size}" if place else "")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
