"""The gate before every page of the console: who is it, may they, and is this form ours?

Upstream: ``signin.door``, ``asks``, ``forms``, ``frame``.
Downstream: ``app``, which puts it before the console's routers.

::

    not from a place that may open the console ─▶ 403 closed
    no session, or an old one ─────────────────▶ to the sign-in page
    a password given by another ───────────────▶ to the own page, until it is changed
    a form that is not ours ───────────────────▶ 403 nothing was changed
    a right that is not held ──────────────────▶ 403 not for this role
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from sync.platform.console.asks import ASKS, BEFORE_OWN_PASSWORD, UPLOADS
from sync.platform.console.forms import Fields, read_form, read_upload
from sync.platform.console.frame import HEADERS, Frame
from sync.platform.signin.door import Door
from sync.platform.signin.people import Visitor

SIGN_IN, OWN_PAGE = "/sign-in", "/me"
BY_ITSELF = "/watch"  # parts of pages that ask again without anybody doing anything
FRAGMENT = "hx-request"  # htmx asks for a part of a page


class TurnedAwayError(Exception):
    """A request does not come through; ``response`` says why."""

    def __init__(self, response: Response) -> None:
        super().__init__()
        self.response = response


@dataclass(frozen=True, slots=True)
class Gate:
    """What stands before the console's routes."""

    door: Door
    frame: Frame

    async def admit(self, request: Request) -> None:
        """Let a request through with its visitor and, of a form, its fields; FastAPI asks it before the page.

        Raises:
            TurnedAwayError: it is not let through.
        """
        visitor = await run_in_threadpool(self._visitor, request)
        request.state.visitor = visitor
        way = f"{request.method} {request.scope['route'].path}"
        if visitor.account.must_change and way not in BEFORE_OWN_PASSWORD:
            raise TurnedAwayError(_to(request, OWN_PAGE))
        if request.method == "POST" and not await _read(request, visitor, way):
            raise TurnedAwayError(await run_in_threadpool(self._said, request, "stale.html"))
        right = ASKS.get(way)
        if way not in ASKS or (right is not None and not visitor.may(right)):
            raise TurnedAwayError(await run_in_threadpool(self._said, request, "not_allowed.html"))

    def _visitor(self, request: Request) -> Visitor:
        if not self.frame.admits(request):
            raise TurnedAwayError(self._said(request, "closed.html"))
        secret = request.cookies.get(self.frame.session_cookie(request), "")
        awake = not request.url.path.endswith(BY_ITSELF)
        visitor = self.door.come_back(secret, awake=awake) if secret else None
        if visitor is None:
            raise TurnedAwayError(_to(request, _way_back(request)))
        return visitor

    def _said(self, request: Request, template: str) -> Response:
        return self.frame.page(request, template, HTTPStatus.FORBIDDEN)


async def _read(request: Request, visitor: Visitor, way: str) -> bool:
    """Read a form, with a file where its way may bring one; tell whether it is ours."""
    if way in UPLOADS:
        upload = await read_upload(request, visitor.form, UPLOADS[way])
        request.state.fields, request.state.content = (upload.fields, upload.content) if upload else (None, b"")
    else:
        request.state.fields = await read_form(request, visitor.form)
    return request.state.fields is not None


def visitor_of(request: Request) -> Visitor:
    """Return who was let in."""
    visitor: Visitor = request.state.visitor
    return visitor


def fields_of(request: Request) -> Fields:
    """Return the fields of a form that was let in."""
    fields: Fields = request.state.fields
    return fields


def content_of(request: Request) -> bytes:
    """Return what the file of a form holds; empty where there was none."""
    content: bytes = request.state.content
    return content


def _to(request: Request, address: str) -> Response:
    if FRAGMENT in request.headers:
        return Response(status_code=HTTPStatus.UNAUTHORIZED, headers={**HEADERS, "hx-redirect": address})
    return RedirectResponse(address, HTTPStatus.SEE_OTHER, HEADERS)


def _way_back(request: Request) -> str:
    if request.method != "GET" or FRAGMENT in request.headers or request.url.path == "/":
        return SIGN_IN
    asked = f"{request.url.path}?{request.url.query}".removesuffix("?")
    return f"{SIGN_IN}?{urlencode({'next': asked})}"
