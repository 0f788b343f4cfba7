"""One service kind to choose: a large picture over its name; the chosen one is ticked, a locked one says why.

Upstream: ``kiosk.presenter.views.ServiceTile``.
Downstream: the check-in card.
"""

from __future__ import annotations

from kivy.properties import AliasProperty, BooleanProperty, ColorProperty, NumericProperty, StringProperty

from kiosk.presenter.icons import Icon
from kiosk.presenter.views import ServiceTile, Tone
from kiosk.ui.kv import load_beside
from kiosk.ui.theme import THEME
from kiosk.ui.widgets.control import Control
from kiosk.ui.widgets.rounded import Panel


class Tile(Control, Panel):
    """A :class:`~kiosk.presenter.views.ServiceTile` to press; a ``low`` one has room for its name alone."""

    text = StringProperty("")
    icon = StringProperty("")
    tick = StringProperty("")
    ink = ColorProperty(THEME.ink)
    icon_ink = ColorProperty(THEME.accent)
    picture_size = NumericProperty(72.0)
    reason = StringProperty("")
    name_share = NumericProperty(0.5)
    reason_share = NumericProperty(0.0)
    low = BooleanProperty(defaultvalue=False)

    def _name_height(self) -> float:
        """The room of the name: of a low tile all that is left, else two lines of it."""
        if self.low:
            return float(self.height * (1 - self.reason_share) - 30 * THEME.unit)
        return float(min(92 * THEME.unit, self.height * self.name_share))

    name_height = AliasProperty(_name_height, bind=("low", "height", "reason_share", "name_share"))

    def show(self, tile: ServiceTile) -> None:
        """Become this tile."""
        self.text, self.tap = tile.name, tile.tap
        self.tick, self.reason = Icon.DONE.value if tile.chosen else "", tile.locked
        self.name_share, self.reason_share = (0.27, 0.36) if tile.locked else (0.5, 0.0)
        self.icon = Icon.LOCK.value if tile.locked else tile.icon.value
        tone = Tone.ACCENT if tile.chosen else Tone.QUIET
        strange = tile.chosen or bool(tile.locked)
        self.fill = THEME.ground(tone) if strange else THEME.card
        self.ink = THEME.text(tone) if strange else THEME.ink
        self.icon_ink = THEME.text(tone) if strange else THEME.accent

    def on_pressed(self, _tile: object, pressed: bool) -> None:  # noqa: FBT001  Kivy's signature
        self.opacity = 0.7 if pressed else 1.0


load_beside(__file__)
