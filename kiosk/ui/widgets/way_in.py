"""A way into another part of the kiosk.

Upstream: ``push_button``.
Downstream: the idle screen.
"""

from __future__ import annotations

from kiosk.ui.kv import load_beside
from kiosk.ui.widgets.push_button import PushButton


class WayIn(PushButton):
    """One of the buttons that lie side by side at the foot."""


load_beside(__file__)
