"""Which planned shift a scan belongs to, and whether it came early, on time or late.

Upstream: ``policy``, ``sync.protocol.reference``.
Downstream: ``kiosk.usecases.present_certificate``, ``kiosk.usecases.read_board``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kiosk.domain.policy import DutyPolicy
    from sync.protocol.reference import RosteredShift

S_PER_MIN = 60


class Punctuality(StrEnum):
    """How a check-in stands to the roster (REQ 0.4)."""

    EARLY = "early"  # 早到
    ON_TIME = "on_time"  # 准时
    LATE = "late"  # 迟到
    WALK_IN = "walk_in"  # 临时


@dataclass(frozen=True, slots=True)
class Match:
    """The shift a check-in belongs to, or None for a walk-in."""

    punctuality: Punctuality
    shift: RosteredShift | None = None


def match_shift(volunteer: str, at: datetime, roster: Iterable[RosteredShift], policy: DutyPolicy) -> Match:
    """Return the shift of ``volunteer`` that a check-in at ``at`` (aware UTC) belongs to.

    A shift matches from ``policy.early_min`` before its start until its end; of several the nearest start is taken.
    """
    candidates = [
        shift
        for shift in roster
        if shift.volunteer == volunteer
        and starts_at(shift).timestamp() - policy.early_min * S_PER_MIN <= at.timestamp() < ends_at(shift).timestamp()
    ]
    if not candidates:
        return Match(Punctuality.WALK_IN)
    nearest = min(candidates, key=lambda shift: abs(starts_at(shift) - at))
    late_s = (at - starts_at(nearest)).total_seconds()
    if late_s < 0:
        return Match(Punctuality.EARLY, nearest)
    on_time = late_s <= policy.on_time_min * S_PER_MIN
    return Match(Punctuality.ON_TIME if on_time else Punctuality.LATE, nearest)


def starts_at(shift: RosteredShift) -> datetime:
    """Return the shift's start as an aware UTC instant."""
    return datetime.fromtimestamp(shift.starts_ms / 1000, UTC)


def ends_at(shift: RosteredShift) -> datetime:
    """Return the shift's end (excluded) as an aware UTC instant."""
    return datetime.fromtimestamp(shift.ends_ms / 1000, UTC)
