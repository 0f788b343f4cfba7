"""``/calendar/….ics``: a volunteer's own places for any program that reads calendars.

Upstream: ``rostering.feeding``, ``misses``, ``frame``.
Downstream: ``assembly``.

It is open to every machine: the address is the secret, of this calendar alone. Programs ask every hour and mostly get
the short answer that nothing changed.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from http import HTTPStatus

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from sync.platform.console.frame import HEADERS, Frame
from sync.platform.console.misses import Misses
from sync.platform.ports import Ports, unix_ms
from sync.platform.rostering import feeding
from sync.platform.store import Database

WAY = "/calendar/{secret}.ics"
WAIT_SECONDS = 60
CALENDAR = "text/calendar; charset=utf-8"
OPEN = {**HEADERS, "cache-control": "private, no-cache", "referrer-policy": "no-referrer", "x-robots-tag": "noindex"}


@dataclass(frozen=True, slots=True)
class CalendarFeed:
    """The calendar over one database."""

    database: Database
    ports: Ports
    frame: Frame
    misses: Misses

    def router(self) -> APIRouter:
        """Return the route."""
        router = APIRouter(default_response_class=Response)
        router.add_api_route(WAY, self.show, methods=["GET"], response_model=None)
        router.add_api_route(WAY, self.show, methods=["HEAD"], response_model=None, include_in_schema=False)
        return router

    def show(self, request: Request, secret: str) -> Response:
        """Send the calendar of an open link, or word that it has not changed."""
        address, now_ms = request.client.host if request.client else "", unix_ms(self.ports.clock())
        if self.misses.must_wait(address, now_ms):
            wait = {**OPEN, "retry-after": str(WAIT_SECONDS)}
            return Response(status_code=HTTPStatus.TOO_MANY_REQUESTS, headers=wait)
        with self.database.reading() as unit:
            volunteer = feeding.whose(unit, secret)
            if volunteer is None:
                self.misses.note(address, now_ms)
                return Response(status_code=HTTPStatus.NOT_FOUND, headers=OPEN)
            language = self.frame.reader(request).language
            content = feeding.calendar_for(unit, volunteer.number, now_ms, language)
        tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
        headers = {**OPEN, "etag": tag, "content-disposition": 'inline; filename="duty.ics"'}
        if tag in {each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")}:
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
        return Response(content, HTTPStatus.OK, headers, CALENDAR)
