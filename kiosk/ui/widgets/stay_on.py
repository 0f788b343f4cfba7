"""接着值下一班: the open post that begins now, as one button as large as a hand.

Upstream: ``kiosk.presenter.views.StayOnOffer``.
Downstream: the check-out screen.
"""

from __future__ import annotations

from kivy.properties import ColorProperty, StringProperty

from kiosk.presenter.views import StayOnOffer
from kiosk.ui.kv import load_beside
from kiosk.ui.theme import THEME
from kiosk.ui.widgets.control import Control
from kiosk.ui.widgets.push_button import darkened
from kiosk.ui.widgets.rounded import Panel


class StayOn(Control, Panel):
    """A :class:`~kiosk.presenter.views.StayOnOffer`, all of it to press."""

    title = StringProperty("")
    post = StringProperty("")
    note = StringProperty("")
    icon = StringProperty("")
    ink = ColorProperty(THEME.ink)
    ground = ColorProperty(THEME.card)

    def show(self, offer: StayOnOffer) -> None:
        """Become this offer."""
        button = offer.button
        self.title, self.post, self.note = offer.title, button.text, offer.note
        self.icon, self.tap = button.icon.value, button.tap
        self.ground, self.ink = THEME.ground(button.tone), THEME.text(button.tone)
        self.on_pressed(self, self.pressed)

    def on_pressed(self, _panel: object, pressed: bool) -> None:  # noqa: FBT001  Kivy's signature
        self.fill = darkened(self.ground, pressed=pressed)


load_beside(__file__)
