"""输入编号: what was typed, large, and twelve round keys.

Upstream: ``kiosk.presenter.views.NumberPadView``.
Downstream: ``stage``.
"""

from __future__ import annotations

from kivy.properties import NumericProperty, StringProperty

from kiosk.presenter.views import NumberPadView
from kiosk.ui.kv import load_beside
from kiosk.ui.screens.screen import KioskScreen
from kiosk.ui.widgets.pad_key import PadKey
from kiosk.ui.widgets.push_button import PushButton
from kiosk.ui.widgets.ring import Ring

__all__ = ["NumberPadScreen", "PushButton", "Ring"]


class NumberPadScreen(KioskScreen):
    """A :class:`~kiosk.presenter.views.NumberPadView`; ``side`` is a key's, ``gap`` lies between two."""

    title = StringProperty("")
    prompt = StringProperty("")
    typed = StringProperty("")
    hint = StringProperty("")
    note = StringProperty("")
    seconds = StringProperty("")
    fraction = NumericProperty(0.0)
    above_share = NumericProperty(1.0)
    side = NumericProperty(100.0)
    gap = NumericProperty(16.0)

    def show(self, view: NumberPadView) -> None:
        """Become this view state."""
        self.above_share = 1.18 if self.portrait else 1.0
        self.title, self.prompt, self.typed = view.title, view.prompt, view.typed
        self.hint, self.note = view.hint, view.note
        self.seconds, self.fraction = str(view.countdown.seconds), view.countdown.fraction
        self.ids.cancel.show(view.cancel)
        self.ids.confirm.show(view.confirm)
        pad = self.ids.pad
        if not pad.children:
            for _ in view.keys:
                pad.add_widget(PadKey())
        for widget, key in zip(reversed(pad.children), view.keys, strict=True):
            widget.show(key)


load_beside(__file__)
