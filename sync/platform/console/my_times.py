"""``/my/…/times`` and ``/my/…/calendar``: when a volunteer can come, what they wish for, and their calendar's link.

Upstream: ``my_door``, ``my_times_form``, ``rostering.usual``, ``rostering.feeding``.
Downstream: ``assembly``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, NamedTuple, TypeAlias

from babel.dates import format_skeleton
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from sync.platform import roster_terms
from sync.platform.cards.symbol import svg
from sync.platform.console.forms import Fields, one
from sync.platform.console.my_door import PhoneDoor, back_to
from sync.platform.console.my_roster import around
from sync.platform.console.my_times_form import DAYS_AHEAD, MOST_MATES, MOST_SPANS, SlipError, read_away, read_days
from sync.platform.console.my_times_form import read_wishes as wishes_in
from sync.platform.console.reader import Reader
from sync.platform.ports import unix_ms
from sync.platform.records import Volunteer
from sync.platform.rostering import feeding, reading, usual
from sync.platform.rostering.hours import clock_time, day_of
from sync.platform.rostering.model import Deviation
from sync.platform.rostering.usual import HOURS, Part, UsualDay
from sync.platform.store import Unit, rosters
from sync.platform.store.rosters import By
from sync.platform.wording import marked
from sync.protocol.vocabulary import LeaveReason

TIMES, CALENDAR = "/my/{secret}/times", "/my/{secret}/calendar"
MOST_DEVIATIONS = 60  # that lie ahead, of one volunteer
DAY_MS = 86_400_000
FIRST_MONDAY = day_of(4 * DAY_MS)  # 1970-01-05
CHOSEN_POINTS = 3
PARTS: Mapping[Part, str] = MappingProxyType(
    {Part.MORNING: marked("Morning"), Part.AFTERNOON: marked("Afternoon"), Part.EVENING: marked("Evening")}
)
SAVED: Mapping[str, str] = MappingProxyType(
    {
        "weekly": marked("Saved. New posts are planned by it; what you accepted stays."),
        "away": marked("Noted. What you accepted for these days stays yours until you ask for leave."),
        "drop": marked("Taken back."),
        "wishes": marked("Saved. Wishes are met as far as can be."),
    }
)
Write: TypeAlias = Callable[["MyTimes", Unit, "_Deed"], None]


class _Deed(NamedTuple):
    """What somebody does on the page of times."""

    number: str
    fields: Fields
    by: By


class MyTimes(NamedTuple):
    """The two pages over one database.

    Attributes:
        public_url: where this platform is reached; empty: as the page was asked for.
    """

    door: PhoneDoor
    public_url: str = ""

    def router(self) -> APIRouter:
        """Return the routes."""
        router = APIRouter(default_response_class=Response)
        router.add_api_route(TIMES, self.times, methods=["GET"], response_model=None)
        router.add_api_route(TIMES, self.change, methods=["POST"], response_model=None)
        router.add_api_route(CALENDAR, self.calendar, methods=["GET"], response_model=None)
        router.add_api_route(CALENDAR, self.open_or_close, methods=["POST"], response_model=None)
        return router

    def times(self, request: Request, secret: str) -> Response:
        """Show the usual week, the days unlike it, wishes, and what the station noted."""

        def page(asked: Request, volunteer: Volunteer) -> Response:
            said = SAVED.get(asked.query_params.get("said", ""), "")
            return self._times(asked, secret, volunteer, said=said)

        return self.door.show(request, secret, page)

    async def change(self, request: Request, secret: str) -> Response:
        """Write one part of the page anew; what cannot be read is said, and nothing is written."""

        def deed(asked: Request, volunteer: Volunteer, fields: Fields) -> Response:
            what = one(fields, "deed")
            if what not in WRITES:
                return self.door.closed(asked, HTTPStatus.FORBIDDEN)
            by = By(volunteer.number, unix_ms(self.door.ports.clock()), "page")
            try:
                with self.door.database.writing(rosters.OWNER) as unit:
                    WRITES[what](self, unit, _Deed(volunteer.number, fields, by))
            except SlipError as slip:
                return self._times(asked, secret, volunteer, fault=slip.msgid)
            return back_to(f"/my/{secret}/times?said={what}")

        return await self.door.do(request, secret, deed)

    def calendar(self, request: Request, secret: str) -> Response:
        """Show whether a calendar is open; its address is shown only when it is opened."""

        def page(asked: Request, volunteer: Volunteer) -> Response:
            return self._calendar(asked, secret, volunteer)

        return self.door.show(request, secret, page)

    async def open_or_close(self, request: Request, secret: str) -> Response:
        """Open a calendar anew, or close it."""

        def deed(asked: Request, volunteer: Volunteer, fields: Fields) -> Response:
            with self.door.database.writing(rosters.OWNER) as unit:
                if one(fields, "deed") == "open":
                    key = feeding.open_calendar(unit, self.door.ports, volunteer.number)
                else:
                    key = ""
                    unit.calendar_links.close_all(volunteer.number, unix_ms(self.door.ports.clock()))
            return self._calendar(asked, secret, volunteer, key) if key else back_to(f"/my/{secret}/calendar")

        return await self.door.do(request, secret, deed)

    def _times(
        self, request: Request, secret: str, volunteer: Volunteer, *, said: str = "", fault: str = ""
    ) -> Response:
        reader, now_ms, number = self.door.frame.reader(request), unix_ms(self.door.ports.clock()), volunteer.number
        with self.door.database.reading() as unit:
            profile = unit.roster_people.profile(number)
            weekly = unit.roster_people.weekly((number,)).get(number, ())
            unlike = unit.roster_people.deviations(now_ms, now_ms + DAYS_AHEAD * DAY_MS, (number,)).get(number, ())
            trained = [each.trained for each in reading.people_of(unit, (number,), now_ms, now_ms + 1, now_ms)]
            points = unit.registry.service_points()
        return self.door.frame.public_page(
            request,
            "my_times.html",
            HTTPStatus.BAD_REQUEST if fault else HTTPStatus.OK,
            **around(secret, volunteer, "times"),
            said=reader.say(said) if said else "",
            fault=reader.say(fault) if fault else "",
            days=_days(usual.days_of(weekly), reader),
            parts=[(part.value, reader.say(word), _hours(HOURS[part])) for part, word in PARTS.items()],
            unlike=[_unlike(each, reader) for each in unlike],
            today=reader.day_of(now_ms).isoformat(),
            leaves=[(each.value, reader.word(roster_terms.LEAVES, each)) for each in LeaveReason],
            profile=profile,
            chosen=[*profile.points, *[""] * CHOSEN_POINTS][: max(CHOSEN_POINTS, len(profile.points))],
            points=points,
            mates=" ".join(sorted(profile.mates)),
            most_mates=MOST_MATES,
            trained=_trained(trained[0] if trained else {}, reader),
        )

    def _calendar(self, request: Request, secret: str, volunteer: Volunteer, key: str = "") -> Response:
        reader = self.door.frame.reader(request)
        with self.door.database.reading() as unit:
            opened_ms = unit.calendar_links.opened_ms(volunteer.number)
        base = self.public_url or str(request.base_url).rstrip("/")
        address = f"{base}/calendar/{key}.ics" if key else ""
        return self.door.frame.public_page(
            request,
            "my_calendar.html",
            HTTPStatus.OK,
            **around(secret, volunteer, "calendar"),
            address=address,
            program=f"webcal://{address.partition('://')[2]}" if key else "",
            code=svg(address, reader.say(marked("Address of my calendar"))) if key else "",
            opened=reader.day_of(opened_ms).isoformat() if opened_ms is not None else "",
        )

    def write_weekly(self, unit: Unit, deed: _Deed) -> None:
        """Write the usual week."""
        unit.roster_people.put_weekly(deed.number, usual.weekly_of(read_days(deed.fields)), deed.by)

    def write_away(self, unit: Unit, deed: _Deed) -> None:
        """Note days away, or a span at which one can come though usually not."""
        now_ms = deed.by.at_ms
        ahead = unit.roster_people.deviations(now_ms, now_ms + DAYS_AHEAD * DAY_MS, (deed.number,))
        if len(ahead.get(deed.number, ())) >= MOST_DEVIATIONS:
            raise SlipError(marked("So many days are noted already; take some of them back first."))
        span = read_away(deed.fields, now_ms)
        unit.roster_people.put_deviation(deed.number, replace(span, id=self.door.ports.ids()), deed.by)

    def drop_away(self, unit: Unit, deed: _Deed) -> None:
        """Take a deviation back."""
        unit.roster_people.drop_deviation(deed.number, one(deed.fields, "id"), deed.by)

    def write_wishes(self, unit: Unit, deed: _Deed) -> None:
        """Write points, mates and how often."""
        before = unit.roster_people.profile(deed.number)
        wishes = wishes_in(deed.fields, {each.id for each in unit.registry.service_points()})
        known = set(unit.roster_people.registered(set(wishes.mates)))
        if deed.number in wishes.mates or not wishes.mates <= known:
            raise SlipError(marked("A number among those with whom you like to serve is not registered here."))
        after = replace(before, points=wishes.points, mates=wishes.mates, most_a_week=wishes.most_a_week)
        unit.roster_people.put_profile(after, deed.by)


WRITES: Mapping[str, Write] = MappingProxyType(
    {
        "weekly": MyTimes.write_weekly,
        "away": MyTimes.write_away,
        "drop": MyTimes.drop_away,
        "wishes": MyTimes.write_wishes,
    }
)


def _days(days: tuple[UsualDay, ...], reader: Reader) -> list[dict[str, Any]]:
    shown = []
    for day in days:
        on = FIRST_MONDAY.fromordinal(FIRST_MONDAY.toordinal() + day.weekday)
        exact = [(clock_time(starts), clock_time(ends % (24 * 60))) for starts, ends in day.exact]
        spans = [*exact, *[("", "")] * MOST_SPANS][: max(MOST_SPANS, len(exact))]
        word = format_skeleton("E", on, locale=reader.language)
        shown.append({"weekday": day.weekday, "word": word, "parts": day.parts, "exact": spans, "own": len(exact)})
    return shown


def _hours(hours: tuple[int, int]) -> str:
    return f"{hours[0] // 60}–{hours[1] // 60}"


def _unlike(each: Deviation, reader: Reader) -> dict[str, str]:
    first, last = reader.day_of(each.from_ms), reader.day_of(each.until_ms - 1)
    days = format_skeleton("MMMEd", first, locale=reader.language)
    if each.free:
        days += f" {reader.clock(each.from_ms, first)}–{reader.clock(each.until_ms, first)}"
    elif last != first:
        days += f" – {format_skeleton('MMMEd', last, locale=reader.language)}"
    word = reader.say(marked("I can come")) if each.free else reader.say(marked("I am away"))
    return {
        "id": each.id,
        "days": days,
        "word": word,
        "reason": reader.word(roster_terms.LEAVES, each.reason) if each.reason else "",
    }


def _trained(trained: Mapping[str, int | None], reader: Reader) -> list[str]:
    until = {name: reader.day_of(ms).isoformat() if ms is not None else "" for name, ms in sorted(trained.items())}
    words = marked("%(name)s (until %(day)s)")
    return [reader.say(words) % {"name": name, "day": day} if day else name for name, day in until.items()]
