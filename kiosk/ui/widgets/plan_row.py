"""One line of the own plan: when and what, and how it stands, as large as a finger.

Upstream: ``kiosk.presenter.records.views.PlanLine``.
Downstream: ``own_plan``.
"""

from __future__ import annotations

from typing import Any

from kivy.properties import ListProperty, NumericProperty, StringProperty

from kiosk.presenter.records.views import PlanLine
from kiosk.ui.kv import load_beside
from kiosk.ui.theme import THEME
from kiosk.ui.widgets.control import Control
from kiosk.ui.widgets.pill import Pill
from kiosk.ui.widgets.push_button import darkened
from kiosk.ui.widgets.rounded import Panel

__all__ = ["Pill", "PlanRow"]


class PlanRow(Control, Panel):
    """A :class:`~kiosk.presenter.records.views.PlanLine`; with a tap it can be pressed, and an arrow says so."""

    icon = StringProperty("")
    text = StringProperty("")
    detail = StringProperty("")
    leads = NumericProperty(0.0)
    stated = NumericProperty(0.0)
    along = StringProperty("horizontal")
    side = StringProperty("right")
    slot_share = ListProperty([None, 1])
    text_share = NumericProperty(1.0)
    room = NumericProperty(0.46)

    def on_kv_post(self, _base: Any) -> None:
        self._badge = self.ids.badge.__self__  # ids alone do not keep what leaves the tree

    def show(self, line: PlanLine | None) -> None:
        """Become this line, or nothing."""
        self.opacity = 0.0 if line is None else 1.0
        self.tap = None if line is None else line.tap
        self.leads = 0.0 if self.tap is None else 1.0
        if line is None:
            return
        self.icon, self.text, self.detail = line.icon.value, line.text, line.detail
        slot = self.ids.slot
        slot.clear_widgets()
        self._make_room(stated=line.badge is not None)
        if line.badge is not None:
            self._badge.show(line.badge)
            slot.add_widget(self._badge)
        self.on_pressed(self, self.pressed)

    def _make_room(self, *, stated: bool) -> None:
        """The badge stands beside the words, on an upright display below them; without one they have all the room."""
        self.stated = 1.0 if stated else 0.0
        if THEME.portrait:
            self.along, self.side, self.room, self.text_share = "vertical", "left", 0.8, 1.7
            self.slot_share = [1, 1] if stated else [1, None]
        else:
            self.along, self.side, self.room, self.text_share = "horizontal", "right", 0.46, 1.0
            self.slot_share = [None, 1]

    def on_pressed(self, _row: object, pressed: bool) -> None:  # noqa: FBT001  Kivy's signature
        self.fill = darkened(THEME.card, pressed=pressed)


load_beside(__file__)
