"""``/roster/setup/people``: what volunteers bring: team, skills, usual week, days unlike it, trainings, wishes.

Upstream: ``roster_setup_desk``, ``rostering.setting_up``, ``my_times_form`` (a week as a form says it).
Downstream: ``assembly``.

Who heads a station sees the volunteers who would serve there, a captain those of the own team. Why somebody is away
stays with the volunteer: it is not shown here.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from sync.platform.console import queries
from sync.platform.console.my_times import PARTS
from sync.platform.console.my_times_form import SlipError, read_away, read_days, read_wishes
from sync.platform.console.planner_views import WEEKDAYS
from sync.platform.console.reader import Reader
from sync.platform.console.roster_setup_desk import PAGE, Desk, Room, address, chosen, weekdays_word
from sync.platform.console.roster_setup_log import lines_of
from sync.platform.errors import DecisionError
from sync.platform.rostering import reading, setting_up, usual
from sync.platform.rostering.hours import clock_time, day_of, instant_of
from sync.platform.rostering.model import Deviation, Profile
from sync.platform.store import Unit
from sync.platform.wording import marked

SHOWN = 60
MOST_SOUGHT = 200
SOON_MS = 30 * 24 * 3600 * 1000  # a training that lapses within so long is told of
AHEAD_MS = 400 * 24 * 3600 * 1000
SPANS = 2


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One volunteer as the list shows them."""

    number: str
    name: str
    team: str
    brings: str
    week: str
    most: int
    remark: str


@dataclass(frozen=True, slots=True)
class TrainingLine:
    """A training and when it lapses; ``state``: ``good``, ``soon`` or ``lapsed``."""

    name: str
    until: str
    state: str


@dataclass(frozen=True, slots=True)
class PeoplePages:
    """The pages of volunteers and their deeds."""

    room: Room

    def router(self) -> APIRouter:
        """Return the routes."""
        router = APIRouter(default_response_class=Response)
        router.add_api_route(PAGE + "/people", self.people, methods=["GET"], response_model=None)
        router.add_api_route(PAGE + "/people/{number}", self.person, methods=["GET"], response_model=None)
        router.add_api_route(PAGE + "/people/{number}", self.change, methods=["POST"], response_model=None)
        return router

    def people(self, request: Request) -> Response:
        """The volunteers of a point, those who are sought first."""
        with self.room.database.reading() as unit:
            desk = self.room.desk(request, unit)
            points = desk.remit.points(unit)
            point = chosen(request, points)
            if point is None:
                return self.room.nowhere(request)
            sought = request.query_params.get("sought", "")[: queries.MAX_TEXT]
            numbers = _seen(desk, point.id, sought)
            lines = _lines(unit, sorted(numbers)[:SHOWN], desk.reader)
        shown: dict[str, Any] = {
            "points": points,
            "point": point,
            "sought": sought,
            "lines": lines,
            "total": len(numbers),
        }
        return self.room.page(request, "setup_people.html", section="people", **shown)

    def person(self, request: Request, number: str) -> Response:
        """One volunteer: all of it, with what was changed of it."""
        return self._person(request, number)

    def change(self, request: Request, number: str) -> Response:
        """Write one part of it anew."""

        def act(desk: Desk) -> str:
            profile = desk.unit.roster_people.profile(number)
            desk.require(so=_may(desk, profile, desk.field("point")))
            try:
                DEEDS.get(desk.field("deed"), _nothing)(desk, profile)
            except SlipError as slip:
                raise DecisionError(slip.msgid) from slip
            return address(f"/people/{number}", point=desk.field("point"), said="person")

        return self.room.done(request, act, lambda again, fault: self._person(again, number, fault))

    def _person(self, request: Request, number: str, fault: str = "") -> Response:
        with self.room.database.reading() as unit:
            desk = self.room.desk(request, unit)
            points = desk.remit.points(unit)
            point, volunteer = chosen(request, points), unit.registry.volunteer(number)
            profile = unit.roster_people.profile(number)
            if point is None or volunteer is None or not _may(desk, profile, point.id):
                return self.room.nowhere(request)
            about = _about(desk, profile)
            every = unit.registry.service_points()
        return self.room.page(
            request,
            "setup_person.html",
            fault,
            section="people",
            points=points,
            point=point,
            volunteer=volunteer,
            profile=profile,
            chosen_points=[*profile.points, "", "", ""][: max(3, len(profile.points))],
            every=every,
            may_team=desk.remit.is_whole(point.id),
            parts=[(part.value, desk.reader.say(word), _hours(usual.HOURS[part])) for part, word in PARTS.items()],
            weekdays=[desk.reader.say(word) for word in WEEKDAYS],
            today=day_of(desk.by.at_ms).isoformat(),
            most=setting_up.MOST_A_WEEK,
            **about,
        )


def _about(desk: Desk, profile: Profile) -> dict[str, Any]:
    unit, number, now_ms, reader = desk.unit, profile.volunteer, desk.by.at_ms, desk.reader
    weekly = unit.roster_people.weekly((number,)).get(number, ())
    unlike = unit.roster_people.deviations(now_ms, now_ms + AHEAD_MS, (number,)).get(number, ())
    person = reading.people_of(unit, (number,), now_ms, now_ms + 1, now_ms)[0]
    days = [(reader.say(WEEKDAYS[day.weekday]), day, _exact(day.exact)) for day in usual.days_of(weekly)]
    changes = [
        change for kind in ("profile", "availability", "deviation") for change in unit.rosters.changes_of(kind, number)
    ]
    latest = sorted(changes, key=lambda change: change.at_ms, reverse=True)[:20]
    return {
        "days": days,
        "unlike": [(each.id, _span(each, reader), each.free) for each in unlike],
        "trainings": [_training(name, lapses_ms, desk) for name, lapses_ms in sorted(person.trained.items())],
        "is_minor": person.adult_from_ms is not None,
        "consent": person.consent,
        "may_serve": person.may_serve,
        "is_new": person.newcomer,
        "history": lines_of(unit, latest, reader),
        "mates": " ".join(sorted(profile.mates)),
        "skills": " ".join(sorted(profile.skills)),
    }


def _put_profile(desk: Desk, profile: Profile) -> None:
    """Write team, skills, guide and wishes."""
    wishes = read_wishes(
        {**desk.fields, "point": desk.fields.get("wish", [])},
        [point.id for point in desk.unit.registry.service_points()],
    )
    whole = desk.remit.is_whole(desk.field("point"))
    skills = frozenset(
        filter(None, desk.field("skills").replace("，", " ").replace("、", " ").replace(",", " ").split())
    )
    put = replace(
        profile,
        team=(desk.field("team") or None) if whole else profile.team,
        skills=skills,
        points=wishes.points,
        mates=wishes.mates,
        most_a_week=wishes.most_a_week,
        guide="guide" in desk.fields,
        newcomer="newcomer" in desk.fields,
    )
    setting_up.set_profile(desk.unit, put, desk.by)


def _put_week(desk: Desk, profile: Profile) -> None:
    setting_up.set_weekly(desk.unit, profile.volunteer, usual.weekly_of(read_days(desk.fields)), desk.by)


def _put_away(desk: Desk, profile: Profile) -> None:
    """Note days away, or hours at which the volunteer can come though usually not."""
    deviation = replace(read_away(desk.fields, desk.by.at_ms), id=desk.ids(), reason=None)
    setting_up.set_deviation(desk.unit, profile.volunteer, deviation, desk.by)


def _drop_away(desk: Desk, profile: Profile) -> None:
    desk.unit.roster_people.drop_deviation(profile.volunteer, desk.field("id"), desk.by)


def _put_training(desk: Desk, profile: Profile) -> None:
    """Note a training, until and with a day or for good."""
    name, last = desk.field("training")[: setting_up.LONGEST_WORD], queries.read_day(desk.field("until"))
    if not name or (desk.field("until") and last is None):
        raise DecisionError(marked("Say which training, and its last day where it has one."))
    lapses_ms = None if last is None else instant_of(last + timedelta(days=1), 0)
    desk.unit.standings.put_training(profile.volunteer, name, lapses_ms)


def _drop_training(desk: Desk, profile: Profile) -> None:
    desk.unit.standings.drop_training(profile.volunteer, desk.field("training"))


def _nothing(_desk: Desk, _profile: Profile) -> None:
    raise DecisionError(marked("That could not be done; nothing was changed."))


DEEDS = {
    "profile": _put_profile,
    "weekly": _put_week,
    "away": _put_away,
    "drop": _drop_away,
    "training": _put_training,
    "untrain": _drop_training,
}


def _may(desk: Desk, profile: Profile, point: str) -> bool:
    """Tell whether a volunteer is this person's to set up, at a point of theirs."""
    if desk.remit.is_whole(point):
        return not profile.points or point in profile.points
    return profile.team is not None and profile.team in (desk.remit.teams(point) or ())


def _seen(desk: Desk, point: str, sought: str) -> Collection[str]:
    people = desk.unit.roster_people
    if sought:
        found = {each.volunteer.number for each in desk.unit.certificates.holders(sought, 0, MOST_SOUGHT)}
    else:
        found = people.with_time() | people.profiles().keys()
    profiles = people.profiles(found)
    return [number for number in found if _may(desk, profiles.get(number, Profile(number)), point)]


def _lines(unit: Unit, numbers: Collection[str], reader: Reader) -> list[PersonLine]:
    people, names = unit.roster_people, unit.targets.names_of(list(numbers))
    profiles, weekly = people.profiles(numbers), people.weekly(numbers)
    found = []
    for number in numbers:
        held = profiles.get(number, Profile(number))
        found.append(
            PersonLine(
                number=number,
                name=names.get(number, number),
                team=held.team or "",
                brings=" · ".join(sorted(held.skills)),
                week=weekdays_word([one.weekday for one in weekly.get(number, ())], reader),
                most=held.most_a_week,
                remark=reader.say(marked("guide")) if held.guide else "",
            )
        )
    return found


def _hours(span: tuple[int, int]) -> str:
    return "\u2013".join(map(clock_time, span))


def _exact(spans: Collection[tuple[int, int]]) -> list[tuple[str, str]]:
    """Return the exact spans of a day as the form has them, empty ones to fill its rows."""
    shown = [(clock_time(starts), clock_time(ends).replace("24:00", "00:00")) for starts, ends in spans]
    return [*shown, *[("", "")] * SPANS][: max(SPANS, len(shown))]


def _span(each: Deviation, reader: Reader) -> str:
    first, last = day_of(each.from_ms), day_of(each.until_ms - 1)
    if each.free:
        return f"{reader.day_title(first)} {reader.clock(each.from_ms, first)}–{reader.clock(each.until_ms, first)}"
    return reader.day_title(first) if first == last else f"{reader.day_title(first)} – {reader.day_title(last)}"


def _training(name: str, lapses_ms: int | None, desk: Desk) -> TrainingLine:
    if lapses_ms is None:
        return TrainingLine(name, "", "good")
    left_ms = lapses_ms - desk.by.at_ms
    return TrainingLine(
        name, day_of(lapses_ms - 1).isoformat(), "lapsed" if left_ms <= 0 else "soon" if left_ms < SOON_MS else "good"
    )
