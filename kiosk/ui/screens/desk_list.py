"""One sheet of a list: its headings, four large lines, and at the side how to turn and what to do with them.

Upstream: ``kiosk.presenter.desk.views.ListBody``.
Downstream: ``desk``.
"""

from __future__ import annotations

from kivy.properties import ListProperty, NumericProperty, StringProperty

from kiosk.presenter.desk.views import ListBody
from kiosk.ui.kv import load_beside
from kiosk.ui.screens.desk_box import DeskBox, WideButton, fill
from kiosk.ui.widgets.desk_button import DeskButton
from kiosk.ui.widgets.desk_row import DeskRow, SegmentTab

__all__ = ["DeskButton", "ListBox"]

ROWS = 4


class SideAction(WideButton):
    """A button at the side of the list."""


class ListBox(DeskBox):
    """A :class:`~kiosk.presenter.desk.views.ListBody`."""

    empty = StringProperty("")
    sheet = StringProperty("")
    tab_share = NumericProperty(0.0)
    row_height = NumericProperty(100.0)
    rail = NumericProperty(1.0)
    rail_flow = StringProperty("vertical")
    rail_hint = ListProperty([None, 1])
    pager_hint = ListProperty([1, None])

    def show(self, body: ListBody) -> None:
        """Become this body."""
        self.empty, self.sheet = body.empty, body.sheet
        self.tab_share = 1.0 if body.segments else 0.0
        self.rail_flow, self.rail_hint = ("horizontal", [1, None]) if self.portrait else ("vertical", [None, 1])
        self.pager_hint = [None, None] if self.portrait else [1, None]
        self.rail = 1.0 if body.sheet or body.buttons else 0.0
        fill(self.ids.segments, body.segments, SegmentTab)
        fill(self.ids.rows, body.rows, DeskRow)
        self.ids.earlier.show(body.earlier)
        self.ids.later.show(body.later)
        if not body.sheet:
            self.ids.earlier.tap = self.ids.later.tap = None
            self.ids.earlier.opacity = self.ids.later.opacity = 0
        fill(self.ids.actions, body.buttons, SideAction)


load_beside(__file__)
