"""The page of cards: who has which, and the deeds of the keeper: issue, re-issue, lost, revoke, phone, print.

Upstream: ``certificates``, ``phone``, ``printing``, ``gate``, ``frame``.
Downstream: ``app``.

A deed is a POST that the gate let in, is noted in the log, and ends in a redirect; a phone's link is the one thing that
is shown in the answer itself, since it is shown only once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from types import MappingProxyType
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from sync.platform import certificates, phone
from sync.platform.cards.symbol import svg
from sync.platform.certificates import LIFE, CertificateDesk, CertificateOrder
from sync.platform.console import card_views, queries
from sync.platform.console.forms import Fields
from sync.platform.console.frame import HEADERS, Frame
from sync.platform.console.gate import fields_of, visitor_of
from sync.platform.console.issuing import Issuing
from sync.platform.errors import PlatformError
from sync.platform.ports import Ports, unix_ms
from sync.platform.records import Volunteer
from sync.platform.registry import Office
from sync.platform.signin.audit import Deed, Done
from sync.platform.store import Database
from sync.protocol.errors import ProtocolError
from sync.protocol.vocabulary import CertificateKind

PAGE = "/certificates"
PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class CertificatePages:
    """The page and its deeds over one database."""

    database: Database
    ports: Ports
    frame: Frame
    issuing: Issuing

    def router(self) -> APIRouter:
        """Return the routes."""
        router = APIRouter(default_response_class=Response)
        router.add_api_route(PAGE, self.cards, methods=["GET"], response_model=None)
        router.add_api_route(PAGE + "/{deed}", self.act, methods=["POST"], response_model=None)
        return router

    def cards(self, request: Request) -> Response:
        """Every volunteer with what the newest card is worth."""
        return self._page(request, request.query_params)

    def act(self, request: Request, deed: str) -> Response:
        """Do one deed for one volunteer, or print the chosen ones."""
        if deed not in DEEDS:
            return self.frame.page(request, "stale.html", HTTPStatus.FORBIDDEN)
        fields = fields_of(request)
        given = {name: values[0].strip() for name, values in fields.items()}
        try:
            with self.database.writing("registry") as unit:
                told = DEEDS[deed](self, Office(unit, self.ports, self.issuing.region), fields)
                done = Done(visitor_of(request).account.id, NOTED[deed], _one(fields), _counted(fields))
                unit.audit.note(done, unix_ms(self.ports.clock()))
        except (PlatformError, ProtocolError) as error:
            return self._page(request, given, HTTPStatus.CONFLICT, error)
        if deed == "phone" and isinstance(told, str):
            return self._phone(request, told)
        if isinstance(told, bytes):
            named = {"content-disposition": 'attachment; filename="cards.pdf"'}
            return Response(told, HTTPStatus.OK, {**HEADERS, **named}, PDF)
        kept = {"said": deed, "volunteer": given.get("volunteer", ""), "page": given.get("page", "")}
        there = urlencode({name: value for name, value in kept.items() if value})
        return RedirectResponse(f"{PAGE}?{there}", HTTPStatus.SEE_OTHER, HEADERS)

    def _page(
        self,
        request: Request,
        given: Mapping[str, str],
        status: HTTPStatus = HTTPStatus.OK,
        fault: Exception | None = None,
    ) -> Response:
        reader = self.frame.reader(request)
        query, now_ms = queries.read_query(given), unix_ms(self.ports.clock())
        with self.database.reading() as unit:
            holders = unit.certificates.holders(query.volunteer, query.offset, queries.PAGE_LINES)
            count = unit.certificates.count_holders(query.volunteer)
        return self.frame.page(
            request,
            "certificates.html",
            status,
            query=query,
            count=count,
            pages=max(1, -(-count // queries.PAGE_LINES)),
            lines=[card_views.card_line(holder, now_ms, reader) for holder in holders],
            said=card_views.said(given.get("said", ""), reader),
            fault=card_views.fault_of(fault, reader) if fault else None,
            link_to=lambda number: f"{PAGE}?" + urlencode({"volunteer": query.volunteer, "page": number}),
        )

    def _phone(self, request: Request, secret: str) -> Response:
        base = self.issuing.public_url or str(request.base_url).rstrip("/")
        address = f"{base}/my/{secret}"
        words = self.frame.reader(request).say("Link for the volunteer's phone")
        return self.frame.page(request, "phone.html", address=address, code=svg(address, words))


def _issue(pages: CertificatePages, office: Office, fields: Fields) -> None:
    now, number = pages.ports.clock().replace(microsecond=0), _one(fields)
    known = office.unit.registry.volunteer(number)
    name = fields["name"][0].strip() if "name" in fields else ""
    volunteer = Volunteer(number, name, None, unix_ms(now))
    if known is not None:
        volunteer = replace(known, name=name or known.name)
    order = CertificateOrder(volunteer, now, now + LIFE[CertificateKind.CARD])
    CertificateDesk(office, pages.issuing.issuer()).issue(order)


def _reissue(pages: CertificatePages, office: Office, fields: Fields) -> None:
    CertificateDesk(office, pages.issuing.issuer()).reissue(_one(fields))


def _lost(_pages: CertificatePages, office: Office, fields: Fields) -> None:
    certificates.report_lost(office, _one(fields))


def _revoke(_pages: CertificatePages, office: Office, fields: Fields) -> None:
    certificates.revoke(office, _one(fields))


def _phone_link(_pages: CertificatePages, office: Office, fields: Fields) -> str:
    return phone.open_link(office, _one(fields))


def _print(pages: CertificatePages, office: Office, fields: Fields) -> bytes:
    from sync.platform.printing import printed  # noqa: PLC0415 - the PDF library takes a second to load

    look = replace(pages.issuing.look, single="single" in fields, backs="backs" in fields)
    numbers = fields.get("number", [])
    if not numbers:
        raise PlatformError("No card was chosen.")
    desk = CertificateDesk(office, pages.issuing.issuer())
    return printed(desk, numbers, look, ZoneInfo(pages.frame.time_zone))


def _one(fields: Fields) -> str:
    return fields.get("one", [""])[0].strip()


def _counted(fields: Fields) -> str:
    return str(len(fields["number"])) if "number" in fields else ""


CardDeed = Callable[[CertificatePages, Office, Fields], str | bytes | None]
DEEDS: Mapping[str, CardDeed] = MappingProxyType(
    {
        "issue": _issue,
        "reissue": _reissue,
        "lost": _lost,
        "revoke": _revoke,
        "phone": _phone_link,
        "print": _print,
    }
)
NOTED: Mapping[str, Deed] = MappingProxyType(
    {
        "issue": Deed.CARD_ISSUED,
        "reissue": Deed.CARD_REISSUED,
        "lost": Deed.CARD_LOST,
        "revoke": Deed.CARD_REVOKED,
        "phone": Deed.PHONE_LINKED,
        "print": Deed.CARDS_PRINTED,
    }
)
