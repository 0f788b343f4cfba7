"""A volunteer's phone in a planned town: its link, its pages, and what is pressed on them.

Upstream: ``tests.support.rosters``, httpx.
Downstream: tests of the volunteers' pages.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx

from sync.platform import phone
from sync.platform.ports import Ports
from sync.platform.registry import Office
from tests.support.console import PORTS
from tests.support.rosters import MONDAY, NUMBERS, Town

NAMES = ("张晓明", "王秀兰", "李㛃", "古丽娜尔·阿不都热合曼", "欧阳文博")
FORM = re.compile(r"<form method=\"post\".*?</form>", re.DOTALL)
FIELD = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')


class StandingClock:
    """A clock that stands until it is moved; UTC ms."""

    def __init__(self, now_ms: int) -> None:
        self.now_ms = now_ms

    def __call__(self) -> datetime:
        return datetime.fromtimestamp(self.now_ms / 1000, UTC)


def ports_at(clock: StandingClock) -> Ports:
    """Return ports whose clock stands."""
    return Ports(clock, PORTS.ids, PORTS.entropy)


@dataclass(slots=True)
class Phone:
    """A volunteer's link in a browser of its own."""

    url: str
    secret: str
    browser: httpx.Client

    @classmethod
    def of(cls, town: Town, url: str, ports: Ports, number: str = NUMBERS[0]) -> Phone:
        """Open a link for a volunteer."""
        with town.database.writing("registry") as unit:
            secret = phone.open_link(Office(unit, ports, "410302"), number)
        return cls(url, secret, httpx.Client(base_url=url, trust_env=False, follow_redirects=True, timeout=30))

    def page(self, tab: str = "roster", **headers: str) -> httpx.Response:
        """Look at a page."""
        return self.browser.get(f"/my/{self.secret}/{tab}", headers=headers)

    @property
    def word(self) -> str:
        """What the forms of this link carry."""
        found = re.search(r'name="form" value="(\w+)"', self.page("times").text)
        assert found
        return found[1]

    def send(self, tab: str, /, **fields: Any) -> httpx.Response:
        """Send a form of a page."""
        return self.post(tab, fields)

    def post(self, tab: str, fields: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> httpx.Response:
        """Send a form with more headers than a plain browser has."""
        return self.browser.post(f"/my/{self.secret}/{tab}", data={"form": self.word, **fields}, headers=headers)

    def say(self, answer: str, of: str, **fields: str) -> httpx.Response:
        """Say something of the roster, by a form of the page where there is one."""
        return self.send("roster", answer=answer, of=of, **fields)

    def forms(self, answer: str) -> list[dict[str, str]]:
        """Return the hidden fields of the page's forms for an answer."""
        found = [dict(FIELD.findall(form)) for form in FORM.findall(self.page().text)]
        return [form for form in found if form.get("answer") == answer]


__all__ = ["MONDAY", "NAMES", "Phone", "StandingClock", "ports_at"]
