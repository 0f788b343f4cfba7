"""The one hold-off of a booth: whatever reads a card, camera or reader, one card shown is one scan.

*Upstream*: `holdoff`. *Downstream*: `lookout` in the decoder thread, `readers` in theirs.
"""

import threading

from kiosk.scan.holdoff import HoldOff


class SharedHoldOff(HoldOff):
    """A hold-off that several threads may ask."""

    def __init__(self, hold_off_ns: int, most_texts: int) -> None:
        """Begin with an empty memory; see `HoldOff`."""
        super().__init__(hold_off_ns, most_texts)
        self._lock = threading.RLock()

    def is_new(self, text: str, now_ns: int) -> bool:
        """Tell whether the text counts as a scan now."""
        with self._lock:
            return super().is_new(text, now_ns)

    def see(self, text: str, now_ns: int) -> None:
        """Hold the text from now on."""
        with self._lock:
            super().see(text, now_ns)

    def still_see(self, text: str, now_ns: int) -> None:
        """Go on holding the text if it is held; a text that is not, stays new."""
        with self._lock:
            super().still_see(text, now_ns)

    def claim(self, text: str, now_ns: int) -> bool:
        """Hold the text, and tell whether it was new, in one step that no other thread comes between."""
        with self._lock:
            was_new = self.is_new(text, now_ns)
            self.see(text, now_ns)
            return was_new
