"""团队登记: what the last scan came to, very large; how many came and left; the latest members.

Upstream: ``kiosk.presenter.asking.group.GroupView``.
Downstream: ``stage``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kivy.properties import ColorProperty, NumericProperty, StringProperty

from kiosk.ui.kv import load_beside
from kiosk.ui.screens.screen import KioskScreen
from kiosk.ui.theme import THEME
from kiosk.ui.widgets.pill import Pill
from kiosk.ui.widgets.push_button import PushButton

if TYPE_CHECKING:
    from kiosk.presenter.asking.group import GroupView

__all__ = ["GroupScreen", "PushButton"]


class MemberPill(Pill):
    """One of the latest members."""


class GroupScreen(KioskScreen):
    """A :class:`~kiosk.presenter.asking.group.GroupView`."""

    title = StringProperty("")
    icon = StringProperty("")
    flash = StringProperty("")
    hint = StringProperty("")
    ground = ColorProperty(THEME.card)
    ink = ColorProperty(THEME.ink)
    came_title = StringProperty("")
    came = StringProperty("")
    left_title = StringProperty("")
    left = StringProperty("")
    flash_share = NumericProperty(1.0)

    def on_kv_post(self, _base: Any) -> None:
        self._undo = self.ids.undo.__self__  # ids alone do not keep what leaves the tree

    def show(self, view: GroupView) -> None:
        """Become this view state."""
        self.title, self.hint = view.title, view.flash_hint
        self.flash, self.icon = view.flash.text, view.flash.icon.value
        self.ground, self.ink = THEME.ground(view.flash.tone), THEME.text(view.flash.tone)
        self.came_title, self.came, self.left_title, self.left = view.came_title, view.came, view.left_title, view.left
        self.flash_share = 0.78 if self.portrait else 1.0
        self.ids.service.show(view.service)
        self.ids.done.show(view.done)
        self._show_latest(view)
        foot = self.ids.foot
        if view.undo is not None:
            self._undo.show(view.undo)
        if view.undo is None and self._undo.parent is not None:
            foot.remove_widget(self._undo)
        elif view.undo is not None and self._undo.parent is None:
            foot.add_widget(self._undo, index=1)

    def _show_latest(self, view: GroupView) -> None:
        box = self.ids.latest
        if len(box.children) != len(view.latest):
            box.clear_widgets()
            for _ in view.latest:
                box.add_widget(MemberPill())
        for pill, member in zip(reversed(box.children), view.latest, strict=True):
            pill.show(member)


load_beside(__file__)
