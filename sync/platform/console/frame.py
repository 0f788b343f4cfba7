"""What every page has around it: the reader's language, the headers that keep it safe, and who may open it.

Upstream: ``rendering``, ``reach``, ``reader``.
Downstream: ``pages``, ``certificates``, ``my``.
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response

from sync.platform.console.reach import Reach, is_local
from sync.platform.console.reader import Reader
from sync.platform.console.rendering import render
from sync.platform.wording import LANGUAGES

LANGUAGE_COOKIE = "language"
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cache-control": "no-store",
}
HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Frame:
    """The frame of all pages.

    Attributes:
        language: until a reader chooses the other one.
        time_zone: IANA name of local dates and times.
        reach: from where the console's pages may be opened.
    """

    language: str
    time_zone: str
    reach: Reach

    def reader(self, request: Request) -> Reader:
        """Return the eyes a request's page is made for."""
        chosen = request.cookies.get(LANGUAGE_COOKIE)
        language = chosen if chosen in LANGUAGES else self.language
        return Reader(language, ZoneInfo(self.time_zone))

    def admits(self, request: Request) -> bool:
        """Tell whether a request may open the console."""
        peer = request.client.host if request.client else ""
        return self.reach is Reach.ANYWHERE or is_local(peer, request.url.hostname, request.headers)

    def page(self, request: Request, template: str, status: int = HTTPStatus.OK, **shown: Any) -> Response:
        """Render a page of the console, or the one sentence why it is not shown to this machine."""
        if not self.admits(request):
            template, status, shown = "closed.html", HTTPStatus.FORBIDDEN, {}
        back = f"{request.url.path}?{request.url.query}".removesuffix("?") if request.method == "GET" else "/"
        about = {"path": request.url.path, "back": back, "is_open": self.reach is Reach.ANYWHERE}
        return Response(render(template, self.reader(request).language, **about, **shown), status, HEADERS, HTML)

    def public_page(self, request: Request, template: str, status: int, **shown: Any) -> Response:
        """Render a page that is no part of the console and open to whoever has its address; it leaks none onwards."""
        content = render(template, self.reader(request).language, **shown)
        headers = {**HEADERS, "referrer-policy": "no-referrer", "x-robots-tag": "noindex, nofollow"}
        return Response(content, status, headers, HTML)
