"""The red band on top of every screen: the two wordings, the station, the time, the other language.

Upstream: ``kiosk.presenter.views.Header``.
Downstream: ``stage``.

The emblem is a slot: the station's own file, or nothing, and then the wordings move up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kivy.properties import BooleanProperty, NumericProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.image import Image

from kiosk.presenter.views import Header
from kiosk.ui.kv import load_beside
from kiosk.ui.theme import THEME
from kiosk.ui.widgets.control import Control

if TYPE_CHECKING:
    from pathlib import Path


class LanguageButton(Control, BoxLayout):
    """The way to the other language."""

    text = StringProperty("")
    icon = StringProperty("")


class HeaderBand(BoxLayout):
    """A :class:`~kiosk.presenter.views.Header`."""

    portrait = BooleanProperty(False)
    rows = NumericProperty(1)
    identity_share = NumericProperty(0.4)
    place_share = NumericProperty(1)
    edge = NumericProperty(0)
    station = StringProperty("")
    slogan = StringProperty("")
    programme = StringProperty("")
    time = StringProperty("")
    date = StringProperty("")

    def on_kv_post(self, _base: Any) -> None:
        self.portrait = THEME.portrait
        THEME.fbind("portrait", self.setter("portrait"))

    def set_emblem(self, picture: Path) -> None:
        """Show the station's own emblem before the wordings."""
        size = 84 * THEME.unit
        emblem = Image(source=str(picture), size_hint=(None, None), size=(size, size), pos_hint={"center_y": 0.5})
        self.ids.identity.add_widget(emblem, index=len(self.ids.identity.children))

    def on_portrait(self, _band: object, portrait: bool) -> None:  # noqa: FBT001  Kivy's signature
        button = self.ids.language.__self__
        button.parent.remove_widget(button)
        (self.ids.identity if portrait else self.ids.place).add_widget(button)
        self.orientation = "vertical" if portrait else "horizontal"
        self.rows = 1.75 if portrait else 1
        self.identity_share = 1 if portrait else 0.4
        self.place_share = 0.75 if portrait else 1
        self.edge = 28 * THEME.unit if portrait else 0

    def show(self, header: Header) -> None:
        """Become this header."""
        self.station, self.slogan, self.programme = header.station, header.slogan, header.programme
        self.time, self.date = header.time, header.date
        button = self.ids.language
        button.text, button.icon, button.tap = header.language.text, header.language.icon.value, header.language.tap


load_beside(__file__)
