"""What the bodies of the desk have in common: rows of buttons, and as many widgets as there are values.

Upstream: ``screen``, ``kiosk.presenter.desk.views``.
Downstream: the desk's bodies.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kivy.uix.boxlayout import BoxLayout

from kiosk.ui.kv import load_beside
from kiosk.ui.screens.screen import KioskScreen
from kiosk.ui.widgets.desk_button import DeskButton

if TYPE_CHECKING:
    from collections.abc import Sequence


class DeskBox(KioskScreen):
    """A body of the desk."""


class ButtonRow(BoxLayout):
    """Buttons side by side, or one over the other; no buttons take no room."""

    def show(self, actions: Sequence[Any]) -> None:
        """Become these buttons."""
        fill(self, actions, WideButton)


class WideButton(DeskButton):
    """A button of the whole page."""


def fill(box: Any, values: Sequence[Any], widget: type) -> None:
    """Let a box hold one widget for each value, in their order, and each show its own."""
    if len(box.children) != len(values) or any(type(child) is not widget for child in box.children):
        box.clear_widgets()
        for _ in values:
            box.add_widget(widget())
    for child, value in zip(reversed(box.children), values, strict=True):
        child.show(value)


load_beside(__file__)
