"""上岗: the greeting, the shift, seven large tiles with the likely one chosen, cap and armband.

Upstream: ``kiosk.presenter.views.CheckInView``.
Downstream: ``stage``.
"""

from __future__ import annotations

from kivy.properties import ColorProperty, NumericProperty, StringProperty

from kiosk.presenter.views import Badge, CheckInView, Direction, Tone
from kiosk.ui.kv import load_beside
from kiosk.ui.screens.card_foot import CardFoot
from kiosk.ui.screens.screen import KioskScreen
from kiosk.ui.theme import THEME
from kiosk.ui.widgets.pill import Pill
from kiosk.ui.widgets.ring import Ring
from kiosk.ui.widgets.rounded import Flat
from kiosk.ui.widgets.tile import Tile

__all__ = ["CardFoot", "CheckInScreen", "Ring"]

UPRIGHT_COLUMNS = 4
ONE_LINE = 24  # characters of Chinese that an upright display has room for
NONE = 0.001  # of the room; a share of nothing at all confuses Kivy's boxes


class CheckInScreen(KioskScreen):
    """A :class:`~kiosk.presenter.views.CheckInView`."""

    greeting = StringProperty("")
    shift = StringProperty("")
    question = StringProperty("")
    line = StringProperty("")
    reminder = StringProperty("")
    seconds = StringProperty("")
    fraction = NumericProperty(0.0)
    columns = NumericProperty(7)
    pill_rows = NumericProperty(1)
    words_height = NumericProperty(0)
    question_share = NumericProperty(NONE)
    line_share = NumericProperty(NONE)
    line_side = StringProperty("left")

    def show(self, view: CheckInView) -> None:
        """Become this view state."""
        self.greeting, self.shift, self.reminder = view.greeting, view.shift, view.reminder
        crowded = bool(view.warnings or view.direction or (self.portrait and view.line))
        self._show_words("" if crowded else view.question, view.line)
        self.seconds, self.fraction = str(view.countdown.seconds), view.countdown.fraction
        self.ids.recorded.show(view.recorded)
        self.ids.punctuality.show(view.punctuality)
        self.ids.foot.show(view.undo, view.close)
        self._show_warnings(view)
        self._show_services(view)

    def _show_words(self, question: str, line: str) -> None:
        """The question for the service at the left, what else there is to say at the right; without both, no room."""
        self.question, self.line = question, line
        is_long = self.portrait and len(line) > ONE_LINE
        self.words_height = (84 if is_long else 48) if question or line else 0
        self.question_share, self.line_share = 0.66 if question else NONE, 1 if line else NONE
        self.line_side = "right" if question else "left"

    def _show_warnings(self, view: CheckInView) -> None:
        box, way = self.ids.warnings, () if view.direction is None else (view.direction,)
        said: tuple[Direction | Badge, ...] = way or view.warnings
        kinds = [DirectionPanel if isinstance(each, Direction) else WarningPill for each in said]
        if [type(each) for each in reversed(box.children)] != kinds:
            box.clear_widgets()
            for kind in kinds:
                box.add_widget(kind())
        for widget, each in zip(reversed(box.children), said, strict=True):
            widget.show(each)

    def _show_services(self, view: CheckInView) -> None:
        grid = self.ids.services
        if len(grid.children) != len(view.services):
            grid.clear_widgets()
            for _ in view.services:
                grid.add_widget(Tile())
        self.pill_rows = 2 if self.portrait else 1
        self.columns = UPRIGHT_COLUMNS if self.portrait else len(view.services)
        for tile, service in zip(reversed(grid.children), view.services, strict=True):
            tile.show(service)


class DirectionPanel(Flat):
    """A :class:`~kiosk.presenter.views.Direction`, as large as a sentence can be."""

    sentence = StringProperty("")
    hint = StringProperty("")
    ink = ColorProperty(THEME.ink)
    edge = NumericProperty(32)
    gap = NumericProperty(24)
    picture = NumericProperty(92)

    def show(self, direction: Direction) -> None:
        """Become this direction."""
        self.sentence, self.hint = direction.sentence, direction.hint
        self.edge, self.gap, self.picture = (16, 14, 64) if THEME.portrait else (32, 24, 92)
        self.fill, self.ink = THEME.ground(Tone.WARN), THEME.text(Tone.WARN)


class WarningPill(Pill):
    """What the volunteer should tell the captain."""


load_beside(__file__)
