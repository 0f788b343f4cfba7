"""时长星级: three figures that are never added up, where the time comes from, and the way to a star.

Upstream: ``kiosk.presenter.records.views.HoursView``.
Downstream: ``stage``.
"""

from __future__ import annotations

from typing import Any

from kivy.properties import NumericProperty, StringProperty

from kiosk.presenter.records.views import HoursView
from kiosk.ui.kv import load_beside
from kiosk.ui.screens.screen import KioskScreen
from kiosk.ui.widgets.figures import FigureBox, SourceLine
from kiosk.ui.widgets.pill import Pill
from kiosk.ui.widgets.push_button import PushButton
from kiosk.ui.widgets.records_rail import RecordsRail
from kiosk.ui.widgets.ring import Ring

__all__ = ["FigureBox", "OwnHoursScreen", "Pill", "PushButton", "RecordsRail", "Ring"]


class OwnHoursScreen(KioskScreen):
    """A :class:`~kiosk.presenter.records.views.HoursView`."""

    sources_title = StringProperty("")
    overlap = StringProperty("")
    star_title = StringProperty("")
    star_centre = StringProperty("")
    star_target = StringProperty("")
    star_caption = StringProperty("")
    star_note = StringProperty("")
    star_fraction = NumericProperty(0.0)
    star_share = NumericProperty(0.9)
    below = NumericProperty(1.5)

    def on_kv_post(self, _base: Any) -> None:
        self._apply, self._applied = self.ids.apply.__self__, self.ids.applied.__self__

    def show(self, view: HoursView) -> None:
        """Become this view state."""
        self.star_share, self.below = (1.0, 3.2) if self.portrait else (0.9, 1.5)
        self.ids.rail.show(view.rail)
        for name in ("confirmed", "waiting", "provisional"):
            self.ids[name].show(getattr(view, name))
        self.sources_title, self.overlap, self.star_note = view.sources_title, view.overlap, view.star_note
        star = view.star
        self.star_title, self.star_centre, self.star_target = star.title, star.centre, star.target
        self.star_caption, self.star_fraction = star.caption, star.fraction
        self._show_sources(view)
        self._show_slot(view)

    def _show_sources(self, view: HoursView) -> None:
        box = self.ids.sources
        if len(box.children) != len(view.sources):
            box.clear_widgets()
            for _ in view.sources:
                box.add_widget(SourceLine())
        for line, source in zip(reversed(box.children), view.sources, strict=True):
            line.show(source)

    def _show_slot(self, view: HoursView) -> None:
        slot = self.ids.slot
        if view.apply is not None:
            self._apply.show(view.apply)
        elif view.applied is not None:
            self._applied.show(view.applied)
        wanted = self._apply if view.apply is not None else self._applied if view.applied is not None else None
        slot.clear_widgets()
        if wanted is not None:
            slot.add_widget(wanted)


load_beside(__file__)
