"""上岗: the greeting, the shift, seven large tiles with the likely one chosen, cap and armband.

Upstream: ``kiosk.presenter.views.CheckInView``.
Downstream: ``stage``.
"""

from __future__ import annotations

from kivy.properties import NumericProperty, StringProperty

from kiosk.presenter.views import CheckInView
from kiosk.ui.kv import load_beside
from kiosk.ui.screens.card_foot import CardFoot
from kiosk.ui.screens.screen import KioskScreen
from kiosk.ui.widgets.pill import Pill
from kiosk.ui.widgets.ring import Ring
from kiosk.ui.widgets.tile import Tile

__all__ = ["CardFoot", "CheckInScreen", "Ring"]

UPRIGHT_COLUMNS = 4


class CheckInScreen(KioskScreen):
    """A :class:`~kiosk.presenter.views.CheckInView`."""

    greeting = StringProperty("")
    shift = StringProperty("")
    question = StringProperty("")
    reminder = StringProperty("")
    seconds = StringProperty("")
    fraction = NumericProperty(0.0)
    columns = NumericProperty(7)
    pill_rows = NumericProperty(1)

    def show(self, view: CheckInView) -> None:
        """Become this view state."""
        self.greeting, self.shift, self.reminder = view.greeting, view.shift, view.reminder
        self.question = "" if view.warnings else view.question
        self.seconds, self.fraction = str(view.countdown.seconds), view.countdown.fraction
        self.ids.recorded.show(view.recorded)
        self.ids.punctuality.show(view.punctuality)
        self.ids.foot.show(view.undo, view.close)
        self._show_warnings(view)
        self._show_services(view)

    def _show_warnings(self, view: CheckInView) -> None:
        box = self.ids.warnings
        if len(box.children) != len(view.warnings):
            box.clear_widgets()
            for _ in view.warnings:
                box.add_widget(WarningPill())
        for pill, warning in zip(reversed(box.children), view.warnings, strict=True):
            pill.show(warning)

    def _show_services(self, view: CheckInView) -> None:
        grid = self.ids.services
        if len(grid.children) != len(view.services):
            grid.clear_widgets()
            for _ in view.services:
                grid.add_widget(Tile())
        self.pill_rows = 2 if self.portrait else 1
        self.columns = UPRIGHT_COLUMNS if self.portrait else len(view.services)
        for tile, service in zip(reversed(grid.children), view.services, strict=True):
            tile.show(service)


class WarningPill(Pill):
    """What the volunteer should tell the captain."""


load_beside(__file__)
