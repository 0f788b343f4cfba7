"""The keys of the window: handed on as they went down, none of them doing anything to the window itself.

Upstream: Kivy's window.
Downstream: ``app``; the hook ``key`` (readers that type).

Text input stays switched off, so that no input method stands between a reader and the kiosk: it would gather the
letters of a card into Chinese words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kivy.clock import Clock

from kiosk.ui.options import KeyDown

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class Keyboard:
    """Watches one window's keys; every call belongs to the UI thread."""

    def __init__(self, clock: Callable[[], float], on_key: Callable[[KeyDown], None]) -> None:
        self._clock = clock
        self._on_key = on_key
        self._held: set[int] = set()
        self._looked_s = clock()

    def watch(self, window: Any) -> None:
        """Take the keys of a window from now on."""
        window.release_keyboard()  # ends SDL's text input, which begins with the window
        window.bind(on_key_down=self._down, on_key_up=self._up)
        Clock.schedule_interval(self._look, 0)

    def _down(self, _window: Any, _key: int, scancode: int, _text: str | None, modifiers: Sequence[str]) -> bool:
        repeated = scancode in self._held
        self._held.add(scancode)
        shifted, caps = "shift" in modifiers, "capslock" in modifiers
        self._on_key(KeyDown(scancode, shifted, caps, repeated, self._looked_s, self._clock()))
        return True  # so Escape, F1 and their like reach nothing

    def _up(self, _window: Any, _key: int, scancode: int) -> bool:
        self._held.discard(scancode)
        return True

    def _look(self, _elapsed: float) -> None:
        self._looked_s = self._clock()
