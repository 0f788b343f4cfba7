"""People at the console for tests: accounts with cheap passwords, and a browser that signed in through the real form.

Upstream: ``sync.platform.signin``, httpx.
Downstream: the platform's integration tests, ``tests/flows`` with a real browser.
"""

from __future__ import annotations

import os
import re
import uuid
from dataclasses import replace
from datetime import UTC, datetime

import httpx

from sync.platform import passwords
from sync.platform.passwords import SALT_BYTES, Costs
from sync.platform.ports import Ports
from sync.platform.signin.enlisting import Enlisting
from sync.platform.signin.rights import Holding, Role
from sync.platform.store import Database

CHEAP = Costs(passes=1, memory_kib=8, lanes=1)  # Argon2's least: tests sign in often
PASSWORD = "红帽子在东门岗亭值班一百天"
LONG_MS = 4_000_000_000_000
PORTS = Ports(lambda: datetime.now(UTC), lambda: str(uuid.uuid4()), os.urandom)
WORD = re.compile(r'name="form" value="(\w+)"')


def enlist(
    database: Database,
    name: str = "keeper",
    role: Role | None = Role.KEEPER,
    *,
    point: str | None = None,
    team: str | None = None,
    volunteer: str | None = None,
    until_ms: int = LONG_MS,
    must_change: bool = False,
) -> None:
    """Add an account with the password of all tests."""
    own = Holding(role, 0, until_ms, point, team) if role else None
    with database.writing("registry") as unit:
        enlisting = Enlisting(unit, PORTS, lambda word: passwords.hashed(word, os.urandom(SALT_BYTES), CHEAP))
        made = enlisting.add(name, PASSWORD, volunteer=volunteer, own=own)
        unit.accounts.put(replace(made, must_change=must_change))


def browser(url: str, *, follow: bool = False) -> httpx.Client:
    """Return a browser that keeps its cookies; close it."""
    return httpx.Client(base_url=url, trust_env=False, follow_redirects=follow, timeout=30)


def word_of(page: str) -> str:
    """Return what a page's forms carry."""
    found = WORD.search(page)
    assert found, page
    return found[1]


def sign_in(client: httpx.Client, name: str = "keeper", password: str = PASSWORD, **more: str) -> httpx.Response:
    """Fill in the form and send it; return the answer, redirects not followed."""
    word = word_of(client.get("/sign-in", follow_redirects=False).text)
    fields = {"form": word, "name": name, "password": password, **more}
    return client.post("/sign-in", data=fields, follow_redirects=False)


def session_of(url: str, name: str = "keeper") -> dict[str, str]:
    """Sign in and return the cookies of the session."""
    with browser(url) as client:
        answer = sign_in(client, name)
        assert answer.status_code == 303, answer.text
        return dict(client.cookies)
