"""What is wrong, or was taken back, and what to do next.

Upstream: ``kiosk.presenter.views.NoticeView``.
Downstream: ``stage``.
"""

from __future__ import annotations

from kivy.properties import ColorProperty, ListProperty, NumericProperty, StringProperty

from kiosk.presenter.views import NoticeView
from kiosk.ui.kv import load_beside
from kiosk.ui.screens.screen import KioskScreen
from kiosk.ui.theme import THEME
from kiosk.ui.widgets.push_button import PushButton
from kiosk.ui.widgets.ring import Ring

__all__ = ["NoticeScreen", "PushButton", "Ring"]


class NoticeScreen(KioskScreen):
    """A :class:`~kiosk.presenter.views.NoticeView`."""

    icon = StringProperty("")
    what = StringProperty("")
    advice = StringProperty("")
    note = StringProperty("")
    seconds = StringProperty("")
    fraction = NumericProperty(0.0)
    picture_share = ListProperty([0.28, 1.0])
    ground = ColorProperty(THEME.card)
    ink = ColorProperty(THEME.ink)

    def show(self, view: NoticeView) -> None:
        """Become this view state."""
        self.icon, self.what, self.advice, self.note = view.icon.value, view.what, view.advice, view.note
        self.ground, self.ink = THEME.ground(view.tone), THEME.text(view.tone)
        self.seconds, self.fraction = str(view.countdown.seconds), view.countdown.fraction
        self.picture_share = [1.0, 0.38] if self.portrait else [0.28, 1.0]
        self.ids.close.show(view.close)


load_beside(__file__)
