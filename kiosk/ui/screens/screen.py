"""What all screens have in common: they turn with the display.

Upstream: ``theme``.
Downstream: every screen.
"""

from __future__ import annotations

from typing import Any

from kivy.properties import BooleanProperty, NumericProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

from kiosk.ui.theme import THEME


class KioskScreen(BoxLayout):
    """A screen between the header and the status line.

    Attributes:
        flow, cross: how its halves lie: side by side, or one over the other on an upright display; and across that.
        share, rest: the parts of the width that the halves take, 1 on an upright display.
    """

    portrait = BooleanProperty(False)
    flow = StringProperty("horizontal")
    share = NumericProperty(0.56)
    rest = NumericProperty(0.44)
    cross = StringProperty("vertical")

    def __init__(self, **properties: Any) -> None:
        super().__init__(**properties)
        self.fbind("portrait", self._turn)
        self.portrait = THEME.portrait
        THEME.fbind("portrait", self.setter("portrait"))

    def _turn(self, *_: object) -> None:
        self.flow, self.cross = ("vertical", "horizontal") if self.portrait else ("horizontal", "vertical")
        self.share, self.rest = (1.0, 1.0) if self.portrait else (0.56, 0.44)
