"""One sentence and at most three large answers.

Upstream: ``kiosk.presenter.views.QuestionView``.
Downstream: ``stage``.
"""

from __future__ import annotations

from typing import Any

from kivy.properties import NumericProperty, StringProperty

from kiosk.presenter.views import QuestionView
from kiosk.ui.kv import load_beside
from kiosk.ui.screens.screen import KioskScreen
from kiosk.ui.widgets.answer import Answer
from kiosk.ui.widgets.push_button import PushButton
from kiosk.ui.widgets.ring import Ring

__all__ = ["PushButton", "QuestionScreen", "Ring"]


class QuestionScreen(KioskScreen):
    """A :class:`~kiosk.presenter.views.QuestionView`."""

    greeting = StringProperty("")
    sentence = StringProperty("")
    detail = StringProperty("")
    note = StringProperty("")
    seconds = StringProperty("")
    fraction = NumericProperty(0.0)
    foot_rows = NumericProperty(0.5)
    sentence_lines = NumericProperty(1)

    def on_kv_post(self, _base: Any) -> None:
        self._later = self.ids.later.__self__  # ids alone do not keep what leaves the tree

    def show(self, view: QuestionView) -> None:
        """Become this view state."""
        self.greeting, self.sentence, self.detail, self.note = view.greeting, view.sentence, view.detail, view.note
        self.seconds, self.fraction = str(view.countdown.seconds), view.countdown.fraction
        self.sentence_lines = 2 if self.portrait else 1
        self._show_later(view)
        box = self.ids.answers
        if len(box.children) != len(view.answers):
            box.clear_widgets()
            for _ in view.answers:
                box.add_widget(Answer())
        for answer, button in zip(reversed(box.children), view.answers, strict=True):
            answer.show(button)

    def _show_later(self, view: QuestionView) -> None:
        foot = self.ids.foot
        self.foot_rows = 0.5 if view.later is None else 1.0
        if view.later is not None:
            self._later.show(view.later)
        if view.later is None and self._later.parent is not None:
            foot.remove_widget(self._later)
        elif view.later is not None and self._later.parent is None:
            foot.add_widget(self._later)


load_beside(__file__)
