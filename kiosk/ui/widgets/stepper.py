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
from kiosk.ui.widgets.say import width_of

__all__ = ["CountStepper", "StepButton"]

NAME_POINTS = 30


class StepButton(PushButton):
    """A round button with a sign."""


class CountStepper(BoxLayout):
    """A :class:`~kiosk.presenter.views.Stepper` to press."""

    name = StringProperty("")
    icon = StringProperty("")
    name_width = NumericProperty(0.0)
    flow = StringProperty("vertical")
    name_share = NumericProperty(0.55)
    count = StringProperty("0")

    def show(self, stepper: Stepper) -> None:
        """Become this stepper."""
        self.name, self.icon, self.count = stepper.name, stepper.icon.value, str(stepper.count)
        self.flow, self.name_share = ("horizontal", 1.0) if THEME.portrait else ("vertical", 0.55)
        self.name_width = width_of(self.name, "body", round(NAME_POINTS * THEME.unit)) + 2
        self.ids.less.show(Button("", Icon.LESS, stepper.less, Tone.QUIET))
        self.ids.more.show(Button("", Icon.MORE, stepper.more, Tone.ACCENT))


load_beside(__file__)
