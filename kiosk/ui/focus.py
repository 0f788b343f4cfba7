"""A keyboard, where there is one: Tab goes from control to control, Enter presses the one in the frame.

Upstream: ``keyboard`` hands the keys on.
Downstream: ``app``.

A reader that types is a keyboard too, and ends with Enter or Tab: its first letter takes the frame away, and an Enter
that follows another key at once presses nothing. Whatever the screen shows next begins without a frame, so that no
Enter presses what nobody has seen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kivy.graphics import Color, InstructionGroup, Line

from kiosk.ui.theme import THEME
from kiosk.ui.widgets.control import Control

if TYPE_CHECKING:
    from kiosk.ui.options import KeyDown

TAB, ENTERS = 43, (40, 88)  # places of keys, USB HID usage of page 7
MODIFIERS = range(224, 232)
APART_S = 0.25  # a machine's keys follow one another faster (kiosk.scan.wedge)
WIDE = 5


class Focus:
    """The frame around one control of a stage."""

    def __init__(self, stage: Any) -> None:
        self._stage = stage
        self._control: Any = None
        self._tap: Any = None
        self._frame = InstructionGroup()
        self._pressed_s = 0.0
        stage.canvas.after.add(self._frame)

    def press(self, key: KeyDown) -> None:
        """Take a key that went down."""
        if key.scancode in MODIFIERS or key.repeated:
            return
        apart = key.at_s - self._pressed_s >= APART_S
        self._pressed_s = key.at_s
        if key.scancode == TAB:
            self._move(-1 if key.shifted else 1)
        elif key.scancode in ENTERS and apart and self._stands():
            tap = self._tap
            self.drop()
            self._stage.tapped(tap)
        else:
            self.drop()

    def look(self) -> None:
        """Take the frame away where its control has gone, or asks for something else by now."""
        if self._control is not None and not self._stands():
            self.drop()

    def _stands(self) -> bool:
        control = self._control
        return control is not None and control.get_root_window() is not None and control.tap == self._tap

    def drop(self) -> None:
        """Take the frame away."""
        self._control = self._tap = None
        self._frame.clear()

    def _move(self, step: int) -> None:
        controls = [each for each in self._stage.walk() if isinstance(each, Control) and each.tap is not None]
        controls.sort(key=_place)
        if not controls:
            return
        at = controls.index(self._control) + step if self._control in controls else (0 if step > 0 else -1)
        self._control = controls[at % len(controls)]
        self._tap = self._control.tap
        x, y = self._control.to_window(*self._control.pos)
        self._frame.clear()
        self._frame.add(Color(rgba=THEME.ink))
        self._frame.add(Line(rectangle=(x, y, *self._control.size), width=WIDE * THEME.unit))


def _place(control: Any) -> tuple[int, float]:
    """Where a control stands: rows from the top, from left to right."""
    x, y = control.to_window(*control.pos)
    return -round(y + control.height), x
