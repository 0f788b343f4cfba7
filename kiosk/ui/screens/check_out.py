"""下岗: the time served, what of it counts, the month and the next star, three counts, thanks.

Upstream: ``kiosk.presenter.views.CheckOutView``.
Downstream: ``stage``.
"""

from __future__ import annotations

from typing import Any

from kivy.properties import ColorProperty, ListProperty, NumericProperty, StringProperty

from kiosk.presenter.views import CheckOutView
from kiosk.ui.kv import load_beside
from kiosk.ui.screens.card_foot import CardFoot
from kiosk.ui.screens.screen import KioskScreen
from kiosk.ui.theme import THEME
from kiosk.ui.widgets.pill import Pill
from kiosk.ui.widgets.ring import Ring
from kiosk.ui.widgets.star_panel import StarPanel
from kiosk.ui.widgets.stay_on import StayOn
from kiosk.ui.widgets.stepper import CountStepper

__all__ = ["CardFoot", "CheckOutScreen", "Pill", "Ring", "StarPanel", "StayOn"]


ONE_LINE = 22  # characters of Chinese that an upright display has room for


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
    line = StringProperty("")
    lines = NumericProperty(1)
    line_height = NumericProperty(0)
    head_height = NumericProperty(108)
    seconds = StringProperty("")
    fraction = NumericProperty(0.0)

    def on_kv_post(self, _base: Any) -> None:
        self._star = self.ids.star.__self__  # ids alone do not keep what leaves the tree
        self._stay_on = self.ids.stay_on.__self__

    def show(self, view: CheckOutView) -> None:
        """Become this view state."""
        self.thanks, self.served_title, self.served = view.thanks, view.served_title, view.served
        self.month_title, self.month, self.tallies_title = view.month_title, view.month, view.tallies_title
        self.seconds, self.fraction = str(view.countdown.seconds), view.countdown.fraction
        self.recorded, self.recorded_icon = view.recorded.text, view.recorded.icon.value
        self.recorded_ground, self.recorded_ink = THEME.ground(view.recorded.tone), THEME.text(view.recorded.tone)
        self._show_line(view.line)
        self._show_beside(view)
        self.ids.credited.show(view.credited)
        self.ids.foot.show(view.undo, view.close, view.change)
        self._show_tallies(view)

    def _show_line(self, line: str) -> None:
        """Who comes next and what waits, in one line or two; without a word it takes no room."""
        self.line, self.lines = line, 2 if self.portrait and len(line) > ONE_LINE else 1
        self.line_height, more = ((88, 72) if self.lines > 1 else (46, 34)) if line else (0, 0)
        self.head_height = 108 + more

    def _show_beside(self, view: CheckOutView) -> None:
        """The next post where it can be gone on with, else the month and the next star."""
        beside, wanted = self.ids.beside, self._star if view.stay_on is None else self._stay_on
        self._star.show(view.star)
        if view.stay_on is not None:
            self._stay_on.show(view.stay_on)
        if beside.children != [wanted]:
            beside.clear_widgets()
            beside.add_widget(wanted)

    def _show_tallies(self, view: CheckOutView) -> None:
        self.tally_rows, self.recorded_share = (2.5, 0.64) if self.portrait else (1, 1.0)
        self.recorded_width = 1.0 if self.portrait else 0.54
        self.title_hint = [1, 0.16] if self.portrait else [0.2, 1]
        self.served_share = (1.0 if self.lines > 1 else 0.85 if view.line else 0.72) if self.portrait else 1.0
        box = self.ids.tallies
        if len(box.children) != len(view.tallies):
            box.clear_widgets()
            for _ in view.tallies:
                box.add_widget(CountStepper())
        for stepper, tally in zip(reversed(box.children), view.tallies, strict=True):
            stepper.show(tally)


load_beside(__file__)
