"""The planner's page 排班: the posts of a service point by week or month, who is asked for each, what is missing.

Upstream: ``planner_look``, ``gate``.
Downstream: ``planner_deeds`` shows it again where something cannot be done; ``assembly``.

Everything works by links and forms alone; ``static/planner.js`` adds drag and keys, and swaps the page in place.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from http import HTTPStatus

import msgspec
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from sync.platform.console.frame import HEADERS, Frame
from sync.platform.console.gate import visitor_of
from sync.platform.console.planner_look import Eye, Said, around, look
from sync.platform.console.planner_remit import Remit
from sync.platform.console.planner_sight import PAGE, Sight, read_sight
from sync.platform.ports import Ports, unix_ms
from sync.platform.rostering.hours import day_of
from sync.platform.store import Database, Unit

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class PlannerPages:
    """The pages over one database."""

    database: Database
    ports: Ports
    frame: Frame

    def router(self) -> APIRouter:
        """Return the routes."""
        router = APIRouter(default_response_class=Response)
        router.add_api_route(PAGE, self.grid, methods=["GET"], response_model=None)
        router.add_api_route(PAGE + "/fits", self.fits, methods=["GET"], response_model=None)
        return router

    def grid(self, request: Request) -> Response:
        """The posts of a week or month, and beside it the post that was chosen."""
        return self.shown(request)

    def shown(self, request: Request, sight: Sight | None = None, said: Said | None = None) -> Response:
        """Return the page, of what a request asks for or of a given view, with what there is to say first."""
        with self.database.reading() as unit:
            eye = self.eye(request, unit)
            points = eye.remit.points(unit)
            seen = sight or self.asked(request, eye, [point.id for point in points])
            about = look(eye, seen) if seen.point else {}
        about |= {"points": points, "sight": seen, "said": said, **around(seen, eye.reader, day_of(eye.now_ms))}
        status = HTTPStatus.CONFLICT if said and said.is_refusal else HTTPStatus.OK
        return self.frame.page(request, "planner.html" if seen.point else "planner_nowhere.html", status, **about)

    def fits(self, request: Request) -> Response:
        """What speaks against one volunteer at each post of a view: asked while the volunteer is dragged over it."""
        with self.database.reading() as unit:
            eye = self.eye(request, unit)
            sight = self.asked(request, eye, [point.id for point in eye.remit.points(unit)])
            posts = unit.rosters.posts(*sight.span_ms, (sight.point,)) if sight.point else ()
            among = [each for each in posts if each.starts_ms > eye.now_ms and eye.remit.may_fill(each)]
            volunteer, without = (request.query_params.get(name, "") for name in ("volunteer", "assignment"))
            found = eye.choosing.fits(volunteer, among, without) if among else {}
        return Response(msgspec.json.encode(found), HTTPStatus.OK, HEADERS, JSON)

    def eye(self, request: Request, unit: Unit) -> Eye:
        """Return who looks, within a transaction."""
        visitor, now_ms = visitor_of(request), unix_ms(self.ports.clock())
        return Eye(unit, Remit.of(visitor), self.frame.reader(request), now_ms, visitor.account.id)

    @staticmethod
    def asked(request: Request, eye: Eye, points: Collection[str]) -> Sight:
        """Return the view that the address of a request asks for."""
        return read_sight(lambda name: request.query_params.get(name, ""), points, day_of(eye.now_ms))
