"""A modest way beside the main thing: a picture over a few words, on a sheet of its own.

Upstream: ``kiosk.presenter.views.Button``.
Downstream: the idle screen.
"""

from __future__ import annotations

from kivy.properties import ColorProperty, StringProperty

from kiosk.presenter.views import Button
from kiosk.ui.kv import load_beside
from kiosk.ui.theme import THEME
from kiosk.ui.widgets.control import Control
from kiosk.ui.widgets.push_button import darkened
from kiosk.ui.widgets.rounded import Panel


class SideButton(Control, Panel):
    """A :class:`~kiosk.presenter.views.Button` to press, in up to three lines."""

    first = StringProperty("")
    second = StringProperty("")
    third = StringProperty("")
    icon = StringProperty("")
    ink = ColorProperty(THEME.ink)
    icon_ink = ColorProperty(THEME.accent)

    def show(self, button: Button) -> None:
        """Become this button."""
        self.first, self.second, self.third = (*button.text.split("\n"), "", "")[:3]
        self.icon, self.tap = button.icon.value, button.tap
        self.ink, self.icon_ink = THEME.ink, THEME.accent
        self.on_pressed(self, self.pressed)

    def on_pressed(self, _button: object, pressed: bool) -> None:  # noqa: FBT001  Kivy's signature
        self.fill = darkened(THEME.card, pressed=pressed)


load_beside(__file__)
