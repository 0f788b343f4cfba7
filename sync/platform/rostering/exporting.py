"""The posts of some points and days as rows of a spreadsheet, entries of a calendar, and a sheet for the wall.

Upstream: ``store``, ``sheets``, ``calendars``, ``wording``.
Downstream: ``console.roster_files_pages``.

Names and numbers of volunteers go out only where that was asked for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from babel.dates import format_skeleton

from sync.platform import roster_terms, wording
from sync.platform.rostering import calendars
from sync.platform.rostering.calendars import Occasion
from sync.platform.rostering.hours import MINUTES_A_DAY, clock_time, instant_of, minute_of
from sync.platform.rostering.model import LIVE, Assignment, Post, PostState
from sync.platform.rostering.sheets import Cell
from sync.platform.store import Unit
from sync.platform.wording import marked, words_in

FILLED = marked("%(there)s of %(needed)s")


@dataclass(frozen=True, slots=True)
class Filled:
    """A post with the places at it and the names of who has them, by number."""

    post: Post
    point: str
    places: tuple[Assignment, ...]
    names: Mapping[str, str]


def filled_posts(unit: Unit, points: Collection[str], from_on: date, until_on: date) -> tuple[Filled, ...]:
    """Return the posts that begin on some local days, both included, at some points, with who is there."""
    begin, end = instant_of(from_on, 0), instant_of(until_on, MINUTES_A_DAY)
    posts = [post for post in unit.rosters.posts(begin, end, points) if begin <= post.starts_ms < end]
    places: dict[str, list[Assignment]] = defaultdict(list)
    for each in unit.rosters.assignments((post.id for post in posts), LIVE):
        places[each.post].append(each)
    names = unit.roster_people.names({each.volunteer for several in places.values() for each in several})
    called = {point.id: point.name for point in unit.registry.service_points()}
    return tuple(Filled(post, called.get(post.point, post.point), tuple(places[post.id]), names) for post in posts)


def rows_of(filled: Collection[Filled], language: str, *, named: bool) -> list[dict[str, Cell]]:
    """Return the rows of a spreadsheet: one a place, and one for a post at which nobody is."""
    rows: list[dict[str, Cell]] = []
    for each in filled:
        row = _row_of(each, language)
        if not named or not each.places:
            rows.append(row)
            continue
        for place in each.places:
            state = words_in(language).gettext(roster_terms.STATES[place.state])
            rows.append(row | {"volunteer": place.volunteer, "name": _name(each, place), "state": state})
    return rows


def occasions_of(filled: Collection[Filled], language: str, made_ms: int, *, named: bool) -> list[Occasion]:
    """Return the entries of a calendar that is made at an instant (UTC ms), one a post."""
    return [_occasion(each, language, made_ms, named=named) for each in filled]


def service_word(post: Post, language: str) -> str:
    """Return the word for a post's service kind."""
    word = wording.SERVICES.get(post.service)
    return words_in(language).gettext(word) if word else post.service


def _row_of(each: Filled, language: str) -> dict[str, Cell]:
    post = each.post
    return {
        "on": post.on.isoformat(),
        "weekday": format_skeleton("E", post.on, locale=language),
        "starts": clock_time(minute_of(post.starts_ms)),
        "ends": clock_time(minute_of(post.ends_ms)),
        "point": each.point,
        "service": service_word(post, language),
        "needed": post.needed,
        "team": post.team or "",
        "skill": post.skill or "",
        "training": post.training or "",
    }


def _occasion(each: Filled, language: str, made_ms: int, *, named: bool) -> Occasion:
    post, service = each.post, service_word(each.post, language)
    count = words_in(language).gettext(FILLED) % {"there": len(each.places), "needed": post.needed}
    own = [(calendars.POINT, post.point), (calendars.SERVICE, post.service), (calendars.NEEDED, str(post.needed))]
    wanted = ((calendars.TEAM, post.team), (calendars.SKILL, post.skill), (calendars.TRAINING, post.training))
    own += [(name, value) for name, value in wanted if value]
    if named:
        own += [(calendars.WHO, place.volunteer) for place in each.places]
    return Occasion(
        id=post.id,
        starts_ms=post.starts_ms,
        ends_ms=post.ends_ms,
        title=f"{service} · {each.point} ({count})",
        where=each.point,
        notes="\n".join(_name(each, place) for place in each.places) if named else "",
        status="CONFIRMED" if post.state is PostState.PUBLISHED else "TENTATIVE",
        sequence=post.version,
        changed_ms=made_ms,
        own=tuple(own),
    )


def _name(each: Filled, place: Assignment) -> str:
    return each.names.get(place.volunteer, place.volunteer)
