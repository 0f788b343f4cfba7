"""The mark of an outcome that only an area of the screen shows.

Upstream: none.
Downstream: the outcome modules of the areas, ``kiosk.presenter.area``.
"""

from __future__ import annotations


class AreaOutcome:
    """An outcome that the ordinary screens do not know; where no area takes it any more, nothing changes."""

    __slots__ = ()
