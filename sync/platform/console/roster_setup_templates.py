"""``/roster/setup/templates``: weekly patterns of posts, added, changed, ended, and the posts they would make.

Upstream: ``roster_setup_desk``, ``rostering.setting_up``, ``rostering.templates``.
Downstream: ``assembly``.

A captain sets up what is meant for the own team; what is meant for all teams is the station's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from sync.platform import wording
from sync.platform.console import queries
from sync.platform.console.planner_views import WEEKDAYS, day_word, time_of
from sync.platform.console.reader import Reader
from sync.platform.console.roster_setup_desk import PAGE, Desk, Room, address, chosen, span_in, weekdays_word
from sync.platform.errors import DecisionError
from sync.platform.rostering import setting_up
from sync.platform.rostering.hours import clock_time, day_of
from sync.platform.rostering.model import Days, Post, Template
from sync.platform.rostering.templates import calendar_of, drawn
from sync.platform.store import Unit
from sync.platform.wording import marked
from sync.protocol.vocabulary import ServiceKind

AHEAD = timedelta(days=27)  # the four weeks that a preview shows
DAYS: Mapping[str, str] = {
    Days.WEEKLY: marked("Every week on these weekdays"),
    Days.WORKED: marked("On these weekdays where they are worked, make-up days too"),
    Days.OFF: marked("On public holidays and free weekends"),
    Days.SPECIAL: marked("On special days of the point"),
}


@dataclass(frozen=True, slots=True)
class TemplateLine:
    """One template as the list shows it."""

    id: str
    name: str
    service: str
    days: str
    time: str
    needed: int
    asks: str
    span: str
    is_ended: bool
    may_change: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """The posts that a template would make in the next weeks: by day, and the days left out as the point is closed."""

    made: tuple[tuple[str, str], ...]
    shut: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TemplatePages:
    """The page of templates and its deeds."""

    room: Room

    def router(self) -> APIRouter:
        """Return the routes."""
        router = APIRouter(default_response_class=Response)
        router.add_api_route(PAGE + "/templates", self.templates, methods=["GET"], response_model=None)
        for way, deed in {"": self.save, "/preview": self.preview, "/end": self.end}.items():
            router.add_api_route(PAGE + "/templates" + way, deed, methods=["POST"], response_model=None)
        return router

    def templates(self, request: Request) -> Response:
        """The templates of a point, and the form for one."""
        return self._templates(request)

    def save(self, request: Request) -> Response:
        """Write a template that is new or has changed."""
        return self.room.done(request, _save, self._templates)

    def end(self, request: Request) -> Response:
        """End a template."""
        return self.room.done(request, _end, self._templates)

    def preview(self, request: Request) -> Response:
        """Show the posts that the form would make; nothing is written."""
        return self._templates(request, wants_preview=True)

    def _templates(self, request: Request, fault: str = "", *, wants_preview: bool = False) -> Response:
        with self.room.database.reading() as unit:
            desk = self.room.desk(request, unit)
            points = desk.remit.points(unit)
            point = chosen(request, points)
            if point is None:
                return self.room.nowhere(request)
            held = unit.openings.templates((point.id,), ended=True)
            asked, fault = self._asked(request, desk, point.id, fault)
            preview = None
            if asked is not None and not fault and (wants_preview or request.method == "GET"):
                preview = _preview(unit, asked, desk)
        own = desk.remit.teams(point.id)
        return self.room.page(
            request,
            "setup_templates.html",
            fault,
            section="templates",
            points=points,
            point=point,
            lines=[_line(each, desk) for each in sorted(held, key=lambda one: one.ended)],
            asked=asked or Template("", point.id, "", ServiceKind.DIRECTIONS, tuple(range(5)), 8 * 60, 12 * 60),
            clock=clock_time,
            preview=preview,
            weekdays=[desk.reader.say(word) for word in WEEKDAYS],
            services=[(kind.value, desk.reader.word(wording.SERVICES, kind)) for kind in ServiceKind],
            kinds=[(kind.value, desk.reader.say(DAYS[kind])) for kind in Days],
            teams=own,
        )

    @staticmethod
    def _asked(request: Request, desk: Desk, point: str, fault: str) -> tuple[Template | None, str]:
        """Return the template that the form is of: one that is held, or as it was filled in; and what is wrong."""
        if request.method == "GET":
            held = desk.unit.openings.template(request.query_params.get("template", ""))
            return (held if held is not None and held.point == point else None), fault
        try:
            return setting_up.checked(_filled(desk, point)), fault
        except DecisionError as refused:
            return None, fault or desk.reader.say(str(refused))


def _save(desk: Desk) -> str:
    team = desk.field("team") or None
    point = desk.own_point(team)
    held = desk.unit.openings.template(desk.field("template"))
    if desk.field("template"):
        desk.require(so=held is not None and held.point == point and _may(desk, held))
    put = _filled(desk, point)
    saved = setting_up.set_template(desk.unit, replace(put, id=put.id or desk.ids()), desk.by)
    return address("/templates", point=point, template=saved.id, said="template")


def _end(desk: Desk) -> str:
    held = desk.unit.openings.template(desk.field("template"))
    desk.require(so=held is not None and _may(desk, held))
    ended = setting_up.end_template(desk.unit, desk.field("template"), desk.by)
    return address("/templates", point=ended.point, said="ended")


def _may(desk: Desk, held: Template) -> bool:
    return desk.remit.is_whole(held.point) or held.team in (desk.remit.teams(held.point) or ())


def _filled(desk: Desk, point: str) -> Template:
    """Return the template of a form.

    Raises:
        DecisionError: a time, a day or the number cannot be read.
    """
    needed, kind, service = desk.field("needed"), desk.field("days"), desk.field("service")
    if not needed.isdecimal() or kind not in set(Days) or service not in set(ServiceKind):
        raise DecisionError(marked("A post needs between 1 and 99 volunteers."))
    first, last = desk.field("from"), desk.field("until")
    if (first and queries.read_day(first) is None) or (last and queries.read_day(last) is None):
        raise DecisionError(marked("Say which day."))
    starts, ends = span_in(desk.field("starts"), desk.field("ends"))
    weekdays = tuple(number for number in range(len(WEEKDAYS)) if str(number) in desk.fields.get("weekday", []))
    return Template(
        id=desk.field("template"),
        point=point,
        name=desk.field("name"),
        service=service,
        weekdays=weekdays,
        starts=starts,
        ends=ends,
        needed=int(needed[:4]),
        days=Days(kind),
        team=desk.field("team") or None,
        skill=desk.field("skill") or None,
        training=desk.field("training") or None,
        from_on=queries.read_day(first),
        until_on=queries.read_day(last),
    )


def _preview(unit: Unit, template: Template, desk: Desk) -> Preview:
    first = day_of(desk.by.at_ms)
    found = drawn([template], calendar_of(unit, (template.point,), first, first + AHEAD), first, first + AHEAD)
    made = tuple(
        (day_word(post.on, desk.reader), time_of(post)) for post in found.posts if post.starts_ms > desk.by.at_ms
    )
    return Preview(made, tuple(_shut(post, desk.reader) for post in found.shut))


def _shut(post: Post, reader: Reader) -> str:
    return f"{day_word(post.on, reader)} {time_of(post)}"


def _line(one: Template, desk: Desk) -> TemplateLine:
    reader = desk.reader
    words = weekdays_word(one.weekdays, reader)
    on_weekdays = one.days in {Days.WEEKLY, Days.WORKED}
    kind = reader.say(DAYS[one.days])
    days = words if one.days is Days.WEEKLY else f"{words} · {kind}" if on_weekdays else kind
    return TemplateLine(
        id=one.id,
        name=one.name,
        service=reader.word(wording.SERVICES, one.service),
        days=days,
        time=f"{clock_time(one.starts)}–{clock_time(one.ends)}",
        needed=one.needed,
        asks=" · ".join(filter(None, (one.team, one.skill, one.training))),
        span=" – ".join(str(on) if on else "…" for on in (one.from_on, one.until_on))
        if one.from_on or one.until_on
        else "",
        is_ended=one.ended,
        may_change=_may(desk, one) and not one.ended,
    )
