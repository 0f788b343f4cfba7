"""The foot of a card: undo while it lasts, and close.

Upstream: ``kiosk.presenter.views.Button``.
Downstream: the check-in and the check-out card.
"""

from __future__ import annotations

from typing import Any

from kivy.uix.boxlayout import BoxLayout

from kiosk.presenter.views import Button
from kiosk.ui.kv import load_beside
from kiosk.ui.widgets.push_button import PushButton

__all__ = ["CardFoot", "PushButton"]


class CardFoot(BoxLayout):
    """Two buttons; the first comes and goes."""

    def on_kv_post(self, _base: Any) -> None:
        self._undo = self.ids.undo.__self__  # ids alone do not keep what leaves the tree
        self._also = self.ids.also.__self__

    def show(self, undo: Button | None, close: Button, also: Button | None = None) -> None:
        """Become these buttons; ``also`` is one more that stays."""
        self.ids.close.show(close)
        if also is None and self._also.parent is self:
            self.remove_widget(self._also)
        elif also is not None:
            self._also.show(also)
        if undo is not None:
            self._undo.show(undo)
        if undo is None and self._undo.parent is self:
            self.remove_widget(self._undo)
        elif undo is not None and self._undo.parent is None:
            self.add_widget(self._undo, index=len(self.children))


load_beside(__file__)
