"""What people agreed on by word of mouth, written down as it is: a post of its own for each, accepted.

Upstream: ``store.rosters``.
Downstream: ``demo``, tests; the planner's page goes by ``changing``, which asks the rules.
"""

from __future__ import annotations

from collections.abc import Iterable

from sync.platform.rostering.hours import day_of
from sync.platform.rostering.model import Assignment, Post, PostState
from sync.platform.store import Unit
from sync.platform.store.rosters import By
from sync.protocol.reference import RosteredShift


def write_down(unit: Unit, point: str, shifts: Iterable[RosteredShift], by: By) -> None:
    """Write shifts that were agreed on, each as a published post of its own; one of the same id is written anew."""
    for shift in shifts:
        post = Post(
            id=shift.post or shift.id,
            point=point,
            service=shift.service,
            starts_ms=shift.starts_ms,
            ends_ms=shift.ends_ms,
            on=day_of(shift.starts_ms),
            team=shift.team,
            state=PostState.PUBLISHED,
        )
        unit.rosters.put_post(post, by)
        unit.rosters.put_assignment(Assignment(shift.id, post.id, shift.volunteer, shift.state), by)
