"""What a look of the roster's bars means, in one word.

Upstream: ``pill``.
Downstream: the idle screen.
"""

from __future__ import annotations

from kiosk.ui.kv import load_beside
from kiosk.ui.widgets.pill import Pill


class LegendChip(Pill):
    """A small pill above the roster."""


load_beside(__file__)
