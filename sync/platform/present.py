"""What the devices of a service point are told now; the signed file and the changes feed are both made of this.

Upstream: ``store``, ``telling``, ``rostering.told``, ``sync.protocol``.
Downstream: ``publishing``, ``feed``.

Names travel no further than they must: a device is told of those who are rostered, appointed or served at its service
point, and of nobody else.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from sync.platform.rostering.told import nearby_of, open_posts_at, outcomes_at, swaps_at
from sync.platform.telling import elsewhere_of, standings_of
from sync.protocol.entries import Told

if TYPE_CHECKING:
    from sync.platform.store import Unit
    from sync.protocol.reference import ListedVolunteer, ServicePoint

DAY_MS = 24 * 3600 * 1000
PAST_ROSTER_MS = DAY_MS  # shifts that ended up to a day ago: a booth without network may still need them
ROSTER_AHEAD_MS = 15 * DAY_MS  # two weeks ahead, offline too (REQ 0.4), and today
ACQUAINTED_MS = 366 * DAY_MS
REGULAR_MS = 400 * DAY_MS  # whose standing a device is told: served or rostered there so lately


class Directory(StrEnum):
    """Whose numbers a device may recognise without a signature: names travel no further than they must."""

    POINT = "point"  # who is rostered, appointed or served at the service point within the year
    ALL = "all"  # every registered volunteer: for a station that takes numbers of an older system


def told_at(unit: Unit, point: ServicePoint, now_ms: int, directory: Directory = Directory.POINT) -> Told:
    """Return what the devices of a service point are told at an instant (UTC ms)."""
    listed = _directory(unit, point, now_ms, directory)
    regulars = [one.volunteer for one in unit.places.acquainted(point.id, now_ms - REGULAR_MS)]
    known = {one.volunteer for one in listed} | set(regulars)
    return Told(
        service_point=point,
        roster=list(unit.rosters.told(point.id, now_ms - PAST_ROSTER_MS, now_ms + ROSTER_AHEAD_MS)),
        notices=list(unit.places.notices(point.id)),
        appointments=[term.appointment for term in unit.places.terms(point.id) if term.appointment.until_ms > now_ms],
        directory=list(listed),
        standings=standings_of(unit, known, now_ms),
        services=list(unit.standings.rules(point.id)),
        elsewhere=elsewhere_of(unit, regulars, point.id, now_ms),
        open_posts=open_posts_at(unit, point.id, now_ms, now_ms + ROSTER_AHEAD_MS),
        swaps=swaps_at(unit, point.id, now_ms),
        settled=outcomes_at(unit, point.id, regulars, now_ms),
        nearby=nearby_of(unit, point.id, regulars, now_ms),
    )


def _directory(unit: Unit, point: ServicePoint, now_ms: int, directory: Directory) -> tuple[ListedVolunteer, ...]:
    if directory is Directory.ALL:
        return unit.places.registered()
    return unit.places.acquainted(point.id, now_ms - ACQUAINTED_MS)
