"""Accounts, for the platform's keeper: added, given a new password or term, closed.

Upstream: ``signin.enlisting``, ``gate``.
Downstream: ``assembly``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from http import HTTPStatus
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from sync.platform import wording
from sync.platform.console.forms import Fields, one
from sync.platform.console.frame import HEADERS, Frame
from sync.platform.console.gate import fields_of, visitor_of
from sync.platform.console.reader import Reader
from sync.platform.errors import PlatformError
from sync.platform.ports import Ports, unix_ms
from sync.platform.signin.door import Door
from sync.platform.signin.enlisting import Enlisting, generated
from sync.platform.signin.people import Account
from sync.platform.signin.rights import Holding, Role
from sync.platform.store import Database, Unit
from sync.platform.wording import marked

PAGE = "/accounts"
TERM = timedelta(days=3 * 365)
NOT_PROVED = marked("The password is not right, or it was tried too often. Nothing was changed.")
NOT_DONE = marked("That could not be done; nothing was changed.")
OWN = marked("Nobody closes or resets the own account.")


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One account as the page shows it; ``terms`` are role, place, team, days, and whether they run."""

    name: str
    volunteer: str
    is_closed: bool
    must_change: bool
    terms: tuple[tuple[str, str, str, str, bool], ...]


@dataclass(frozen=True, slots=True)
class AccountPages:
    """The pages over one database."""

    database: Database
    ports: Ports
    frame: Frame
    door: Door

    def router(self) -> APIRouter:
        """Return the routes."""
        router = APIRouter(default_response_class=Response)
        router.add_api_route(PAGE, self.accounts, methods=["GET"], response_model=None)
        router.add_api_route(PAGE, self.add, methods=["POST"], response_model=None)
        router.add_api_route(PAGE + "/{name}/{deed}", self.change, methods=["POST"], response_model=None)
        return router

    def accounts(self, request: Request) -> Response:
        """All accounts, and the form for another."""
        return self._accounts(request)

    def _accounts(self, request: Request, status: int = HTTPStatus.OK, fault: tuple[str, str] = ("", "")) -> Response:
        reader, now_ms = self.frame.reader(request), unix_ms(self.ports.clock())
        with self.database.reading() as unit:
            points = unit.registry.service_points()
            names = {point.id: point.name for point in points}
            lines = [_line(unit, each, names, now_ms, reader) for each in unit.accounts.all()]
        today = reader.day_of(now_ms)
        return self.frame.page(
            request,
            "accounts.html",
            status,
            accounts=lines,
            points=points,
            roles=[(role.value, reader.word(wording.ROLES, role)) for role in Role],
            is_proved=visitor_of(request).is_proved,
            today=today.isoformat(),
            until=(today + TERM).isoformat(),
            fault=fault,
        )

    def add(self, request: Request) -> Response:
        """Add an account and show its first password, this once."""
        visitor, fields = visitor_of(request), fields_of(request)
        if not self._is_proved(request):
            return self._accounts(request, HTTPStatus.CONFLICT, (NOT_PROVED, ""))
        password = generated(self.ports)
        try:
            own = self._term(fields) if one(fields, "role") else None
            with self.database.writing("registry") as unit:
                enlisting = Enlisting(unit, self.ports, self.door.hashed, visitor.account.id)
                volunteer = one(fields, "volunteer") or None
                made = enlisting.add(one(fields, "name"), password, volunteer=volunteer, own=own)
        except PlatformError as error:
            return self._accounts(request, HTTPStatus.CONFLICT, (NOT_DONE, str(error)))
        return self.frame.page(request, "account_password.html", name=made.name, password=password)

    def change(self, request: Request, name: str, deed: str) -> Response:
        """Give an account another password, or close it."""
        visitor = visitor_of(request)
        if not self._is_proved(request):
            return self._accounts(request, HTTPStatus.CONFLICT, (NOT_PROVED, ""))
        if name == visitor.account.name:
            return self._accounts(request, HTTPStatus.CONFLICT, (OWN, ""))
        password = generated(self.ports)
        try:
            with self.database.writing("registry") as unit:
                enlisting = Enlisting(unit, self.ports, self.door.hashed, visitor.account.id)
                if deed == "close":
                    enlisting.close(name)
                elif deed == "reset":
                    enlisting.reset(name, password)
                else:
                    return self.frame.page(request, "missing.html", HTTPStatus.NOT_FOUND)
        except PlatformError as error:
            return self._accounts(request, HTTPStatus.CONFLICT, (NOT_DONE, str(error)))
        if deed == "reset":
            return self.frame.page(request, "account_password.html", name=name, password=password)
        return RedirectResponse(PAGE, HTTPStatus.SEE_OTHER, HEADERS)

    def _is_proved(self, request: Request) -> bool:
        password = fields_of(request).get("password", [""])[0]
        return self.door.prove(visitor_of(request), password, self.frame.coming(request).address)

    def _term(self, fields: Fields) -> Holding:
        zone = ZoneInfo(self.frame.time_zone)
        begin, end = (_midnight(one(fields, name), zone) for name in ("begin", "end"))
        role, point = one(fields, "role"), one(fields, "service_point")
        if begin is None or end is None or role not in set(Role):
            raise PlatformError("A term has a role and two days.")
        until_ms = unix_ms(end + timedelta(days=1))
        return Holding(Role(role), unix_ms(begin), until_ms, point or None, one(fields, "team") or None)


def _line(unit: Unit, account: Account, points: dict[str, str], now_ms: int, reader: Reader) -> AccountLine:
    terms = tuple(
        (
            reader.word(wording.ROLES, each.role),
            points.get(each.service_point or "", ""),
            each.team or "",
            f"{reader.day_of(each.from_ms).isoformat()} – {reader.day_of(each.until_ms - 1).isoformat()}",
            each.is_in_force(now_ms),
        )
        for each in unit.accounts.holdings(account)
    )
    return AccountLine(account.name, account.volunteer or "", account.closed_ms is not None, account.must_change, terms)


def _midnight(text: str, zone: ZoneInfo) -> datetime | None:
    try:
        return datetime.combine(date.fromisoformat(text), time(), zone)
    except ValueError:
        return None
