"""几点离开的: hours to tap, then quarters, and the time large beside them.

Upstream: ``kiosk.presenter.asking.time_page.TimePickerView``.
Downstream: ``stage``.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from kivy.properties import NumericProperty, StringProperty

from kiosk.ui.kv import load_beside
from kiosk.ui.screens.screen import KioskScreen
from kiosk.ui.widgets.push_button import PushButton
from kiosk.ui.widgets.ring import Ring
from kiosk.ui.widgets.time_key import TimeKey

if TYPE_CHECKING:
    from kiosk.presenter.asking.time_page import TimePickerView
    from kiosk.presenter.views import Key

__all__ = ["PushButton", "Ring", "TimePickerScreen"]

COLUMNS, UPRIGHT_COLUMNS = 7, 4
PLACES = 4  # quarters of an hour


class TimePickerScreen(KioskScreen):
    """A :class:`~kiosk.presenter.asking.time_page.TimePickerView`."""

    title = StringProperty("")
    detail = StringProperty("")
    chosen = StringProperty("")
    prompt = StringProperty("")
    seconds = StringProperty("")
    fraction = NumericProperty(0.0)
    columns = NumericProperty(COLUMNS)

    def show(self, view: TimePickerView) -> None:
        """Become this view state."""
        self.title, self.detail, self.chosen, self.prompt = view.title, view.detail, view.chosen, view.prompt
        self.seconds, self.fraction = str(view.countdown.seconds), view.countdown.fraction
        most = UPRIGHT_COLUMNS if self.portrait else COLUMNS
        rows = math.ceil(len(view.hours) / most)
        self.columns = max(UPRIGHT_COLUMNS, math.ceil(len(view.hours) / max(1, rows)))
        _fill(self.ids.hours, view.hours, len(view.hours))
        _fill(self.ids.times, view.times, PLACES)
        self.ids.back.show(view.back)
        self.ids.confirm.show(view.confirm)


def _fill(box: Any, keys: tuple[Key, ...], places: int) -> None:
    """Show keys in a box of so many places; places left over are empty."""
    if len(box.children) != places:
        box.clear_widgets()
        for _ in range(places):
            box.add_widget(TimeKey())
    for place, widget in enumerate(reversed(box.children)):
        widget.show(keys[place] if place < len(keys) else None)


load_beside(__file__)
