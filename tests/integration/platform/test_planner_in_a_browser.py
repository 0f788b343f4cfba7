"""A captain fills a week in a real browser: templates, drag, a refused drop, keys, a proposal, publishing, undo."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect, sync_playwright

from sync.platform.rostering.model import Post
from sync.platform.signin.rights import Role
from tests.integration.platform.conftest import POINT, SQLITE, Running
from tests.integration.platform.gallery import CHROMIUM, OPTIONS
from tests.integration.platform.roster_town import NAMES, YOUTH, furnish, held, monday, number, posts
from tests.support.console import PASSWORD, enlist

PATIENCE_MS = 15_000

pytestmark = [
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason=f"{CHROMIUM} is not on this machine; run: make setup"),
    pytest.mark.xdist_group("browser"),
]


@pytest.fixture
def stored_in() -> str:
    return SQLITE


@pytest.fixture
def page(platform: Running) -> Iterator[Page]:
    """A browser at an office PC, which must break no policy of the pages."""
    with sync_playwright() as play:
        chrome = play.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        context = chrome.new_context(base_url=platform.url, locale="zh-CN", viewport={"width": 1366, "height": 768})
        context.set_default_timeout(PATIENCE_MS)
        expect.set_options(timeout=PATIENCE_MS)
        opened, faults = context.new_page(), []
        opened.on("pageerror", lambda error: faults.append(str(error)))
        opened.on("console", lambda said: faults.append(said.text) if "Content Security Policy" in said.text else None)
        yield opened
        chrome.close()
        assert faults == []


def card(page: Page, post: Post) -> Locator:
    return page.locator(f"[data-grid] [data-post='{post.id}']")


def chip(page: Page, post: Post, place: int) -> Locator:
    return card(page, post).locator(f".chip[data-volunteer='{number(place)}']")


def listed(page: Page, place: int) -> Locator:
    return page.locator(f"#people li[data-volunteer='{number(place)}']")


def test_a_captain_fills_a_week_with_mouse_and_keys(platform: Running, page: Page) -> None:
    furnish(platform.database)
    enlist(platform.database, "captain", Role.CAPTAIN, point=POINT.id, team=YOUTH)
    page.goto("/sign-in")
    page.get_by_label("账户名").fill("captain")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.get_by_role("link", name="排班", exact=True).click()
    page.get_by_role("link", name="向后").click()
    expect(page.locator(".where input[name=from]")).to_have_value(monday().isoformat())
    page.get_by_role("button", name="按模板生成班次").last.click()
    expect(page.locator("#said")).to_contain_text("新增了 14 个班次")
    noon, afternoon, next_noon, *_ = posts(platform.database)
    assert noon.on == monday()

    listed(page, 1).drag_to(card(page, noon))
    expect(chip(page, noon, 1)).to_be_visible()
    expect(card(page, noon)).to_contain_text("满")
    listed(page, 3).drag_to(card(page, noon))
    expect(page.locator("#said")).to_contain_text(f"{NAMES[3]} 不能安排在")
    expect(page.locator("#said")).to_contain_text("这个班次已满。")
    assert held(platform.database, noon) == {number(1): "draft"}
    chip(page, noon, 1).drag_to(card(page, next_noon))
    expect(chip(page, next_noon, 1)).to_be_visible()
    expect(card(page, noon)).to_contain_text("空")

    card(page, noon).locator(".open").focus()
    page.keyboard.press("ArrowDown")
    expect(card(page, afternoon).locator(".open")).to_be_focused()
    page.keyboard.press("Enter")
    expect(card(page, afternoon)).to_have_class("post none draft chosen")
    page.keyboard.type(number(5)[-2:])
    expect(page.locator("#people .fits")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(chip(page, afternoon, 5)).to_be_visible()
    page.keyboard.press("Escape")
    expect(card(page, afternoon).locator(".open")).to_be_focused()
    page.keyboard.press("Delete")
    expect(chip(page, afternoon, 5)).to_have_count(0)
    page.get_by_role("button", name="撤销").click()
    expect(chip(page, afternoon, 5)).to_be_visible()

    page.get_by_role("button", name="拟一份排班").click()
    expect(page.locator(".proposal")).to_contain_text("将邀请谁，为什么", timeout=2 * PATIENCE_MS)
    expect(page.locator(".sum-figures")).to_contain_text("新安排19")
    page.get_by_role("button", name="采用（作为草稿）").click()
    expect(page.locator("#said")).to_contain_text("新增草稿 19 人次")
    expect(card(page, afternoon)).to_contain_text("满")
    page.get_by_role("button", name="撤销").click()
    expect(chip(page, afternoon, 5)).to_be_visible()
    expect(page.locator("[data-grid] .chip")).to_have_count(2)

    page.get_by_role("link", name="发布…").click()
    expect(page.locator(".sum-figures")).to_contain_text("受邀志愿者2")
    page.get_by_role("button", name="现在发布").click()
    expect(page.locator("#said")).to_contain_text("发出邀请 2 份")
    assert held(platform.database, afternoon) == {number(5): "offered"}
    page.get_by_role("button", name="撤销").click()
    expect(page.get_by_role("link", name="发布…")).to_be_visible()
    assert held(platform.database, afternoon) == {number(5): "draft"}
