"""A choice as large as a hand: a picture over one or two words.

Upstream: ``kiosk.presenter.views.Button``.
Downstream: ``objection``, ``faces``.
"""

from __future__ import annotations

from kivy.properties import ColorProperty, NumericProperty, StringProperty

from kiosk.presenter.views import Button, Tone
from kiosk.ui.kv import load_beside
from kiosk.ui.theme import THEME
from kiosk.ui.widgets.control import Control
from kiosk.ui.widgets.push_button import darkened
from kiosk.ui.widgets.rounded import Panel


class BigChoice(Control, Panel):
    """A :class:`~kiosk.presenter.views.Button` to press; ``picture`` is the part of the height its picture takes."""

    text = StringProperty("")
    icon = StringProperty("")
    icon_ink = ColorProperty(THEME.accent)
    picture = NumericProperty(0.4)
    points = NumericProperty(38.0)

    def show(self, button: Button) -> None:
        """Become this choice; a quiet one has the accent's picture."""
        self.text, self.icon, self.tap = button.text, button.icon.value, button.tap
        self.icon_ink = THEME.accent if button.tone is Tone.QUIET else THEME.text(button.tone)
        self.on_pressed(self, self.pressed)

    def on_pressed(self, _tile: object, pressed: bool) -> None:  # noqa: FBT001  Kivy's signature
        self.fill = darkened(THEME.card, pressed=pressed)


load_beside(__file__)
