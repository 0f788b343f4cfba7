"""Whose turn it is where more is to be shown than has room: notices, people, words.

Upstream: nothing.
Downstream: ``idle``, ``timeline``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

TURN_S = 8  # how long one stays before the next takes its turn


def turn_of(now: datetime | None) -> int:
    """Return the number of the turn at an instant; 0 where none is known yet."""
    return 0 if now is None else int(now.timestamp()) // TURN_S
