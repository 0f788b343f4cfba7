"""The band on top of the desk: back at the left, lock and language at the right, what came of the last act between.

Upstream: ``kiosk.presenter.desk.views.Band``.
Downstream: the desk's screen.
"""

from __future__ import annotations

from typing import Any

from kivy.properties import BooleanProperty, ColorProperty, NumericProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from kiosk.presenter.desk.views import Band
from kiosk.presenter.views import Badge
from kiosk.ui.kv import load_beside
from kiosk.ui.theme import THEME
from kiosk.ui.widgets.desk_button import BandButton

__all__ = ["BandButton", "DeskBand"]

UPRIGHT_ROWS = 1.9


class DeskBand(BoxLayout):
    """A :class:`~kiosk.presenter.desk.views.Band`; a word stands for a while where the title does."""

    portrait = BooleanProperty(False)
    rows = NumericProperty(1.0)
    title = StringProperty("")
    who = StringProperty("")
    time = StringProperty("")
    word = StringProperty("")
    word_icon = StringProperty("")
    word_ground = ColorProperty(THEME.card)
    word_ink = ColorProperty(THEME.ink)

    def on_kv_post(self, _base: Any) -> None:
        self._heading, self._said = self.ids.heading.__self__, self.ids.said.__self__  # ids alone do not keep them
        self._middle, self._gap = self.ids.middle.__self__, Widget()
        self._middle.remove_widget(self._said)
        self.portrait = THEME.portrait
        THEME.fbind("portrait", self.setter("portrait"))

    def on_portrait(self, _band: object, portrait: bool) -> None:  # noqa: FBT001  Kivy's signature
        """Upright, the words stand under the buttons."""
        self.rows = UPRIGHT_ROWS if portrait else 1
        strip = self.ids.strip.__self__
        leaves, comes = (self._middle, self._gap) if portrait else (self._gap, self._middle)
        if leaves.parent is not strip:
            return
        place = strip.children.index(leaves)
        strip.remove_widget(leaves)
        if not portrait:
            self.remove_widget(self._middle)
        strip.add_widget(comes, index=place)
        if portrait:
            self.add_widget(self._middle)

    def show(self, band: Band, word: Badge | None) -> None:
        """Become this band."""
        self.title, self.who, self.time = band.title, band.who, band.time
        self.ids.back.show(band.back)
        self.ids.lock.show(band.lock)
        self.ids.language.show(band.language)
        if word is not None:
            self.word, self.word_icon = word.text, word.icon.value
            self.word_ground, self.word_ink = THEME.ground(word.tone), THEME.text(word.tone)
        wanted = self._heading if word is None else self._said
        if self._middle.children != [wanted]:
            self._middle.clear_widgets()
            self._middle.add_widget(wanted)


load_beside(__file__)
