"""Enrolment codes: made for a place and a name, shown once as letters and QR, watched until the device has come.

Upstream: ``enrolling``, ``store``, ``cards.symbol``, ``gate``.
Downstream: ``assembly``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from types import MappingProxyType
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from sync.platform.cards.symbol import svg
from sync.platform.console.forms import one
from sync.platform.console.frame import HEADERS, Frame
from sync.platform.console.gate import fields_of, visitor_of
from sync.platform.console.issuing import Issuing
from sync.platform.console.reader import Reader
from sync.platform.enrolling import new_code
from sync.platform.ports import Ports, unix_ms
from sync.platform.signin.audit import Deed, Done
from sync.platform.signin.people import Visitor
from sync.platform.signin.rights import Right, covers, points_in
from sync.platform.store import Database, Unit
from sync.platform.store.codes import CodeStanding
from sync.platform.wording import marked
from sync.protocol.enrolling import code_link
from sync.protocol.reference import ServicePoint

PAGE = "/enrol"
MINUTE_MS = 60_000
GOOD_FOR: Mapping[str, timedelta] = MappingProxyType(
    {"1": timedelta(hours=1), "24": timedelta(hours=24), "168": timedelta(days=7)}
)
MOST_NAME = 40
SHOWN = 50  # codes listed, the latest
STATES: Mapping[str, str] = MappingProxyType(
    {
        "open": marked("Waiting for its device"),
        "used": marked("Used"),
        "expired": marked("Expired"),
        "withdrawn": marked("Withdrawn by hand"),
    }
)
INCOMPLETE = marked("A code needs a service point and a name for the device.")


@dataclass(frozen=True, slots=True)
class CodeLine:
    """One code as the page shows it."""

    id: str
    name: str
    service_point: str
    state: str
    state_word: str
    made_at: str
    until: str
    device: str | None


@dataclass(frozen=True, slots=True)
class EnrolPages:
    """The pages over one database."""

    database: Database
    ports: Ports
    frame: Frame
    issuing: Issuing

    def router(self) -> APIRouter:
        """Return the routes."""
        router = APIRouter(default_response_class=Response)
        router.add_api_route(PAGE, self.codes, methods=["GET"], response_model=None)
        router.add_api_route(PAGE, self.make, methods=["POST"], response_model=None)
        router.add_api_route(PAGE + "/{code}/withdraw", self.withdraw, methods=["POST"], response_model=None)
        router.add_api_route(PAGE + "/{code}/watch", self.watch, methods=["GET"], response_model=None)
        return router

    def codes(self, request: Request) -> Response:
        """The form for a new code, and the latest ones."""
        return self._codes(request)

    def _codes(self, request: Request, status: int = HTTPStatus.OK, fault: str = "") -> Response:
        reader, now_ms, visitor = self.frame.reader(request), unix_ms(self.ports.clock()), visitor_of(request)
        with self.database.reading() as unit:
            points = points_of(unit, visitor, Right.ENROL)
            names = {point.id: point.name for point in points}
            lines = [
                _line(each, names[each.service_point], now_ms, reader)
                for each in unit.codes.all()
                if each.service_point in names
            ]
        return self.frame.page(request, "enrol.html", status, points=points, codes=lines[:SHOWN], fault=fault)

    def make(self, request: Request) -> Response:
        """Make a code and show it, this once."""
        reader, visitor, fields = self.frame.reader(request), visitor_of(request), fields_of(request)
        name, hours = one(fields, "name")[:MOST_NAME], one(fields, "hours")
        with self.database.writing("registry") as unit:
            point = unit.registry.service_point(one(fields, "service_point"))
            if point is None or not name or not name.isprintable():
                return self._codes(request, HTTPStatus.CONFLICT, INCOMPLETE)
            if not covers(visitor.places(Right.ENROL), point.id):
                return self.frame.page(request, "not_allowed.html", HTTPStatus.FORBIDDEN)
            made = new_code(unit, self.ports, point, name, GOOD_FOR.get(hours, GOOD_FOR["24"]))
            now_ms, standing = unix_ms(self.ports.clock()), made.standing
            unit.audit.note(Done(visitor.account.id, Deed.DEVICE_CODE_MADE, standing.id, "", point.id), now_ms)
        base = self.issuing.public_url or str(request.base_url).rstrip("/")
        symbol = svg(code_link(base, made.code), reader.say(marked("Enrolment code")))
        line = _line(standing, point.name, now_ms, reader)
        minutes = -(-(standing.expires_ms - now_ms) // MINUTE_MS)
        left = {"minutes": minutes, "hours": round(minutes / 60)}
        shown: dict[str, Any] = {"code": made.code, "symbol": symbol, "line": line, "address": base, **left}
        return self.frame.page(request, "enrol_code.html", **shown)

    def withdraw(self, request: Request, code: str) -> Response:
        """Let no device be made with a code any more."""
        visitor, now_ms = visitor_of(request), unix_ms(self.ports.clock())
        with self.database.writing("registry") as unit:
            known = self._known(unit, visitor, code)
            if known is None:
                return self.frame.page(request, "missing.html", HTTPStatus.NOT_FOUND)
            if unit.codes.withdraw(code, now_ms):
                done = Done(visitor.account.id, Deed.DEVICE_CODE_WITHDRAWN, code, "", known.service_point)
                unit.audit.note(done, now_ms)
        return RedirectResponse(PAGE, HTTPStatus.SEE_OTHER, HEADERS)

    def watch(self, request: Request, code: str) -> Response:
        """Whether the device of a code has come: a part of a page that asks again by itself until it has."""
        reader, now_ms = self.frame.reader(request), unix_ms(self.ports.clock())
        with self.database.reading() as unit:
            known = self._known(unit, visitor_of(request), code)
            device = unit.devices.find(known.device) if known and known.device else None
        if known is None:
            return self.frame.page(request, "missing.html", HTTPStatus.NOT_FOUND)
        line = _line(known, "", now_ms, reader)
        heard = device is not None and device.last_contact_ms is not None
        return self.frame.page(request, "enrol_watch.html", line=line, heard=heard)

    @staticmethod
    def _known(unit: Unit, visitor: Visitor, code: str) -> CodeStanding | None:
        places = visitor.places(Right.ENROL)
        return next((each for each in unit.codes.all() if each.id == code and covers(places, each.service_point)), None)


def points_of(unit: Unit, visitor: Visitor, right: Right) -> tuple[ServicePoint, ...]:
    """Return the service points at which a visitor has a right, by name."""
    among = points_in(visitor.places(right))
    return tuple(each for each in unit.registry.service_points() if among is None or each.id in among)


def _line(code: CodeStanding, point: str, now_ms: int, reader: Reader) -> CodeLine:
    state = "withdrawn" if code.withdrawn_ms else "used" if code.used_ms else "open"
    state = "expired" if state == "open" and now_ms >= code.expires_ms else state
    return CodeLine(
        id=code.id,
        name=code.name,
        service_point=point,
        state=state,
        state_word=reader.say(STATES[state]),
        made_at=reader.moment(code.made_ms),
        until=reader.moment(code.expires_ms),
        device=code.device,
    )
