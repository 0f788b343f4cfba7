"""Values that are turned: times and counts, and the sheet of a rating.

Upstream: ``kiosk.presenter.desk.views.DialsBody``, ``RatingBody``.
Downstream: ``desk``.
"""

from __future__ import annotations

from kivy.properties import NumericProperty, StringProperty

from kiosk.presenter.desk.views import DialsBody, RatingBody
from kiosk.ui.kv import load_beside
from kiosk.ui.screens.desk_box import ButtonRow, DeskBox, WideButton, fill
from kiosk.ui.widgets.choice_tile import SlimTile
from kiosk.ui.widgets.dial_row import DialRow, SlimDial
from kiosk.ui.widgets.pill import Pill

__all__ = ["ButtonRow", "DialsBox", "Pill", "RatingBox", "WideButton"]


class DialsBox(DeskBox):
    """A :class:`~kiosk.presenter.desk.views.DialsBody`."""

    def show(self, body: DialsBody) -> None:
        """Become this body."""
        fill(self.ids.dials, body.dials, DialRow)
        self.ids.result.show(body.result)
        self.ids.buttons.show(body.buttons)


class RatingBox(DeskBox):
    """A :class:`~kiosk.presenter.desk.views.RatingBody`."""

    quality = StringProperty("")
    effect = StringProperty("")
    counted = StringProperty("")
    counts_share = NumericProperty(1.0)

    def show(self, body: RatingBody) -> None:
        """Become this body."""
        self.quality, self.effect, self.counted = body.quality, body.effect, body.counted
        self.counts_share = 1.0 if body.counts else 0.0
        fill(self.ids.marks, body.marks, SlimTile)
        fill(self.ids.effects, body.effects, SlimTile)
        fill(self.ids.counts, body.counts, SlimDial)
        self.ids.confirm.show(body.confirm)


load_beside(__file__)
