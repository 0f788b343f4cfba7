"""A wide key with a time on it, or an empty place for one.

Upstream: ``kiosk.presenter.views.Key``.
Downstream: the time picker.
"""

from __future__ import annotations

from kivy.properties import ColorProperty, StringProperty

from kiosk.presenter.views import Key
from kiosk.ui.kv import load_beside
from kiosk.ui.theme import THEME
from kiosk.ui.widgets.control import Control
from kiosk.ui.widgets.push_button import darkened
from kiosk.ui.widgets.rounded import Flat


class TimeKey(Control, Flat):
    """A :class:`~kiosk.presenter.views.Key` to press."""

    text = StringProperty("")
    ink = ColorProperty(THEME.ink)
    ground = ColorProperty(THEME.card)

    def show(self, key: Key | None) -> None:
        """Become this key; None is an empty place."""
        self.text, self.tap = ("", None) if key is None else (key.text, key.tap)
        self.opacity = 0.0 if key is None else 1.0
        if key is not None:
            self.ground, self.ink = THEME.ground(key.tone), THEME.text(key.tone)
            self.on_pressed(self, self.pressed)

    def on_pressed(self, _key: object, pressed: bool) -> None:  # noqa: FBT001  Kivy's signature
        self.fill = darkened(self.ground, pressed=pressed)


load_beside(__file__)
