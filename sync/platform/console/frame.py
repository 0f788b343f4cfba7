"""What every page has around it: the reader's language, the headers that keep it safe, who reads it, and from where.

Upstream: ``rendering``, ``reach``, ``reader``.
Downstream: ``gate``, every module with pages, ``my``.
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response

from sync.platform.console.menu import menu_of, roster_menu_of
from sync.platform.console.reach import Coming, Reach, coming
from sync.platform.console.reader import Reader
from sync.platform.console.rendering import render
from sync.platform.signin.people import Visitor
from sync.platform.wording import LANGUAGES

LANGUAGE_COOKIE = "language"
SESSION_COOKIE = "console"
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
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
        proxies: addresses of proxies on other machines, whose forwarding headers are believed.
    """

    language: str
    time_zone: str
    reach: Reach
    proxies: tuple[str, ...] = ()

    def reader(self, request: Request) -> Reader:
        """Return the eyes a request's page is made for."""
        chosen = request.cookies.get(LANGUAGE_COOKIE)
        language = chosen if chosen in LANGUAGES else self.language
        return Reader(language, ZoneInfo(self.time_zone))

    def coming(self, request: Request) -> Coming:
        """Return how a request came."""
        peer, url = request.client.host if request.client else "", request.url
        return coming(peer, url.hostname, url.scheme, request.headers, self.proxies)

    def admits(self, request: Request) -> bool:
        """Tell whether a request may open the console."""
        return self.coming(request).may_enter(self.reach)

    def session_cookie(self, request: Request) -> str:
        """Return the name of the cookie with a session's secret; browsers hold ``__Host-`` ones to HTTPS."""
        return f"__Host-{SESSION_COOKIE}" if self.coming(request).is_secure else SESSION_COOKIE

    def page(self, request: Request, template: str, status: int = HTTPStatus.OK, **shown: Any) -> Response:
        """Render a page of the console, or the one sentence why it is not shown here."""
        if not self.admits(request):
            template, status, shown = "closed.html", HTTPStatus.FORBIDDEN, {}
        back = f"{request.url.path}?{request.url.query}".removesuffix("?") if request.method == "GET" else "/"
        visitor: Visitor | None = getattr(request.state, "visitor", None)
        about = {
            "path": request.url.path,
            "back": back,
            "visitor": visitor,
            "menu": menu_of(visitor),
            "roster_menu": roster_menu_of(visitor),
            "token": visitor.form if visitor else "",
            "may": visitor.may if visitor else lambda _right: False,
        }
        content = render(template, self.reader(request).language, **{**about, **shown})
        return Response(content, status, HEADERS, HTML)

    def public_page(self, request: Request, template: str, status: int, **shown: Any) -> Response:
        """Render a page that is no part of the console and open to whoever has its address; it leaks none onwards."""
        content = render(template, self.reader(request).language, **shown)
        headers = {**HEADERS, "referrer-policy": "no-referrer", "x-robots-tag": "noindex, nofollow"}
        return Response(content, status, headers, HTML)
