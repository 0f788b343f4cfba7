"""A real browser at the console: sign in, enrol, see the device come, decide, take the ledger away; keys alone too."""

from __future__ import annotations

import csv
import io
import os
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from sync.agent.enrolling import Enroller
from sync.agent.enrolment_file import EnrolmentFile
from sync.agent.transport import Limits
from sync.protocol.contact import CONTACT_PATH, ContactRequest, DeviceReport
from sync.protocol.enrolment import Enrolment
from sync.protocol.signing.keys import SigningKey
from tests.integration.platform.conftest import POINT, SQLITE, START_MS, Running
from tests.integration.platform.fleet import FakeDevice, send, tell
from tests.integration.platform.gallery import CHROMIUM, OPTIONS
from tests.integration.platform.test_tended_pages import MINUTE_MS, set_apart, staff
from tests.support.console import PASSWORD, enlist

PATIENCE_MS = 15_000
MOST_TABS = 30

pytestmark = [
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason=f"{CHROMIUM} is not on this machine; run: make setup"),
    pytest.mark.xdist_group("browser"),
]


@pytest.fixture
def stored_in() -> str:
    return SQLITE


@pytest.fixture(scope="module")
def chrome() -> Iterator[Browser]:
    """Debian's Chromium, one for all tests."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        yield browser
        browser.close()


@pytest.fixture
def page(chrome: Browser, platform: Running) -> Iterator[Page]:
    """A fresh browser at the platform, which must not break the pages' own policy."""
    context = chrome.new_context(base_url=platform.url, locale="zh-CN", viewport={"width": 1280, "height": 800})
    context.set_default_timeout(PATIENCE_MS)
    opened, faults = context.new_page(), []
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on("console", lambda said: faults.append(said.text) if "Content Security Policy" in said.text else None)
    yield opened
    context.close()
    assert faults == []


def enter(page: Page, name: str = "keeper", password: str = PASSWORD) -> None:
    page.goto("/sign-in")
    page.get_by_label("账户名").fill(name)
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录").click()


def machine(enrolment: Enrolment) -> FakeDevice:
    """Return the machine of an enrolment, at work."""
    key = SigningKey(bytes.fromhex(enrolment.seed))
    return FakeDevice(enrolment.device, key, POINT.id, START_MS - 60 * MINUTE_MS)


def test_a_code_on_the_page_makes_a_device_and_the_page_sees_it_come(
    platform: Running, page: Page, tmp_path: Path
) -> None:
    enlist(platform.database)
    enter(page)
    page.get_by_role("link", name="设备登记").click()
    page.get_by_label("设备名称").fill("南门触摸机")
    page.get_by_role("button", name="生成登记码").click()
    code = page.locator("[data-code]").inner_text()
    expect(page.locator("#watch")).to_contain_text("等待设备登记")
    file = EnrolmentFile(tmp_path / "enrolment.json")
    enrolment = Enroller(file, Limits(), lambda: datetime.now(UTC), lambda: os.urandom(32)).enrol(
        platform.url, code, replace=False
    )
    expect(page.locator("#watch")).to_contain_text("等待首次联系")
    device = machine(enrolment)
    report = DeviceReport("1.2.3", waiting=7, clock="anchored", camera="dark", free_mb=9000, boots=2)
    assert tell(platform.url, device, CONTACT_PATH, ContactRequest(device.id, report)).status_code == 200
    expect(page.locator("#watch")).to_contain_text("设备已上线")
    page.locator("#watch").get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("南门触摸机")
    for words in ("需要检查", "画面过暗", "平台已校准", "1.2.3"):
        expect(page.locator("main")).to_contain_text(words)
    assert page.evaluate("document.querySelector('img.chart').naturalWidth") > 0


def test_a_refused_record_is_decided_by_two_people(platform: Running, page: Page) -> None:
    staff(platform)
    _, record = set_apart(platform)
    enter(page, "head")
    page.get_by_role("link", name="待核查").first.click()
    page.locator("tbody a").click()
    expect(page.locator("main")).to_contain_text("记录生成后被改动过")
    page.get_by_text("手工补记时长", exact=True).click()
    now = page.locator("input[name=ends]").get_attribute("max") or ""
    page.locator("input[name=volunteer]").fill("LY1")
    page.locator("input[name=team]").fill("youth")
    page.locator("input[name=starts]").fill(f"{now[:10]}T00:00")
    page.locator("input[name=ends]").fill(f"{now[:10]}T00:01" if now[11:] > "00:01" else now)
    page.get_by_role("button", name="提交补记").click()
    expect(page.locator(".standing")).to_have_text("补记待第二人确认")
    page.goto("/me")
    page.get_by_role("button", name="退出登录").click()
    enter(page, "captain")
    page.goto(f"/quarantine/{record}")
    page.get_by_role("button", name="确认补记").click()
    expect(page.locator(".standing")).to_have_text("手工补记时长")
    page.get_by_role("link", name="查看补记").first.click()
    expect(page.locator("main")).to_contain_text("已确认")


def test_the_ledger_is_taken_away_as_a_file_that_opens(platform: Running, page: Page, tmp_path: Path) -> None:
    device = platform.device("东门触摸机")
    session = device.check_in("LY1", "李㛃", START_MS)
    device.check_out(session, "LY1", START_MS + 90 * MINUTE_MS)
    send(platform.url, device)
    enlist(platform.database)
    enter(page)
    page.goto("/ledger?month=2026-07")
    for form in ("CSV", "XLSX"):
        with page.expect_download() as waiting:
            page.get_by_role("button", name=form).click()
        waiting.value.save_as(tmp_path / form)
    (_, row) = csv.reader(io.StringIO((tmp_path / "CSV").read_text("utf-8-sig")))
    assert row[1:3] == ["LY1", "李㛃"]
    with zipfile.ZipFile(tmp_path / "XLSX") as book:
        assert "李㛃" in book.read("xl/worksheets/sheet1.xml").decode()


def test_a_wrong_password_opens_nothing_and_tells_nothing(platform: Running, page: Page) -> None:
    enlist(platform.database)
    for name in ("keeper", "nobody"):
        enter(page, name, "wrong")
        expect(page.get_by_role("alert")).to_have_text("账户名或密码不对，或者该账户不在任期内。")
    page.goto("/ledger")
    expect(page.get_by_role("heading", level=1)).to_have_text("登录")


def test_a_page_from_elsewhere_cannot_make_the_browser_act(platform: Running, page: Page, chrome: Browser) -> None:
    enlist(platform.database)
    enter(page)
    page.goto("/me")
    word = page.locator("input[name=form]").first.get_attribute("value")
    cookie = page.context.cookies()[-1]
    cookies = {each["name"]: each["value"] for each in page.context.cookies() if "name" in each and "value" in each}
    assert cookie.get("httpOnly")
    evil = page.context.new_page()
    form = f"<form method=post action='{platform.url}/sign-out'><input name=form value={word}><button>x</button></form>"
    evil.route("http://evil.example/", lambda route: route.fulfill(content_type="text/html", body=form))
    evil.goto("http://evil.example/")
    evil.get_by_role("button").click()
    evil.wait_for_url(f"{platform.url}/**")
    assert "退出" not in evil.inner_text("h1, main")
    answer = httpx.get(f"{platform.url}/me", cookies=cookies, trust_env=False)
    assert answer.status_code == 200, "still signed in"


def test_keys_alone_are_enough(platform: Running, page: Page) -> None:
    enlist(platform.database)
    set_apart(platform)
    page.goto("/sign-in")
    page.keyboard.type("keeper")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector(".person")
    _tab_to(page, "/quarantine")
    page.keyboard.press("Enter")
    page.wait_for_url("**/quarantine")
    _tab_to(page, "/quarantine/1")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid", "the place of the keys is seen"
    page.keyboard.press("Enter")
    page.wait_for_url("**/quarantine/1")
    _tab_to(page, "退回")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("测试记录")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".standing")).to_have_text("已退回")


def test_pages_fit_a_phone(platform: Running, chrome: Browser) -> None:
    set_apart(platform)
    enlist(platform.database)
    context = chrome.new_context(base_url=platform.url, locale="zh-CN", viewport={"width": 390, "height": 800})
    phone = context.new_page()
    enter(phone)
    for path in ("/", "/ledger", "/devices", "/quarantine", "/quarantine/1", "/enrol", "/accounts", "/me"):
        phone.goto(path)
        wide = phone.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 1, path
    context.close()


def _tab_to(page: Page, wanted: str) -> None:
    """Press Tab until the link to an address, or the control with these words, has the keys."""
    held = "(e => e.getAttribute('href') || e.innerText.trim())(document.activeElement)"
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate(held) == wanted:
            return
    raise AssertionError(f"no {wanted} within {MOST_TABS} tabs")
