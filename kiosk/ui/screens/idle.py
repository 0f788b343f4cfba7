"""待机: the live picture and its one instruction, and what the station knows of itself.

Upstream: ``kiosk.presenter.views.IdleView``.
Downstream: ``stage``.
"""

from __future__ import annotations

from typing import Any

from kivy.properties import ColorProperty, NumericProperty, StringProperty

from kiosk.presenter.views import IdleView, MonthChart, OnDutyList, Preview, TimeLine
from kiosk.ui.kv import load_beside
from kiosk.ui.screens.screen import KioskScreen
from kiosk.ui.theme import THEME
from kiosk.ui.widgets.info_panel import InfoPanel
from kiosk.ui.widgets.legend_chip import LegendChip
from kiosk.ui.widgets.month_bars import MonthBars
from kiosk.ui.widgets.person_row import PersonRow
from kiosk.ui.widgets.preview import CameraPreview
from kiosk.ui.widgets.push_button import PushButton
from kiosk.ui.widgets.side_button import SideButton
from kiosk.ui.widgets.time_axis import TimeAxis
from kiosk.ui.widgets.way_in import WayIn

__all__ = ["CameraPreview", "IdleScreen", "InfoPanel", "MonthBars", "SideButton", "TimeAxis"]


class IdleScreen(KioskScreen):
    """An :class:`~kiosk.presenter.views.IdleView`."""

    month_share = NumericProperty(0.86)
    below_share = NumericProperty(1.0)
    headline = StringProperty("")
    hint = StringProperty("")
    icon = StringProperty("")
    ground = ColorProperty(THEME.card)
    ink = ColorProperty(THEME.ink)
    notice = StringProperty("")
    notice_icon = StringProperty("")
    duty_title = StringProperty("")
    duty_count = StringProperty("")
    duty_empty = StringProperty("")
    roster_title = StringProperty("")
    roster_more = StringProperty("")
    roster_empty = StringProperty("")
    month_title = StringProperty("")
    month_total = StringProperty("")

    def on_kv_post(self, _base: Any) -> None:
        self._undo = self.ids.undo.__self__  # ids alone do not keep what leaves the tree
        self._notice_line = self.ids.notice_line.__self__

    def show(self, view: IdleView) -> None:
        """Become this view state."""
        self.month_share, self.below_share = (0.62, 0.95) if self.portrait else (0.86, 1.0)
        self._show_preview(view.preview)
        self._show_on_duty(view.on_duty)
        self._show_roster(view.roster)
        self._show_month(view.month)
        self.notice = view.notice
        self.notice_icon = "" if view.notice_icon is None else view.notice_icon.value
        self._show_slot(view)
        self.ids.number.show(view.number)
        self._show_ways(view)

    def _show_ways(self, view: IdleView) -> None:
        box = self.ids.ways
        if len(box.children) != len(view.ways):
            box.clear_widgets()
            for _ in view.ways:
                box.add_widget(WayIn())
        for widget, way in zip(reversed(box.children), view.ways, strict=True):
            widget.show(way)

    def _show_preview(self, preview: Preview) -> None:
        self.ids.preview.show(preview)
        self.headline, self.hint, self.icon = preview.headline, preview.hint, preview.icon.value
        self.ground, self.ink = THEME.ground(preview.tone), THEME.text(preview.tone)

    def _show_on_duty(self, on_duty: OnDutyList) -> None:
        self.duty_title, self.duty_count = on_duty.title, on_duty.count
        self.duty_empty = on_duty.empty
        rows = self.ids.people
        if len(rows.children) != len(on_duty.people):
            rows.clear_widgets()
            for _ in on_duty.people:
                rows.add_widget(PersonRow())
        for row, person in zip(reversed(rows.children), on_duty.people, strict=True):
            row.show(person)

    def _show_roster(self, roster: TimeLine) -> None:
        self.roster_title, self.roster_more, self.roster_empty = roster.title, roster.more, roster.empty
        self.ids.axis.line = roster
        legend = self.ids.legend
        if len(legend.children) != len(roster.legend):
            legend.clear_widgets()
            for _ in roster.legend:
                legend.add_widget(LegendChip())
        for chip, badge in zip(reversed(legend.children), roster.legend, strict=True):
            chip.show(badge)

    def _show_month(self, month: MonthChart) -> None:
        self.month_title, self.month_total = month.title, month.total
        self.ids.bars.chart = month

    def _show_slot(self, view: IdleView) -> None:
        """The undo of the last scan while it lasts, else the notice, else nothing and no hole."""
        slot = self.ids.slot
        wanted = self._undo if view.undo is not None else self._notice_line if view.notice else None
        if view.undo is not None:
            self._undo.show(view.undo)
        if slot.children != ([] if wanted is None else [wanted]):
            slot.clear_widgets()
            if wanted is not None:
                slot.add_widget(wanted)


class IdleUndo(PushButton):
    """The undo that outlives its card."""


load_beside(__file__)
