"""One own session in two lines, as large as a finger.

Upstream: ``kiosk.presenter.records.views.RecordLine``.
Downstream: ``own_records``.
"""

from __future__ import annotations

from kivy.properties import ColorProperty, NumericProperty, StringProperty

from kiosk.presenter.records.views import RecordLine
from kiosk.ui.kv import load_beside
from kiosk.ui.theme import THEME
from kiosk.ui.widgets.control import Control
from kiosk.ui.widgets.push_button import darkened
from kiosk.ui.widgets.rounded import Panel


class RecordRow(Control, Panel):
    """A :class:`~kiosk.presenter.records.views.RecordLine` to press."""

    day = StringProperty("")
    service = StringProperty("")
    icon = StringProperty("")
    known = StringProperty("")
    credited = StringProperty("")
    state = StringProperty("")
    state_icon = StringProperty("")
    state_ink = ColorProperty(THEME.ink)
    times = StringProperty("")
    right_share = NumericProperty(0.72)

    def show(self, line: RecordLine) -> None:
        """Become this line."""
        self.day, self.service, self.icon = line.day, line.service, line.icon.value
        self.times, self.known, self.credited, self.tap = line.times, line.known, line.credited, line.tap
        self.state, self.state_icon = line.state.text, line.state.icon.value
        self.state_ink = THEME.text(line.state.tone)
        self.on_pressed(self, self.pressed)

    def on_pressed(self, _row: object, pressed: bool) -> None:  # noqa: FBT001  Kivy's signature
        self.fill = darkened(THEME.card, pressed=pressed)


load_beside(__file__)
