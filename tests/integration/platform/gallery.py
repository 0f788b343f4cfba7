"""Pictures of the console: ``python -m tests.integration.platform.gallery URL NAME PASSWORD DIR [WIDTHxHEIGHT …]``.

Upstream: Playwright, Pillow, ``showcase`` (a community to look at).
Downstream: docs/gallery, people who look.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

CHROMIUM = "/usr/bin/chromium"
OPTIONS = ["--no-sandbox", "--disable-gpu"]
COLOURS = 128
FIXED = (
    ("today", "/"),
    ("ledger", "/ledger"),
    ("devices", "/devices"),
    ("enrol", "/enrol"),
    ("quarantine", "/quarantine"),
    ("accounts", "/accounts"),
    ("log", "/audit"),
    ("own-page", "/me"),
    ("cards", "/certificates"),
    ("station", "/station"),
)


@contextmanager
def chromium(width: int, height: int, language: str = "zh-CN") -> Iterator[Page]:
    """Yield a page of Debian's Chromium."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        try:
            yield browser.new_context(viewport={"width": width, "height": height}, locale=language).new_page()
        finally:
            browser.close()


def enter(page: Page, url: str, name: str, password: str) -> None:
    """Sign in as a person does."""
    page.goto(f"{url}/sign-in")
    page.fill("input[name=name]", name)
    page.fill("input[name=password]", password)
    page.press("input[name=password]", "Enter")
    page.wait_for_selector(".person")


def take(url: str, name: str, password: str, folder: Path, size: tuple[int, int]) -> None:
    """Take every page at one size."""
    mark = f"{size[0]}x{size[1]}"
    with chromium(*size) as page:
        page.goto(f"{url}/sign-in")
        keep(page, folder / f"console-sign-in-{mark}.png")
        enter(page, url, name, password)
        for word, path in FIXED:
            page.goto(url + path)
            keep(page, folder / f"console-{word}-{mark}.png")
        page.goto(f"{url}/devices")
        page.click(".devices a.plain >> nth=0")
        keep(page, folder / f"console-device-{mark}.png")
        page.goto(f"{url}/quarantine")
        page.click("tbody a >> nth=0")
        keep(page, folder / f"console-quarantined-{mark}.png")
        page.goto(f"{url}/enrol")
        page.fill("input[name=name]", "南门触摸机")
        page.click("button.primary")
        page.wait_for_selector("[data-code]")
        keep(page, folder / f"console-enrol-code-{mark}.png")


def keep(page: Page, path: Path) -> None:
    """Write what is seen, in few colours."""
    page.wait_for_load_state("networkidle", timeout=5000)
    picture = Image.open(io.BytesIO(page.screenshot()))
    picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)


def main(url: str, name: str, password: str, folder: Path, sizes: list[str]) -> None:
    """Take the pictures of all sizes."""
    folder.mkdir(parents=True, exist_ok=True)
    for size in sizes or ["1280x800"]:
        width, height = size.split("x")
        take(url, name, password, folder, (int(width), int(height)))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], Path(sys.argv[4]), sys.argv[5:])
