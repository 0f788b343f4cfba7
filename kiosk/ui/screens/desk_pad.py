"""Digits to be typed, large, and twelve round keys; a PIN is shown as dots.

Upstream: ``kiosk.presenter.desk.views.PadBody``.
Downstream: ``desk``.
"""

from __future__ import annotations

from kivy.properties import NumericProperty, StringProperty

from kiosk.presenter.desk.views import PadBody
from kiosk.ui.kv import load_beside
from kiosk.ui.screens.desk_box import DeskBox, WideButton, fill
from kiosk.ui.widgets.pad_key import PadKey

__all__ = ["PadBox", "WideButton"]


class PadBox(DeskBox):
    """A :class:`~kiosk.presenter.desk.views.PadBody`; ``side`` is a key's, ``gap`` lies between two."""

    title = StringProperty("")
    prompt = StringProperty("")
    typed = StringProperty("")
    hint = StringProperty("")
    side = NumericProperty(100.0)
    gap = NumericProperty(16.0)
    above_share = NumericProperty(1.0)

    def show(self, body: PadBody) -> None:
        """Become this body."""
        self.above_share = 0.85 if self.portrait else 1.0
        self.title, self.prompt, self.typed, self.hint = body.title, body.prompt, body.typed, body.hint
        fill(self.ids.pad, body.keys, PadKey)
        self.ids.confirm.show(body.confirm)


load_beside(__file__)
