"""我的记录: a page of own sessions.

Upstream: ``kiosk.presenter.records.views.RecordListView``.
Downstream: ``stage``.
"""

from __future__ import annotations

from typing import Any

from kivy.properties import StringProperty

from kiosk.presenter.records.listing import LINES
from kiosk.presenter.records.views import RecordListView
from kiosk.presenter.views import Button
from kiosk.ui.kv import load_beside
from kiosk.ui.screens.screen import KioskScreen
from kiosk.ui.widgets.push_button import PushButton
from kiosk.ui.widgets.record_row import RecordRow
from kiosk.ui.widgets.records_rail import RecordsRail

__all__ = ["OwnRecordsScreen", "PushButton", "RecordsRail"]


class OwnRecordsScreen(KioskScreen):
    """A :class:`~kiosk.presenter.records.views.RecordListView`."""

    page = StringProperty("")
    empty = StringProperty("")

    def on_kv_post(self, _base: Any) -> None:
        self._rows = [RecordRow() for _ in range(LINES)]
        for row in self._rows:
            self.ids.rows.add_widget(row)

    def show(self, view: RecordListView) -> None:
        """Become this view state."""
        self.page, self.empty = view.page, view.empty
        self.ids.rail.show(view.rail)
        for place, row in enumerate(self._rows):
            shown = place < len(view.lines)
            row.opacity, row.disabled = (1, False) if shown else (0, True)
            if shown:
                row.show(view.lines[place])
            else:
                row.tap = None
        self._turn_by(self.ids.later, view.later)
        self._turn_by(self.ids.earlier, view.earlier)

    def _turn_by(self, widget: PushButton, button: Button | None) -> None:
        widget.opacity = 0 if button is None else 1
        if button is None:
            widget.tap = None
        else:
            widget.show(button)


load_beside(__file__)
