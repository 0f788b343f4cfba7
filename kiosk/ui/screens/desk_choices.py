"""Large tiles to choose from, under a question.

Upstream: ``kiosk.presenter.desk.views.ChoicesBody``.
Downstream: ``desk``.
"""

from __future__ import annotations

from kivy.properties import NumericProperty, StringProperty

from kiosk.presenter.desk.views import ChoicesBody
from kiosk.ui.kv import load_beside
from kiosk.ui.screens.desk_box import ButtonRow, DeskBox, fill
from kiosk.ui.widgets.choice_tile import ChoiceTile

__all__ = ["ButtonRow", "ChoicesBox"]

UPRIGHT_COLUMNS = 2
NOTED = [1, 0.62]


class ChoicesBox(DeskBox):
    """A :class:`~kiosk.presenter.desk.views.ChoicesBody`."""

    question = StringProperty("")
    question_height = NumericProperty(0.0)
    columns = NumericProperty(4)

    def show(self, body: ChoicesBody) -> None:
        """Become this body."""
        self.question = body.question
        self.question_height = 1.0 if body.question else 0.0
        self.columns = UPRIGHT_COLUMNS if self.portrait else body.columns
        fill(self.ids.tiles, body.choices, ChoiceTile)
        if any(choice.note for choice in body.choices):  # so that names stand in one line
            for tile in self.ids.tiles.children:
                tile.note_share = NOTED
        self.ids.buttons.show(body.buttons)


load_beside(__file__)
