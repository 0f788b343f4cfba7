"""下岗: the time served, what of it counts, the month and the next star, three counts, thanks.

Upstream: ``kiosk.presenter.views.CheckOutView``.
Downstream: ``stage``.
"""

from __future__ import annotations

from kivy.properties import ColorProperty, ListProperty, NumericProperty, StringProperty

from kiosk.presenter.views import CheckOutView
from kiosk.ui.kv import load_beside
from kiosk.ui.screens.card_foot import CardFoot
from kiosk.ui.screens.screen import KioskScreen
from kiosk.ui.theme import THEME
from kiosk.ui.widgets.pill import Pill
from kiosk.ui.widgets.ring import Ring
from kiosk.ui.widgets.star_panel import StarPanel
from kiosk.ui.widgets.stepper import CountStepper

__all__ = ["CardFoot", "CheckOutScreen", "Pill", "Ring", "StarPanel"]


class CheckOutScreen(KioskScreen):
    """A :class:`~kiosk.presenter.views.CheckOutView`."""

    thanks = StringProperty("")
    recorded = StringProperty("")
    recorded_icon = StringProperty("")
    recorded_ground = ColorProperty(THEME.card)
    recorded_ink = ColorProperty(THEME.ink)
    served_title = StringProperty("")
    served = StringProperty("")
    month_title = StringProperty("")
    month = StringProperty("")
    tally_rows = NumericProperty(1)
    served_share = NumericProperty(1.0)
    title_hint = ListProperty([0.19, 1])
    recorded_share = NumericProperty(1.0)
    recorded_width = NumericProperty(1.0)
    tallies_title = StringProperty("")
    seconds = StringProperty("")
    fraction = NumericProperty(0.0)

    def show(self, view: CheckOutView) -> None:
        """Become this view state."""
        self.thanks, self.served_title, self.served = view.thanks, view.served_title, view.served
        self.month_title, self.month, self.tallies_title = view.month_title, view.month, view.tallies_title
        self.seconds, self.fraction = str(view.countdown.seconds), view.countdown.fraction
        self.recorded, self.recorded_icon = view.recorded.text, view.recorded.icon.value
        self.recorded_ground, self.recorded_ink = THEME.ground(view.recorded.tone), THEME.text(view.recorded.tone)
        self.ids.star.show(view.star)
        self.ids.credited.show(view.credited)
        self.ids.foot.show(view.undo, view.close, view.change)
        self._show_tallies(view)

    def _show_tallies(self, view: CheckOutView) -> None:
        self.tally_rows, self.recorded_share = (2.5, 0.64) if self.portrait else (1, 1.0)
        self.recorded_width = 1.0 if self.portrait else 0.54
        self.title_hint = [1, 0.16] if self.portrait else [0.2, 1]
        self.served_share = 0.72 if self.portrait else 1.0
        box = self.ids.tallies
        if len(box.children) != len(view.tallies):
            box.clear_widgets()
            for _ in view.tallies:
                box.add_widget(CountStepper())
        for stepper, tally in zip(reversed(box.children), view.tallies, strict=True):
            stepper.show(tally)


load_beside(__file__)
