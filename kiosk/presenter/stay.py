"""How long a screen stays: longer by a touch, within reason by a card held before the lens.

Upstream: ``navigation.stays_s`` and ``area`` (for how long).
Downstream: ``kiosk_presenter`` keeps one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from kiosk.presenter.views import Countdown

HELD_AT_MOST = 3  # a card left before the lens holds its screen for no more than this many times its stay


@dataclass(frozen=True, slots=True)
class Stay:
    """The stay of one screen, in seconds of a clock that only goes forward.

    Attributes:
        length_s: what it lasts untouched; 0: nothing is counted.
        opened_s: when the screen came.
        until_s: when it goes.
    """

    length_s: int = 0
    opened_s: float = 0.0
    until_s: float = 0.0

    @classmethod
    def beginning(cls, length_s: int, now_s: float) -> Stay:
        return cls(length_s, now_s, now_s + length_s)

    def is_over(self, now_s: float) -> bool:
        return now_s >= self.until_s

    def touched(self, now_s: float) -> Stay:
        return replace(self, until_s=now_s + self.length_s)

    def held(self, now_s: float) -> Stay:
        if now_s - self.opened_s >= HELD_AT_MOST * self.length_s:
            return self
        return replace(self, until_s=max(self.until_s, now_s + self.length_s))

    def countdown(self, now_s: float) -> Countdown:
        left_s = max(0.0, self.until_s - now_s)
        return Countdown(math.ceil(left_s), round(left_s / self.length_s, 2) if self.length_s else 0.0)
