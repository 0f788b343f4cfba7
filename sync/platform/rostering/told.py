"""What devices are told of the roster beside the places at their own point: open posts, exchanges, outcomes, the way.

Upstream: ``store``.
Downstream: ``present``.

A few statements a point, however many volunteers: the feed asks every minute.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec

from sync.platform.rostering.hours import day_of, instant_of
from sync.platform.rostering.model import PlaceNote
from sync.platform.rostering.problem import STRAIGHT_ON_MS
from sync.protocol.roster import OpenPost

if TYPE_CHECKING:
    from sync.platform.store import Unit
    from sync.protocol.reference import NearbyShift
    from sync.protocol.roster import AnswerSettled, SwapAsked

DAY_MS = 24 * 3600 * 1000
SWAPS_MS = 14 * DAY_MS  # a settled exchange is told of so long
OUTCOMES_MS = 30 * DAY_MS  # and what became of an answer, unless it was read before
TOMORROW = timedelta(days=1)


def open_posts_at(unit: Unit, point: str, now_ms: int, until_ms: int) -> list[OpenPost]:
    """Return the published posts at a point with places left that begin from now on and before an instant, UTC ms.

    One that has just begun is told too: who is there goes straight on with it.
    """
    return [
        OpenPost(
            id=post.id,
            service=post.service,
            starts_ms=post.starts_ms,
            ends_ms=post.ends_ms,
            wanted=left,
            version=post.version,
            team=post.team,
            skill=post.skill,
            training=post.training,
            daytime=post.daytime,
        )
        for post, left in unit.rosters.with_room(now_ms - STRAIGHT_ON_MS, until_ms, [point])
    ]


def swaps_at(unit: Unit, point: str, now_ms: int) -> list[SwapAsked]:
    """Return the exchanges of places at a point that can be answered, or were settled within the last fortnight."""
    return list(unit.exchanges.told_at(point, now_ms, now_ms - SWAPS_MS))


def outcomes_at(unit: Unit, point: str, known: Collection[str], now_ms: int) -> list[AnswerSettled]:
    """Return what became of answers about posts at a point, and of those of volunteers known there, not read yet."""
    return list(unit.roster_answers.unseen(point, known, now_ms - OUTCOMES_MS))


def nearby_of(unit: Unit, point: str, known: Collection[str], now_ms: int) -> list[NearbyShift]:
    """Return the places of today and tomorrow at other points of those volunteers who are known at one."""
    today = day_of(now_ms)
    from_ms, until_ms = instant_of(today, 0), instant_of(today + TOMORROW * 2, 0)
    found = unit.rosters.nearby(point, known, from_ms, until_ms)
    notes = unit.openings.places({each.service_point for each in found}) if found else {}
    return [_with_address(each, notes.get(each.service_point)) for each in found]


def _with_address(shift: NearbyShift, note: PlaceNote | None) -> NearbyShift:
    return shift if note is None else msgspec.structs.replace(shift, address=note.address)
