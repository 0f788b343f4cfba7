"""One record: who, what was recorded beside how it stands, what to look at, and five deeds at the side.

Upstream: ``kiosk.presenter.desk.views.SessionBody``.
Downstream: ``desk``.
"""

from __future__ import annotations

from typing import Any

from kivy.properties import ColorProperty, NumericProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

from kiosk.presenter.desk.views import Line, SessionBody, Sheet
from kiosk.presenter.views import Badge
from kiosk.ui.kv import load_beside
from kiosk.ui.screens.desk_box import DeskBox, WideButton, fill
from kiosk.ui.theme import THEME
from kiosk.ui.widgets.pill import Pill
from kiosk.ui.widgets.rounded import Panel
from kiosk.ui.widgets.say import width_of

__all__ = ["SessionBox", "WideButton"]


LETTERS = 30


class SheetLine(BoxLayout):
    """A :class:`~kiosk.presenter.desk.views.Line`; what differs from the original stands out."""

    name = StringProperty("")
    value = StringProperty("")
    name_width = NumericProperty(100.0)
    ink = ColorProperty(THEME.ink)

    def show(self, line: Line) -> None:
        """Become this line."""
        self.name, self.value = line.name, line.value
        self.name_width = width_of(line.name, "body", max(1, int(LETTERS * THEME.unit))) + LETTERS * THEME.unit
        self.ink = THEME.accent if line.changed else THEME.ink


class SheetPanel(Panel):
    """A :class:`~kiosk.presenter.desk.views.Sheet`."""

    title = StringProperty("")
    icon = StringProperty("")

    def show(self, sheet: Sheet) -> None:
        """Become this sheet."""
        self.title, self.icon = sheet.title, sheet.icon.value
        fill(self.ids.lines, sheet.lines, SheetLine)


class FlagPill(Pill):
    """What to look at."""


class DeedButton(WideButton):
    """What can be done, or why not."""


class SessionBox(DeskBox):
    """A :class:`~kiosk.presenter.desk.views.SessionBody`."""

    name = StringProperty("")
    summary = StringProperty("")
    said = StringProperty("")
    said_share = NumericProperty(0.0)

    def on_kv_post(self, _base: Any) -> None:
        self._countdown = self.ids.countdown.__self__  # ids alone do not keep what leaves the tree

    def show(self, body: SessionBody) -> None:
        """Become this body."""
        self.name, self.summary, self.said = body.name, body.summary, body.said
        self.said_share = 1.0 if body.said else 0.0
        fill(self.ids.sheets, body.sheets, SheetPanel)
        fill(self.ids.flags, body.flags, FlagPill)
        self._show_countdown(body.countdown)
        fill(self.ids.deeds, body.actions, DeedButton)

    def _show_countdown(self, badge: Badge | None) -> None:
        """Beside the name, where there is one."""
        if badge is not None:
            self._countdown.show(badge)
        if badge is None and self._countdown.parent is not None:
            self._countdown.parent.remove_widget(self._countdown)
        elif badge is not None and self._countdown.parent is None:
            self.ids.who.add_widget(self._countdown)


load_beside(__file__)
