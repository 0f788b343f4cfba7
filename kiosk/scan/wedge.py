"""Readers that type: a fast burst of keys ending in Enter or Tab is a code, everything else is a person at a keyboard.

Pure: strokes with their times in, a text out. Most USB scanners and NFC readers are keyboards to the machine, and send
the keys of an American one. So a stroke is read by the place of its key (USB HID usage, SDL calls it scancode), never
by what the machine's layout or an input method makes of it: a Chinese input method, a German layout and CapsLock
change nothing of the digits and signs, and CapsLock's letters are set right by `folding`.

    stroke ──▶ pause before it? ── yes ──▶ forget what was typed
                     └── no ──▶ Enter or Tab? ── no ──▶ keep it
                                     └── yes ──▶ long enough, typed fast ──▶ a text

*Upstream*: `kiosk.commands.run` brings the window's keys. *Downstream*: `readers`.
"""

from dataclasses import dataclass
from types import MappingProxyType

_MS = 1_000_000
_ENDINGS = frozenset({40, 43, 88})  # Enter, Tab, Enter of the number pad
_PLAIN = "abcdefghijklmnopqrstuvwxyz1234567890"
_SHIFTED = "ABCDEFGHIJKLMNOPQRSTUVWXYZ!@#$%^&*()"
_FIRST_KEY = 4  # HID usage of "a"; letters, then digits, follow one another
_SIGNS = {44: "  ", 45: "-_", 46: "=+", 47: "[{", 48: "]}", 49: "\\|", 51: ";:", 52: "'\"", 53: "`~"}
_SIGNS |= {54: ",<", 55: ".>", 56: "/?", 84: "//", 85: "**", 86: "--", 87: "++", 99: ".."}
_PAD = {89 + at: digit * 2 for at, digit in enumerate("1234567890")}
KEYS = MappingProxyType(
    {_FIRST_KEY + at: plain + shifted for at, (plain, shifted) in enumerate(zip(_PLAIN, _SHIFTED, strict=True))}
    | _SIGNS
    | _PAD
)


@dataclass(frozen=True, slots=True)
class KeyStroke:
    """One key going down.

    Attributes:
        scancode: the place of the key, USB HID usage of page 7.
        shifted: Shift is held.
        caps: CapsLock is on.
        repeated: the key was down already; the machine repeats it.
        after_ns, at_ns: it went down after the one and no later than the other, nanoseconds of a clock that only goes
            forward. A window looks at its keys once a frame, so that a stroke's own time is known no better.
    """

    scancode: int
    shifted: bool
    caps: bool
    repeated: bool
    after_ns: int
    at_ns: int


@dataclass(frozen=True, slots=True)
class WedgeLimits:
    """What tells a machine from a person.

    Attributes:
        fewest_keys: shorter bursts are no code.
        most_keys: a longer burst is dropped whole.
        mean_gap_ms: a machine's keys follow one another faster than this on average; the fastest typists need 60.
        pause_ms: a longer pause ends a burst without a code.
    """

    fewest_keys: int = 6
    most_keys: int = 4096
    mean_gap_ms: float = 35.0
    pause_ms: float = 200.0


class Wedge:
    """Gathers strokes and gives out codes; holds nothing longer than the burst it belongs to."""

    def __init__(self, limits: WedgeLimits) -> None:
        """Begin with nothing typed."""
        self._limits = limits
        self._typed: list[str] = []
        self._began_ns = 0
        self._last_ns = 0

    def press(self, stroke: KeyStroke) -> str | None:
        """Take the next stroke; return the code it ends, if it ends one.

        Keys that type nothing (Shift, Escape, F1) and repeats of a held key are passed over.
        """
        if stroke.repeated:
            return None
        if self._typed and stroke.after_ns - self._last_ns > self._limits.pause_ms * _MS:
            self._typed.clear()
        if stroke.scancode in _ENDINGS:
            return self._end(stroke)
        if (key := KEYS.get(stroke.scancode)) is not None:
            self._keep(stroke, key)
        return None

    def _keep(self, stroke: KeyStroke, key: str) -> None:
        if not self._typed:
            self._began_ns = stroke.after_ns
        if len(self._typed) <= self._limits.most_keys:  # one more than may be: it shows that there were too many
            self._typed.append(key[stroke.shifted ^ (stroke.caps and key[0].isalpha())])
        self._last_ns = stroke.at_ns

    def _end(self, stroke: KeyStroke) -> str | None:
        text, limits = "".join(self._typed), self._limits
        self._typed.clear()
        lasted_ns = stroke.at_ns - self._began_ns
        fast = lasted_ns < len(text) * limits.mean_gap_ms * _MS
        return text if fast and limits.fewest_keys <= len(text) <= limits.most_keys else None
