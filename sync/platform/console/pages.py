"""The first pages: what needs somebody today, and the ledger 台账.

Upstream: ``store``, ``queries``, ``views``, ``device_pages``, ``gate``.
Downstream: ``assembly``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from sync.platform import wording
from sync.platform.console import charts, device_views, queries, views
from sync.platform.console.device_pages import beheld_by, silent
from sync.platform.console.device_views import DeviceLine
from sync.platform.console.enrol_pages import points_of
from sync.platform.console.frame import Frame
from sync.platform.console.gate import visitor_of
from sync.platform.console.reader import Reader
from sync.platform.ports import Clock, unix_ms
from sync.platform.records import LedgerFilter
from sync.platform.signin.people import Visitor
from sync.platform.signin.rights import Right, points_in
from sync.platform.store import Database, Unit
from sync.platform.upward.statuses import statuses
from sync.protocol.vocabulary import Provenance, ServiceKind

MONTHS = 6  # of the chart
NEEDY = frozenset({"alarm", "silent", "trouble", "behind"})


@dataclass(frozen=True, slots=True)
class UpwardLine:
    """One target upward: whether all was told, what waits, what it did not take, and when it was last heard of."""

    name: str
    is_through: bool
    waiting: int
    refused: int
    told_ago: str
    trouble: str


@dataclass(frozen=True, slots=True)
class Console:
    """The pages over one database, within their frame."""

    database: Database
    clock: Clock
    frame: Frame
    upward: Path | None = None

    def router(self) -> APIRouter:
        """Return the routes."""
        router = APIRouter(default_response_class=Response)
        router.add_api_route("/", self.landing, methods=["GET"], response_model=None)
        router.add_api_route("/ledger", self.ledger, methods=["GET"], response_model=None)
        router.add_api_route("/figures/months.svg", self.months, methods=["GET"], response_model=None)
        return router

    def landing(self, request: Request) -> Response:
        """Today at a glance: what needs somebody first, then the figures."""
        reader, now_ms, visitor = self.frame.reader(request), unix_ms(self.clock()), visitor_of(request)
        begin, end = queries.day_bounds(reader.day_of(now_ms), reader.zone)
        within = visitor.places(Right.FIGURES)
        with self.database.reading() as unit:
            today = unit.ledger.page(LedgerFilter(begin, end, within=within), 0, 0)
            ever = unit.ledger.page(LedgerFilter(within=within), 0, 0)
            devices = self._devices(unit, visitor, now_ms, reader)
            refused = _count_refused(unit, visitor)
            upward = self._upward(unit, visitor, now_ms, reader)
            stars = len(unit.observations.applications(views.MOST_STARS)) if visitor.may(Right.LEDGER) else 0
        return self.frame.page(
            request,
            "landing.html",
            today=views.summary_of(today, reader),
            ever=views.summary_of(ever, reader),
            day=reader.day_title(reader.day_of(now_ms)),
            day_iso=reader.day_of(now_ms).isoformat(),
            devices=[line for line in devices if line.condition in NEEDY],
            device_count=len(devices),
            silent=silent(devices),
            refused=refused,
            stars=stars,
            upward=upward,
            months=[month.strftime("%Y-%m") for month in _months(reader.day_of(now_ms))],
        )

    @staticmethod
    def _devices(unit: Unit, visitor: Visitor, now_ms: int, reader: Reader) -> list[DeviceLine]:
        if not visitor.may(Right.DEVICES):
            return []
        return device_views.lines_of(beheld_by(unit, visitor), now_ms, reader)

    def _upward(self, unit: Unit, visitor: Visitor, now_ms: int, reader: Reader) -> list[UpwardLine]:
        """Return the platforms and offices that are told, to who sees all service points."""
        if self.upward is None or visitor.places(Right.FIGURES) is not None:
            return []
        return [
            UpwardLine(
                each.target.name,
                each.is_through,
                each.waiting + each.unfed,
                each.set_aside_count,
                reader.ago(each.last_ms, now_ms) if each.last_ms else "",
                each.trouble or "",
            )
            for each in statuses(unit, self.upward)
        ]

    def months(self, request: Request) -> Response:
        """Hours of the last months, confirmed ones beneath those that wait for a captain."""
        reader, within = self.frame.reader(request), visitor_of(request).places(Right.FIGURES)
        months = _months(reader.day_of(unix_ms(self.clock())))
        confirmed, waiting = [], []
        with self.database.reading() as unit:
            for month in months:
                begin, end = queries.month_bounds(month, reader.zone)
                summary = views.summary_of(unit.ledger.page(LedgerFilter(begin, end, within=within), 0, 0), reader)
                confirmed.append(round((summary.minutes - summary.waiting) / 60, 1))
                waiting.append(round(summary.waiting / 60, 1))
        return charts.answer(charts.stacked([month.strftime("%Y-%m") for month in months], [confirmed, waiting]))

    def ledger(self, request: Request) -> Response:
        """The ledger 台账 by month or day, volunteer, state and more, with totals by provenance."""
        reader, query, visitor = (
            self.frame.reader(request),
            queries.read_query(request.query_params),
            visitor_of(request),
        )
        wanted = queries.filter_of(query, reader.zone, visitor.places(Right.LEDGER))
        with self.database.reading() as unit:
            page = unit.ledger.page(wanted, query.offset, queries.PAGE_LINES)
            faces = unit.observations.faces_of(entry.session.id for entry in page.entries)
            points = points_of(unit, visitor, Right.LEDGER)
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
            link_to=lambda number: "/ledger?" + urlencode({**query.chosen(), "page": number}),
            points=points,
            services=[(kind.value, reader.word(wording.SERVICES, kind)) for kind in ServiceKind],
            provenances=[(kind.value, reader.word(wording.PROVENANCES, kind)) for kind in Provenance],
            flags=[(flag, reader.say(word)) for flag, word in wording.FLAGS.items()],
            may_export=visitor.may(Right.EXPORT),
        )


def _count_refused(unit: Unit, visitor: Visitor) -> int:
    places = visitor.places(Right.QUARANTINE)
    return unit.decisions.count_waiting(points_in(places)) if visitor.may(Right.QUARANTINE) else 0


def _months(today: date) -> list[date]:
    months = [today.replace(day=1)]
    while len(months) < MONTHS:
        months.insert(0, (months[0] - timedelta(days=1)).replace(day=1))
    return months
