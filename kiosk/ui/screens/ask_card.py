"""请出示志愿者证: one picture, one sentence.

Upstream: ``kiosk.presenter.records.views.AskCardView``.
Downstream: ``stage``.
"""

from __future__ import annotations

from kivy.properties import NumericProperty, StringProperty

from kiosk.presenter.records.views import AskCardView
from kiosk.ui.kv import load_beside
from kiosk.ui.screens.screen import KioskScreen
from kiosk.ui.widgets.push_button import PushButton
from kiosk.ui.widgets.ring import Ring

__all__ = ["AskCardScreen", "PushButton", "Ring"]


class AskCardScreen(KioskScreen):
    """A :class:`~kiosk.presenter.records.views.AskCardView`."""

    title = StringProperty("")
    what = StringProperty("")
    advice = StringProperty("")
    note = StringProperty("")
    seconds = StringProperty("")
    fraction = NumericProperty(0.0)

    def show(self, view: AskCardView) -> None:
        """Become this view state."""
        self.title, self.what, self.advice, self.note = view.title, view.what, view.advice, view.note
        self.seconds, self.fraction = str(view.countdown.seconds), view.countdown.fraction
        self.ids.cancel.show(view.cancel)


load_beside(__file__)
