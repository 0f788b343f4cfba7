"""The readers of a booth besides its camera, put together from the settings: what they read goes where scans go.

*Upstream*: `wedge`, `serial_reader`, `folding`. *Downstream*: `kiosk.commands.run`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from kiosk.scan.folding import folded
from kiosk.scan.serial_reader import SerialLimits, SerialReader, open_line
from kiosk.scan.wedge import KeyStroke, Wedge, WedgeLimits


@dataclass(frozen=True, slots=True)
class ReaderOptions:
    """Which readers a station has.

    Attributes:
        prefix: what our codes begin with; see `folding`.
        wedge: fast bursts of keys are codes.
        serial: device of a serial line, empty for none.
        baud: speed of that line, bits a second.
    """

    prefix: str
    wedge: bool = True
    serial: str = ""
    baud: int = 9600


class Readers:
    """Runs from `start` to `close`; keys may be pressed at any time, in the window's thread."""

    def __init__(self, options: ReaderOptions, clock: Callable[[], int], on_text: Callable[[str], None]) -> None:
        """Prepare; nothing runs before `start`.

        Args:
            options: see there.
            clock: boot-time clock, nanoseconds.
            on_text: takes each code, in the thread of the reader it comes from.
        """
        self._prefix = options.prefix
        self._on_text = on_text
        self._wedge = Wedge(WedgeLimits()) if options.wedge else None
        self._serial: SerialReader | None = None
        if options.serial:
            opens = partial(open_line, options.serial, options.baud)
            self._serial = SerialReader(opens, SerialLimits(), clock, self._take)

    def start(self) -> None:
        """Begin to listen."""
        if self._serial is not None:
            self._serial.start()

    def close(self, deadline_s: float) -> bool:
        """Stop listening; False when a driver does not let go within the deadline."""
        return self._serial is None or self._serial.close(deadline_s)

    @property
    def there(self) -> bool:
        """Whether the serial line, where the station has one, is open."""
        return self._serial is None or self._serial.there

    def press(self, stroke: KeyStroke) -> None:
        """Take a key of the window."""
        text = self._wedge.press(stroke) if self._wedge is not None else None
        if text is not None:
            self._take(text)

    def _take(self, text: str) -> None:
        self._on_text(folded(text, self._prefix))
