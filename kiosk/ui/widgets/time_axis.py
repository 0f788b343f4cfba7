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
from kiosk.ui.theme import THEME
from kiosk.ui.widgets.rounded import Flat
from kiosk.ui.widgets.say import BEFORE_FRAME, Say, width_of

AXIS = 34
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
        self.canvas.after.clear()
        self.clear_widgets()
        line: TimeLine | None = self.line
        if line is None or not line.lanes:
            return
        foot = self.y + AXIS * THEME.unit
        self._draw_hours(line, foot)
        for shift in line.shifts:
            self._draw_shift(shift, line.lanes, foot)
        if line.now is not None:
            with self.canvas.after:
                Color(rgba=THEME.accent)
                wide = max(2, 4 * THEME.unit)
                Rectangle(pos=(self._at(line.now) - wide / 2, foot - 4), size=(wide, self.top - foot + 4))

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
            label = Say(text=mark.label, points=26 * THEME.unit, color=THEME.soft_ink, halign=aligned)
            label.pos, label.size = (left, self.y - 2), (wide, AXIS * THEME.unit)
            self.add_widget(label)

    def _draw_shift(self, shift: Shift, lanes: int, foot: float) -> None:
        gap = GAP * THEME.unit
        high = min(MOST_LANE * THEME.unit, (self.top - foot) / lanes - gap)
        left, right = self._at(shift.begin), self._at(shift.end)
        bar = Flat(fill=THEME.ground(shift.tone), padding=(10 * THEME.unit, 0))
        bar.pos, bar.size = (left + 1, self.top - (shift.lane + 1) * (high + gap) + gap), (right - left - 2, high)
        bar.radius = min(12 * THEME.unit, high / 2)
        if width_of(shift.label, "body", int(28 * THEME.unit)) < bar.width - 8 * THEME.unit:
            bar.add_widget(Say(text=shift.label, color=THEME.text(shift.tone), halign="center"))
        self.add_widget(bar)
