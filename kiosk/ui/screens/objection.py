"""哪里有误: large tiles, one tap.

Upstream: ``kiosk.presenter.records.views.ReasonsView``.
Downstream: ``stage``.
"""

from __future__ import annotations

from kivy.properties import NumericProperty, StringProperty

from kiosk.presenter.records.views import ReasonsView
from kiosk.ui.kv import load_beside
from kiosk.ui.screens.screen import KioskScreen
from kiosk.ui.widgets.big_choice import BigChoice
from kiosk.ui.widgets.push_button import PushButton
from kiosk.ui.widgets.ring import Ring

__all__ = ["ObjectionScreen", "PushButton", "Ring"]


class ObjectionScreen(KioskScreen):
    """A :class:`~kiosk.presenter.records.views.ReasonsView`."""

    title = StringProperty("")
    subtitle = StringProperty("")
    note = StringProperty("")
    seconds = StringProperty("")
    fraction = NumericProperty(0.0)
    columns = NumericProperty(5)

    def show(self, view: ReasonsView) -> None:
        """Become this view state."""
        self.columns = 2 if self.portrait else len(view.reasons)
        self.title, self.subtitle, self.note = view.title, view.subtitle, view.note
        self.seconds, self.fraction = str(view.countdown.seconds), view.countdown.fraction
        self.ids.back.show(view.back)
        box = self.ids.reasons
        if len(box.children) != len(view.reasons):
            box.clear_widgets()
            for _ in view.reasons:
                box.add_widget(BigChoice())
        for tile, reason in zip(reversed(box.children), view.reasons, strict=True):
            tile.show(reason)


load_beside(__file__)
