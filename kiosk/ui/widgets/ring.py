"""A ring that fills or empties: the countdown of a card, the way to the next star.

Upstream: ``textures``.
Downstream: cards, notices.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

from kivy.graphics import Color, Mesh, Rectangle
from kivy.graphics.texture import Texture
from kivy.properties import ColorProperty, NumericProperty, StringProperty
from kivy.uix.floatlayout import FloatLayout

from kiosk.ui.kv import load_beside
from kiosk.ui.textures import rounded
from kiosk.ui.theme import THEME

STEPS = 72


@lru_cache(8)
def _band(width: int) -> Any:
    """A band of this many pixels, smooth at both edges."""
    texture = Texture.create(size=(width + 2, 1), colorfmt="rgba")
    row = bytes((255, 255, 255, 0)) + bytes((255, 255, 255, 255)) * width + bytes((255, 255, 255, 0))
    texture.blit_buffer(row, colorfmt="rgba", bufferfmt="ubyte")
    texture.wrap = "clamp_to_edge"
    return texture


class Ring(FloatLayout):
    """``fraction`` of a circle, clockwise from the top, round at both ends; a word in the middle."""

    fraction = NumericProperty(0.0)
    thickness = NumericProperty(14.0)
    colour = ColorProperty(THEME.accent)
    track = ColorProperty(THEME.line)
    centre = StringProperty("")
    below = StringProperty("")
    points = NumericProperty(40.0)

    def __init__(self, **properties: Any) -> None:
        super().__init__(**properties)
        with self.canvas.before:
            self._track_colour = Color()
            self._track = Mesh(mode="triangle_strip")
            self._arc_colour = Color()
            self._arc = Mesh(mode="triangle_strip")
            self._ends = (Rectangle(), Rectangle())
        for name in ("pos", "size", "thickness", "colour", "track"):
            self.fbind(name, self._draw)
        self.fbind("fraction", self._draw_arc)
        self._draw()

    def _draw(self, *_: object) -> None:
        self._track_colour.rgba, self._arc_colour.rgba = self.track, self.colour
        self._strip(self._track, 1.0)
        self._draw_arc()

    def _draw_arc(self, *_: object) -> None:
        self._strip(self._arc, self.fraction)
        wide = max(1, round(self.thickness))
        for end, fraction in zip(self._ends, (0.0, self.fraction), strict=True):
            x, y = self._point(fraction, self._radius)
            end.texture = rounded(max(1, wide // 2))
            end.pos = (x - wide / 2, y - wide / 2)
            end.size = (wide, wide) if 0 < self.fraction < 1 else (0, 0)

    @property
    def _radius(self) -> float:
        return max(1.0, (min(self.size) - self.thickness) / 2 - 1)

    def _point(self, fraction: float, radius: float) -> tuple[float, float]:
        middle_x, middle_y = self.x + self.width / 2, self.y + self.height / 2  # center_x may lag behind pos here
        angle = math.pi / 2 - fraction * math.tau
        return middle_x + radius * math.cos(angle), middle_y + radius * math.sin(angle)

    def _strip(self, mesh: Mesh, fraction: float) -> None:
        half = self.thickness / 2 + 1
        steps = max(1, round(STEPS * fraction))
        vertices: list[float] = []
        for step in range(steps + 1):
            inner = self._point(fraction * step / steps, self._radius - half)
            outer = self._point(fraction * step / steps, self._radius + half)
            vertices += (*inner, 0.0, 0.5, *outer, 1.0, 0.5)
        mesh.texture = _band(max(1, round(self.thickness)))
        mesh.vertices = vertices if fraction > 0 else []
        mesh.indices = list(range(2 * steps + 2)) if fraction > 0 else []


load_beside(__file__)
