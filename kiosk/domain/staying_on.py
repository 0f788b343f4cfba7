"""接着值下一班: which open post whoever ends a duty may go on with, by what this device knows of the rules.

Upstream: ``open_posts``, ``roster``, ``sync.protocol.reference``.
Downstream: ``kiosk.usecases.record_scan`` (offers it), ``kiosk.usecases.stay_on`` (holds it against the same rules).

What a device cannot know (skills, the maximum of a week, another's answer of this very minute) the platform decides
when the answer arrives; a post that asks for something no device can see is not offered here (docs/adr/0034).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.domain.open_posts import obstacle_to
from kiosk.domain.roster import MS_PER_MIN, MS_PER_S, S_PER_MIN, STRAIGHT_ON_MIN, shifts_of
from sync.protocol.crediting import LUOYANG_1

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sync.protocol.events import Shift
    from sync.protocol.reference import ReferenceData, Standing
    from sync.protocol.roster import OpenPost

NEAR_MS = STRAIGHT_ON_MIN * MS_PER_MIN


@dataclass(frozen=True, slots=True)
class Leaving:
    """Who ends a duty here, and which.

    Attributes:
        at: when, aware UTC.
        shift: the shift it belonged to, or None for a walk-in.
        team: under which it was served, or None.
        served_s: how long it lasted, whole seconds.
        barred: service kinds that may not be chosen without a training that is not held.
    """

    volunteer: str
    at: datetime
    shift: Shift | None
    team: str | None
    served_s: int
    barred: frozenset[str] = frozenset()


def post_to_stay_for(leaving: Leaving, data: ReferenceData) -> OpenPost | None:
    """Return the open post to be offered, the nearest start first, or None.

    It begins within a quarter of an hour of now, or of the end of the shift that was served. Whoever leaves before the
    end of an own shift is asked nothing, nor is a stay too short to count, which would be lost for good.
    """
    at_ms = round(leaving.at.timestamp() * MS_PER_S)
    too_short = leaving.served_s < LUOYANG_1.minimum * S_PER_MIN
    if too_short or (leaving.shift is not None and at_ms < leaving.shift.ends_ms - NEAR_MS):
        return None
    near = [post for post in data.open_posts if at_ms < post.ends_ms and _is_near(post, at_ms, leaving.shift)]
    if not near:
        return None
    standing, busy = data.standing_of(leaving.volunteer), _busy(leaving.volunteer, data)
    fit = [post for post in near if _is_open_to(post, leaving, standing, busy)]
    return min(fit, key=lambda post: (abs(post.starts_ms - at_ms), post.id), default=None)


def _is_near(post: OpenPost, at_ms: int, shift: Shift | None) -> bool:
    after_own = shift is not None and abs(post.starts_ms - shift.ends_ms) <= NEAR_MS
    return after_own or abs(post.starts_ms - at_ms) <= NEAR_MS


def _is_open_to(post: OpenPost, leaving: Leaving, standing: Standing | None, busy: Sequence[tuple[int, int]]) -> bool:
    """Tell whether all that is asked of who serves there is known to be met, and no own shift lies within it."""
    unknown = post.skill is not None or post.team not in {None, leaving.team}
    unknown = unknown or (post.training is not None and standing is None)
    return not unknown and post.service not in leaving.barred and obstacle_to(post, standing, busy) is None


def _busy(volunteer: str, data: ReferenceData) -> list[tuple[int, int]]:
    """Return when own shifts are, here and at other points, UTC ms."""
    here = [(each.starts_ms, each.ends_ms) for each in shifts_of(volunteer, data.roster)]
    return here + [(each.starts_ms, each.ends_ms) for each in data.nearby if each.volunteer == volunteer]
