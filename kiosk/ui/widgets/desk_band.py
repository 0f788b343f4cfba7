"""The band on top of the desk: back at the left, lock and language at the right, what came of the last act between.

Upstream: ``kiosk.presenter.desk.views.Band``.
Downstream: the desk's screen.
"""

from __future__ import annotations

from typing import Any

from kivy.properties import ColorProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

from kiosk.presenter.desk.views import Band
from kiosk.presenter.views import Badge
from kiosk.ui.kv import load_beside
from kiosk.ui.theme import THEME
from kiosk.ui.widgets.desk_button import BandButton

__all__ = ["BandButton", "DeskBand"]


class DeskBand(BoxLayout):
    """A :class:`~kiosk.presenter.desk.views.Band`; a word stands for a while where the title does."""

    title = StringProperty("")
    who = StringProperty("")
    time = StringProperty("")
    word = StringProperty("")
    word_icon = StringProperty("")
    word_ground = ColorProperty(THEME.card)
    word_ink = ColorProperty(THEME.ink)

    def on_kv_post(self, _base: Any) -> None:
        self._heading, self._said = self.ids.heading.__self__, self.ids.said.__self__  # ids alone do not keep them
        self.ids.middle.remove_widget(self._said)

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
        if self.ids.middle.children != [wanted]:
            self.ids.middle.clear_widgets()
            self.ids.middle.add_widget(wanted)


load_beside(__file__)
