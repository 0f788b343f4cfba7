"""Values that are turned: times and counts, and sheets of marks.

Upstream: ``kiosk.presenter.desk.views.DialsBody``, ``MarksBody``.
Downstream: ``desk``.
"""

from __future__ import annotations

from kivy.properties import NumericProperty, StringProperty

from kiosk.presenter.desk.views import DialsBody, MarksBody
from kiosk.ui.kv import load_beside
from kiosk.ui.screens.desk_box import ButtonRow, DeskBox, WideButton, fill
from kiosk.ui.widgets.choice_tile import SlimTile
from kiosk.ui.widgets.dial_row import DialRow, SlimDial
from kiosk.ui.widgets.pill import Pill

__all__ = ["ButtonRow", "DialsBox", "MarksBox", "Pill", "WideButton"]


UPRIGHT_COLUMNS = 2
NONE = 0.0001  # of the room; a share of nothing at all confuses Kivy's boxes


class DialsBox(DeskBox):
    """A :class:`~kiosk.presenter.desk.views.DialsBody`."""

    def show(self, body: DialsBody) -> None:
        """Become this body."""
        fill(self.ids.dials, body.dials, DialRow)
        self.ids.result.show(body.result)
        self.ids.buttons.show(body.buttons)


class MarksBox(DeskBox):
    """A :class:`~kiosk.presenter.desk.views.MarksBody`."""

    upper_name = StringProperty("")
    lower_name = StringProperty("")
    counted = StringProperty("")
    counts_share = NumericProperty(1.0)
    name_share = NumericProperty(0.16)
    columns = NumericProperty(4)
    lower_columns = NumericProperty(3)

    def show(self, body: MarksBody) -> None:
        """Become this body."""
        self.upper_name, self.lower_name, self.counted = body.upper_name, body.lower_name, body.counted
        self.name_share = 1.0 if self.portrait else 0.16
        self.columns = UPRIGHT_COLUMNS if self.portrait else len(body.upper)
        self.lower_columns = UPRIGHT_COLUMNS if self.portrait else 3
        self.counts_share = 1.0 if body.counts else NONE
        fill(self.ids.upper, body.upper, SlimTile)
        fill(self.ids.lower, body.lower, SlimTile)
        fill(self.ids.counts, body.counts, SlimDial)
        self.ids.confirm.show(body.confirm)


load_beside(__file__)
