"""One own record whole: its fields, what was recorded first beside them, objections, and 有误.

Upstream: ``kiosk.presenter.records.views.RecordSheetView``.
Downstream: ``stage``.
"""

from __future__ import annotations

from typing import Any

from kivy.properties import DictProperty, NumericProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

from kiosk.presenter.records.views import Fact, RecordSheetView
from kiosk.ui.kv import load_beside
from kiosk.ui.screens.screen import KioskScreen
from kiosk.ui.widgets.pill import Pill
from kiosk.ui.widgets.push_button import PushButton
from kiosk.ui.widgets.ring import Ring

__all__ = ["OwnRecordScreen", "Pill", "PushButton", "Ring"]

OBJECTIONS = 2  # the latest; a record that was disputed more often is the captain's to explain


class FactLine(BoxLayout):
    """A :class:`~kiosk.presenter.records.views.Fact`."""

    label = StringProperty("")
    value = StringProperty("")
    before = StringProperty("")

    def show(self, fact: Fact) -> None:
        """Become this fact."""
        self.label, self.value, self.before = fact.label, fact.value, fact.before


class OwnRecordScreen(KioskScreen):
    """A :class:`~kiosk.presenter.records.views.RecordSheetView`."""

    title = StringProperty("")
    subtitle = StringProperty("")
    why_not = StringProperty("")
    seconds = StringProperty("")
    fraction = NumericProperty(0.0)
    head = NumericProperty(92.0)
    subtitle_share = NumericProperty(0.5)
    pill_place = DictProperty({"center_y": 0.5})

    def on_kv_post(self, _base: Any) -> None:
        self._wrong, self._why_not = self.ids.wrong.__self__, self.ids.why_not.__self__

    def show(self, view: RecordSheetView) -> None:
        """Become this view state."""
        self.head, self.subtitle_share = (210.0, 1.0) if self.portrait else (92.0, 0.5)
        self.pill_place = {"x": 0} if self.portrait else {"center_y": 0.5}
        self.title, self.subtitle, self.why_not = view.title, view.subtitle, view.why_not
        self.seconds, self.fraction = str(view.countdown.seconds), view.countdown.fraction
        self.ids.state.show(view.state)
        self.ids.back.show(view.back)
        self._show_facts(view)
        self._show_objections(view)
        if view.wrong is not None:
            self._wrong.show(view.wrong)
        slot = self.ids.slot
        slot.clear_widgets()
        slot.add_widget(self._why_not if view.wrong is None else self._wrong)

    def _show_facts(self, view: RecordSheetView) -> None:
        box = self.ids.facts
        if len(box.children) != len(view.facts):
            box.clear_widgets()
            for _ in view.facts:
                box.add_widget(FactLine())
        for line, fact in zip(reversed(box.children), view.facts, strict=True):
            line.show(fact)

    def _show_objections(self, view: RecordSheetView) -> None:
        box, latest = self.ids.objections, view.objections[-OBJECTIONS:]
        if len(box.children) != len(latest):
            box.clear_widgets()
            for _ in latest:
                box.add_widget(ObjectionPill())
        for pill, badge in zip(reversed(box.children), latest, strict=True):
            pill.show(badge)


class ObjectionPill(Pill):
    """What was objected, and what came of it."""


load_beside(__file__)
