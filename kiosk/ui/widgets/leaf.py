"""A shift as a leaf of the calendar over a bar of the day: to be seen, not to be read.

Upstream: ``kiosk.presenter.records.views.Leaf``.
Downstream: ``own_exchange``.
"""

from __future__ import annotations

from typing import Any

from kivy.clock import Clock
from kivy.graphics import Color, RoundedRectangle
from kivy.properties import ListProperty, NumericProperty, StringProperty
from kivy.uix.widget import Widget

from kiosk.presenter.records.views import Leaf
from kiosk.presenter.views import Mark
from kiosk.ui.kv import load_beside
from kiosk.ui.theme import THEME
from kiosk.ui.widgets.rounded import Flat, Panel
from kiosk.ui.widgets.say import BEFORE_FRAME, Say

__all__ = ["DayBar", "Flat", "LeafPanel"]

BAR = 30  # of the type of its marks the size; the bar is as high
GAP = 8


class DayBar(Widget):
    """A day from left to right, and the part of it that a shift takes."""

    begin = NumericProperty(0.0)
    end = NumericProperty(0.0)
    marks = ListProperty([])

    def __init__(self, **properties: Any) -> None:
        self._draw_soon = Clock.create_trigger(self._draw, BEFORE_FRAME)
        super().__init__(**properties)
        for name in ("begin", "end", "marks", "pos", "size"):
            self.fbind(name, self._draw_soon)

    def _draw(self, _elapsed: float) -> None:
        self.canvas.before.clear()
        self.clear_widgets()
        high, foot = BAR * THEME.unit, self.y + (BAR + GAP) * THEME.unit
        with self.canvas.before:
            Color(rgba=THEME.line)
            RoundedRectangle(pos=(self.x, foot), size=(self.width, high), radius=[high / 2])
            Color(rgba=THEME.accent)
            wide = max(high, (self.end - self.begin) * self.width)
            RoundedRectangle(pos=(self.x + self.begin * self.width, foot), size=(wide, high), radius=[high / 2])
        for mark in self.marks:
            self._write(mark)

    def _write(self, mark: Mark) -> None:
        wide = 60 * THEME.unit
        at = min(max(self.x, self.x + mark.at * self.width - wide / 2), self.right - wide)
        align = "left" if mark.at <= 0 else "right" if mark.at >= 1 else "center"
        label = Say(text=mark.label, points=28 * THEME.unit, color=THEME.soft_ink, halign=align)
        label.pos, label.size, label.size_hint = (at, self.y), (wide, 34 * THEME.unit), (None, None)
        self.add_widget(label)


class LeafPanel(Panel):
    """A :class:`~kiosk.presenter.records.views.Leaf`."""

    whose = StringProperty("")
    weekday = StringProperty("")
    month = StringProperty("")
    day = StringProperty("")
    times = StringProperty("")
    service = StringProperty("")
    icon = StringProperty("")
    nothing = StringProperty("")
    begin = NumericProperty(0.0)
    end = NumericProperty(0.0)
    marks = ListProperty([])

    def on_kv_post(self, _base: Any) -> None:
        self._shift, self._nothing = self.ids.shift.__self__, self.ids.nothing.__self__

    def show(self, leaf: Leaf, marks: tuple[Mark, ...]) -> None:
        """Become this leaf."""
        self.whose, self.nothing, self.marks = leaf.whose, leaf.nothing, list(marks)
        self.weekday, self.month, self.day, self.times = leaf.weekday, leaf.month, leaf.day, leaf.times
        self.service, self.icon = leaf.service, "" if leaf.icon is None else leaf.icon.value
        self.begin, self.end = leaf.begin, leaf.end
        slot = self.ids.slot
        slot.clear_widgets()
        slot.add_widget(self._nothing if leaf.nothing else self._shift)


load_beside(__file__)
