"""Today's roster on an axis of hours, with a line at now.

Upstream: ``kiosk.presenter.views.TimeLine``.
Downstream: the idle screen.
"""

from __future__ import annotations

from typing import Any

from kivy.clock import Clock
from kivy.graphics import Color, Rectangle
from kivy.properties import ObjectProperty
from kivy.uix.widget import Widget

from kiosk.presenter.views import Shift, TimeLine
from kiosk.ui.textures import rounded
from kiosk.ui.theme import THEME
from kiosk.ui.widgets.icon import Icon
from kiosk.ui.widgets.rounded import Flat
from kiosk.ui.widgets.say import BEFORE_FRAME, Say, width_of

AXIS = 36
LETTERS = 28
GAP = 6
MOST_LANE = 50


class TimeAxis(Widget):
    """A :class:`~kiosk.presenter.views.TimeLine`, drawn anew when it or its place changes."""

    line = ObjectProperty(None, allownone=True)

    def __init__(self, **properties: Any) -> None:
        self._draw_soon = Clock.create_trigger(self._draw, BEFORE_FRAME)
        super().__init__(**properties)
        for name in ("line", "pos", "size"):
            self.fbind(name, self._draw_soon)

    def _draw(self, _elapsed: float) -> None:
        self.canvas.before.clear()
        self.clear_widgets()
        line: TimeLine | None = self.line
        if line is None or not line.lanes:
            return
        foot = self.y + AXIS * THEME.unit
        self._draw_hours(line, foot)
        if line.now is not None:
            self._draw_now(self._at(line.now), foot)
        for shift in line.shifts:
            self._draw_shift(shift, line.lanes, foot)

    def _at(self, fraction: float) -> float:
        inset = 8 * THEME.unit
        return float(self.x + inset + fraction * (self.width - 2 * inset))

    def _draw_hours(self, line: TimeLine, foot: float) -> None:
        wide = 90 * THEME.unit
        for mark in line.hours:
            at = self._at(mark.at)
            with self.canvas.before:
                Color(rgba=THEME.line)
                Rectangle(pos=(at - 1, foot), size=(2, self.top - foot))
            left = min(max(self.x, at - wide / 2), self.right - wide)
            aligned = "left" if left <= self.x else "right" if left >= self.right - wide else "center"
            label = Say(text=mark.label, halign=aligned)
            label.color, label.points = THEME.soft_ink, LETTERS * THEME.unit
            label.pos, label.size = (left, self.y - 2), (wide, AXIS * THEME.unit)
            self.add_widget(label)

    def _draw_now(self, at: float, foot: float) -> None:
        wide, dot = max(2, 4 * THEME.unit), round(9 * THEME.unit)
        with self.canvas.before:
            Color(rgba=THEME.accent)
            Rectangle(pos=(at - wide / 2, foot), size=(wide, self.top - foot))
            Rectangle(texture=rounded(dot), pos=(at - dot, foot - dot), size=(2 * dot, 2 * dot))

    def _draw_shift(self, shift: Shift, lanes: int, foot: float) -> None:
        gap = GAP * THEME.unit
        high = min(MOST_LANE * THEME.unit, (self.top - foot) / lanes - gap)
        left, right = self._at(shift.begin), self._at(shift.end)
        bar = Flat()  # properties after the rules of its .kv, or those would win
        bar.fill = THEME.ground(shift.tone)
        bar.pos, bar.size = (left + 1, self.top - (shift.lane + 1) * (high + gap) + gap), (right - left - 2, high)
        bar.radius = min(12 * THEME.unit, high / 2)
        self._letter(bar, shift)
        self.add_widget(bar)

    def _letter(self, bar: Flat, shift: Shift) -> None:
        """Put picture and name into a bar, as far as they have room."""
        sign = 28 * THEME.unit
        bar.padding, bar.spacing = (8 * THEME.unit, 0), 4 * THEME.unit
        needed = 0.8 * width_of(shift.label, "body", int(LETTERS * THEME.unit)) + 16 * THEME.unit
        ink = THEME.text(shift.tone)
        if bar.width > needed + sign:
            icon = Icon(name=shift.icon.value, pos_hint={"center_y": 0.5})
            icon.color, icon.height = ink, sign
            bar.add_widget(icon)
        if bar.width > needed:
            label = Say(text=shift.label, halign="center")
            label.color = ink
            bar.add_widget(label)
