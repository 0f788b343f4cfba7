"""A button: a picture and a word on a ground that darkens under the finger.

Upstream: ``kiosk.presenter.views.Button``.
Downstream: cards, questions, notices, the idle screen's undo.
"""

from __future__ import annotations

from kivy.properties import ColorProperty, NumericProperty, StringProperty

from kiosk.presenter.views import Button
from kiosk.ui.kv import load_beside
from kiosk.ui.theme import THEME
from kiosk.ui.widgets.control import Control
from kiosk.ui.widgets.rounded import Flat

PRESSED = 0.86


class PushButton(Control, Flat):
    """A :class:`~kiosk.presenter.views.Button` to press."""

    text = StringProperty("")
    icon = StringProperty("")
    ink = ColorProperty(THEME.ink)
    points = NumericProperty(34.0)
    ground = ColorProperty(THEME.card)

    def show(self, button: Button) -> None:
        """Become this button."""
        self.text, self.icon, self.tap = button.text, button.icon.value, button.tap
        self.ground, self.ink = THEME.ground(button.tone), THEME.text(button.tone)
        self.on_pressed(self, self.pressed)

    def on_pressed(self, _button: object, pressed: bool) -> None:  # noqa: FBT001  Kivy's signature
        red, green, blue, alpha = self.ground
        depth = PRESSED if pressed else 1.0
        self.fill = (red * depth, green * depth, blue * depth, alpha)


load_beside(__file__)
