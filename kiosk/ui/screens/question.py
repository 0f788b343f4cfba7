"""One sentence and at most three large answers.

Upstream: ``kiosk.presenter.views.QuestionView``.
Downstream: ``stage``.
"""

from __future__ import annotations

from kivy.properties import NumericProperty, StringProperty

from kiosk.presenter.views import QuestionView
from kiosk.ui.kv import load_beside
from kiosk.ui.screens.screen import KioskScreen
from kiosk.ui.widgets.push_button import PushButton
from kiosk.ui.widgets.ring import Ring

__all__ = ["QuestionScreen", "Ring"]


class QuestionScreen(KioskScreen):
    """A :class:`~kiosk.presenter.views.QuestionView`."""

    greeting = StringProperty("")
    sentence = StringProperty("")
    detail = StringProperty("")
    note = StringProperty("")
    seconds = StringProperty("")
    fraction = NumericProperty(0.0)

    def show(self, view: QuestionView) -> None:
        """Become this view state."""
        self.greeting, self.sentence, self.detail, self.note = view.greeting, view.sentence, view.detail, view.note
        self.seconds, self.fraction = str(view.countdown.seconds), view.countdown.fraction
        box = self.ids.answers
        if len(box.children) != len(view.answers):
            box.clear_widgets()
            for _ in view.answers:
                box.add_widget(Answer())
        for answer, button in zip(reversed(box.children), view.answers, strict=True):
            answer.show(button)


class Answer(PushButton):
    """A very large button."""


load_beside(__file__)
