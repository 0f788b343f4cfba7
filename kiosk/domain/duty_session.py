"""What a scan does, as a table: the situation of the volunteer in, the deed out (duty-rules.md, What a scan does).

Upstream: ``policy``, ``sync.protocol.vocabulary``.
Downstream: ``kiosk.usecases.present_certificate``; ``docs/ARCHITECTURE.md`` draws its diagram from :data:`DEEDS`.

The states of a session itself and their transitions are part of what both ends agree on, and stand in
``sync.protocol.sessions.TRANSITIONS``. Here is only what showing a card means in each situation::

    nobody's session is open        ── scan ──▶ begin a session
    an open one, just started       ── scan ──▶ remind, never a toggle
    an open one                     ── scan ──▶ end it
    an open one past its limit      ── scan ──▶ close it as provisional, then begin another
"""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kiosk.domain.policy import DutyPolicy

NS_PER_S = 1_000_000_000


class Situation(StrEnum):
    """How the volunteer who shows a card stands to this station."""

    OFF_DUTY = "off_duty"
    JUST_STARTED = "just_started"
    ON_DUTY = "on_duty"
    OVERDUE = "overdue"


class Deed(StrEnum):
    """What the station does about it."""

    BEGIN = "begin"
    REMIND = "remind"
    END = "end"
    CLOSE_AND_BEGIN = "close_and_begin"


DEEDS: Mapping[Situation, Deed] = MappingProxyType(
    {
        Situation.OFF_DUTY: Deed.BEGIN,
        Situation.JUST_STARTED: Deed.REMIND,
        Situation.ON_DUTY: Deed.END,
        Situation.OVERDUE: Deed.CLOSE_AND_BEGIN,
    }
)


def situation_of(open_for_ns: int | None, *, past_limit: bool, policy: DutyPolicy) -> Situation:
    """Return the situation of a volunteer.

    Args:
        open_for_ns: how long the open session may have lasted at most, ns (after a power cut that may be unknown, and
            nobody may be kept from ending duty for it); None where none is open.
        past_limit: whether it has passed the instant of :func:`kiosk.domain.closing.limit_of`.
        policy: the station's limits.
    """
    if open_for_ns is None:
        return Situation.OFF_DUTY
    if past_limit:
        return Situation.OVERDUE
    if open_for_ns < policy.just_started_s * NS_PER_S:
        return Situation.JUST_STARTED
    return Situation.ON_DUTY


def may_undo(age_ns: int, *, is_open_check_in: bool, policy: DutyPolicy) -> bool:
    """Tell whether an accepted scan of this age can still be taken back by the volunteer.

    Any scan within the undo window; a check-in also while its session counts as just started, because the card that
    says so offers it after a fresh scan (duty-rules.md 6 and 8).
    """
    longest_s = policy.just_started_s if is_open_check_in else policy.undo_s
    return 0 <= age_ns <= max(longest_s, policy.undo_s) * NS_PER_S
