"""A proposal of the solver on the planner's pages: asked for, watched, looked at, taken over or discarded.

Upstream: ``rostering.proposals``, ``planner_proposed``, ``planner_pages``.
Downstream: ``assembly``.

A proposal is never a duty by itself: taken over it becomes drafts, which go out when somebody publishes them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from sync.platform.console.forms import Fields, one
from sync.platform.console.frame import HEADERS
from sync.platform.console.gate import fields_of
from sync.platform.console.planner_look import Eye, Said
from sync.platform.console.planner_pages import PlannerPages
from sync.platform.console.planner_proposed import FAILURES, sheet_of
from sync.platform.console.planner_sight import MONTH, PAGE, WEEK, Sight, read_sight
from sync.platform.errors import DecisionError
from sync.platform.rostering.hours import day_of
from sync.platform.rostering.proposal import Found, Proposal, ProposalState
from sync.platform.rostering.proposals import Applied, Proposals
from sync.platform.rostering.solved import Effort
from sync.platform.signin.audit import Deed, Done
from sync.platform.store.rosters import OWNER
from sync.platform.wording import marked

RUNS = PAGE + "/proposals/"
WEEK_S, MONTH_S, MOST_S = 10, 30, 60  # of the solver's time, where the form does not say
DAYS_OF_A_WEEK = 7
PERCENT = 100


@dataclass(frozen=True, slots=True)
class PlannerProposals:
    """The pages over the planner's."""

    pages: PlannerPages

    def router(self) -> APIRouter:
        """Return the routes."""
        router = APIRouter(default_response_class=Response)
        router.add_api_route(PAGE + "/propose", self.propose, methods=["POST"], response_model=None)
        router.add_api_route(RUNS + "{proposal}", self.proposal, methods=["GET"], response_model=None)
        router.add_api_route(RUNS + "{proposal}/watch", self.watch, methods=["GET"], response_model=None)
        router.add_api_route(RUNS + "{proposal}/apply", self.apply, methods=["POST"], response_model=None)
        router.add_api_route(RUNS + "{proposal}/discard", self.discard, methods=["POST"], response_model=None)
        return router

    def propose(self, request: Request) -> Response:
        """Begin a run and lead to it."""
        fields = fields_of(request)
        with self.pages.database.reading() as unit:
            eye = self.pages.eye(request, unit)
            points = [point.id for point in eye.remit.points(unit)]
        if one(fields, "point") not in points:
            return self.pages.frame.page(request, "not_allowed.html", HTTPStatus.FORBIDDEN)
        sight = read_sight(lambda name: one(fields, name), points, day_of(eye.now_ms))
        effort, repair = Effort(seconds=_seconds(fields, sight)), one(fields, "repair") == "yes"
        begun = self._runs.start((sight.point,), sight.from_on, sight.until_on, eye.by, effort=effort, repair=repair)
        self._note(eye, Deed.ROSTER_PROPOSAL_ASKED, begun, sight.point)
        return RedirectResponse(RUNS + begun, HTTPStatus.SEE_OTHER, HEADERS)

    def proposal(self, request: Request, proposal: str) -> Response:
        """How far a run is, or what it found."""
        found = self._known(request, proposal)
        return self._missing(request) if found is None else self._shown(request, found, "planner_proposal.html")

    def watch(self, request: Request, proposal: str) -> Response:
        """How far a run is: a part of a page that asks again by itself until there is something to look at."""
        found = self._known(request, proposal)
        if found is None:
            return self._missing(request)
        response = self._shown(request, found, "planner_watch.html")
        if found.state is not ProposalState.RUNNING:
            response.headers["hx-refresh"] = "true"
        return response

    def apply(self, request: Request, proposal: str) -> Response:
        """Take a proposal over as drafts, as far as this planner may."""

        def deed(eye: Eye, found: Proposal) -> Said:
            applied = self._runs.apply(found.id, eye.by, may=eye.remit.may_change)
            self._note(eye, Deed.ROSTER_PROPOSAL_APPLIED, found.id, found.scope.points[0], str(applied.made))
            return self._applied(eye, applied)

        return self._done(request, proposal, deed)

    def discard(self, request: Request, proposal: str) -> Response:
        """Put a proposal aside."""

        def deed(eye: Eye, found: Proposal) -> Said:
            self._runs.discard(found.id)
            self._note(eye, Deed.ROSTER_PROPOSAL_DISCARDED, found.id, found.scope.points[0])
            return Said(eye.reader.say(marked("The proposal was discarded; nothing was changed.")), is_refusal=False)

        return self._done(request, proposal, deed)

    @property
    def _runs(self) -> Proposals:
        return Proposals(self.pages.database, self.pages.ports)

    def _known(self, request: Request, id_: str) -> Proposal | None:
        """Return a proposal of points at which the visitor plans."""
        try:
            found = self._runs.state(id_)
        except DecisionError:
            return None
        with self.pages.database.reading() as unit:
            points = {point.id for point in self.pages.eye(request, unit).remit.points(unit)}
        return found if points.issuperset(found.scope.points) else None

    def _done(self, request: Request, id_: str, deed: Callable[[Eye, Proposal], Said]) -> Response:
        found = self._known(request, id_)
        if found is None:
            return self._missing(request)
        with self.pages.database.reading() as unit:
            eye = self.pages.eye(request, unit)
        try:
            said = deed(eye, found)
        except DecisionError as refused:
            said = Said(eye.reader.say(str(refused)))
        sight = sight_of(found)
        response = self.pages.shown(request, sight, said)
        response.headers["hx-push-url"] = sight.address()
        return response

    def _applied(self, eye: Eye, applied: Applied) -> Said:
        words = marked("Taken over: %(made)s places in draft, %(gone)s taken off. Left out: %(left)s.")
        told = {"made": applied.made, "gone": applied.withdrawn, "left": len(applied.skipped)}
        with self.pages.database.reading() as unit:
            names = unit.targets.names_of([each.pair.person for each in applied.skipped])
            choosing = Eye(unit, eye.remit, eye.reader, eye.now_ms, eye.who).choosing
            lines = [
                f"{names.get(each.pair.person, '')} {' '.join(choosing.sentences((each,)))}" for each in applied.skipped
            ]
        return Said(eye.reader.say(words) % told, tuple(dict.fromkeys(lines)), is_refusal=False)

    def _shown(self, request: Request, found: Proposal, template: str) -> Response:
        sight = sight_of(found)
        with self.pages.database.reading() as unit:
            eye = self.pages.eye(request, unit)
            names = {point.id: point.name for point in eye.remit.points(unit)}
            sheet = sheet_of(eye, found.found or Found())
        shown: dict[str, Any] = {
            "id": found.id,
            "sight": sight,
            "point": names[sight.point],
            "repair": found.scope.repair,
            "state": found.state.value,
            "why": eye.reader.word(FAILURES, found.why.value) if found.why else "",
            "sheet": sheet,
            "most": round(found.scope.seconds),
            "seconds": round(found.progress.seconds),
            "holes": found.progress.holes,
            "gap": round(found.progress.gap * PERCENT, 1),
            "here": RUNS + found.id,
        }
        return self.pages.frame.page(request, template, HTTPStatus.OK, **shown)

    def _missing(self, request: Request) -> Response:
        return self.pages.frame.page(request, "missing.html", HTTPStatus.NOT_FOUND)

    def _note(self, eye: Eye, deed: Deed, subject: str, point: str, detail: str = "") -> None:
        with self.pages.database.writing(OWNER) as unit:
            unit.audit.note(Done(eye.who, deed, subject, detail, point), eye.now_ms)


def sight_of(found: Proposal) -> Sight:
    """Return the view that a proposal was asked for in."""
    scope = found.scope
    is_week = (scope.until_on - scope.from_on).days < DAYS_OF_A_WEEK
    return Sight(scope.points[0], WEEK if is_week else MONTH, scope.from_on)


def _seconds(fields: Fields, sight: Sight) -> float:
    asked = one(fields, "seconds")
    if asked.isdecimal() and 0 < int(asked[:3]) <= MOST_S:
        return float(asked[:3])
    return float(WEEK_S if sight.view == WEEK else MONTH_S)
