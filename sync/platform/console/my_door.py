"""Behind the link of a phone: whose it is, how often one may guess, and whether a form is of a page of ours.

Upstream: ``phone``, ``misses``, ``forms``, ``frame``.
Downstream: ``my_roster``, ``my_times``.

The secret in the address is the only key, as on the page of the code: it is never logged, and no referrer carries it
on. Browsers that hide where they come from hide it from forms too (``Origin: null``); so a form carries a word that
only the secret yields, and is refused where the browser says that it comes from elsewhere.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import TypeAlias

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from sync.platform import phone
from sync.platform.console.forms import Fields, read_form
from sync.platform.console.frame import HEADERS, Frame
from sync.platform.console.misses import Misses
from sync.platform.ports import Ports, unix_ms
from sync.platform.records import Volunteer
from sync.platform.store import Database

PURPOSE = b"forms of the volunteer's pages"
WAIT_SECONDS = 60
Shown: TypeAlias = Callable[[Request, Volunteer], Response]
Done: TypeAlias = Callable[[Request, Volunteer, Fields], Response]


@dataclass(frozen=True, slots=True)
class PhoneDoor:
    """What stands before the pages behind a phone's link."""

    database: Database
    ports: Ports
    frame: Frame
    misses: Misses

    def show(self, request: Request, secret: str, page: Shown) -> Response:
        """Show a page to whom the link belongs, or that it is closed."""
        entered = self._enter(request, secret)
        return page(request, entered) if isinstance(entered, Volunteer) else entered

    async def do(self, request: Request, secret: str, deed: Done) -> Response:
        """Do what a form of the page asks for, or say that nothing was changed."""
        fields = await read_form(request, word_of(secret), hidden=True)
        return await run_in_threadpool(self._done, request, secret, fields, deed)

    def _done(self, request: Request, secret: str, fields: Fields | None, deed: Done) -> Response:
        entered = self._enter(request, secret)
        if not isinstance(entered, Volunteer):
            return entered
        if fields is None:
            return self.closed(request, HTTPStatus.FORBIDDEN)
        return deed(request, entered, fields)

    def _enter(self, request: Request, secret: str) -> Volunteer | Response:
        address, now_ms = request.client.host if request.client else "", unix_ms(self.ports.clock())
        if self.misses.must_wait(address, now_ms):
            return self.closed(request, HTTPStatus.TOO_MANY_REQUESTS)
        with self.database.reading() as unit:
            volunteer = phone.whose(unit, secret)
        if volunteer is None:
            self.misses.note(address, now_ms)
            return self.closed(request, HTTPStatus.NOT_FOUND)
        return volunteer

    def closed(self, request: Request, status: HTTPStatus) -> Response:
        """Say why a page is not shown."""
        response = self.frame.public_page(request, "my_closed.html", status, why=int(status))
        if status is HTTPStatus.TOO_MANY_REQUESTS:
            response.headers["retry-after"] = str(WAIT_SECONDS)
        return response


def word_of(secret: str) -> str:
    """Return what the forms of a link's pages carry."""
    return hmac.new(secret.encode(errors="replace"), PURPOSE, hashlib.sha256).hexdigest()[:32]


def back_to(address: str) -> Response:
    """Send a browser to a page after a deed, so that looking at it again does not do it again."""
    return RedirectResponse(address, HTTPStatus.SEE_OTHER, {**HEADERS, "referrer-policy": "no-referrer"})
