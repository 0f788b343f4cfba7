"""``/roster/setup``: when a service point is open, the days unlike others, and how it is found.

Upstream: ``roster_setup_desk``, ``rostering.setting_up``.
Downstream: ``assembly``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from sync.platform.console import queries
from sync.platform.console.forms import Fields, one
from sync.platform.console.planner_views import WEEKDAYS
from sync.platform.console.reader import Reader
from sync.platform.console.roster_setup_desk import PAGE, Desk, Room, address, chosen, span_in
from sync.platform.errors import DecisionError
from sync.platform.rostering import setting_up
from sync.platform.rostering.hours import clock_time, day_of
from sync.platform.rostering.model import EVERYWHERE, Opening, PlaceNote, SpecialDay
from sync.platform.rostering.occasions import occasions
from sync.platform.wording import marked
from sync.protocol.working_days import is_announced, is_workday, stands_for

SPANS = 2  # of a weekday that the page offers
AHEAD = timedelta(days=365)
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class SpecialLine:
    """One day unlike its weekday as the page shows it; ``is_own``: of this point, so that it can be taken back."""

    on: str
    title: str
    label: str
    open: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class SetupPages:
    """The page of opening hours and its deeds."""

    room: Room

    def router(self) -> APIRouter:
        """Return the routes."""
        router = APIRouter(default_response_class=Response)
        router.add_api_route(PAGE, self.opening, methods=["GET"], response_model=None)
        deeds = {"/hours": self.hours, "/special": self.special, "/special/drop": self.drop, "/place": self.place}
        for way, deed in deeds.items():
            router.add_api_route(PAGE + way, deed, methods=["POST"], response_model=None)
        return router

    def opening(self, request: Request) -> Response:
        """The opening hours of a point, its special days ahead, and how it is found."""
        return self._opening(request)

    def hours(self, request: Request) -> Response:
        """Write the opening hours anew."""
        return self.room.done(request, _put_hours, self._opening)

    def special(self, request: Request) -> Response:
        """Write a special day."""
        return self.room.done(request, _put_special, self._opening)

    def drop(self, request: Request) -> Response:
        """Take a special day back."""
        return self.room.done(request, _drop_special, self._opening)

    def place(self, request: Request) -> Response:
        """Write how the point is found."""
        return self.room.done(request, _put_place, self._opening)

    def _opening(self, request: Request, fault: str = "") -> Response:
        with self.room.database.reading() as unit:
            desk = self.room.desk(request, unit)
            points = desk.remit.points(unit)
            point = chosen(request, points)
            if point is None:
                return self.room.nowhere(request)
            today = day_of(desk.by.at_ms)
            openings = unit.openings.hours((point.id,))[point.id]
            specials = unit.openings.special_days(today, today + AHEAD, (point.id,))
            place = unit.openings.place(point.id)
        return self.room.page(
            request,
            "setup_opening.html",
            fault,
            section="opening",
            points=points,
            point=point,
            may_change=desk.remit.is_whole(point.id),
            week=_week(openings, desk.reader),
            spans=range(SPANS),
            specials=[_line(day, point.id, desk.reader) for day in specials],
            suggested=_suggested(today, {day.on for day in specials}, desk.reader),
            place=place,
            today=today.isoformat(),
        )


def _put_hours(desk: Desk) -> str:
    point = desk.own_point()
    setting_up.set_hours(desk.unit, point, _openings_in(desk.fields), desk.by)
    return address(point=point, said="hours")


def _put_special(desk: Desk) -> str:
    point, on = desk.own_point(), queries.read_day(desk.field("day"))
    if on is None:
        raise DecisionError(marked("Say which day."))
    begin, end = desk.field("opens"), desk.field("closes")
    opens, closes = span_in(begin, end) if begin or end else (None, None)
    setting_up.set_special(desk.unit, SpecialDay(point, on, opens, closes, desk.field("label")), desk.by)
    return address(point=point, said="special")


def _drop_special(desk: Desk) -> str:
    point, on = desk.own_point(), queries.read_day(desk.field("day"))
    if on is not None:
        desk.unit.openings.drop_special(point, on, desk.by)
    return address(point=point, said="dropped")


def _put_place(desk: Desk) -> str:
    point = desk.own_point()
    setting_up.set_place(desk.unit, PlaceNote(point, desk.field("host_unit"), desk.field("address")), desk.by)
    return address(point=point, said="place")


def _openings_in(fields: Fields) -> list[Opening]:
    found = []
    for weekday in range(len(WEEKDAYS)):
        for place in range(SPANS):
            begin, end = (one(fields, f"{name}-{weekday}-{place}") for name in ("opens", "closes"))
            if begin or end:
                found.append(Opening(weekday, *span_in(begin, end)))
    return found


def _week(openings: Iterable[Opening], reader: Reader) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the weekdays with their spans as the form has them, empty ones to fill its rows."""
    found: Mapping[int, list[tuple[str, str]]] = {weekday: [] for weekday in range(len(WEEKDAYS))}
    for each in openings:
        found[each.weekday].append((clock_time(each.opens), clock_time(each.closes).replace("24:00", "00:00")))
    blank = [("", "")] * SPANS
    return [(reader.say(WEEKDAYS[weekday]), (spans + blank)[:SPANS]) for weekday, spans in found.items()]


def _line(day: SpecialDay, point: str, reader: Reader) -> SpecialLine:
    hours = reader.say(marked("closed"))
    if day.opens is not None and day.closes is not None:
        hours = f"{clock_time(day.opens)}–{clock_time(day.closes)}"
    own = day.point == point and day.point != EVERYWHERE
    return SpecialLine(day.on.isoformat(), reader.day_title(day.on), day.label, hours, own)


def _suggested(today: date, held: set[date], reader: Reader) -> list[tuple[str, str, str]]:
    """Return known days ahead that are not set: day, title, what it is; holidays and make-up days among them."""
    found = {one.on: one.label for one in occasions(today, today + AHEAD)}
    for count in range(AHEAD.days):
        on = today + timedelta(days=count)
        if on in found or not is_announced(on):
            continue
        if stands_for(on) is not None:
            found[on] = reader.say(marked("make-up day"))
        elif on.weekday() < SATURDAY and not is_workday(on):
            found[on] = reader.say(marked("public holiday"))
    return [(on.isoformat(), reader.day_title(on), found[on]) for on in sorted(found) if on not in held]
