"""A button of the desk: it may be out of reach, and then says why; it may repeat while a finger rests on it.

Upstream: ``kiosk.presenter.desk.views.Action``.
Downstream: the desk's band and pages.
"""

from __future__ import annotations

from typing import Any

from kivy.clock import Clock
from kivy.properties import ColorProperty, ListProperty, NumericProperty, StringProperty

from kiosk.presenter.desk.views import Action
from kiosk.presenter.views import Tone
from kiosk.ui.kv import load_beside
from kiosk.ui.theme import THEME
from kiosk.ui.widgets.control import Control
from kiosk.ui.widgets.push_button import darkened
from kiosk.ui.widgets.rounded import Flat
from kiosk.ui.widgets.say import width_of

RESTS_S, REPEATS_S = 0.45, 0.1  # a finger that rests this long turns on, this often
NONE = 0.0001  # of the room; a share of nothing at all confuses Kivy's boxes
AWAY = 0.45  # how much of a button out of reach is seen


class DeskButton(Control, Flat):
    """An :class:`~kiosk.presenter.desk.views.Action` to press: picture, word, and a line under it."""

    text = StringProperty("")
    icon = StringProperty("")
    why = StringProperty("")
    ink = ColorProperty(THEME.ink)
    ground = ColorProperty(THEME.card)
    points = NumericProperty(34.0)
    picture = NumericProperty(40.0)
    why_share = ListProperty([1, NONE])
    text_width = NumericProperty(0.0)

    def show(self, action: Action) -> None:
        """Become this action."""
        self.text, self.why, self.tap = action.text, action.why, action.tap
        self.icon = action.icon.value
        tone = Tone.QUIET if action.tap is None else action.tone
        self.ground, self.ink = THEME.ground(tone), THEME.text(tone)
        self.why_share = [1, 0.8] if action.why else [1, NONE]
        away = action.tap is None and not action.why
        self.opacity = AWAY if away else 1.0
        self.on_pressed(self, self.pressed)
        self._measure()

    def on_points(self, *_: object) -> None:
        self._measure()

    def on_width(self, *_: object) -> None:
        self._measure()

    def _measure(self) -> None:
        picture = self.picture + 12 if self.icon else 0
        natural = width_of(self.text, "heading", max(1, int(self.points))) + 4 if self.text else 0
        self.text_width = max(0, min(natural, self.width - self.padding[0] - self.padding[2] - picture - 24))

    def on_pressed(self, _button: object, pressed: bool) -> None:  # noqa: FBT001  Kivy's signature
        self.fill = darkened(self.ground, pressed=pressed)


class BandButton(DeskButton):
    """One that stands on the red band: always in reach, or not there at all."""

    def show(self, action: Action) -> None:
        """Become this action."""
        super().show(action)
        self.ground, self.ink = THEME.accent_deep, THEME.accent_text
        self.opacity = 0.0 if action.tap is None else 1.0
        self.on_pressed(self, self.pressed)


class StepKey(DeskButton):
    """One that goes on while a finger rests on it."""

    _repeats: Any = None

    def on_touch_down(self, touch: Any) -> bool:
        taken: bool = super().on_touch_down(touch)
        if taken:
            self._stop()
            self._repeats = Clock.schedule_once(self._begin, RESTS_S)
        return taken

    def on_touch_up(self, touch: Any) -> bool:
        if touch.grab_current is self:
            self._stop()
        return bool(super().on_touch_up(touch))

    def _begin(self, _elapsed: float) -> None:
        self._repeats = Clock.schedule_interval(self._repeat, REPEATS_S)

    def _repeat(self, _elapsed: float) -> None:
        if self.tap is None or self.get_root_window() is None:
            self._stop()
        else:
            self._send()

    def _stop(self) -> None:
        if self._repeats is not None:
            self._repeats.cancel()
            self._repeats = None


load_beside(__file__)
