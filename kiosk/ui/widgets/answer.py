"""One large answer to a question: a picture over two lines of words.

Upstream: ``kiosk.presenter.views.Button``.
Downstream: the question screen.
"""

from __future__ import annotations

from kivy.properties import ColorProperty, StringProperty

from kiosk.presenter.views import Button
from kiosk.ui.kv import load_beside
from kiosk.ui.theme import THEME
from kiosk.ui.widgets.control import Control
from kiosk.ui.widgets.push_button import darkened
from kiosk.ui.widgets.rounded import Panel


class Answer(Control, Panel):
    """A :class:`~kiosk.presenter.views.Button` to press, very large."""

    text = StringProperty("")
    icon = StringProperty("")
    ink = ColorProperty(THEME.ink)
    ground = ColorProperty(THEME.card)

    def show(self, button: Button) -> None:
        """Become this button."""
        self.text, self.icon, self.tap = button.text, button.icon.value, button.tap
        self.ground, self.ink = THEME.ground(button.tone), THEME.text(button.tone)
        self.on_pressed(self, self.pressed)

    def on_pressed(self, _answer: object, pressed: bool) -> None:  # noqa: FBT001  Kivy's signature
        self.fill = darkened(self.ground, pressed=pressed)


load_beside(__file__)
