"""One thing said large, a few lines on it, a bar where something takes long, and what can be done next.

Upstream: ``kiosk.presenter.desk.views.MessageBody``.
Downstream: ``desk``.
"""

from __future__ import annotations

from kivy.properties import ColorProperty, ListProperty, NumericProperty, StringProperty

from kiosk.presenter.desk.views import MessageBody
from kiosk.ui.kv import load_beside
from kiosk.ui.screens.desk_box import ButtonRow, DeskBox, fill
from kiosk.ui.theme import THEME
from kiosk.ui.widgets.say import Say

__all__ = ["ButtonRow", "MessageBox"]


class MessageLine(Say):
    """One line under the headline."""

    def show(self, line: str) -> None:
        """Become this line."""
        self.text = line


class MessageBox(DeskBox):
    """A :class:`~kiosk.presenter.desk.views.MessageBody`."""

    headline = StringProperty("")
    icon = StringProperty("")
    ground = ColorProperty(THEME.card)
    ink = ColorProperty(THEME.ink)
    bar = NumericProperty(0.0)
    bar_text = StringProperty("")
    bar_share = NumericProperty(0.0)
    picture_share = ListProperty([0.26, 1.0])

    def show(self, body: MessageBody) -> None:
        """Become this body."""
        self.headline, self.icon = body.headline, body.icon.value
        self.ground, self.ink = THEME.ground(body.tone), THEME.text(body.tone)
        self.bar, self.bar_text, self.bar_share = body.bar or 0.0, body.bar_text, 0.0 if body.bar is None else 1.0
        self.picture_share = [1.0, 0.4] if self.portrait else [0.26, 1.0]
        fill(self.ids.lines, body.lines, MessageLine)
        self.ids.buttons.show(body.buttons)


load_beside(__file__)
