"""换岗: one question and the service kinds as large tiles.

Upstream: ``kiosk.presenter.asking.change.ChangeView``.
Downstream: ``stage``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kivy.properties import NumericProperty, StringProperty

from kiosk.ui.kv import load_beside
from kiosk.ui.screens.screen import KioskScreen
from kiosk.ui.widgets.push_button import PushButton
from kiosk.ui.widgets.ring import Ring
from kiosk.ui.widgets.tile import Tile

if TYPE_CHECKING:
    from kiosk.presenter.asking.change import ChangeView

__all__ = ["ChangeScreen", "PushButton", "Ring"]

COLUMNS, UPRIGHT_COLUMNS = 4, 2


class ChangeScreen(KioskScreen):
    """A :class:`~kiosk.presenter.asking.change.ChangeView`."""

    title = StringProperty("")
    detail = StringProperty("")
    note = StringProperty("")
    seconds = StringProperty("")
    fraction = NumericProperty(0.0)
    columns = NumericProperty(COLUMNS)

    def show(self, view: ChangeView) -> None:
        """Become this view state."""
        self.title, self.detail, self.note = view.title, view.detail, view.note
        self.seconds, self.fraction = str(view.countdown.seconds), view.countdown.fraction
        self.columns = UPRIGHT_COLUMNS if self.portrait else COLUMNS
        self.ids.cancel.show(view.cancel)
        grid = self.ids.services
        if len(grid.children) != len(view.services):
            grid.clear_widgets()
            for _ in view.services:
                grid.add_widget(Tile())
        for tile, service in zip(reversed(grid.children), view.services, strict=True):
            tile.show(service)


load_beside(__file__)
