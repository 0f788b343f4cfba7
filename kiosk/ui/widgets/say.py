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
LEADING = 1.5  # height of a line among others, in sizes of its type
LEADING_ONE = 1.2  # and of one that stands alone
MARGIN = 3  # pixels; letters are a little wider in a row than their sum
SLACK = 1.08  # lines break where words end, not at the last pixel


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
        self.text_size = (self.width, None if self.lines == 1 else self.height)
        if self.width > MARGIN and self.text:
            self.font_size = self._fitting()

    def _fitting(self) -> int:
        """The largest size at which all lines fit both ways and no Latin word is torn."""
        wanted = max(1, int(self.points))
        parts = [width_of(part, self.font_name, wanted) for part in self.text.split("\n")]
        latin = [word for word in self.text.split() if word.isascii()]
        widest = max((width_of(word, self.font_name, wanted) for word in latin), default=0)
        for size in range(wanted, 1, -1):
            room = (self.width - MARGIN) * wanted / size
            needed = sum(1 if part <= room else math.ceil(part * SLACK / room) for part in parts)
            high = size * (LEADING_ONE if needed == 1 else LEADING * needed)
            if needed <= self.lines and widest <= room and high <= self.height:
                return size
        return 1


class Heading(Say):
    """The same in the bold face; never for a name, which that face may not have."""


load_beside(__file__)
