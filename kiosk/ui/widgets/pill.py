"""A badge: shape, word and colour together, as wide as its word.

Upstream: ``kiosk.presenter.views.Badge``.
Downstream: cards, the status line.
"""

from __future__ import annotations

from typing import Any

from kivy.clock import Clock
from kivy.properties import ColorProperty, NumericProperty, StringProperty

from kiosk.presenter.views import Badge
from kiosk.ui.kv import load_beside
from kiosk.ui.theme import THEME
from kiosk.ui.widgets.rounded import Flat
from kiosk.ui.widgets.say import BEFORE_FRAME, width_of


class Pill(Flat):
    """A :class:`~kiosk.presenter.views.Badge`, no wider than ``room`` pixels."""

    text = StringProperty("")
    icon = StringProperty("")
    ink = ColorProperty(THEME.ink)
    points = NumericProperty(28.0)
    room = NumericProperty(4096.0)

    def __init__(self, **properties: Any) -> None:
        self._fit_soon = Clock.create_trigger(self._fit, BEFORE_FRAME)
        super().__init__(**properties)
        for name in ("text", "points", "room", "spacing", "padding"):
            self.fbind(name, self._fit_soon)
        self._fit_soon()

    def show(self, badge: Badge) -> None:
        """Become this badge."""
        self.text, self.icon = badge.text, badge.icon.value
        self.fill, self.ink = THEME.ground(badge.tone), THEME.text(badge.tone)

    def _fit(self, _elapsed: float) -> None:
        around = self.points * 1.2 + self.spacing + self.padding[0] + self.padding[2] + 2
        self.width = min(self.room, width_of(self.text, "body", max(1, int(self.points))) + around)


load_beside(__file__)
