"""Makes posts of templates: weekly patterns, holidays and make-up days, special days, within opening hours.

Upstream: ``opening``, ``sync.protocol.working_days``.
Downstream: the planner's and the set-up pages, the commands.

A post that would not lie within the opening hours of its day is not made, and is told (:class:`Drawn`): shortened, it
would be another post than the one that was asked for. What a template needs on a day is made once: a post that was
changed or cancelled since is not made again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sync.platform.rostering.hours import instant_of, is_by_day, span_of
from sync.platform.rostering.model import Days, Opening, Post, SpecialDay, Template
from sync.platform.rostering.opening import Calendar
from sync.protocol.working_days import is_workday, stands_for

if TYPE_CHECKING:
    from sync.platform.rostering.changing import Planner
    from sync.platform.store import Unit

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Drawn:
    """What templates ask for: posts to be made (without ids), and those left out since the point is closed then."""

    posts: tuple[Post, ...]
    shut: tuple[Post, ...]


def posts_for(
    templates: Iterable[Template],
    openings: Mapping[str, Sequence[Opening]],
    specials: Iterable[SpecialDay],
    from_on: date,
    until_on: date,
) -> tuple[Post, ...]:
    """Return the posts that templates ask for on some local days, both included, by begin; without ids."""
    return drawn(templates, Calendar(openings, tuple(specials)), from_on, until_on).posts


def drawn(templates: Iterable[Template], calendar: Calendar, from_on: date, until_on: date) -> Drawn:
    """Return the same, and what was left out."""
    asked = sorted(
        (_post(template, on) for template in templates for on in days_of(template, calendar, from_on, until_on)),
        key=lambda post: (post.starts_ms, post.point, post.template or ""),
    )
    posts = tuple(post for post in asked if calendar.is_open(post))
    return Drawn(posts, tuple(post for post in asked if not calendar.is_open(post)))


def days_of(template: Template, calendar: Calendar, from_on: date, until_on: date) -> Iterator[date]:
    """Yield the local days on which a template makes posts, from a day until another, both included."""
    first = max(from_on, template.from_on or from_on)
    last = min(until_on, template.until_on or until_on)
    for count in range((last - first).days + 1):
        on = first + DAY * count
        if not template.ended and _is_asked(template, calendar, on):
            yield on


def make_posts(planner: Planner, points: Collection[str], from_on: date, until_on: date) -> int:
    """Write the posts that the templates of some points ask for and that were not made yet; return how many.

    Those that would have begun by now are not made.
    """
    wanted = drawn_of(planner.unit, points, from_on, until_on).posts
    made = made_of(planner.unit, points, from_on, until_on)
    unmade = [post for post in wanted if (post.template, post.on) not in made and post.starts_ms > planner.by.at_ms]
    fresh = [post for post in unmade if planner.may(post)]
    for post in fresh:
        planner.put_post(post)
    return len(fresh)


def drawn_of(unit: Unit, points: Collection[str], from_on: date, until_on: date) -> Drawn:
    """Return what the stored templates of some points ask for."""
    return drawn(unit.openings.templates(points), calendar_of(unit, points, from_on, until_on), from_on, until_on)


def calendar_of(unit: Unit, points: Collection[str] | None, from_on: date, until_on: date) -> Calendar:
    """Return when some points are open on some days and the days beside them."""
    specials = unit.openings.special_days(from_on - DAY, until_on + DAY * 2, points)
    return Calendar(unit.openings.hours(points), specials)


def made_of(unit: Unit, points: Collection[str], from_on: date, until_on: date) -> frozenset[tuple[str | None, date]]:
    """Return which templates have made a post on which day, cancelled ones too."""
    span = instant_of(from_on, 0), instant_of(until_on + DAY, 0)
    return frozenset((post.template, post.on) for post in unit.rosters.posts(*span, points, cancelled=True))


def weekday_worked(on: date) -> int | None:
    """Return the weekday that a day is worked as: its own, or of a make-up day 调休 the one it stands for.

    None: the day is not worked.
    """
    return (stands_for(on) or on).weekday() if is_workday(on) else None


def _is_asked(template: Template, calendar: Calendar, on: date) -> bool:
    if template.days is Days.WEEKLY:
        return on.weekday() in template.weekdays
    if template.days is Days.WORKED:
        return weekday_worked(on) in template.weekdays
    if template.days is Days.OFF:
        return not is_workday(on)
    return calendar.is_special(template.point, on)


def _post(template: Template, on: date) -> Post:
    starts_ms, ends_ms = span_of(on, template.starts, template.ends)
    return Post(
        id="",
        point=template.point,
        service=template.service,
        starts_ms=starts_ms,
        ends_ms=ends_ms,
        on=on,
        needed=template.needed,
        team=template.team,
        skill=template.skill,
        training=template.training,
        daytime=is_by_day(starts_ms, ends_ms),
        template=template.id,
    )
