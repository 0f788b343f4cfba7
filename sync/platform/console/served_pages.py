"""Plan against service 计划与服务: by day, week and month, what was planned beside what was served, and coverage.

Upstream: ``rostering.reviewing``, ``served_views``, ``charts``, ``gate``.
Downstream: ``assembly``.

Who sees figures sees coverage. Names are shown to who may read the ledger there, or plan there; how a volunteer kept
the places that were accepted only to who may plan there. Nothing on these pages has a consequence by itself.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from http import HTTPStatus
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from sync.platform.console import charts, ledger_file, queries, served_views
from sync.platform.console.exporting import BOM
from sync.platform.console.frame import HEADERS, Frame
from sync.platform.console.gate import fields_of, visitor_of
from sync.platform.console.planner_remit import Remit
from sync.platform.console.reader import Reader
from sync.platform.ports import Ports, unix_ms
from sync.platform.rostering.coverage import Coverage
from sync.platform.rostering.hours import day_of, week_days
from sync.platform.rostering.reviewing import Review, counts, reliability, review
from sync.platform.rostering.served import Outcome
from sync.platform.signin.audit import Deed, Done
from sync.platform.signin.people import Visitor
from sync.platform.signin.rights import Right, covers, points_in
from sync.platform.store import Database, Unit
from sync.platform.wording import marked
from sync.protocol.reference import ServicePoint

PAGE = "/roster/served"
DAY, WEEK, MONTH = "day", "week", "month"
VIEWS = ((DAY, marked("One day")), (WEEK, marked("Week")), (MONTH, marked("One month")))
FAR = timedelta(days=366 * 20)
COLUMNS = (
    *(marked("Date"), marked("Service point"), marked("Planned"), marked("Service content")),
    *(marked("Volunteer number"), marked("Name"), marked("Kept or not"), marked("Minutes served")),
    *(marked("Was there"), marked("Remarks")),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for: a day, or the week or month it lies in, at one point or all (empty)."""

    view: str
    on: date
    point: str

    @property
    def days(self) -> tuple[date, ...]:
        """All its days."""
        if self.view == DAY:
            return (self.on,)
        if self.view == WEEK:
            return week_days(self.on)
        first = self.on.replace(day=1)
        return tuple(first + timedelta(days=count) for count in range((queries.month_after(first) - first).days))

    def address(self, path: str = PAGE, **changed: str) -> str:
        """Return its address, or that of another view, day or point."""
        given = {"view": self.view, "on": self.on.isoformat(), "point": self.point, **changed}
        return f"{path}?{urlencode({name: value for name, value in given.items() if value})}"


def read_asked(given: Mapping[str, str], points: Collection[str], today: date) -> Asked:
    """Return what is asked for; what is missing or no sense is today, at all points."""
    view = given.get("view", "") if given.get("view") in {DAY, WEEK, MONTH} else DAY
    on = queries.read_day(given.get("on", "")) or today
    point = given.get("point", "") if given.get("point") in points else ""
    return Asked(view, on if abs(on - today) < FAR else today, point)


@dataclass(frozen=True, slots=True)
class Sight:
    """What one visitor asked for and may see, within a transaction."""

    unit: Unit
    visitor: Visitor
    reader: Reader
    now_ms: int
    points: tuple[ServicePoint, ...]
    asked: Asked

    @property
    def shown(self) -> tuple[ServicePoint, ...]:
        """The points that are looked at."""
        return tuple(point for point in self.points if self.asked.point in {"", point.id})

    def review(self) -> Review:
        """Return plan against service there."""
        days = self.asked.days
        return review(self.unit, [point.id for point in self.shown], days[0], days[-1], self.now_ms)

    def is_named(self, each: Outcome) -> bool:
        """Tell whether the names of an outcome are shown."""
        ledger = self.visitor.places(Right.LEDGER)
        return covers(ledger, each.post.point, each.post.team) or self.may_plan(each)

    def may_plan(self, each: Outcome) -> bool:
        """Tell whether how its volunteer kept places is shown."""
        return self.visitor.may(Right.ROSTER) and Remit.of(self.visitor).may_fill(each.post)


@dataclass(frozen=True, slots=True)
class ServedPages:
    """The pages over one database."""

    database: Database
    ports: Ports
    frame: Frame

    def router(self) -> APIRouter:
        """Return the routes."""
        router = APIRouter(default_response_class=Response)
        router.add_api_route(PAGE, self.served, methods=["GET"], response_model=None)
        router.add_api_route(PAGE + "/coverage.svg", self.chart, methods=["GET"], response_model=None)
        router.add_api_route(PAGE + "/export", self.export, methods=["POST"], response_model=None)
        return router

    def served(self, request: Request) -> Response:
        """Plan beside service, coverage, and the devices that are waited for."""
        with self.database.reading() as unit:
            sight = self._sight(request, unit, dict(request.query_params))
            found = sight.review()
            named = [each for each in found.outcomes if sight.is_named(each)]
            names = unit.roster_people.names(served_views.numbers_in(named))
            own = [each for each in named if sight.asked.point and sight.may_plan(each)]
        reader, asked, shown = sight.reader, sight.asked, {each.place or id(each) for each in named}

        def told(each: Outcome) -> served_views.Line | None:
            wanted = asked.view == DAY or (asked.point and (asked.view == WEEK or each.came in served_views.LOOKED_AT))
            is_shown = wanted and (each.place or id(each)) in shown
            return served_views.line_of(each, names, reader) if is_shown else None

        rows = served_views.rows_of(sight.shown, asked.days, found, told, reader)
        points = {point.id: point.name for point in sight.points}
        return self.frame.page(
            request,
            "served.html",
            asked=asked,
            points=sight.points,
            rows=rows,
            columns=[served_views.short_day(on, reader, is_month=asked.view == MONTH) for on in asked.days],
            days=asked.days,
            title=_title(asked, reader),
            total=found.total(),
            tally=served_views.tally_of(counts(found.outcomes), reader),
            waiting=served_views.waiting_of(found.waiting, points, sight.now_ms, reader),
            kept=served_views.kept_of(reliability(own), names) if asked.view != DAY else [],
            views=VIEWS,
            today=day_of(sight.now_ms),
            turns=_turns(asked, day_of(sight.now_ms)),
            may_export=bool(named) and sight.visitor.may(Right.EXPORT),
        )

    def chart(self, request: Request) -> Response:
        """Per cent of the hours open that were staffed, by day."""
        with self.database.reading() as unit:
            sight = self._sight(request, unit, dict(request.query_params))
            found = sight.review()
        by_day: dict[date, Coverage] = {}
        for (_, on), each in found.coverage.items():
            by_day[on] = by_day.get(on, Coverage()) + each
        values = [(str(on.day), by_day.get(on, Coverage()).percent or 0) for on in sight.asked.days]
        return charts.answer(charts.bars(values, height=130, every=1))

    def export(self, request: Request) -> Response:
        """The same lines as a CSV, of what this visitor may export; that it was done is noted."""
        fields = {name: values[0] for name, values in fields_of(request).items()}
        with self.database.reading() as unit:
            sight = self._sight(request, unit, fields)
            among = sight.visitor.places(Right.EXPORT)
            chosen = [
                each
                for each in sight.review().outcomes
                if covers(among, each.post.point, each.post.team) and sight.is_named(each)
            ]
            names = unit.roster_people.names(served_views.numbers_in(chosen))
        with self.database.writing("audit") as unit:
            done = Done(
                sight.visitor.account.id, Deed.ROSTER_EXPORTED, "csv", str(len(chosen)), sight.asked.point or None
            )
            unit.audit.note(done, sight.now_ms)
        points = {point.id: point.name for point in sight.points}
        content = _csv([_cells(each, points, names, sight.reader) for each in chosen], sight.reader)
        name = f"served-{sight.asked.days[0]:%Y%m%d}-{sight.asked.days[-1]:%Y%m%d}.csv"
        named = {**HEADERS, "content-disposition": f'attachment; filename="{name}"'}
        return Response(content, HTTPStatus.OK, named, "text/csv; charset=utf-8")

    def _sight(self, request: Request, unit: Unit, given: Mapping[str, str]) -> Sight:
        visitor, now_ms = visitor_of(request), unix_ms(self.ports.clock())
        among = points_in(visitor.places(Right.FIGURES))
        every = unit.registry.service_points()
        points = tuple(point for point in every if among is None or point.id in among)
        asked = read_asked(given, {point.id for point in points}, day_of(now_ms))
        return Sight(unit, visitor, self.frame.reader(request), now_ms, points, asked)


def _title(asked: Asked, reader: Reader) -> str:
    days = asked.days
    if asked.view == DAY:
        return reader.day_title(asked.on)
    if asked.view == WEEK:
        return f"{days[0].isoformat()} – {days[-1].isoformat()}"
    return f"{asked.on:%Y-%m}"


def _turns(asked: Asked, today: date) -> dict[str, str]:
    days, one = asked.days, timedelta(days=1)
    before, after = days[0] - one, days[-1] + one
    return {
        "before": asked.address(on=before.isoformat()),
        "after": asked.address(on=after.isoformat()),
        "present": asked.address(on=today.isoformat()),
    }


def _cells(each: Outcome, points: Mapping[str, str], names: Mapping[str, str], reader: Reader) -> list[str]:
    line = served_views.line_of(each, names, reader)
    where = [each.post.on.isoformat(), points.get(each.post.point, each.post.point), line.span, line.service]
    return [*where, line.number or "", line.name, line.word, str(line.minutes), line.there, " ".join(line.remarks)]


def _csv(lines: Sequence[Sequence[str]], reader: Reader) -> bytes:
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow([reader.say(name) for name in COLUMNS])
    writer.writerows([ledger_file.harmless(cell) for cell in line] for line in lines)
    return (BOM + file.getvalue()).encode()
