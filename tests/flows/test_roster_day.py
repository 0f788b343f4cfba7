"""A day of duty from the plan to what became of it: browser, kiosk window, phone page, two booths, one of them offline.

The platform and both booths go by one clock, which the test lets go on; everything else is real: HTTP, the files, the
browser, the window and the finger on it, the agents.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from kiosk.composition import open_station
from kiosk.domain.roster import Punctuality
from kiosk.station import Station
from kiosk.usecases.outcomes import CheckedIn
from sync.platform.rostering.model import Weekly
from sync.platform.store.rosters import OWNER, By
from tests.flows.roster_day.town import FIRST, FOURTH, NAMES, PLACE, SECOND, THIRD, Town, town_in
from tests.integration.platform.gallery import CHROMIUM, OPTIONS
from tests.integration.ui.conftest import a_display
from tests.integration.ui.test_window import Kiosk
from tests.support.console import PASSWORD
from tests.support.station import settings_in

pytestmark = [
    pytest.mark.window,
    pytest.mark.timeout(240),
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason=f"{CHROMIUM} is not on this machine; run: make setup"),
]
ZONE = ZoneInfo("Asia/Shanghai")
PROGRAM = Path(__file__).parent / "roster_day" / "program.py"
EVE, DAY = "2026-12-02", "2026-12-03"
WINDOW, OFFLINE = "device-1", "device-2"


def at(day: str, time: str) -> datetime:
    return datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=ZONE)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    with town_in(tmp_path, at(EVE, "15:00")) as made:
        with made.database.writing(OWNER) as unit:
            for number in NAMES:
                usual = [Weekly(day, 8 * 60, 20 * 60) for day in range(7)]
                unit.roster_people.put_weekly(number, usual, By("command", made.clocks.true_ms, "command"))
        yield made


@pytest.fixture
def chrome() -> Iterator[Browser]:
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        yield browser
        browser.close()


def office(chrome: Browser, town: Town) -> Page:
    """Return the planner's browser, signed in."""
    page = chrome.new_context(base_url=town.url, locale="zh-CN", viewport={"width": 1366, "height": 768}).new_page()
    page.set_default_timeout(15_000)
    page.goto("/sign-in")
    page.get_by_label("账户名").fill("head")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    return page


def plan(page: Page, span: tuple[str, str], needed: int, volunteers: list[str]) -> None:
    """Add a post of the day by hand and place volunteers at it."""
    page.goto(f"/roster?point={PLACE.id}&from={DAY}")
    before = set(posts(page))
    page.locator("details.drop > summary").click()
    page.locator("#add > summary").click()
    form = page.locator("form[action='/roster/post']")
    form.locator("[name=day]").fill(DAY)
    form.locator("[name=needed]").fill(str(needed))
    form.locator("[name=starts]").fill(span[0])
    form.locator("[name=ends]").fill(span[1])
    form.locator("button[type=submit]").click()
    expect(page.locator("[data-grid] [data-post]")).to_have_count(len(before) + 1)
    (new,) = set(posts(page)) - before
    expect(page.locator(f"[data-grid] [data-post='{new}'] .open[aria-current]")).to_be_visible()
    for number in volunteers:
        page.locator(f"#people li[data-volunteer='{number}'] button").click()
        expect(page.locator(f"[data-grid] [data-post='{new}'] .chip[data-volunteer='{number}']")).to_be_visible()


def posts(page: Page) -> list[str]:
    found = page.locator("[data-grid] [data-post]").evaluate_all("all => all.map(each => each.dataset.post)")
    return [str(each) for each in found]


def phone(chrome: Browser, town: Town, link: str) -> Page:
    """Return a volunteer's phone at the page of a link."""
    context = chrome.new_context(base_url=town.url, locale="zh-CN", viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"{link}/roster")
    return page


def accept_on_the_page(page: Page) -> None:
    page.locator("section.asked button.yes").click()
    expect(page.locator("section.asked")).to_have_count(0)
    expect(page.locator(".state.accepted")).to_have_count(1)


def line_of(page: Page, number: str) -> Locator:
    return page.locator("table.served tr", has=page.get_by_text(number))


def test_what_was_planned_stands_beside_what_was_served(town: Town, chrome: Browser) -> None:
    homes = {device: town.enrol(device) for device in (WINDOW, OFFLINE)}
    open_station(settings_in(homes[WINDOW]), town.clocks).close()  # makes its file
    offline = open_station(settings_in(homes[OFFLINE]), town.clocks)

    links = {number: town.phone_link(number) for number in (SECOND, THIRD)}

    # The planner publishes.
    page = office(chrome, town)
    plan(page, ("09:00", "12:00"), 2, [FIRST, SECOND])
    plan(page, ("14:00", "17:00"), 1, [THIRD])
    page.get_by_role("link", name="发布…").click()
    page.get_by_role("button", name="现在发布").click()
    expect(page.locator("#said")).to_contain_text("发出邀请 3 份")

    with a_display(1280, 800) as display:
        kiosk = Kiosk(display, homes[WINDOW], (1280, 800), PROGRAM)
        try:
            a_day_at_the_window(kiosk, town, chrome, offline, links)
        finally:
            kiosk.close()

    # One booth has not said anything since the eve: nobody is absent yet.
    page = office(chrome, town)  # nobody stays signed in over a day
    page.goto(f"/roster/served?view=day&on={DAY}&point={PLACE.id}")
    expect(line_of(page, FIRST)).to_have_class("served")
    for number in (SECOND, THIRD):
        expect(line_of(page, number)).to_have_class("unknown")
    expect(page.locator("section.waiting")).to_contain_text("东门触摸机 2")

    # It comes back.
    town.exchange(OFFLINE)
    offline.close()
    page.reload()
    expect(line_of(page, FIRST)).to_have_class("served")
    expect(line_of(page, SECOND)).to_have_class("partly")
    expect(line_of(page, THIRD)).to_have_class("covered")
    expect(line_of(page, THIRD)).to_contain_text(NAMES[FOURTH])
    expect(page.locator("section.waiting")).to_have_count(0)

    # The volunteer sees the same of herself.
    own = phone(chrome, town, links[SECOND])
    own.get_by_text("本月已过的班次").click()
    expect(own.locator("details.list")).to_contain_text("您本月到岗 1 次")
    expect(own.locator("section.past")).to_contain_text("部分在岗")


def a_day_at_the_window(kiosk: Kiosk, town: Town, chrome: Browser, offline: Station, links: dict[str, str]) -> None:
    """The eve: answers at the kiosk and on phones; the day: scans at both booths."""
    kiosk.wait_view("idle")
    town.clocks.go_on_to(at(EVE, "15:10"))
    town.exchange(WINDOW)
    town.exchange(OFFLINE)  # and never again until the day is over
    kiosk.tell("tend")
    offline.tend("seeing")
    accept_at_the_kiosk(kiosk, town)
    town.exchange(WINDOW)
    for number in (SECOND, THIRD):
        accept_on_the_page(phone(chrome, town, links[number]))
    town.clocks.go_on_to(at(EVE, "15:20"))
    town.exchange(WINDOW)

    town.clocks.go_on_to(at(DAY, "08:55"))
    kiosk.tell("tend")
    kiosk.wait_view("idle", "今日排班", "张＊明")
    kiosk.tell(f"scan {town.card(FIRST)}")
    kiosk.wait_view("check_in", "早到")
    town.clocks.go_on_to(at(DAY, "09:20"))
    came = offline.present(town.card(SECOND))
    assert isinstance(came, CheckedIn)
    assert came.match.punctuality is Punctuality.LATE
    town.clocks.go_on_to(at(DAY, "11:40"))
    offline.present(town.card(SECOND))
    town.clocks.go_on_to(at(DAY, "12:05"))
    kiosk.tell(f"scan {town.card(FIRST)}")
    kiosk.wait_view("check_out")
    town.clocks.go_on_to(at(DAY, "13:58"))
    kiosk.tell(f"scan {town.card(FOURTH)}")
    kiosk.wait_view("check_in", "临时")
    town.clocks.go_on_to(at(DAY, "17:01"))
    kiosk.tell(f"scan {town.card(FOURTH)}")
    kiosk.wait_view("check_out")
    town.clocks.go_on_to(at(DAY, "20:00"))
    kiosk.tell("tend")
    offline.tend("seeing")
    town.exchange(WINDOW)
    kiosk.tell("tend")


def accept_at_the_kiosk(kiosk: Kiosk, town: Town) -> None:
    """Answer by a finger, after the own card."""
    kiosk.press("TapMyRecords")
    kiosk.wait_view("ask_card")
    kiosk.tell(f"scan {town.card(FIRST)}")
    kiosk.wait_view("own_records")
    kiosk.press("Tab.PLAN")
    kiosk.wait_view("own_plan", "09:00")
    kiosk.press("TapPlace")
    kiosk.wait_view("own_place", "RosterAnswer.ACCEPT")
    kiosk.press("RosterAnswer.ACCEPT")
    kiosk.wait_view("own_place", "联网后确认")
    kiosk.press("TapBack")
    kiosk.wait_view("own_plan")
    kiosk.press("TapClose")
    kiosk.wait_view("idle")
