"""One arrow that turns pages; where there is no further page it is not there.

Upstream: ``kiosk.presenter.views.Button``.
Downstream: ``own_plan``.
"""

from __future__ import annotations

from kivy.properties import ColorProperty, StringProperty

from kiosk.presenter.views import Button
from kiosk.ui.kv import load_beside
from kiosk.ui.theme import THEME
from kiosk.ui.widgets.control import Control
from kiosk.ui.widgets.push_button import darkened
from kiosk.ui.widgets.rounded import Panel


class TurnButton(Control, Panel):
    """A :class:`~kiosk.presenter.views.Button` of which the picture alone is drawn: an arrow needs no word."""

    icon = StringProperty("")
    ink = ColorProperty(THEME.accent)

    def show(self, button: Button | None) -> None:
        """Become this button, or nothing."""
        self.opacity = 0.0 if button is None else 1.0
        self.tap = None if button is None else button.tap
        if button is not None:
            self.icon, self.ink = button.icon.value, THEME.accent
        self.on_pressed(self, self.pressed)

    def on_pressed(self, _button: object, pressed: bool) -> None:  # noqa: FBT001  Kivy's signature
        self.fill = darkened(THEME.card, pressed=pressed)


load_beside(__file__)
