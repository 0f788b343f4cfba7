"""Pictures of volunteers' pages and the roster's files: ``python -m tests.integration.platform.my_gallery DIR``.

Upstream: ``gallery`` (the browser), ``tests.support.phones``, ``tests.support.rosters``.
Downstream: docs/gallery, people who look.
"""

from __future__ import annotations

import io
import socket
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path

import httpx
import openpyxl
import pypdfium2
import uvicorn
from PIL import Image
from playwright.sync_api import Page

from sync.platform.app import Appearance, build_app
from sync.platform.ports import Ports
from sync.platform.records import Volunteer
from sync.platform.rostering.changing import Planner, Wanted
from sync.platform.rostering.hours import instant_of
from sync.platform.rostering.model import PlaceNote, Profile, Weekly
from sync.platform.signin.rights import Role
from sync.platform.store import Database
from sync.platform.store.rosters import OWNER
from sync.protocol.reference import ServicePoint
from sync.protocol.vocabulary import AssignmentState
from tests.integration.platform.gallery import COLOURS, chromium, enter, keep
from tests.support.console import CHEAP, PASSWORD, PORTS, enlist
from tests.support.phones import NAMES, Phone, StandingClock, ports_at
from tests.support.postgres import migrate
from tests.support.rosters import MONDAY, NUMBERS, POINTS, Town, post_at

PHONE, OFFICE = (390, 844), (1366, 768)
SLOTS = ((9, 12, "directions", 3), (14, 17, "tea_charging", 2), (18, 20, "culture_sports", 2))


def furnish(database: Database, clock: StandingClock) -> Town:
    """Plan three weeks of two points, answered in part."""
    with database.writing("registry") as unit:
        unit.registry.begin_epoch("epoch-1")
        for id_, name in zip(POINTS, ("王城公园东门岗亭", "牡丹广场服务站"), strict=True):
            unit.registry.add_service_point(ServicePoint(id_, name, "410302", "08:00", "20:00"))
    town = Town(database, clock.now_ms - 3_600_000, ids=PORTS.ids).settle()
    with database.writing(OWNER) as unit:
        unit.registry.add_volunteers(
            Volunteer(number, name, None, 0) for number, name in zip(NUMBERS, NAMES, strict=True)
        )
        unit.openings.put_place(PlaceNote(POINTS[0], "王城公园管理处", "中州中路312号，公园东门内右侧"), town.by)
        week = [Weekly(day, 8 * 60, 18 * 60) for day in range(5)] + [Weekly(5, 18 * 60, 22 * 60), Weekly(6, 510, 690)]
        town.bring(unit, Profile(NUMBERS[0], skills=frozenset({"急救", "手语"}), points=POINTS[:1]), tuple(week))
    for day in range(1, 20):
        for slot, (starts, ends, service, needed) in enumerate(SLOTS):
            if (day + slot) % 3 == 2:
                continue
            post = town.put(post_at(day, starts, ends, POINTS[day % 4 == 3], service=service, needed=needed))
            turns = range(needed - (day % 3 == 0))
            wanted = [Wanted(post.id, NUMBERS[(post.on.day + turn * 2) % 5]) for turn in turns]
            town.plan(partial(_assign, wanted))
    town.put(post_at(3, 14, 17, skill="法律咨询资格", service="legal_advice"))
    town.publish()
    for place in town.places():
        if town.post(place.post).on.day % 2:
            town.answer(place, state=AssignmentState.ACCEPTED)
    return town


@contextmanager
def served(folder: Path) -> Iterator[tuple[str, Town, Ports]]:
    """Serve a furnished platform."""
    url = f"sqlite:///{folder / 'platform.sqlite'}"
    migrate(url)
    database, clock = Database.open(url), StandingClock(instant_of(MONDAY, 7 * 60))
    ports = ports_at(clock)
    town = furnish(database, clock)
    clock.now_ms = town.now_ms + 60_000
    enlist(database, "head", Role.HEAD, point=POINTS[0])
    server = uvicorn.Server(uvicorn.Config(build_app(database, ports, Appearance(costs=CHEAP)), log_config=None))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", town, ports
        server.should_exit = True
        thread.join(10)
    database.close()


def take_phone(page: Page, phones: Sequence[Phone], town: Town, folder: Path) -> None:
    """Take the pages of a phone, after its colleague has asked for something."""
    phone, colleague = phones
    own = [place for place in town.places() if place.volunteer == NUMBERS[0] and place.state == "accepted"]
    theirs = [place for place in town.places() if place.volunteer == NUMBERS[1] and place.state == "accepted"]
    colleague.say("ask_swap", theirs[0].id, colleague=f"{NUMBERS[0]}|")
    phone.say("take", next(post for post in _legal(town)))
    page.goto(f"{phone.url}/my/{phone.secret}/roster")
    keep(page, folder / "console-my-roster.png")
    place = page.locator(f"[data-place='{own[0].id}']")
    place.get_by_text("换班", exact=True).click()
    place.scroll_into_view_if_needed()
    keep(page, folder / "console-my-roster-exchange.png")
    page.goto(f"{phone.url}/my/{phone.secret}/times")
    keep(page, folder / "console-my-times.png")
    page.get_by_role("button", name="保存我的意愿").scroll_into_view_if_needed()
    keep(page, folder / "console-my-wishes.png")
    page.goto(f"{phone.url}/my/{phone.secret}/calendar")
    page.get_by_role("button", name="开通我的日历").click()
    keep(page, folder / "console-my-calendar.png")
    page.goto(f"{phone.url}/my/{phone.secret}/language/en?to=roster")
    keep(page, folder / "console-my-roster-en.png")


def take_office(page: Page, url: str, folder: Path) -> None:
    """Take the page of files, and a file that is looked at."""
    enter(page, url, "head", PASSWORD)
    page.goto(f"{url}/roster/files")
    keep(page, folder / "console-roster-files.png")
    page.set_input_files("input[type=file]", {"name": "七月.xlsx", "mimeType": "", "buffer": _brought()})
    page.get_by_role("button", name="先看看会做什么").click()
    page.wait_for_selector(".looked")
    keep(page, folder / "console-roster-files-looked.png")
    cookies = {each["name"]: each["value"] for each in page.context.cookies() if "name" in each and "value" in each}
    asked = {"point": POINTS[0], "from": MONDAY.isoformat(), "span": "week"}
    sheet = httpx.get(f"{url}/roster/files/print", params=asked, cookies=cookies, trust_env=False)
    picture = pypdfium2.PdfDocument(sheet.content)[0].render(scale=1.5).to_pil()
    picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(folder / "roster-print.png", optimize=True)


def _assign(wanted: list[Wanted], planner: Planner) -> None:
    planner.assign_all(wanted)


def _legal(town: Town) -> list[str]:
    with town.database.reading() as unit:
        return [post.id for post in unit.rosters.posts(0, 1 << 60) if post.service == "legal_advice"]


def _brought() -> bytes:
    book, file = openpyxl.Workbook(), io.BytesIO()
    first = MONDAY + timedelta(days=21)
    rows = [("日期", "开始", "结束", "服务项目", "人数", "志愿者编号")]
    rows += [(str(first), "09:00", "12:00", "指路问询", "2", number) for number in NUMBERS[:3]]
    rows += [(str(first + timedelta(days=1)), "14:00", "17:00", "茶水充电", "2", "")]
    rows += [
        (str(first), "11:00", "13:00", "环境保护", "1", NUMBERS[0]),
        ("下周三", "09:00", "12:00", "指路问询", "1", ""),
    ]
    for row in rows:
        book.worksheets[0].append(row)
    book.save(file)
    return file.getvalue()


def main(folder: Path) -> None:
    """Take all pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place, served(Path(place)) as (url, town, ports):
        phones = [Phone.of(town, url, ports, number) for number in NUMBERS[:2]]
        with chromium(*PHONE) as page:
            take_phone(page, phones, town, folder)
        with chromium(*OFFICE) as page:
            take_office(page, url, folder)
        for phone in phones:
            phone.browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
