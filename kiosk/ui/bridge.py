"""The one crossing from other threads into the UI thread.

Upstream: the scanner's thread and the duty thread, through ``kiosk.composition``.
Downstream: Kivy's clock, which runs what was posted before the next frame.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kivy.clock import Clock

if TYPE_CHECKING:
    from collections.abc import Callable

BEFORE_NEXT_FRAME = -1


def post(deed: Callable[[], object]) -> None:
    """Run ``deed`` in the UI thread, in the order of posting; may be called from any thread and never blocks."""
    Clock.schedule_once(lambda _elapsed: deed(), BEFORE_NEXT_FRAME)
