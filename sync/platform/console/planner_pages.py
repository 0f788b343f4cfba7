"""The planner's page 排班: the posts of a service point by week, who is asked for each, and what is still missing.

Upstream: ``store.rosters``, ``gate``.
Downstream: ``assembly``.
"""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from sync.platform.console.frame import Frame
from sync.platform.ports import Ports
from sync.platform.store import Database

PAGE = "/roster"


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
        return router

    def grid(self, request: Request) -> Response:
        """The posts of a week."""
        return self.frame.page(request, "planner.html")
