"""``/roster/files``: the roster taken away as a file, printed for the wall, and taken in from a file.

Upstream: ``rostering.{exporting,importing,sheets,calendars,wall}``, ``roster_files_views``, ``gate``.
Downstream: ``assembly``.

A file is looked at first: the same walk as taking it in, in a transaction that is given up. What was looked at goes
back to the browser and comes again with the word to take it in, so nothing of it is kept here; if anything would come
out otherwise by then, nothing is written and the page says so.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from sync.platform.console import queries, roster_files_views
from sync.platform.console.forms import one
from sync.platform.console.frame import HEADERS, Frame
from sync.platform.console.gate import content_of, fields_of, visitor_of
from sync.platform.console.planner_remit import Remit
from sync.platform.console.roster_files_views import FAULTS, MOST_DAYS, Looked, looked_at, mark_of
from sync.platform.ports import Ports, unix_ms
from sync.platform.rostering import exporting
from sync.platform.rostering.changing import Planner
from sync.platform.rostering.hours import week_days
from sync.platform.rostering.importing import Import, Verdict, What, Within
from sync.platform.rostering.lines import Line, UnreadableError, Whole
from sync.platform.signin.audit import Deed, Done
from sync.platform.signin.rights import Right, covers
from sync.platform.store import Database, Unit
from sync.platform.store.rosters import OWNER, By
from sync.protocol.reference import ServicePoint

PAGE = "/roster/files"
XLSX, ICS, PDF = "xlsx", "ics", "pdf"
TYPES = {
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ICS: "text/calendar; charset=utf-8",
    PDF: "application/pdf",
}
PACKED = b"PK"  # how every spreadsheet of this kind begins


class _GivenUpError(Exception):
    """A transaction was for looking only; ``verdicts`` says what was seen."""

    def __init__(self, verdicts: tuple[Verdict, ...]) -> None:
        super().__init__()
        self.verdicts = verdicts


@dataclass(frozen=True, slots=True)
class _Asked:
    """A point and days that somebody asks for."""

    point: ServicePoint
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class RosterFilesPages:
    """The page and its deeds over one database."""

    database: Database
    ports: Ports
    frame: Frame

    def router(self) -> APIRouter:
        """Return the routes."""
        router = APIRouter(default_response_class=Response)
        router.add_api_route(PAGE, self.show, methods=["GET"], response_model=None)
        router.add_api_route(PAGE + "/export", self.export, methods=["POST"], response_model=None)
        router.add_api_route(PAGE + "/look", self.look, methods=["POST"], response_model=None)
        router.add_api_route(PAGE + "/take", self.take, methods=["POST"], response_model=None)
        router.add_api_route(PAGE + "/print", self.print_sheet, methods=["GET"], response_model=None)
        return router

    def show(self, request: Request) -> Response:
        """The forms for all three."""
        return self._page(request)

    def export(self, request: Request) -> Response:
        """Send the posts of a point and some days; with the names of volunteers to whom that right is given."""
        fields = fields_of(request)
        given = {name: one(fields, name) for name in ("point", "from", "until", "as")}
        asked = self._asked(request, given)
        form = given["as"]
        if asked is None or form not in {XLSX, ICS}:
            return self._page(request, HTTPStatus.CONFLICT, fault=FAULTS["span"])
        named = covers(visitor_of(request).places(Right.EXPORT), asked.point.id)
        with self.database.reading() as unit:
            filled = exporting.filled_posts(unit, (asked.point.id,), asked.first, asked.last)
        content = self._content(request, asked, filled, (form, named))
        self._note(request, Deed.ROSTER_EXPORTED, form, (len(filled), asked.point.id))
        return self._file(asked, content, form)

    def look(self, request: Request) -> Response:
        """Say line by line what taking a file in would do; nothing is written."""
        content = content_of(request)
        if not content:
            return self._page(request, HTTPStatus.CONFLICT, fault=FAULTS["none"])
        return self._looked(request, content, one(fields_of(request), "point"))

    def take(self, request: Request) -> Response:
        """Take a file in that was looked at, if everything in it still comes out as it was seen."""
        fields = fields_of(request)
        try:
            content = base64.b64decode(one(fields, "kept"), validate=True)
        except (ValueError, binascii.Error):
            return self._page(request, HTTPStatus.CONFLICT, fault=FAULTS["none"])
        return self._looked(request, content, one(fields, "point"), one(fields, "mark"))

    def print_sheet(self, request: Request) -> Response:
        """A sheet for the wall of a point: a week, or a month."""
        given = {name: request.query_params.get(name, "") for name in ("point", "from", "span")}
        first = queries.read_day(given["from"]) or self._today(request)
        if given["span"] == "month":
            begin = first.replace(day=1)
            end = date.fromordinal(queries.month_after(begin).toordinal() - 1)
        else:
            begin, end = week_days(first)[0], week_days(first)[-1]
        asked = self._asked(request, given | {"from": begin.isoformat(), "until": end.isoformat()})
        if asked is None:
            return self._page(request, HTTPStatus.NOT_FOUND, fault=FAULTS["span"])
        content = self._sheet(request, asked)
        self._note(request, Deed.ROSTER_PRINTED, given["span"] or "week", (1, asked.point.id))
        return self._file(asked, content, PDF)

    def _looked(self, request: Request, content: bytes, point: str, mark: str | None = None) -> Response:
        """Take a file in where ``mark`` is that of what was seen; else look at it."""
        try:
            lines = _lines_of(content)
        except UnreadableError as error:
            return self._page(request, HTTPStatus.CONFLICT, fault=FAULTS[error.why])
        with self.database.reading() as unit:
            points = Remit.of(visitor_of(request)).points(unit)
        if point not in {each.id for each in points}:
            return self._page(request, HTTPStatus.CONFLICT, fault=FAULTS["span"])
        try:
            with self.database.writing(OWNER) as unit:
                verdicts = self._import(request, unit, point).take(lines)
                _give_up_unless(verdicts, seen=mark == mark_of(verdicts))
        except _GivenUpError as seen:
            return self._preview(request, content, (point, mark), seen.verdicts)
        done = sum(each.what not in {What.WRONG, What.KNOWN} for each in verdicts)
        self._note(request, Deed.ROSTER_IMPORTED, XLSX if content.startswith(PACKED) else ICS, (done, point))
        return self._page(request, said=self._reader_words(request, done))

    def _preview(
        self, request: Request, content: bytes, about: tuple[str, str | None], verdicts: tuple[Verdict, ...]
    ) -> Response:
        point, mark = about
        with self.database.reading() as unit:
            looked: Looked = looked_at(unit, verdicts, point, self.frame.reader(request))
        kept = base64.b64encode(content).decode()
        fault = FAULTS["changed"] if mark is not None else ""
        status = HTTPStatus.OK if mark is None else HTTPStatus.CONFLICT
        more: dict[str, Any] = {"looked": looked, "kept": kept, "mark": mark_of(verdicts), "chosen": point}
        return self._page(request, status, fault=fault, **more)

    def _page(self, request: Request, status: HTTPStatus = HTTPStatus.OK, **shown: Any) -> Response:
        reader, today = self.frame.reader(request), self._today(request)
        with self.database.reading() as unit:
            points = Remit.of(visitor_of(request)).points(unit)
        chosen = shown.get("chosen") or request.query_params.get("point", "")
        about = {"said": "", "fault": "", "looked": None, "kept": "", "mark": "", **shown, "chosen": chosen}
        about["fault"] = reader.say(about["fault"]) if about["fault"] else ""
        first, last = week_days(today)[0], date.fromordinal(week_days(today)[0].toordinal() + 27)
        days = {"first": first.isoformat(), "last": last.isoformat(), "today": today.isoformat()}
        named = visitor_of(request).may(Right.EXPORT)
        return self.frame.page(
            request, "roster_files.html", status, points=points, named=named, most_days=MOST_DAYS, **days, **about
        )

    def _asked(self, request: Request, given: dict[str, str]) -> _Asked | None:
        """Return what is asked for, or None: no such point of this account's, or no such days."""
        first, last = queries.read_day(given.get("from", "")), queries.read_day(given.get("until", ""))
        with self.database.reading() as unit:
            points = Remit.of(visitor_of(request)).points(unit)
        point = next((each for each in points if each.id == given.get("point")), None)
        if point is None or first is None or last is None or not 0 <= (last - first).days < MOST_DAYS:
            return None
        return _Asked(point, first, last) if roster_files_views.is_near(first, last) else None

    def _content(
        self, request: Request, asked: _Asked, filled: tuple[exporting.Filled, ...], how: tuple[str, bool]
    ) -> bytes:
        from sync.platform.rostering import calendars, sheets  # noqa: PLC0415 - libraries that few requests need

        (form, named), reader = how, self.frame.reader(request)
        title = f"{asked.point.name} {asked.first} – {asked.last}"
        if form == XLSX:
            return sheets.write_sheet(title, exporting.rows_of(filled, reader.language, named=named), reader.language)
        now_ms = unix_ms(self.ports.clock())
        occasions = exporting.occasions_of(filled, reader.language, now_ms, named=named)
        return calendars.calendar_of(title, occasions)

    def _sheet(self, request: Request, asked: _Asked) -> bytes:
        from sync.platform.rostering.wall import wall_sheet  # noqa: PLC0415 - the PDF library takes a second to load

        reader, now_ms = self.frame.reader(request), unix_ms(self.ports.clock())
        with self.database.reading() as unit:
            filled = exporting.filled_posts(unit, (asked.point.id,), asked.first, asked.last)
            special = unit.openings.special_days(asked.first, asked.last, (asked.point.id,))
        made = reader.local_now(now_ms), reader.language
        return wall_sheet(filled, (asked.first, asked.last), asked.point.name, special, made)

    def _import(self, request: Request, unit: Unit, point: str) -> Import:
        visitor = visitor_of(request)
        remit = Remit.of(visitor)
        by = By(visitor.account.id, unix_ms(self.ports.clock()), "import")
        within = Within(point, remit.points(unit), remit.may_change, remit.may_fill, remit.may_place)
        return Import(Planner(unit, self.ports.ids, by), within)

    def _file(self, asked: _Asked, content: bytes, form: str) -> Response:
        name = f"roster-{asked.first:%Y%m%d}-{asked.last:%Y%m%d}.{form}"
        shown = "inline" if form == PDF else "attachment"
        named = {"content-disposition": f'{shown}; filename="{name}"'}
        return Response(content, HTTPStatus.OK, {**HEADERS, **named}, TYPES[form])

    def _note(self, request: Request, deed: Deed, subject: str, detail: tuple[int, str]) -> None:
        count, point = detail
        with self.database.writing("audit") as unit:
            done = Done(visitor_of(request).account.id, deed, subject, str(count), point)
            unit.audit.note(done, unix_ms(self.ports.clock()))

    def _reader_words(self, request: Request, done: int) -> str:
        return roster_files_views.done_words(done, self.frame.reader(request))

    def _today(self, request: Request) -> date:
        return self.frame.reader(request).day_of(unix_ms(self.ports.clock()))


def _give_up_unless(verdicts: tuple[Verdict, ...], *, seen: bool) -> None:
    """End a transaction without writing, unless what it does is what was seen before."""
    if not seen:
        raise _GivenUpError(verdicts)


def _lines_of(content: bytes) -> tuple[Line, ...]:
    """Return the lines of a file, whatever it is called.

    Raises:
        UnreadableError: it is neither a spreadsheet nor a calendar, or holds nothing.
    """
    from sync.platform.rostering import calendars, sheets  # noqa: PLC0415 - libraries that few requests need

    lines = sheets.read_sheet(content) if content.startswith(PACKED) else calendars.read_calendar(content)
    if not lines:
        raise UnreadableError(Whole.EMPTY)
    return lines
