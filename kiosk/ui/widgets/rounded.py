"""Rounded grounds: flat ones in the colour of a role, and lifted ones that throw a soft shadow.

Upstream: ``textures``, ``theme``.
Downstream: buttons, badges, tiles, panels.
"""

from __future__ import annotations

from typing import Any

from kivy.graphics import Color, Line
from kivy.properties import ColorProperty, ListProperty, NumericProperty, ObjectProperty
from kivy.uix.boxlayout import BoxLayout

from kiosk.ui.kv import load_beside
from kiosk.ui.textures import rounded, shadow
from kiosk.ui.theme import THEME


class Flat(BoxLayout):
    """A box on a rounded ground."""

    fill = ColorProperty(THEME.card)
    radius = NumericProperty(20.0)
    shape = ObjectProperty(None, allownone=True)
    shape_border = ListProperty([0, 0, 0, 0])

    def __init__(self, **properties: Any) -> None:
        super().__init__(**properties)
        self._outline: Any = None
        self.fbind("radius", self._reshape)
        self._reshape()
        if THEME.edge[3]:
            self._draw_outline()

    def _reshape(self, *_: object) -> None:
        radius = max(1, round(self.radius))
        self.shape = rounded(radius)
        self.shape_border = [radius] * 4

    def _draw_outline(self) -> None:
        with self.canvas.after:
            Color(rgba=THEME.edge)
            self._outline = Line(width=1.5)
        self.fbind("size", self._place_outline)
        self.fbind("pos", self._place_outline)

    def _place_outline(self, *_: object) -> None:
        self._outline.rounded_rectangle = (*self.pos, *self.size, max(1, self.radius))


class Panel(Flat):
    """A sheet that lies on the paper."""

    blur = NumericProperty(18.0)
    shade = ObjectProperty(None, allownone=True)
    shade_border = ListProperty([0, 0, 0, 0])

    def _reshape(self, *_: object) -> None:
        super()._reshape()
        radius, blur = max(1, round(self.radius)), max(1, round(self.blur))
        self.shade = shadow(radius, blur)
        self.shade_border = [radius + blur] * 4


load_beside(__file__)
