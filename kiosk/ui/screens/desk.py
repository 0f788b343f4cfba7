"""值班台 on the screen: the band, and one of eight bodies under it.

Upstream: ``kiosk.presenter.desk.views.DeskView``.
Downstream: ``stage``.
"""

from __future__ import annotations

from typing import Any

from kiosk.presenter.desk import views
from kiosk.ui.kv import load_beside
from kiosk.ui.screens.desk_choices import ChoicesBox
from kiosk.ui.screens.desk_dials import DialsBox, MarksBox
from kiosk.ui.screens.desk_facts import FactsBox
from kiosk.ui.screens.desk_list import ListBox
from kiosk.ui.screens.desk_message import MessageBox
from kiosk.ui.screens.desk_pad import PadBox
from kiosk.ui.screens.desk_session import SessionBox
from kiosk.ui.screens.screen import KioskScreen
from kiosk.ui.widgets.desk_band import DeskBand

__all__ = ["DeskBand", "DeskScreen"]

_BOXES: dict[type, type] = {
    views.MessageBody: MessageBox,
    views.PadBody: PadBox,
    views.ChoicesBody: ChoicesBox,
    views.ListBody: ListBox,
    views.SessionBody: SessionBox,
    views.DialsBody: DialsBox,
    views.MarksBody: MarksBox,
    views.FactsBody: FactsBox,
}


class DeskScreen(KioskScreen):
    """A :class:`~kiosk.presenter.desk.views.DeskView`."""

    def __init__(self, **properties: Any) -> None:
        self._boxes: dict[type, Any] = {}
        super().__init__(**properties)

    def show(self, view: views.DeskView) -> None:
        """Become this view state."""
        self.ids.band.show(view.band, view.word)
        kind = type(view.body)
        if kind not in self._boxes:
            self._boxes[kind] = _BOXES[kind]()
        box, holder = self._boxes[kind], self.ids.body
        box.show(view.body)
        if holder.children != [box]:
            holder.clear_widgets()
            holder.add_widget(box)


load_beside(__file__)
