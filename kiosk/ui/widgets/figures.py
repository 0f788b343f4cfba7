"""A duration with what it is, and a line that tells how much of the hours is known in which way.

Upstream: ``kiosk.presenter.records.views`` (Figure, Source).
Downstream: ``own_hours``.
"""

from __future__ import annotations

from kivy.properties import NumericProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

from kiosk.presenter.records.views import Figure, Source
from kiosk.ui.kv import load_beside


class FigureBox(BoxLayout):
    """A :class:`~kiosk.presenter.records.views.Figure`."""

    title = StringProperty("")
    value = StringProperty("")
    note = StringProperty("")

    def show(self, figure: Figure) -> None:
        """Become this figure."""
        self.title, self.value, self.note = figure.title, figure.value, figure.note


class SourceLine(BoxLayout):
    """A :class:`~kiosk.presenter.records.views.Source`."""

    name = StringProperty("")
    value = StringProperty("")
    fraction = NumericProperty(0.0)

    def show(self, source: Source) -> None:
        """Become this source."""
        self.name, self.value, self.fraction = source.name, source.value, source.fraction


load_beside(__file__)
