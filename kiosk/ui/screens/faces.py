"""服务评价: one question, three very large faces.

Upstream: ``kiosk.presenter.faces.FacesView``.
Downstream: ``stage``.
"""

from __future__ import annotations

from kivy.properties import NumericProperty, StringProperty

from kiosk.presenter.faces import FacesView
from kiosk.ui.kv import load_beside
from kiosk.ui.screens.screen import KioskScreen
from kiosk.ui.widgets.big_choice import BigChoice
from kiosk.ui.widgets.push_button import PushButton
from kiosk.ui.widgets.ring import Ring

__all__ = ["FaceChoice", "FacesScreen", "PushButton", "Ring"]


class FaceChoice(BigChoice):
    """One face."""


class FacesScreen(KioskScreen):
    """A :class:`~kiosk.presenter.faces.FacesView`."""

    question = StringProperty("")
    note = StringProperty("")
    seconds = StringProperty("")
    fraction = NumericProperty(0.0)

    def show(self, view: FacesView) -> None:
        """Become this view state."""
        self.question, self.note = view.question, view.note
        self.seconds, self.fraction = str(view.countdown.seconds), view.countdown.fraction
        self.ids.cancel.show(view.cancel)
        for widget, face in zip((self.ids.first, self.ids.second, self.ids.third), view.faces, strict=True):
            widget.show(face)


load_beside(__file__)
