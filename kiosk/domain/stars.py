"""Stars: which level the confirmed hours give the right to apply for; one after another, and never by itself.

Upstream: nothing.
Downstream: ``kiosk.usecases.apply_for_star``, ``open_own_records``, ``kiosk.presenter``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

STAR_HOURS = (100, 300, 600, 1000, 1500)  # 附2.7: one to five stars, one after another
MIN_PER_HOUR = 60


def next_level(held: int) -> int | None:
    """Return the level after the one held (0–5), or None: there is none after the fifth."""
    return held + 1 if held < len(STAR_HOURS) else None


def minutes_for(level: int) -> int:
    """Return the confirmed minutes that a level (1–5) asks for (REQ 2.7a)."""
    return STAR_HOURS[level - 1] * MIN_PER_HOUR


def may_apply_for(held: int, confirmed_minutes: int, applied: Collection[int]) -> int | None:
    """Return the level a volunteer may apply for now, or None.

    Args:
        held: the level held; only the next one can be applied for (依次, REQ 2.7a).
        confirmed_minutes: confirmed by a person; what is provisional or waits for the captain gives no right.
        applied: levels applied for already, each once (REQ 2.7b).
    """
    level = next_level(held)
    if level is None or level in applied or confirmed_minutes < minutes_for(level):
        return None
    return level
