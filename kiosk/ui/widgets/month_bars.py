"""The month's hours by day, one thin bar each; today stands out.

Upstream: ``kiosk.presenter.views.MonthChart``.
Downstream: the idle screen.
"""

from __future__ import annotations

from typing import Any

from kivy.clock import Clock
from kivy.graphics import Color, Mesh
from kivy.properties import ObjectProperty
from kivy.uix.widget import Widget

from kiosk.presenter.views import MonthChart, Tone
from kiosk.ui.theme import THEME
from kiosk.ui.widgets.say import BEFORE_FRAME, Say

AXIS = 34
LETTERS = 28
LEAST = 3  # pixels of a bar without hours, so that every day has its place


class MonthBars(Widget):
    """A :class:`~kiosk.presenter.views.MonthChart`, drawn anew when it or its place changes."""

    chart = ObjectProperty(None, allownone=True)

    def __init__(self, **properties: Any) -> None:
        self._draw_soon = Clock.create_trigger(self._draw, BEFORE_FRAME)
        super().__init__(**properties)
        for name in ("chart", "pos", "size"):
            self.fbind(name, self._draw_soon)

    def _draw(self, _elapsed: float) -> None:
        self.canvas.before.clear()
        self.clear_widgets()
        chart: MonthChart | None = self.chart
        if chart is None or not chart.bars:
            return
        days = range(len(chart.bars))
        with self.canvas.before:
            Color(rgba=THEME.text(Tone.CALM))
            self._bars([day for day in days if day != chart.today and chart.bars[day] > 0])
            Color(rgba=THEME.line)
            self._bars([day for day in days if day != chart.today and chart.bars[day] == 0])
            Color(rgba=THEME.accent)
            self._bars([chart.today])
        for mark in chart.marks:
            label = Say(text=mark.label, halign="center")
            label.color, label.points = THEME.soft_ink, LETTERS * THEME.unit
            label.size = (60 * THEME.unit, AXIS * THEME.unit)
            label.pos = (self.x + mark.at * self.width - label.width / 2, self.y - 2)
            self.add_widget(label)

    def _bars(self, days: list[int]) -> None:
        foot, step = self.y + AXIS * THEME.unit, self.width / len(self.chart.bars)
        vertices: list[float] = []
        indices: list[int] = []
        for place, day in enumerate(days):
            left, right = self.x + (day + 0.18) * step, self.x + (day + 0.82) * step
            top = foot + max(LEAST, self.chart.bars[day] * (self.top - foot))
            for x, y in ((left, foot), (right, foot), (right, top), (left, top)):
                vertices += (x, y, 0.0, 0.0)
            indices += (4 * place + corner for corner in (0, 1, 2, 2, 3, 0))
        Mesh(vertices=vertices, indices=indices, mode="triangles")
