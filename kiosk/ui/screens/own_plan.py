"""排班培训: own shifts to come, trainings and kit held.

Upstream: ``kiosk.presenter.records.views.PlanView``.
Downstream: ``stage``.
"""

from __future__ import annotations

from kivy.properties import ListProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

from kiosk.presenter.records.views import PlanLine, PlanList, PlanView
from kiosk.ui.kv import load_beside
from kiosk.ui.screens.screen import KioskScreen
from kiosk.ui.widgets.records_rail import RecordsRail
from kiosk.ui.widgets.rounded import Panel

__all__ = ["OwnPlanScreen", "PlanPanel", "RecordsRail"]


class PlanRow(BoxLayout):
    """A :class:`~kiosk.presenter.records.views.PlanLine`."""

    icon = StringProperty("")
    text = StringProperty("")
    detail = StringProperty("")

    def show(self, line: PlanLine) -> None:
        """Become this line."""
        self.icon, self.text, self.detail = line.icon.value, line.text, line.detail


class PlanPanel(Panel):
    """A :class:`~kiosk.presenter.records.views.PlanList`."""

    icon = StringProperty("")
    title = StringProperty("")
    empty = StringProperty("")

    def show(self, listed: PlanList) -> None:
        """Become this list."""
        self.title, self.empty = listed.title, listed.empty
        box = self.ids.lines
        if len(box.children) != len(listed.lines):
            box.clear_widgets()
            for _ in listed.lines:
                box.add_widget(PlanRow())
        for row, line in zip(reversed(box.children), listed.lines, strict=True):
            row.show(line)


class OwnPlanScreen(KioskScreen):
    """A :class:`~kiosk.presenter.records.views.PlanView`."""

    side_share = ListProperty([0.86, 1])

    def show(self, view: PlanView) -> None:
        """Become this view state."""
        self.side_share = [1, 1.4] if self.portrait else [0.86, 1]
        self.ids.rail.show(view.rail)
        self.ids.shifts.show(view.shifts)
        self.ids.trained.show(view.trained)
        self.ids.kit.show(view.kit)


load_beside(__file__)
