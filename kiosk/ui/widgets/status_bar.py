"""The line at the foot of every screen: how the machine is, each with its shape and its word.

Upstream: ``kiosk.presenter.views.StatusLine``.
Downstream: ``stage``.
"""

from __future__ import annotations

from kivy.uix.stacklayout import StackLayout

from kiosk.presenter.views import StatusLine
from kiosk.ui.kv import load_beside
from kiosk.ui.widgets.pill import Pill


class StatusBar(StackLayout):
    """A :class:`~kiosk.presenter.views.StatusLine`."""

    def show(self, line: StatusLine) -> None:
        """Become this line."""
        while len(self.children) < len(line.items):
            self.add_widget(StatusPill())
        while len(self.children) > len(line.items):
            self.remove_widget(self.children[0])
        for pill, badge in zip(reversed(self.children), line.items, strict=True):
            pill.show(badge)


class StatusPill(Pill):
    """A badge of the status line."""


load_beside(__file__)
