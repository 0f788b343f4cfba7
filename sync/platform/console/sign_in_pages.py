"""Signing in and out, and the own page: password, terms, the browsers that are signed in.

Upstream: ``signin.door``, ``forms``, ``frame``, ``gate``.
Downstream: ``app``.
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from sync.platform import wording
from sync.platform.console.forms import Fields, keep_token, one, read_form, token_of
from sync.platform.console.frame import HEADERS, Frame
from sync.platform.console.gate import OWN_PAGE, SIGN_IN, fields_of, visitor_of
from sync.platform.ports import unix_ms
from sync.platform.signin.door import Door, Refused, SignedIn
from sync.platform.wording import marked

FIRST_PAGE = "/"
WRONG = marked("Name and password do not go together, or the account has no term in force.")
EASY = marked("That password is too easy, or it is the old one. Take at least 12 characters that are not your name.")
UNLIKE = marked("The two new passwords differ. Nothing was changed.")
NOT_PROVED = marked("The present password is not right, or it was tried too often. Nothing was changed.")
CHANGED = marked("The password was changed. Other browsers were signed out.")


@dataclass(frozen=True, slots=True)
class SignInPages:
    """The pages over one door."""

    door: Door
    frame: Frame

    def open_router(self) -> APIRouter:
        """Return the routes that need no session."""
        router = APIRouter(default_response_class=Response)
        router.add_api_route(SIGN_IN, self.form, methods=["GET"], response_model=None)
        router.add_api_route(SIGN_IN, self.enter, methods=["POST"], response_model=None)
        return router

    def router(self) -> APIRouter:
        """Return the routes behind the gate."""
        router = APIRouter(default_response_class=Response)
        router.add_api_route(OWN_PAGE, self.own_page, methods=["GET"], response_model=None)
        router.add_api_route(OWN_PAGE + "/password", self.change, methods=["POST"], response_model=None)
        router.add_api_route("/sign-out", self.leave, methods=["POST"], response_model=None)
        router.add_api_route("/sign-out/everywhere", self.leave_everywhere, methods=["POST"], response_model=None)
        return router

    def form(self, request: Request) -> Response:
        """Ask for name and password; where there is no account at all, say how the first is made."""
        if self.frame.admits(request) and not self.door.has_accounts():
            return self.frame.page(request, "no_account.html")
        return self._form(request, request.query_params.get("next", ""))

    async def enter(self, request: Request) -> Response:
        """Let somebody in, or say that it did not go, without saying why."""
        fields = await read_form(request, request.cookies.get("form", ""))
        if fields is None or not self.frame.admits(request):
            return await run_in_threadpool(self.frame.page, request, "stale.html", HTTPStatus.FORBIDDEN)
        return await run_in_threadpool(self._enter, request, fields)

    def _enter(self, request: Request, fields: Fields) -> Response:
        address, wanted = self.frame.coming(request).address, one(fields, "next")
        password = fields.get("password", [""])[0]
        outcome = self.door.sign_in(one(fields, "name"), password, address)
        if isinstance(outcome, Refused):
            minutes = -(-outcome.wait_ms // 60_000)
            status = HTTPStatus.TOO_MANY_REQUESTS if minutes else HTTPStatus.FORBIDDEN
            response = self._form(request, wanted, status, fault=WRONG, minutes=minutes, name=one(fields, "name"))
            if minutes:
                response.headers["retry-after"] = str(minutes * 60)
            return response
        there = OWN_PAGE if outcome.must_change else own_address(wanted)
        return self._remember(request, RedirectResponse(there, HTTPStatus.SEE_OTHER, HEADERS), outcome)

    def _form(self, request: Request, wanted: str, status: int = HTTPStatus.OK, **shown: Any) -> Response:
        token = token_of(request, self.door.ports.entropy)
        about = {"fault": "", "minutes": 0, "name": "", **shown}
        response = self.frame.page(request, "sign_in.html", status, token=token, next=own_address(wanted), **about)
        return keep_token(response, token, secure=self.frame.coming(request).is_secure)

    def _remember(self, request: Request, response: Response, entered: SignedIn) -> Response:
        secure = self.frame.coming(request).is_secure
        name = self.frame.session_cookie(request)
        response.set_cookie(name, entered.secret, path="/", httponly=True, samesite="lax", secure=secure)
        return response

    def own_page(self, request: Request) -> Response:
        """The own account: terms, browsers, password."""
        return self._own_page(request)

    def _own_page(self, request: Request, status: int = HTTPStatus.OK, fault: str = "", said: str = "") -> Response:
        visitor, reader = visitor_of(request), self.frame.reader(request)
        now_ms = unix_ms(self.door.ports.clock())
        with self.door.database.reading() as unit:
            holdings = unit.accounts.holdings(visitor.account)
            sessions = unit.accounts.sessions(visitor.account.id)
            points = {point.id: point.name for point in unit.registry.service_points()}
        terms = [
            (
                reader.word(wording.ROLES, each.role),
                points.get(each.service_point or "", ""),
                each.team or "",
                reader.day_of(each.from_ms).isoformat(),
                reader.day_of(each.until_ms - 1).isoformat(),
                each.is_in_force(now_ms),
            )
            for each in holdings
        ]
        browsers = [
            (
                each.address,
                reader.moment(each.begun_ms),
                reader.ago(each.seen_ms, now_ms),
                each.digest == visitor.session.digest,
            )
            for each in sessions
            if each.is_open(now_ms)
        ]
        return self.frame.page(
            request, "me.html", status, account=visitor.account, terms=terms, browsers=browsers, fault=fault, said=said
        )

    def change(self, request: Request) -> Response:
        """Choose another password."""
        visitor, fields = visitor_of(request), fields_of(request)
        present, new = fields.get("present", [""])[0], fields.get("new", [""])[0]
        if new != fields.get("again", [""])[0]:
            return self._own_page(request, HTTPStatus.CONFLICT, fault=UNLIKE)
        if not present or not self.door.prove(visitor, present, self.frame.coming(request).address):
            return self._own_page(request, HTTPStatus.CONFLICT, fault=NOT_PROVED)
        if not self.door.change_password(visitor, new):
            return self._own_page(request, HTTPStatus.CONFLICT, fault=EASY)
        if visitor.account.must_change:
            return RedirectResponse(FIRST_PAGE, HTTPStatus.SEE_OTHER, HEADERS)
        return self._own_page(request, said=CHANGED)

    def leave(self, request: Request) -> Response:
        """Sign this browser out."""
        self.door.sign_out(visitor_of(request))
        return self._gone(request)

    def leave_everywhere(self, request: Request) -> Response:
        """Sign every browser of this account out."""
        self.door.sign_out(visitor_of(request), everywhere=True)
        return self._gone(request)

    def _gone(self, request: Request) -> Response:
        response = RedirectResponse(SIGN_IN, HTTPStatus.SEE_OTHER, HEADERS)
        secure = self.frame.coming(request).is_secure
        response.delete_cookie(self.frame.session_cookie(request), path="/", httponly=True, secure=secure)
        return response


def own_address(wanted: str) -> str:
    """Return an address within this console, the first page where what was asked for is none."""
    is_ours = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and wanted.isprintable()
    return wanted if is_ours else FIRST_PAGE
