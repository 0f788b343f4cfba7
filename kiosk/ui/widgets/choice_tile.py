"""A large tile of the desk: picture, name, a figure or a line; the chosen one is filled and ticked.

Upstream: ``kiosk.presenter.desk.views.Choice``.
Downstream: the desk's home page and every page that asks which.
"""

from __future__ import annotations

from kivy.properties import BooleanProperty, ColorProperty, ListProperty, NumericProperty, StringProperty

from kiosk.presenter.desk.views import Choice
from kiosk.presenter.icons import Icon
from kiosk.presenter.views import Tone
from kiosk.ui.kv import load_beside
from kiosk.ui.theme import THEME
from kiosk.ui.widgets.control import Control
from kiosk.ui.widgets.rounded import Panel

AWAY, PRESSED = 0.5, 0.7
NONE = 0.0001  # of the room; a share of nothing at all confuses Kivy's boxes


class ChoiceTile(Control, Panel):
    """A :class:`~kiosk.presenter.desk.views.Choice` to press; ``flat`` ones lie in one line."""

    name = StringProperty("")
    icon = StringProperty("")
    figure = StringProperty("")
    note = StringProperty("")
    tick = StringProperty("")
    ink = ColorProperty(THEME.ink)
    soft = ColorProperty(THEME.soft_ink)
    picture_ink = ColorProperty(THEME.accent)
    note_share = ListProperty([1, NONE])
    points = NumericProperty(38.0)
    picture = NumericProperty(80.0)
    flat = BooleanProperty(False)

    def show(self, choice: Choice) -> None:
        """Become this choice."""
        self.name, self.figure, self.note, self.tap = choice.name, choice.figure, choice.note, choice.tap
        self.icon, self.tick = choice.icon.value, Icon.DONE.value if choice.chosen else ""
        filled = choice.chosen or choice.tone is not Tone.QUIET
        tone = Tone.ACCENT if choice.chosen else choice.tone
        self.fill = THEME.ground(tone) if filled else THEME.card
        self.ink = THEME.text(tone) if filled else THEME.ink
        self.soft = self.ink if filled else THEME.soft_ink
        self.picture_ink = self.ink if filled else THEME.accent
        self.note_share = [1, 0.62] if choice.note else [1, NONE]
        self.opacity = AWAY if choice.tap is None else 1.0

    def on_pressed(self, _tile: object, pressed: bool) -> None:  # noqa: FBT001  Kivy's signature
        self.opacity = PRESSED if pressed else 1.0


class SlimTile(ChoiceTile):
    """The same in one line, for a sheet with many."""


load_beside(__file__)
