"""A value with smaller and larger steps at both sides; a finger that rests on a step goes on.

Upstream: ``kiosk.presenter.desk.views.Dial``.
Downstream: the desk's pages of times and counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kivy.properties import NumericProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

from kiosk.presenter.desk.views import Action, Dial
from kiosk.ui.kv import load_beside
from kiosk.ui.theme import THEME
from kiosk.ui.widgets.desk_button import StepKey
from kiosk.ui.widgets.rounded import Panel

if TYPE_CHECKING:
    from collections.abc import Sequence

NONE = 0.0001  # of the room; a share of nothing at all confuses Kivy's boxes
__all__ = ["DialRow", "SlimDial"]


class DialRow(Panel):
    """A :class:`~kiosk.presenter.desk.views.Dial` to turn."""

    name = StringProperty("")
    value = StringProperty("")
    note = StringProperty("")
    note_share = NumericProperty(0.0)
    flow = StringProperty("horizontal")
    words_share = NumericProperty(0.24)

    def show(self, dial: Dial) -> None:
        """Become this dial."""
        self.name, self.value, self.note = dial.name, dial.value, dial.note
        self._turn(upright=THEME.portrait)
        self.note_share = 0.5 if dial.note else NONE
        _fill(self.ids.less, dial.less)
        _fill(self.ids.more, dial.more)

    def _turn(self, *, upright: bool) -> None:
        """Upright, the value stands beside its name, over its steps."""
        self.flow, self.words_share = ("vertical", 1.0) if upright else ("horizontal", 0.24)
        reading, wanted = self.ids.reading.__self__, (self.ids.words if upright else self.ids.turns).__self__
        if reading.parent is not wanted:
            reading.parent.remove_widget(reading)
            wanted.add_widget(reading, index=0 if upright else 1)


class SlimDial(BoxLayout):
    """The same without a sheet of its own."""

    name = StringProperty("")
    value = StringProperty("")

    def show(self, dial: Dial) -> None:
        """Become this dial."""
        self.name, self.value = dial.name, dial.value
        _fill(self.ids.less, dial.less)
        _fill(self.ids.more, dial.more)


def _fill(box: Any, steps: Sequence[Action]) -> None:
    if len(box.children) != len(steps):
        box.clear_widgets()
        for _ in steps:
            box.add_widget(StepKey())
    for key, step in zip(reversed(box.children), steps, strict=True):
        key.show(step)


load_beside(__file__)
