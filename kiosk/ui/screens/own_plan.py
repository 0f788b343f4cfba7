"""排班: a page of lines to know or to answer, and the ways to the lists beside it.

Upstream: ``kiosk.presenter.records.views.PlanView``.
Downstream: ``stage``.
"""

from __future__ import annotations

from typing import Any

from kivy.properties import NumericProperty, StringProperty

from kiosk.presenter.records.plan import ROWS
from kiosk.presenter.records.views import PlanView
from kiosk.ui.kv import load_beside
from kiosk.ui.screens.screen import KioskScreen
from kiosk.ui.widgets.plan_row import PlanRow
from kiosk.ui.widgets.push_button import PushButton
from kiosk.ui.widgets.records_rail import RecordsRail
from kiosk.ui.widgets.turn_button import TurnButton

__all__ = ["OwnPlanScreen", "PushButton", "RecordsRail", "TurnButton"]


class WayButton(PushButton):
    """To another list."""


class OwnPlanScreen(KioskScreen):
    """A :class:`~kiosk.presenter.records.views.PlanView`."""

    title = StringProperty("")
    empty = StringProperty("")
    page = StringProperty("")
    turning = NumericProperty(0.0)

    def on_kv_post(self, _base: Any) -> None:
        self._rows = [PlanRow() for _ in range(ROWS)]

    def show(self, view: PlanView) -> None:
        """Become this view state."""
        self.title, self.empty, self.page = view.title, view.empty, view.page
        self.turning = 1.0 if view.page else 0.0
        self.ids.rail.show(view.rail)
        self._show_rows(view)
        self.ids.earlier.show(view.earlier)
        self.ids.later.show(view.later)
        self._show_ways(view)

    def _show_rows(self, view: PlanView) -> None:
        box = self.ids.rows
        if len(box.children) != view.places:
            box.clear_widgets()
            for row in self._rows[: view.places]:
                box.add_widget(row)
        for place, row in enumerate(self._rows[: view.places]):
            row.show(view.lines[place] if place < len(view.lines) else None)

    def _show_ways(self, view: PlanView) -> None:
        box = self.ids.ways
        if len(box.children) != len(view.ways):
            box.clear_widgets()
            for _ in view.ways:
                box.add_widget(WayButton())
        for widget, way in zip(reversed(box.children), view.ways, strict=True):
            widget.show(way)


load_beside(__file__)
