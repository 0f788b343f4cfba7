"""Words on the screen that are never cut: they shrink until they fit their lines.

Upstream: ``theme``.
Downstream: every widget that shows words.

Markup is off, so what a person is called can never be taken for an instruction.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

from kivy.clock import Clock
from kivy.core.text import Label as CoreLabel
from kivy.properties import NumericProperty
from kivy.uix.label import Label

from kiosk.ui.kv import load_beside

BEFORE_FRAME = -1
SLACK = 1.06  # lines break where words end, not at the last pixel


@lru_cache(512)
def width_of(text: str, face: str, size_px: int) -> int:
    """Return how wide one line of text is, in pixels."""
    return int(CoreLabel(font_name=face, font_size=size_px).get_extents(text)[0])


class Say(Label):
    """Text in at most ``lines`` lines, at ``points`` pixels or as much smaller as it takes."""

    points = NumericProperty(28.0)
    lines = NumericProperty(1)

    def __init__(self, **properties: Any) -> None:
        self._fit_soon = Clock.create_trigger(self._fit, BEFORE_FRAME)
        super().__init__(**properties)
        for name in ("text", "size", "points", "lines", "font_name"):
            self.fbind(name, self._fit_soon)
        self._fit_soon()

    def _fit(self, _elapsed: float) -> None:
        wanted = max(1, int(self.points))
        self.font_size = wanted
        if self.width <= 1 or not self.text:
            return
        longest = max(width_of(line, self.font_name, wanted) for line in self.text.split("\n"))
        needed = max(1, math.ceil(longest * SLACK / self.width)) if self.lines > 1 else 1
        if needed <= self.lines and (needed > 1 or longest <= self.width):
            return
        self.font_size = max(1, int(wanted * self.lines * self.width / (longest * (SLACK if self.lines > 1 else 1))))


class Heading(Say):
    """The same in the bold face; never for a name, which that face may not have."""


load_beside(__file__)
