"""Pictures of the screens a demo passes, one as each has settled; and the end of a demo's scene.

Upstream: ``kiosk.ui.app`` (state and screenshot).
Downstream: ``run``; only with a demo camera, since a picture of the idle screen shows what the camera sees.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kiosk.presenter.navigation import Screen

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk.ui.app import KioskApp

SETTLED_S = 1.0


@dataclass(slots=True)
class Album:
    """Looks at the screen now and then; every call belongs to the UI thread.

    Attributes:
        folder: where the pictures go, ``01-idle.png`` and so on; None takes none.
        stops_when_over: end the app once the scene has ended and the idle screen is back.
    """

    app: KioskApp
    folder: Path | None
    stops_when_over: bool
    over: bool = False
    _screen: Screen | None = None
    _since_s: float = 0.0
    _taken: list[Path] = field(default_factory=list)
    _is_taken: bool = False

    def look(self, now_s: float) -> None:
        """Take a picture of a screen that has just settled; ``now_s`` as in the presenter."""
        state = self.app.state
        if state is None:
            return
        if state.screen is not self._screen:
            self._screen, self._since_s, self._is_taken = state.screen, now_s, False
        if now_s - self._since_s < SETTLED_S:
            return
        if self.folder is not None and not self._is_taken:
            self._is_taken = True
            self.folder.mkdir(parents=True, exist_ok=True)
            path = self.folder / f"{len(self._taken) + 1:02d}-{state.screen.value}.png"
            self._taken.append(self.app.screenshot(path))
        if self.over and self.stops_when_over and state.screen is Screen.IDLE:
            self.app.stop()
