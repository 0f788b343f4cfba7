"""One service kind to choose: a large picture over its name; the chosen one is filled and ticked.

Upstream: ``kiosk.presenter.views.ServiceTile``.
Downstream: the check-in card.
"""

from __future__ import annotations

from kivy.properties import ColorProperty, NumericProperty, StringProperty

from kiosk.presenter.icons import Icon
from kiosk.presenter.views import ServiceTile, Tone
from kiosk.ui.kv import load_beside
from kiosk.ui.theme import THEME
from kiosk.ui.widgets.control import Control
from kiosk.ui.widgets.rounded import Panel


class Tile(Control, Panel):
    """A :class:`~kiosk.presenter.views.ServiceTile` to press."""

    text = StringProperty("")
    icon = StringProperty("")
    tick = StringProperty("")
    ink = ColorProperty(THEME.ink)
    icon_ink = ColorProperty(THEME.accent)
    picture_size = NumericProperty(72.0)

    def show(self, tile: ServiceTile) -> None:
        """Become this tile."""
        self.text, self.icon, self.tap = tile.name, tile.icon.value, tile.tap
        self.tick = Icon.DONE.value if tile.chosen else ""
        self.fill = THEME.ground(Tone.ACCENT) if tile.chosen else THEME.card
        self.ink = THEME.text(Tone.ACCENT) if tile.chosen else THEME.ink
        self.icon_ink = THEME.text(Tone.ACCENT) if tile.chosen else THEME.accent

    def on_pressed(self, _tile: object, pressed: bool) -> None:  # noqa: FBT001  Kivy's signature
        self.opacity = 0.7 if pressed else 1.0


load_beside(__file__)
