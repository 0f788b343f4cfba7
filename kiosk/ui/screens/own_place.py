"""One shift, open post or outcome whole: when and where, how it stands, and at most two large answers.

Upstream: ``kiosk.presenter.records.views.PlaceView``.
Downstream: ``stage``.
"""

from __future__ import annotations

from typing import Any

from kivy.properties import DictProperty, NumericProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

from kiosk.presenter.records.views import Fact, PlaceView
from kiosk.ui.kv import load_beside
from kiosk.ui.screens.screen import KioskScreen
from kiosk.ui.widgets.pill import Pill
from kiosk.ui.widgets.push_button import PushButton
from kiosk.ui.widgets.ring import Ring

__all__ = ["OwnPlaceScreen", "Pill", "PushButton", "Ring"]


class PlaceFact(BoxLayout):
    """A :class:`~kiosk.presenter.records.views.Fact`."""

    label = StringProperty("")
    value = StringProperty("")

    def show(self, fact: Fact) -> None:
        """Become this fact."""
        self.label, self.value = fact.label, fact.value


class SayButton(PushButton):
    """An answer."""


class OwnPlaceScreen(KioskScreen):
    """A :class:`~kiosk.presenter.records.views.PlaceView`."""

    icon = StringProperty("")
    title = StringProperty("")
    times = StringProperty("")
    sentence = StringProperty("")
    seconds = StringProperty("")
    fraction = NumericProperty(0.0)
    head = NumericProperty(150.0)
    pill_place = DictProperty({"center_y": 0.5})

    def on_kv_post(self, _base: Any) -> None:
        self._state = self.ids.state.__self__  # ids alone do not keep what leaves the tree

    def show(self, view: PlaceView) -> None:
        """Become this view state."""
        self.head, self.pill_place = (230.0, {"x": 0}) if self.portrait else (150.0, {"center_y": 0.5})
        self.icon, self.title, self.times, self.sentence = view.icon.value, view.title, view.times, view.sentence
        self.seconds, self.fraction = str(view.countdown.seconds), view.countdown.fraction
        self.ids.back.show(view.back)
        slot = self.ids.slot
        slot.clear_widgets()
        if view.state is not None:
            self._state.show(view.state)
            slot.add_widget(self._state)
        self._fill(self.ids.facts, view.facts, PlaceFact)
        self._fill(self.ids.answers, view.answers, SayButton)

    @staticmethod
    def _fill(box: Any, values: tuple[Any, ...], widget: type[Any]) -> None:
        if len(box.children) != len(values):
            box.clear_widgets()
            for _ in values:
                box.add_widget(widget())
        for each, value in zip(reversed(box.children), values, strict=True):
            each.show(value)


load_beside(__file__)
