"""The pages: landing, ledger 台账, devices, quarantine; read-only, for people of the station's office.

Upstream: ``store``, ``queries``, ``views``, ``frame``.
Downstream: ``app``.

Without sign-in (issue 5 brings it) they answer this machine alone, unless a setting says otherwise; then every page
carries a line saying so.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from sync.platform import terms
from sync.platform.console import device_views, queries, views
from sync.platform.console.frame import Frame
from sync.platform.ports import Clock, unix_ms
from sync.platform.records import LedgerFilter
from sync.platform.store import Database

REMARKS = 20  # notes of devices, the latest
COOKIE_SECONDS = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Console:
    """The pages over one database, within their frame."""

    database: Database
    clock: Clock
    frame: Frame

    def router(self) -> APIRouter:
        """Return the routes."""
        router = APIRouter(default_response_class=Response)
        router.add_api_route("/", self.landing, methods=["GET"], response_model=None)
        router.add_api_route("/ledger", self.ledger, methods=["GET"], response_model=None)
        router.add_api_route("/devices", self.devices, methods=["GET"], response_model=None)
        router.add_api_route("/quarantine", self.quarantine, methods=["GET"], response_model=None)
        return router

    def landing(self, request: Request) -> Response:
        """Today at a glance, and the way to the other pages."""
        reader, now_ms = self.frame.reader(request), unix_ms(self.clock())
        begin, end = queries.day_bounds(reader.day_of(now_ms), reader.zone)
        with self.database.reading() as unit:
            today = unit.ledger.page(LedgerFilter(begin, end), 0, 0)
            ever = unit.ledger.page(LedgerFilter(), 0, 0)
            standings = unit.devices.standings()
            refused = unit.incidents.count_quarantined()
        return self.frame.page(
            request,
            "landing.html",
            today=views.summary_of(today, reader),
            ever=views.summary_of(ever, reader),
            day=reader.day_title(reader.day_of(now_ms)),
            day_iso=reader.day_of(now_ms).isoformat(),
            devices=[device_views.device_line(standing, now_ms, reader) for standing in standings],
            refused=refused,
        )

    def ledger(self, request: Request) -> Response:
        """The ledger 台账 by day, volunteer and state, with totals by provenance."""
        reader, query = self.frame.reader(request), queries.read_query(request.query_params)
        with self.database.reading() as unit:
            page = unit.ledger.page(queries.filter_of(query, reader.zone), query.offset, queries.PAGE_LINES)
            faces = unit.observations.faces_of(entry.session.id for entry in page.entries)
        beside = views.Beside(reader.day_of(unix_ms(self.clock())), faces, page.overlapping)
        pages = max(1, -(-page.sessions // queries.PAGE_LINES))
        return self.frame.page(
            request,
            "ledger.html",
            query=query,
            days=views.days_of(page.entries, beside, reader),
            summary=views.summary_of(page, reader),
            sessions=page.sessions,
            pages=pages,
            today=reader.day_of(unix_ms(self.clock())).isoformat(),
            made_at=reader.moment(unix_ms(self.clock())),
            link_to=lambda number: _ledger_link(query, number),
        )

    def devices(self, request: Request) -> Response:
        """Every device: where, last contact, what it brought, what is missing, alarms."""
        reader, now_ms = self.frame.reader(request), unix_ms(self.clock())
        with self.database.reading() as unit:
            standings = unit.devices.standings()
            remarks = unit.observations.device_remarks(REMARKS)
        notes = [
            (reader.moment(each.received_ms), each.device_name, reader.word(terms.DEVICE_NOTES, each.word))
            for each in remarks
        ]
        lines = [device_views.device_line(standing, now_ms, reader) for standing in standings]
        return self.frame.page(request, "devices.html", devices=lines, notes=notes)

    def quarantine(self, request: Request) -> Response:
        """The records that were refused, each with what to do."""
        reader, number = self.frame.reader(request), queries.read_page(request.query_params)
        with self.database.reading() as unit:
            refused = unit.incidents.quarantined((number - 1) * queries.PAGE_LINES, queries.PAGE_LINES)
            count = unit.incidents.count_quarantined()
        lines = [device_views.refused_line(one, reader) for one in refused]
        pages = max(1, -(-count // queries.PAGE_LINES))
        return self.frame.page(request, "quarantine.html", refused=lines, count=count, number=number, pages=pages)


def _ledger_link(query: queries.LedgerQuery, number: int) -> str:
    given = {
        "day": query.day.isoformat() if query.day else "",
        "volunteer": query.volunteer,
        "state": query.state or "",
        "page": str(number),
    }
    return "/ledger?" + urlencode({name: value for name, value in given.items() if value})
