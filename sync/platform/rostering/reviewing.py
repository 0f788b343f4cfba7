"""Plan against service out of the database: what became of places, coverage of points, a volunteer's own record.

Upstream: ``store``, ``served``, ``coverage``, ``opening``.
Downstream: ``console.served_pages``, the volunteers' pages.

A handful of statements, however many points and days there are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sync.platform.rostering.coverage import Coverage, Reliability, coverage, presence, reliability_of
from sync.platform.rostering.hours import MINUTES_A_DAY, instant_of
from sync.platform.rostering.opening import Calendar
from sync.platform.rostering.served import Came, Known, Outcome, Reading, Stay, Watch, outcomes
from sync.platform.rostering.spans import Span, within

if TYPE_CHECKING:
    from sync.platform.store import Unit

DAY = timedelta(days=1)
Day = tuple[str, date]  # a service point's id, and a local day


@dataclass(frozen=True, slots=True)
class Review:
    """What became of the plan at some points on some days.

    Attributes:
        outcomes: of every place, by begin.
        coverage: of each point on each day that has begun.
        waiting: the devices whose records are waited for before all of it is known.
    """

    outcomes: tuple[Outcome, ...]
    coverage: Mapping[Day, Coverage]
    waiting: tuple[Watch, ...]

    def total(self, point: str | None = None, on: date | None = None) -> Coverage:
        """Return the coverage of one point or all, of one day or all."""
        chosen = [each for (where, day), each in self.coverage.items() if point in {None, where} and on in {None, day}]
        return sum(chosen, Coverage())


def review(unit: Unit, points: Collection[str], from_on: date, until_on: date, now_ms: int) -> Review:
    """Return plan against service at some points on some local days, both included.

    Args:
        unit: of a transaction.
        points: ids of service points.
        from_on: the first local day.
        until_on: the last.
        now_ms: the platform's time, UTC ms.
    """
    from_ms, until_ms = instant_of(from_on, 0), instant_of(until_on, MINUTES_A_DAY)
    posts = [post for post in unit.rosters.posts(from_ms, until_ms, points) if from_on <= post.on <= until_on]
    last_ms = max([until_ms, *(post.ends_ms for post in posts)])
    places = unit.rosters.assignments(post.id for post in posts)
    stays = unit.presence.at(points, from_ms, last_ms, now_ms)
    known = Known(posts, places, stays, unit.presence.watches(points, now_ms), now_ms)
    calendar = Calendar(unit.openings.hours(points), unit.openings.special_days(from_on, until_on, points))
    days = [from_on + DAY * count for count in range((until_on - from_on).days + 1)]
    opened = {
        (point, on): tuple((begin, min(end, now_ms)) for begin, end in calendar.spans(point, on) if begin < now_ms)
        for point in points
        for on in days
    }
    found = outcomes(known)
    waiting = {watch.device: watch for each in found for watch in each.waits}
    return Review(
        found, _coverage(opened, known), tuple(sorted(waiting.values(), key=lambda one: (one.point, one.name)))
    )


def own_record(
    unit: Unit, volunteer: str, from_ms: int, until_ms: int, now_ms: int
) -> tuple[tuple[Outcome, ...], Reliability]:
    """Return what became of a volunteer's own places at posts within [from, until) (UTC ms), and how they were kept.

    It is shown to the volunteer, and to who may plan at the point (``Right.ROSTER``); to nobody else.
    """
    held = unit.rosters.of_volunteers((volunteer,), from_ms, until_ms)
    posts, points = [post for _, post in held], sorted({post.point for _, post in held})
    stays = unit.presence.of((volunteer,), from_ms, until_ms, now_ms)
    places = [place for place, _ in held]
    known = Known(posts, places, stays, unit.presence.watches(points, now_ms), now_ms)
    own = tuple(each for each in outcomes(known) if each.place is not None)
    return own, reliability_of(own)


def reliability(found: Collection[Outcome]) -> dict[str, Reliability]:
    """Return how each volunteer kept the places among some outcomes, by number."""
    by_volunteer: dict[str, list[Outcome]] = defaultdict(list)
    for each in found:
        if each.volunteer is not None:
            by_volunteer[each.volunteer].append(each)
    records = {number: reliability_of(own) for number, own in sorted(by_volunteer.items())}
    return {number: record for number, record in records.items() if record.known or record.open}


def counts(found: Collection[Outcome]) -> dict[Came, int]:
    """Return how many places became what, in the order of :class:`Came`."""
    counted = dict.fromkeys(Came, 0)
    for each in found:
        counted[each.came] += 1
    return counted


def _coverage(opened: Mapping[Day, tuple[Span, ...]], known: Known) -> dict[Day, Coverage]:
    reading = Reading(known)
    watches: dict[str, list[Watch]] = defaultdict(list)
    for watch in known.watches:
        watches[watch.point].append(watch)
    there: dict[str, list[Stay]] = defaultdict(list)
    for stay in known.stays:
        there[stay.point].append(stay)
    spans = {
        point: presence(stays, [reading.sure(stay) for stay in stays], known.now_ms) for point, stays in there.items()
    }
    found = {}
    for (point, on), hours in opened.items():
        if hours:
            present, likely = ([*within(each, hours)] for each in spans.get(point, ([], [])))
            found[point, on] = coverage(hours, present, likely, watches[point])
    return found
