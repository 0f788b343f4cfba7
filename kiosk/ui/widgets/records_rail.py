"""Whose records these are, the pages that lie side by side, and the way out.

Upstream: ``kiosk.presenter.records.views.Rail``.
Downstream: the screens of 我的记录.
"""

from __future__ import annotations

from typing import Any

from kivy.properties import ColorProperty, NumericProperty, StringProperty

from kiosk.presenter.records.views import Rail, TabButton
from kiosk.presenter.views import Tone
from kiosk.ui.kv import load_beside
from kiosk.ui.theme import THEME
from kiosk.ui.widgets.control import Control
from kiosk.ui.widgets.push_button import PushButton
from kiosk.ui.widgets.ring import Ring
from kiosk.ui.widgets.rounded import Flat, Panel

__all__ = ["PushButton", "RailTab", "RecordsRail", "Ring"]


class RailTab(Control, Flat):
    """A :class:`~kiosk.presenter.records.views.TabButton` to press; the chosen one is red."""

    text = StringProperty("")
    icon = StringProperty("")
    ink = ColorProperty(THEME.ink)

    def show(self, tab: TabButton) -> None:
        """Become this tab."""
        self.text, self.icon, self.tap = tab.text, tab.icon.value, tab.tap
        self.fill = THEME.ground(Tone.ACCENT if tab.chosen else Tone.QUIET)
        self.ink = THEME.text(Tone.ACCENT if tab.chosen else Tone.QUIET)

    def on_pressed(self, _tab: object, pressed: bool) -> None:  # noqa: FBT001  Kivy's signature
        self.opacity = 0.7 if pressed else 1.0


class RecordsRail(Panel):
    """A :class:`~kiosk.presenter.records.views.Rail`."""

    name = StringProperty("")
    seconds = StringProperty("")
    fraction = NumericProperty(0.0)
    along = StringProperty("vertical")

    def __init__(self, **properties: Any) -> None:
        super().__init__(**properties)
        THEME.fbind("portrait", self._turn)
        self._turn()

    def _turn(self, *_: object) -> None:
        """Stand at the left; on an upright display lie on top."""
        self.along = "horizontal" if THEME.portrait else "vertical"
        self.size_hint = (1, None) if THEME.portrait else (None, 1)

    def show(self, rail: Rail) -> None:
        """Become this rail."""
        self.name = rail.name
        self.seconds, self.fraction = str(rail.countdown.seconds), rail.countdown.fraction
        self.ids.close.show(rail.close)
        for widget, tab in zip((self.ids.first, self.ids.second, self.ids.third), rail.tabs, strict=True):
            widget.show(tab)


load_beside(__file__)
