"""One line of a list at the desk, with a box to mark it where several can be chosen; and the headings above the list.

Upstream: ``kiosk.presenter.desk.views``.
Downstream: the desk's lists.
"""

from __future__ import annotations

from typing import Any

from kivy.properties import ColorProperty, NumericProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

from kiosk.presenter.desk.views import Row, Segment
from kiosk.presenter.icons import Icon
from kiosk.presenter.views import Tone
from kiosk.ui.kv import load_beside
from kiosk.ui.theme import THEME
from kiosk.ui.widgets.control import Control
from kiosk.ui.widgets.pill import Pill
from kiosk.ui.widgets.push_button import darkened
from kiosk.ui.widgets.rounded import Flat, Panel

__all__ = ["DeskRow", "Pill", "SegmentTab"]


class MarkBox(Control, Flat):
    """A box to tick."""

    tick = StringProperty("")
    ink = ColorProperty(THEME.ink)


class RowFace(Control, Panel):
    """What a line says; pressed, it opens."""

    name = StringProperty("")
    detail = StringProperty("")
    aside = StringProperty("")
    icon = StringProperty("")
    right_share = NumericProperty(0.72)

    def on_kv_post(self, _base: Any) -> None:
        self._badge = self.ids.badge.__self__  # ids alone do not keep what leaves the tree

    def show(self, row: Row) -> None:
        """Become this line."""
        self.name, self.detail, self.aside = row.name, row.detail, row.aside
        self.icon, self.tap = row.icon.value, row.tap
        self.right_share = 1.1 if THEME.portrait and row.badge is not None else 0.72
        if row.badge is not None:
            self._badge.show(row.badge)
        if row.badge is None and self._badge.parent is not None:
            self.ids.right.remove_widget(self._badge)
        elif row.badge is not None and self._badge.parent is None:
            self.ids.right.add_widget(self._badge)

    def on_pressed(self, _face: object, pressed: bool) -> None:  # noqa: FBT001  Kivy's signature
        self.fill = darkened(THEME.card, pressed=pressed)


class DeskRow(BoxLayout):
    """A :class:`~kiosk.presenter.desk.views.Row`."""

    def on_kv_post(self, _base: Any) -> None:
        self._box = self.ids.box.__self__

    def show(self, row: Row) -> None:
        """Become this line."""
        self.ids.face.show(row)
        tone = Tone.ACCENT if row.marked else Tone.QUIET
        self._box.tap, self._box.tick = row.mark, Icon.CHECK.value if row.marked else ""
        self._box.fill, self._box.ink = THEME.ground(tone), THEME.text(tone)
        if row.mark is None and self._box.parent is self:
            self.remove_widget(self._box)
        elif row.mark is not None and self._box.parent is None:
            self.add_widget(self._box, index=1)


class SegmentTab(Control, Flat):
    """A :class:`~kiosk.presenter.desk.views.Segment` to press."""

    name = StringProperty("")
    count = StringProperty("")
    flow = StringProperty("horizontal")
    count_share = NumericProperty(0.34)
    ink = ColorProperty(THEME.ink)

    def show(self, segment: Segment) -> None:
        """Become this segment."""
        self.flow, self.count_share = ("vertical", 1.0) if THEME.portrait else ("horizontal", 0.34)
        self.name, self.count, self.tap = segment.name, segment.count, segment.tap
        tone = Tone.ACCENT if segment.chosen else Tone.QUIET
        self.fill, self.ink = THEME.ground(tone), THEME.text(tone)


load_beside(__file__)
