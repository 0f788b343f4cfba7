"""Open posts as one volunteer sees them: which can be taken, and what speaks against the others.

Upstream: ``own_roster``, ``sync.protocol.reference``.
Downstream: ``own_plan``.

Only what this device can see is judged: the volunteer's standing and own shifts. Rest, sums of hours, teams and skills
are the platform's to judge; it says so afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.domain.own_roster import AHEAD_MS, PlaceState
from sync.protocol.vocabulary import RosterAnswer, RosterReason

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kiosk.domain.own_roster import OwnAnswer, OwnPlace
    from sync.protocol.reference import ReferenceData, Standing
    from sync.protocol.roster import OpenPost

_NOT_SERVING = frozenset({PlaceState.DECLINING, PlaceState.LEAVING})


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What speaks against a volunteer at a post; ``span_ms`` is the own shift it overlaps with, UTC ms."""

    reason: RosterReason
    span_ms: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class OpenPlace:
    """An open post; ``noted``: this device has the volunteer's word, which the platform has not dealt with."""

    post: OpenPost
    noted: bool = False
    obstacle: Obstacle | None = None


def open_places(
    volunteer: str,
    data: ReferenceData,
    pending: Mapping[str, OwnAnswer],
    places: Sequence[OwnPlace],
    now_ms: int,
) -> tuple[OpenPlace, ...]:
    """Return the open posts of the next fortnight that have not begun, earliest first, without the volunteer's own."""
    own = {each.shift.post for each in places}
    standing = data.standing_of(volunteer)
    posts = [each for each in data.open_posts if each.id not in own and now_ms < each.starts_ms < now_ms + AHEAD_MS]
    noted = {each.id for each in posts if each.id in pending and pending[each.id].said.answer is RosterAnswer.TAKE}
    busy = [*_busy(volunteer, data, places), *((each.starts_ms, each.ends_ms) for each in posts if each.id in noted)]
    judged = (
        OpenPlace(each, noted=True) if each.id in noted else OpenPlace(each, obstacle=obstacle_to(each, standing, busy))
        for each in posts
    )
    return tuple(sorted(judged, key=lambda each: (each.post.starts_ms, each.post.id)))


def obstacle_to(post: OpenPost, standing: Standing | None, busy: Iterable[tuple[int, int]]) -> Obstacle | None:
    """Return what speaks against a volunteer at a post, as far as this device can see, or None.

    Args:
        post: which.
        standing: what the platform told of the volunteer; None: nothing, and so nothing speaks against it.
        busy: the spans in which the volunteer serves already, UTC ms.
    """
    reason = None if standing is None else _unqualified(post, standing)
    if reason is not None:
        return Obstacle(reason)
    overlapping = (span for span in busy if span[0] < post.ends_ms and post.starts_ms < span[1])
    return next((Obstacle(RosterReason.OVERLAP, span) for span in overlapping), None)


def _unqualified(post: OpenPost, standing: Standing) -> RosterReason | None:
    if standing.suspended:
        return RosterReason.SUSPENDED
    if post.training is not None and not _holds(standing, post.training, post.ends_ms):
        return RosterReason.TRAINING
    if standing.adult_from_ms is None or post.starts_ms >= standing.adult_from_ms:
        return None
    if not standing.guardian_consent:
        return RosterReason.CONSENT
    return None if post.daytime else RosterReason.NIGHT


def _holds(standing: Standing, training: str, until_ms: int) -> bool:
    return any(
        each.name == training and (each.lapses_ms is None or each.lapses_ms >= until_ms) for each in standing.trained
    )


def _busy(volunteer: str, data: ReferenceData, places: Iterable[OwnPlace]) -> Iterator[tuple[int, int]]:
    for place in places:
        if place.state not in _NOT_SERVING:
            yield place.shift.starts_ms, place.shift.ends_ms
    for near in data.nearby:
        if near.volunteer == volunteer:
            yield near.starts_ms, near.ends_ms
