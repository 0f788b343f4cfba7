"""What people set up for a roster, looked at before it is written: hours, templates, what volunteers bring.

Upstream: ``store.openings``, ``store.roster_people``, ``opening``.
Downstream: the set-up pages, the commands.

What cannot be so is a :class:`DecisionError`, whose text is a msgid of the catalogue; nothing is written then.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from sync.platform.errors import DecisionError
from sync.platform.rostering.hours import MINUTES_A_DAY
from sync.platform.rostering.model import (
    EVERYWHERE,
    Days,
    Deviation,
    Opening,
    PlaceNote,
    Profile,
    SpecialDay,
    Template,
    Weekly,
)
from sync.platform.rostering.opening import overlapping
from sync.platform.store import Unit
from sync.platform.store.rosters import By
from sync.platform.wording import marked

WEEKDAYS = frozenset(range(7))
MOST_NEEDED = 99
MOST_A_WEEK = 14  # posts: two a day; more is nobody's wish
LONGEST_WORD = 64
LONGEST_NOTE = 200
LATEST = 366 * 2  # days; hours that far ahead are a slip


def set_hours(unit: Unit, point: str, openings: Iterable[Opening], by: By) -> None:
    """Write the opening hours of a point anew; none: as the point was registered.

    Raises:
        DecisionError: there is no such point, or two spans overlap.
    """
    _known_point(unit, point)
    asked = tuple(openings)
    for one in asked:
        _admit_span(one.weekday, one.opens, one.closes)
    if overlapping(asked):
        raise DecisionError(marked("Two spans of a day overlap."))
    unit.openings.put_hours(point, asked, by)


def set_special(unit: Unit, day: SpecialDay, by: By) -> None:
    """Write a special day of a point or of everywhere.

    Raises:
        DecisionError: there is no such point, it has no label, or its hours cannot be.
    """
    if day.point != EVERYWHERE:
        _known_point(unit, day.point)
    label = _word(day.label)
    if not label:
        raise DecisionError(marked("Say what the day is, such as 重阳节."))
    if day.opens is not None and day.closes is not None:
        _admit_span(day.on.weekday(), day.opens, day.closes)
    elif (day.opens, day.closes) != (None, None):
        raise DecisionError(marked("A day that is open has two times, from and until."))
    unit.openings.put_special(replace(day, label=label), by)


def set_template(unit: Unit, template: Template, by: By) -> Template:
    """Write a template that is new or has changed; return it with its version.

    Raises:
        DecisionError: there is no such point, or its days, times or number cannot be.
    """
    put = checked(template)
    _known_point(unit, put.point)
    return unit.openings.put_template(put, by)


def checked(template: Template) -> Template:
    """Return a template as it would be written.

    Raises:
        DecisionError: its days, times or number cannot be.
    """
    name, service = _word(template.name), _word(template.service)
    if not (name and service):
        raise DecisionError(marked("A template has a name and a service."))
    if template.days in {Days.WEEKLY, Days.WORKED} and not template.weekdays:
        raise DecisionError(marked("Choose at least one weekday."))
    for weekday in template.weekdays or (0,):
        _admit_span(weekday, template.starts, template.ends)
    if not 1 <= template.needed <= MOST_NEEDED:
        raise DecisionError(marked("A post needs between 1 and 99 volunteers."))
    if template.from_on and template.until_on and template.until_on < template.from_on:
        raise DecisionError(marked("The last day comes before the first."))
    return replace(
        template,
        name=name,
        service=service,
        weekdays=tuple(sorted(set(template.weekdays))),
        team=_word(template.team or "") or None,
        skill=_word(template.skill or "") or None,
        training=_word(template.training or "") or None,
    )


def end_template(unit: Unit, id_: str, by: By) -> Template:
    """End a template: it makes no more posts; those it made stay.

    Raises:
        DecisionError: there is none.
    """
    held = unit.openings.template(id_)
    if held is None:
        raise DecisionError(marked("There is no such template."))
    return unit.openings.put_template(replace(held, ended=True), by)


def set_place(unit: Unit, place: PlaceNote, by: By) -> PlaceNote:
    """Write how a point is found.

    Raises:
        DecisionError: there is no such point.
    """
    _known_point(unit, place.point)
    host, address = (text.strip()[:LONGEST_NOTE] for text in (place.host_unit, place.address))
    return unit.openings.put_place(replace(place, host_unit=host, address=address), by)


def set_profile(unit: Unit, profile: Profile, by: By) -> Profile:
    """Write what a volunteer brings and would like.

    Raises:
        DecisionError: the volunteer, a point or a mate is not registered, or the number of posts cannot be.
    """
    _known_volunteers(unit, {profile.volunteer, *profile.mates})
    for point in profile.points:
        _known_point(unit, point)
    if not 0 <= profile.most_a_week <= MOST_A_WEEK:
        raise DecisionError(marked("How many posts a week at most is a number from 0 to 14."))
    put = replace(
        profile,
        team=_word(profile.team or "") or None,
        skills=frozenset(filter(None, map(_word, profile.skills))),
        points=tuple(dict.fromkeys(profile.points)),
        mates=profile.mates - {profile.volunteer},
    )
    return unit.roster_people.put_profile(put, by)


def set_weekly(unit: Unit, volunteer: str, weekly: Iterable[Weekly], by: By) -> None:
    """Write a volunteer's usual time anew.

    Raises:
        DecisionError: the volunteer is not registered, or a span cannot be.
    """
    _known_volunteers(unit, {volunteer})
    asked = tuple(weekly)
    for one in asked:
        _admit_span(one.weekday, one.starts, one.ends)
    if overlapping(Opening(one.weekday, one.starts, one.ends) for one in asked):
        raise DecisionError(marked("Two spans of a day overlap."))
    unit.roster_people.put_weekly(volunteer, asked, by)


def set_deviation(unit: Unit, volunteer: str, deviation: Deviation, by: By) -> None:
    """Note a span unlike a volunteer's usual time.

    Raises:
        DecisionError: the volunteer is not registered, or the span cannot be.
    """
    _known_volunteers(unit, {volunteer})
    if not deviation.from_ms < deviation.until_ms <= by.at_ms + LATEST * MINUTES_A_DAY * 60_000:
        raise DecisionError(marked("The end comes after the start."))
    unit.roster_people.put_deviation(volunteer, deviation, by)


def _admit_span(weekday: int, starts: int, ends: int) -> None:
    if weekday not in WEEKDAYS or not 0 <= starts < MINUTES_A_DAY or not 0 <= ends <= MINUTES_A_DAY or starts == ends:
        raise DecisionError(marked("A time has two parts, from and until, as 08:30 and 11:30."))


def _known_point(unit: Unit, point: str) -> None:
    held = unit.registry.service_point(point)
    if held is None or held.id != point:
        raise DecisionError(marked("There is no such service point."))


def _known_volunteers(unit: Unit, numbers: Collection[str]) -> None:
    if len(unit.roster_people.registered(numbers)) < len(numbers):
        raise DecisionError(marked("No such volunteer is registered here."))


def _word(text: str) -> str:
    return " ".join(text.split())[:LONGEST_WORD]
