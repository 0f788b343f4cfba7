"""How far it is to the next star, and this month's time, on one sheet.

Upstream: ``kiosk.presenter.views.StarRing``.
Downstream: the check-out card.
"""

from __future__ import annotations

from kivy.properties import NumericProperty, StringProperty

from kiosk.presenter.views import StarRing
from kiosk.ui.kv import load_beside
from kiosk.ui.widgets.ring import Ring
from kiosk.ui.widgets.rounded import Panel

__all__ = ["Ring", "StarPanel"]


class StarPanel(Panel):
    """A :class:`~kiosk.presenter.views.StarRing`."""

    centre = StringProperty("")
    target = StringProperty("")
    title = StringProperty("")
    caption = StringProperty("")
    fraction = NumericProperty(0.0)
    month_title = StringProperty("")
    month = StringProperty("")

    def show(self, star: StarRing) -> None:
        """Become this ring."""
        self.centre, self.target, self.fraction = star.centre, star.target, star.fraction
        self.title, self.caption = star.title, star.caption


load_beside(__file__)
