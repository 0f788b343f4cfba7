"""A volunteer's phone, as a story in a real browser of a phone's size, scripts switched off."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from icalendar import Calendar
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from sync.platform.ports import Ports
from sync.platform.rostering.hours import instant_of
from sync.protocol.vocabulary import AssignmentState
from tests.integration.platform.conftest import SQLITE, Running
from tests.integration.platform.gallery import CHROMIUM, OPTIONS
from tests.support.phones import MONDAY, Phone, StandingClock, ports_at
from tests.support.rosters import NUMBERS, Town, post_at

PHONE: ViewportSize = {"width": 390, "height": 844}
PATIENCE_MS = 15_000
LEAST_TARGET = 44  # pixels; WCAG 2.5.5

pytestmark = [
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason=f"{CHROMIUM} is not on this machine; run: make setup"),
    pytest.mark.xdist_group("browser"),
]


@pytest.fixture
def stored_in() -> str:
    return SQLITE


@pytest.fixture
def ports() -> Ports:
    return ports_at(StandingClock(instant_of(MONDAY, 7 * 60)))


@pytest.fixture(scope="module")
def chrome() -> Iterator[Browser]:
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        yield browser
        browser.close()


@pytest.fixture
def page(chrome: Browser, platform: Running) -> Iterator[Page]:
    context = chrome.new_context(
        base_url=platform.url, locale="zh-CN", viewport=PHONE, java_script_enabled=False, has_touch=True
    )
    context.set_default_timeout(PATIENCE_MS)
    yield context.new_page()
    context.close()


def test_a_volunteer_answers_takes_a_post_sets_times_and_subscribes(
    platform: Running, page: Page, ports: Ports
) -> None:
    town = Town(platform.database, instant_of(MONDAY, 7 * 60) - 60_000).settle()
    asked = [town.assign(town.put(post_at(day, 9, 12))) for day in (1, 2)]
    free = town.put(post_at(3, 14, 17, service="tea_charging"))
    town.publish()
    phone = Phone.of(town, platform.url, ports)

    page.goto(f"/my/{phone.secret}/roster")
    _fits(page)
    page.locator(f"[data-place='{asked[0].id}']").get_by_role("button", name="我来").tap()
    expect(page.get_by_role("status")).to_contain_text("您接受了")
    page.locator(f"[data-place='{asked[1].id}']").get_by_role("button", name="不方便").tap()
    expect(page.get_by_role("status")).to_contain_text("您谢绝了")
    page.locator(f"[data-post='{free.id}']").get_by_role("button", name="我来报名").tap()
    expect(page.get_by_role("status")).to_contain_text("您报名了班次")
    assert [town.place(each).state for each in asked] == [AssignmentState.ACCEPTED, AssignmentState.DECLINED]
    assert {place.post for place in town.places()} == {asked[0].post, free.id}

    own = page.locator(f"[data-place='{asked[0].id}']")
    own.get_by_text("请假", exact=True).tap()
    own.get_by_label("原因（可以不说）").select_option("family")
    own.get_by_role("button", name="确认请假").tap()
    expect(page.get_by_role("status")).to_contain_text("您请了假")
    assert town.place(asked[0]).state is AssignmentState.LEFT

    page.get_by_role("link", name="服务时间").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("我的服务时间")
    _fits(page)
    page.get_by_label("周六 上午").tap()
    page.get_by_role("button", name="保存我的一周").tap()
    expect(page.get_by_role("status")).to_contain_text("已保存")
    expect(page.get_by_label("周六 上午")).not_to_be_checked()
    with town.database.reading() as unit:
        saturday = [one for one in unit.roster_people.weekly(NUMBERS[:1])[NUMBERS[0]] if one.weekday == 5]
    assert [(one.starts, one.ends) for one in saturday] == [(12 * 60, 20 * 60)]

    page.get_by_role("link", name="日历").tap()
    page.get_by_role("button", name="开通我的日历").tap()
    address = page.locator("[data-address]").inner_text()
    _fits(page)
    events = Calendar.from_ical(httpx.get(address, trust_env=False).text).walk("VEVENT")
    assert sorted(str(each["status"]) for each in events) == ["CANCELLED", "CANCELLED", "CONFIRMED"]
    assert page.evaluate("document.referrer") == ""
    phone.browser.close()


def _fits(page: Page) -> None:
    """Nothing is wider than the phone, and a thumb finds what can be pressed."""
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"]
    for each in page.locator("main button:visible, main summary:visible, nav a:visible").all():
        box = each.bounding_box()
        assert box is not None
        assert box["height"] >= LEAST_TARGET, each.inner_text()
