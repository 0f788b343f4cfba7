"""Which planned shift a scan belongs to, and whether it came early, on time, late, or back from a break.

Upstream: ``policy``, ``sync.protocol.reference``.
Downstream: ``handing_over``, ``staying_on``, ``kiosk.usecases.begin_duty``, ``kiosk.usecases.read_board``.

A shift that was served to its end is over for its volunteer, so a scan between two shifts belongs to the second. Shifts
that follow one another at most a quarter of an hour apart are one stay: one check-in spans them (docs/adr/0034).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sync.protocol.crediting import LUOYANG_1
from sync.protocol.vocabulary import AssignmentState

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from kiosk.domain.policy import DutyPolicy
    from sync.protocol.reference import NearbyShift, RosteredShift

S_PER_MIN = 60
MS_PER_MIN = 60_000
MS_PER_S = 1000
STRAIGHT_ON_MIN = LUOYANG_1.late  # a post so soon after one's own is served straight on (duty-rules.md, Crediting)
_GAP_MS = STRAIGHT_ON_MIN * MS_PER_MIN
TOLD = frozenset({AssignmentState.OFFERED, AssignmentState.ACCEPTED})  # drafts and what was declined concern no booth


class Punctuality(StrEnum):
    """How a check-in stands to the roster (REQ 0.4)."""

    EARLY = "early"  # 早到
    ON_TIME = "on_time"  # 准时
    LATE = "late"  # 迟到
    BACK = "back"  # 回岗: there before during this very shift
    WALK_IN = "walk_in"  # 临时


@dataclass(frozen=True, slots=True)
class Presence:
    """One stay of a volunteer at this point, aware UTC; ``ended`` None: it has not ended."""

    began: datetime
    ended: datetime | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """The shift a check-in belongs to, or None for a walk-in.

    ``span`` are the bounds (UTC ms, end excluded) of all own shifts that are served straight on with it; None: it
    stands alone.
    """

    punctuality: Punctuality
    shift: RosteredShift | None = None
    span: tuple[int, int] | None = None

    @property
    def bounds(self) -> tuple[int, int] | None:
        """What its session counts in, UTC ms; None for a walk-in."""
        return self.span if self.shift is None or self.span else (self.shift.starts_ms, self.shift.ends_ms)


def match_shift(
    volunteer: str,
    at: datetime,
    roster: Iterable[RosteredShift],
    policy: DutyPolicy,
    presences: Sequence[Presence] = (),
    without: Collection[str] = (),
) -> Match:
    """Return the shift of ``volunteer`` that a check-in at ``at`` (aware UTC) belongs to.

    A shift matches from ``policy.early_min`` before its start until its end, unless it was served already; of several
    an accepted one is taken before an offered one, and then the nearest start.

    Args:
        volunteer: whose card was shown.
        at: when.
        roster: of this point.
        policy: the station's limits.
        presences: the volunteer's earlier stays here.
        without: the ids of shifts that the volunteer has said no to.
    """
    own = [each for each in shifts_of(volunteer, roster) if each.id not in without]
    own = [each for each in own if at < ends_at(each) and not _is_served(each, presences)]
    due = [each for each in own if starts_at(each).timestamp() - policy.early_min * S_PER_MIN <= at.timestamp()]
    if not due:
        return Match(Punctuality.WALK_IN)
    meant = min(due, key=lambda each: (each.state is not AssignmentState.ACCEPTED, abs(starts_at(each) - at)))
    return Match(_punctuality(meant, at, presences, policy), meant, _straight_on(meant, own))


def candidates(
    volunteer: str, at: datetime, roster: Iterable[RosteredShift], policy: DutyPolicy
) -> list[RosteredShift]:
    """Return the shifts that a check-in could belong to, were none served yet: nothing else needs the ledger asked."""
    earliest = at.timestamp() + policy.early_min * S_PER_MIN
    own = shifts_of(volunteer, roster)
    return [each for each in own if starts_at(each).timestamp() <= earliest and at < ends_at(each)]


def shifts_of(volunteer: str, roster: Iterable[RosteredShift]) -> list[RosteredShift]:
    """Return the shifts of a volunteer that a booth should know of."""
    return [each for each in roster if each.volunteer == volunteer and each.state in TOLD]


def shift_elsewhere(
    volunteer: str, at: datetime, nearby: Iterable[NearbyShift], policy: DutyPolicy
) -> NearbyShift | None:
    """Return the shift at another point that a scan at ``at`` (aware UTC) was meant for, by the nearest start."""
    at_ms = at.timestamp() * MS_PER_S
    early_ms = policy.early_min * MS_PER_MIN
    due = [each for each in nearby if each.volunteer == volunteer and each.starts_ms - early_ms <= at_ms < each.ends_ms]
    return min(due, key=lambda each: (abs(each.starts_ms - at_ms), each.id), default=None)


def was_there(shift: RosteredShift, presences: Iterable[Presence]) -> bool:
    """Tell whether a volunteer was there while an own shift ran."""
    starts, ends = starts_at(shift), ends_at(shift)
    return any(each.began < ends and (each.ended is None or each.ended > starts) for each in presences)


def _is_served(shift: RosteredShift, presences: Iterable[Presence]) -> bool:
    """Tell whether a volunteer left it about its end or later; who left before may come back to it."""
    ends = ends_at(shift)
    last_s = ends.timestamp() - STRAIGHT_ON_MIN * S_PER_MIN
    return any(each.began < ends and each.ended and each.ended.timestamp() >= last_s for each in presences)


def _punctuality(shift: RosteredShift, at: datetime, presences: Iterable[Presence], policy: DutyPolicy) -> Punctuality:
    late_s = (at - starts_at(shift)).total_seconds()
    if late_s < 0:
        return Punctuality.EARLY
    if late_s <= policy.on_time_min * S_PER_MIN:
        return Punctuality.ON_TIME
    return Punctuality.BACK if was_there(shift, presences) else Punctuality.LATE


def _straight_on(meant: RosteredShift, own: Iterable[RosteredShift]) -> tuple[int, int] | None:
    """Return the bounds of the shifts that join one with the next, or None where it joins none."""
    starts_ms, ends_ms = meant.starts_ms, meant.ends_ms
    later = sorted(own, key=lambda each: each.starts_ms)
    for each in later:
        if starts_ms <= each.starts_ms <= ends_ms + _GAP_MS:
            ends_ms = max(ends_ms, each.ends_ms)
    for each in reversed(later):
        if starts_ms - _GAP_MS <= each.ends_ms and each.starts_ms < starts_ms:
            starts_ms, ends_ms = each.starts_ms, max(ends_ms, each.ends_ms)
    alone = (starts_ms, ends_ms) == (meant.starts_ms, meant.ends_ms)
    return None if alone else (starts_ms, ends_ms)


def starts_at(shift: RosteredShift) -> datetime:
    """Return the shift's start as an aware UTC instant."""
    return instant_of(shift.starts_ms)


def ends_at(shift: RosteredShift) -> datetime:
    """Return the shift's end (excluded) as an aware UTC instant."""
    return instant_of(shift.ends_ms)


def instant_of(ms: int) -> datetime:
    """Return UTC ms since 1970 as an aware instant."""
    return datetime.fromtimestamp(ms / MS_PER_S, UTC)
