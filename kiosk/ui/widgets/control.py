"""What a finger can press: it answers the touch at once and asks the stage when the finger leaves it.

Upstream: ``kiosk.presenter.acts``.
Downstream: buttons, tiles, steppers.
"""

from __future__ import annotations

from typing import Any

from kivy.properties import BooleanProperty, ObjectProperty
from kivy.uix.widget import Widget


class Control(Widget):
    """A widget that sends its tap up to the stage. Without a tap it is only looked at."""

    tap = ObjectProperty(None, allownone=True)
    pressed = BooleanProperty(False)

    def on_touch_down(self, touch: Any) -> bool:
        if self.tap is None or not self.collide_point(*touch.pos):
            return False
        touch.grab(self)
        self.pressed = True
        return True

    def on_touch_up(self, touch: Any) -> bool:
        if touch.grab_current is not self:
            return False
        touch.ungrab(self)
        self.pressed = False
        if self.tap is not None and self.collide_point(*touch.pos):
            self._send()
        return True

    def _send(self) -> None:
        holder = self.parent
        while not hasattr(holder, "tapped"):
            holder = holder.parent
        holder.tapped(self.tap)
