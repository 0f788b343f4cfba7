"""How the machine is: each part with its picture, its state and a sentence where there is trouble.

Upstream: ``kiosk.presenter.desk.views.FactsBody``.
Downstream: ``desk``.
"""

from __future__ import annotations

from kivy.properties import ColorProperty, NumericProperty, StringProperty

from kiosk.presenter.desk.views import Fact, FactsBody
from kiosk.ui.kv import load_beside
from kiosk.ui.screens.desk_box import DeskBox, fill
from kiosk.ui.theme import THEME
from kiosk.ui.widgets.rounded import Panel

NONE = 0.0001  # of the room; a share of nothing at all confuses Kivy's boxes


class FactPanel(Panel):
    """A :class:`~kiosk.presenter.desk.views.Fact`."""

    name = StringProperty("")
    value = StringProperty("")
    note = StringProperty("")
    icon = StringProperty("")
    ground = ColorProperty(THEME.card)
    ink = ColorProperty(THEME.ink)
    note_share = NumericProperty(0.0)

    def show(self, fact: Fact) -> None:
        """Become this fact."""
        self.name, self.value, self.note, self.icon = fact.name, fact.value, fact.note, fact.icon.value
        self.ground, self.ink = THEME.ground(fact.tone), THEME.text(fact.tone)
        self.note_share = 1.3 if fact.note else NONE


class FactsBox(DeskBox):
    """A :class:`~kiosk.presenter.desk.views.FactsBody`."""

    columns = NumericProperty(2)

    def show(self, body: FactsBody) -> None:
        """Become this body."""
        self.columns = 1 if self.portrait else 2
        fill(self.ids.facts, body.facts, FactPanel)


load_beside(__file__)
