"""A button: a picture and a word on a ground that darkens under the finger.

Upstream: ``kiosk.presenter.views.Button``.
Downstream: cards, questions, notices, the idle screen's undo.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kivy.properties import ColorProperty, NumericProperty, StringProperty

from kiosk.presenter.views import Button
from kiosk.ui.kv import load_beside
from kiosk.ui.theme import THEME
from kiosk.ui.widgets.control import Control
from kiosk.ui.widgets.rounded import Flat
from kiosk.ui.widgets.say import width_of

if TYPE_CHECKING:
    from collections.abc import Sequence

PRESSED = 0.86


def darkened(ground: Sequence[float], *, pressed: bool) -> tuple[float, ...]:
    """Return the ground of what is pressed, RGBA 0…1: darker, as opaque as before."""
    red, green, blue, alpha = ground
    depth = PRESSED if pressed else 1.0
    return (red * depth, green * depth, blue * depth, alpha)


class PushButton(Control, Flat):
    """A :class:`~kiosk.presenter.views.Button` to press."""

    text = StringProperty("")
    icon = StringProperty("")
    ink = ColorProperty(THEME.ink)
    points = NumericProperty(34.0)
    ground = ColorProperty(THEME.card)
    text_width = NumericProperty(0.0)

    def show(self, button: Button) -> None:
        """Become this button."""
        self.text, self.icon, self.tap = button.text, button.icon.value, button.tap
        self.ground, self.ink = THEME.ground(button.tone), THEME.text(button.tone)
        self.on_pressed(self, self.pressed)
        self._measure()

    def on_points(self, *_: object) -> None:
        self._measure()

    def on_width(self, *_: object) -> None:
        self._measure()

    def _measure(self) -> None:
        around = self.padding[0] + self.padding[2] + self.spacing + 1.25 * self.points
        natural = width_of(self.text, "heading", max(1, int(self.points))) + 2 if self.text else 0
        self.text_width = max(0, min(natural, self.width - around))

    def on_pressed(self, _button: object, pressed: bool) -> None:  # noqa: FBT001  Kivy's signature
        self.fill = darkened(self.ground, pressed=pressed)


load_beside(__file__)
