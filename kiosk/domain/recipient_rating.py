"""服务评价: when a face by somebody who was served is taken, and when a person should look at it (REQ 2.7c).

Upstream: ``policy``.
Downstream: ``kiosk.usecases.rate_by_recipient``.

Nobody is asked who they are, so the guard is time alone: not while a volunteer has just shown a card here, for that
would be the volunteer's own finger; not one upon the other; and many within minutes are kept and flagged, not refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kiosk.domain.policy import DutyPolicy

NS_PER_S = 1_000_000_000


class FaceRefusal(StrEnum):
    """Why a face was not taken; nothing was recorded."""

    NOBODY_ON_DUTY = "nobody_on_duty"
    AFTER_SCAN = "after_scan"
    AFTER_FACE = "after_face"


@dataclass(frozen=True, slots=True)
class Lately:
    """How long ago things happened at this device, by boot time in ns.

    Attributes:
        on_duty: duties open here now.
        scan_ns: since the last card of a volunteer, None where none is known of.
        faces_ns: since each of the last faces.
    """

    on_duty: int
    scan_ns: int | None
    faces_ns: Sequence[int]


def refusal_of(lately: Lately, policy: DutyPolicy) -> FaceRefusal | None:
    """Return why a face is not taken now, or None: it is."""
    if not lately.on_duty:
        return FaceRefusal.NOBODY_ON_DUTY
    if lately.scan_ns is not None and lately.scan_ns < policy.face_after_scan_s * NS_PER_S:
        return FaceRefusal.AFTER_SCAN
    if any(since_ns < policy.face_apart_s * NS_PER_S for since_ns in lately.faces_ns):
        return FaceRefusal.AFTER_FACE
    return None


def is_burst(lately: Lately, policy: DutyPolicy) -> bool:
    """Tell whether a face taken now is one of so many that a person should look at them."""
    within = [since_ns for since_ns in lately.faces_ns if since_ns < policy.face_burst_s * NS_PER_S]
    return len(within) + 1 >= policy.face_burst
