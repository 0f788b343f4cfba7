"""``/roster/setup/log``: who changed what of a point's roster, with before and after.

Upstream: ``roster_setup_desk``, ``roster_setup_words``, ``store.rosters``.
Downstream: ``assembly``, ``roster_setup_people`` (what was changed of one volunteer).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from sync.platform.console.reader import Reader
from sync.platform.console.roster_setup_desk import PAGE, Room, chosen
from sync.platform.console.roster_setup_words import KINDS, WAYS, Difference, Names, differences, subject_of
from sync.platform.rostering.model import Change
from sync.platform.store import Unit
from sync.platform.wording import marked

LINES = 60
MOST_DIGITS = 15


@dataclass(frozen=True, slots=True)
class LogLine:
    """One change as the page shows it."""

    at: str
    who: str
    way: str
    kind: str
    subject: str
    is_new: bool
    is_gone: bool
    changed: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class LogPages:
    """The page of the log."""

    room: Room

    def router(self) -> APIRouter:
        """Return the route."""
        router = APIRouter(default_response_class=Response)
        router.add_api_route(PAGE + "/log", self.log, methods=["GET"], response_model=None)
        return router

    def log(self, request: Request) -> Response:
        """The latest changes at a point, older ones page by page."""
        before = request.query_params.get("before", "")
        before_id = int(before) if before.isdecimal() and len(before) <= MOST_DIGITS else None
        with self.room.database.reading() as unit:
            desk = self.room.desk(request, unit)
            points = desk.remit.points(unit)
            point = chosen(request, points)
            if point is None:
                return self.room.nowhere(request)
            found = unit.rosters.log_of(point.id, LINES + 1, before_id)
            lines = lines_of(unit, [change for _, change in found[:LINES]], desk.reader)
        older = found[LINES - 1][0] if len(found) > LINES else None
        shown: dict[str, Any] = {"points": points, "point": point, "lines": lines, "older": older, "before": before_id}
        return self.room.page(request, "setup_log.html", section="log", **shown)


def lines_of(unit: Unit, changes: Iterable[Change], reader: Reader) -> list[LogLine]:
    """Return changes in words."""
    every = tuple(changes)
    names = _names(unit, every, reader)
    return [
        LogLine(
            at=reader.moment(each.at_ms),
            who=names.people.get(each.by, each.by),
            way=reader.word(WAYS, each.source),
            kind=reader.word(KINDS, each.kind),
            subject=subject_of(each, names, reader),
            is_new=each.before is None,
            is_gone=each.after is None,
            changed=differences(each, names, reader),
        )
        for each in every
    ]


def _names(unit: Unit, changes: tuple[Change, ...], reader: Reader) -> Names:
    held = [side for each in changes for side in (each.before, each.after) if side is not None]
    numbers = {each.by for each in changes} | {each.subject for each in changes}
    numbers |= {str(side.get("volunteer", "")) for side in held}
    numbers |= {str(mate) for side in held for mate in side.get("mates", ())}
    people = unit.targets.names_of(sorted(numbers))
    for by in {each.by for each in changes} - people.keys():
        account = unit.accounts.find(by)
        if account is not None:
            people[by] = account.name
    people |= {"solver": reader.say(marked("the proposal")), "command": reader.say(marked("the keeper"))}
    points = {point.id: point.name for point in unit.registry.service_points()}
    return Names(people, points, unit.rosters.posts_named(str(side.get("post", "")) for side in held))
