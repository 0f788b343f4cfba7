"""A count with a big − and a big +.

Upstream: ``kiosk.presenter.views.Stepper``.
Downstream: the check-out card.
"""

from __future__ import annotations

from kivy.properties import NumericProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

from kiosk.presenter.icons import Icon
from kiosk.presenter.views import Button, Stepper, Tone
from kiosk.ui.kv import load_beside
from kiosk.ui.theme import THEME
from kiosk.ui.widgets.push_button import PushButton

__all__ = ["CountStepper", "StepButton"]


class StepButton(PushButton):
    """A round button with a sign."""


class CountStepper(BoxLayout):
    """A :class:`~kiosk.presenter.views.Stepper` to press."""

    name = StringProperty("")
    flow = StringProperty("vertical")
    name_share = NumericProperty(0.55)
    count = StringProperty("0")

    def show(self, stepper: Stepper) -> None:
        """Become this stepper."""
        self.name, self.count = stepper.name, str(stepper.count)
        self.flow, self.name_share = ("horizontal", 1.0) if THEME.portrait else ("vertical", 0.55)
        self.ids.less.show(Button("", Icon.LESS, stepper.less, Tone.QUIET))
        self.ids.more.show(Button("", Icon.MORE, stepper.more, Tone.ACCENT))


load_beside(__file__)
