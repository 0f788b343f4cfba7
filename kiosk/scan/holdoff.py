"""One card held still is one scan.

    a text ──▶ seen within the hold-off since it was LAST seen? ── yes ──▶ held, and seen again now
                                                               └── no ───▶ new

Pure: the instant comes in. Seen again keeps it held for as long as the card is shown; another text passes at once.

*Upstream*: `lookout` brings each text that was read. *Downstream*: `lookout` reports only the new ones.
"""

from collections import OrderedDict


class HoldOff:
    """Remembers which texts were seen a moment ago, and no text for longer."""

    def __init__(self, hold_off_ns: int, most_texts: int) -> None:
        """Begin with an empty memory.

        Args:
            hold_off_ns: a text not seen for this long is new again, nanoseconds.
            most_texts: the memory holds no more than this; the one seen longest ago gives way.
        """
        self._hold_off_ns = hold_off_ns
        self._most_texts = most_texts
        self._last_seen_ns: OrderedDict[str, int] = OrderedDict()

    def __len__(self) -> int:
        """Return how many texts are remembered."""
        return len(self._last_seen_ns)

    def is_new(self, text: str, now_ns: int) -> bool:
        """Tell whether the text counts as a scan now. Changes nothing but what is too old to matter."""
        self._forget(now_ns)
        return text not in self._last_seen_ns

    def see(self, text: str, now_ns: int) -> None:
        """Hold the text from now on."""
        self._last_seen_ns[text] = now_ns
        self._last_seen_ns.move_to_end(text)
        if len(self._last_seen_ns) > self._most_texts:
            self._last_seen_ns.popitem(last=False)

    def still_see(self, text: str, now_ns: int) -> None:
        """Go on holding the text if it is held; a text that is not, stays new."""
        if not self.is_new(text, now_ns):
            self.see(text, now_ns)

    def _forget(self, now_ns: int) -> None:
        while self._last_seen_ns:
            oldest = next(iter(self._last_seen_ns))
            if now_ns - self._last_seen_ns[oldest] < self._hold_off_ns:
                return
            del self._last_seen_ns[oldest]
