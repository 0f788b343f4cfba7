"""换班: two shifts side by side, and at most two large answers.

Upstream: ``kiosk.presenter.records.views.ExchangeView``.
Downstream: ``stage``.
"""

from __future__ import annotations

from typing import Any

from kivy.properties import ListProperty, NumericProperty, StringProperty

from kiosk.presenter.records.views import ExchangeView
from kiosk.ui.kv import load_beside
from kiosk.ui.screens.screen import KioskScreen
from kiosk.ui.widgets.leaf import LeafPanel
from kiosk.ui.widgets.pill import Pill
from kiosk.ui.widgets.push_button import PushButton
from kiosk.ui.widgets.ring import Ring

__all__ = ["LeafPanel", "OwnExchangeScreen", "Pill", "PushButton", "Ring"]


class ExchangeButton(PushButton):
    """An answer."""


class OwnExchangeScreen(KioskScreen):
    """A :class:`~kiosk.presenter.records.views.ExchangeView`."""

    title = StringProperty("")
    note = StringProperty("")
    seconds = StringProperty("")
    fraction = NumericProperty(0.0)
    head = NumericProperty(92.0)
    side = StringProperty("right")
    slot_share = ListProperty([None, 1])

    def on_kv_post(self, _base: Any) -> None:
        self._state = self.ids.state.__self__  # ids alone do not keep what leaves the tree

    def show(self, view: ExchangeView) -> None:
        """Become this view state."""
        self.title, self.note = view.title, view.note
        self.seconds, self.fraction = str(view.countdown.seconds), view.countdown.fraction
        self.ids.given.show(view.given, view.marks)
        self.ids.got.show(view.got, view.marks)
        self.ids.back.show(view.back)
        slot = self.ids.slot
        slot.clear_widgets()
        self._make_room(stated=view.state is not None)
        if view.state is not None:
            self._state.show(view.state)
            slot.add_widget(self._state)
        self._show_answers(view)

    def _make_room(self, *, stated: bool) -> None:
        """The state stands beside the title, or below it on an upright display; without one there is no room for it."""
        self.head = 160.0 if stated and self.portrait else 92.0
        self.side = "left" if self.portrait else "right"
        shares = ([1, 0.9], [None, None]) if self.portrait else ([0.9, 1], [None, 1])
        self.slot_share = shares[0] if stated else shares[1]

    def _show_answers(self, view: ExchangeView) -> None:
        box = self.ids.answers
        if len(box.children) != len(view.answers):
            box.clear_widgets()
            for _ in view.answers:
                box.add_widget(ExchangeButton())
        for widget, answer in zip(reversed(box.children), view.answers, strict=True):
            widget.show(answer)


load_beside(__file__)
