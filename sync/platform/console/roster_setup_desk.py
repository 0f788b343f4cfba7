"""What the set-up pages of the roster share: who looks, at which point, and a deed in one transaction.

Upstream: ``planner_remit``, ``gate``, ``store.rosters``.
Downstream: ``roster_setup_pages``, ``roster_setup_templates``, ``roster_setup_people``, ``roster_setup_log``.

A deed leads back to its page with a word of what was done; what cannot be is a sentence on the same page, and nothing
is written.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, TypeAlias
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from sync.platform.console.forms import Fields, one
from sync.platform.console.frame import HEADERS, Frame
from sync.platform.console.gate import fields_of, visitor_of
from sync.platform.console.planner_remit import Remit
from sync.platform.console.planner_views import WEEKDAYS
from sync.platform.console.reader import Reader
from sync.platform.errors import DecisionError
from sync.platform.ports import Ports, unix_ms
from sync.platform.rostering.hours import MINUTES_A_DAY, minutes_of
from sync.platform.store import Database, Unit
from sync.platform.store.rosters import OWNER, By
from sync.platform.wording import marked
from sync.protocol.reference import ServicePoint

PAGE = "/roster/setup"
SAID: Mapping[str, str] = MappingProxyType(
    {
        "hours": marked("The opening hours are saved."),
        "special": marked("The special day is saved."),
        "dropped": marked("Taken back."),
        "place": marked("How the point is found is saved."),
        "template": marked("The template is saved. New posts are made by it; those that stand stay."),
        "ended": marked("The template has ended. The posts it made stay."),
        "person": marked("Saved. New posts are planned by it; accepted places stay."),
    }
)
Act: TypeAlias = Callable[["Desk"], str]
Again: TypeAlias = Callable[[Request, str], Response]


class NotOwnError(Exception):
    """Something is beyond what somebody may set up."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Who sets something up, within a transaction; ``fields`` are empty where a page is only shown."""

    unit: Unit
    remit: Remit
    reader: Reader
    by: By
    fields: Fields
    ids: Callable[[], str]

    def field(self, name: str) -> str:
        """Return a field of the form."""
        return one(self.fields, name)

    def own_point(self, team: str | None = None) -> str:
        """Return the point of the form, of which all (or what is a team's) is this person's to set up.

        Raises:
            NotOwnError: it is not.
        """
        point = self.field("point")
        if not (self.remit.is_whole(point) or (team is not None and team in (self.remit.teams(point) or ()))):
            raise NotOwnError
        return point

    def require(self, *, so: bool) -> None:
        """Go on only where something is so.

        Raises:
            NotOwnError: it is not.
        """
        if not so:
            raise NotOwnError


@dataclass(frozen=True, slots=True)
class Room:
    """The pages' room over one database."""

    database: Database
    ports: Ports
    frame: Frame

    def desk(self, request: Request, unit: Unit) -> Desk:
        """Return who sits at the desk."""
        visitor = visitor_of(request)
        by = By(visitor.account.id, unix_ms(self.ports.clock()), "page")
        fields = fields_of(request) if request.method == "POST" else {}
        return Desk(unit, Remit.of(visitor), self.frame.reader(request), by, fields, self.ports.ids)

    def done(self, request: Request, act: Act, again: Again) -> Response:
        """Do something in one transaction, and lead to the address it returns; or show a page with what is wrong."""
        try:
            with self.database.writing(OWNER) as unit:
                address = act(self.desk(request, unit))
        except NotOwnError:
            return self.frame.page(request, "not_allowed.html", HTTPStatus.FORBIDDEN)
        except DecisionError as refused:
            return again(request, self.frame.reader(request).say(str(refused)))
        return RedirectResponse(address, HTTPStatus.SEE_OTHER, HEADERS)

    def page(self, request: Request, template: str, fault: str = "", **shown: Any) -> Response:
        """Return a set-up page, with what was said or what is wrong first."""
        said = SAID.get(request.query_params.get("said", ""), "") if request.method == "GET" else ""
        status = HTTPStatus.CONFLICT if fault else HTTPStatus.OK
        return self.frame.page(request, template, status, said=said, fault=fault, **shown)

    def nowhere(self, request: Request) -> Response:
        """Return the page of who may set up nothing."""
        return self.frame.page(request, "not_allowed.html", HTTPStatus.FORBIDDEN)


def chosen(request: Request, points: tuple[ServicePoint, ...]) -> ServicePoint | None:
    """Return the point that a page is asked of: of the form, of the address, else the first; None: there is none."""
    wanted = one(fields_of(request), "point") if request.method == "POST" else request.query_params.get("point", "")
    return next((point for point in points if point.id == wanted), points[0] if points else None)


def address(path: str = "", **asked: str) -> str:
    """Return the address of a set-up page."""
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"{PAGE}{path}?{query}".removesuffix("?")


def weekdays_word(weekdays: Collection[int], reader: Reader) -> str:
    """Return weekdays in words; all seven in one."""
    if len(set(weekdays)) == len(WEEKDAYS):
        return reader.say(marked("Every day"))
    return " ".join(reader.say(WEEKDAYS[weekday]) for weekday in sorted(set(weekdays)))


def span_in(begin: str, end: str) -> tuple[int, int]:
    """Return a span of a day as a form says it; one that ends at 00:00 ends with the day.

    Raises:
        DecisionError: it cannot be read.
    """
    try:
        return minutes_of(begin), minutes_of(end) or MINUTES_A_DAY
    except ValueError as error:
        raise DecisionError(marked("A time has two parts, from and until, as 08:30 and 11:30.")) from error
