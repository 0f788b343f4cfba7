"""A big round key with a digit, a word or a picture.

Upstream: ``kiosk.presenter.views.Key``.
Downstream: the number pad.
"""

from __future__ import annotations

from kivy.properties import ColorProperty, NumericProperty, StringProperty

from kiosk.presenter.views import Key
from kiosk.ui.kv import load_beside
from kiosk.ui.theme import THEME
from kiosk.ui.widgets.control import Control
from kiosk.ui.widgets.push_button import darkened
from kiosk.ui.widgets.rounded import Flat

DIGIT, WORD = 0.42, 0.26  # size of the type, of the key's height


class PadKey(Control, Flat):
    """A :class:`~kiosk.presenter.views.Key` to press."""

    text = StringProperty("")
    icon = StringProperty("")
    ink = ColorProperty(THEME.ink)
    ground = ColorProperty(THEME.card)
    points = NumericProperty(48.0)
    face = NumericProperty(0.42)

    def show(self, key: Key) -> None:
        """Become this key."""
        self.text, self.icon, self.tap = key.text, "" if key.icon is None else key.icon.value, key.tap
        self.face = DIGIT if len(key.text) == 1 else WORD
        self.ground, self.ink = THEME.ground(key.tone), THEME.text(key.tone)
        self.on_pressed(self, self.pressed)

    def on_pressed(self, _key: object, pressed: bool) -> None:  # noqa: FBT001  Kivy's signature
        self.fill = darkened(self.ground, pressed=pressed)


load_beside(__file__)
