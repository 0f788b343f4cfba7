"""``/my/…``: the page of a phone, with the code of its volunteer, which renews itself while it is looked at.

Upstream: ``phone``, ``cards.symbol``, ``frame``, ``misses``.
Downstream: ``app``.

It is open to every machine, unlike the console: the address is the secret. It is never logged, no referrer carries it
on, and no name stands on the page in full, since people stand in a queue behind each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from sync.platform import phone, wording
from sync.platform.cards.symbol import svg
from sync.platform.certificates import CertificateDesk
from sync.platform.console.frame import Frame
from sync.platform.console.issuing import Issuing
from sync.platform.console.misses import Misses
from sync.platform.errors import KeyFileError
from sync.platform.phone import ShownCode
from sync.platform.ports import Ports, unix_ms
from sync.platform.registry import Office
from sync.platform.store import Database

STAR = "＊"
MOST_STARS = 2
WAIT_SECONDS = 60


@dataclass(frozen=True, slots=True)
class MyPage:
    """The page over one database."""

    database: Database
    ports: Ports
    frame: Frame
    issuing: Issuing
    misses: Misses

    def router(self) -> APIRouter:
        """Return the route."""
        router = APIRouter(default_response_class=Response)
        router.add_api_route("/my/{secret}", self.show, methods=["GET"], response_model=None)
        return router

    def show(self, request: Request, secret: str) -> Response:
        """Show the code of an open link; a fresh one at most every fifteen seconds."""
        address, now_ms = request.client.host if request.client else "", unix_ms(self.ports.clock())
        if self.misses.must_wait(address, now_ms):
            return self._without_code(request, HTTPStatus.TOO_MANY_REQUESTS)
        try:
            shown = self._code(secret)
        except KeyFileError:
            return self._without_code(request, HTTPStatus.SERVICE_UNAVAILABLE)
        if shown is None:
            self.misses.note(address, now_ms)
            return self._without_code(request, HTTPStatus.NOT_FOUND)
        words = self.frame.reader(request).say(wording.marked("Code for start and end of duty"))
        code = {"code": svg(shown.text, words), "name": masked(shown.volunteer.name), "fresh_s": shown.fresh_s}
        return self.frame.public_page(request, "my.html", HTTPStatus.OK, secret=secret, **code)

    def _code(self, secret: str) -> ShownCode | None:
        with self.database.reading() as unit:
            if not phone.is_open(Office(unit, self.ports, self.issuing.region), secret):
                return None
        with self.database.writing("registry") as unit:
            office = Office(unit, self.ports, self.issuing.region)
            return phone.show_code(CertificateDesk(office, self.issuing.issuer()), secret)

    def _without_code(self, request: Request, status: HTTPStatus) -> Response:
        response = self.frame.public_page(request, "my_closed.html", status, why=int(status))
        if status in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}:
            response.headers["retry-after"] = str(WAIT_SECONDS)
        return response


def masked(name: str) -> str:
    """Return a name's first character and stars for the rest, two at most."""
    return name[:1] + STAR * min(MOST_STARS, len(name) - 1)
