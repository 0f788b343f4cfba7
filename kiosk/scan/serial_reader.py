"""A scanner on a serial line: read for as long as the kiosk runs, unplugged and plugged in again as often as it is.

    looked for ── opens ──▶ read ── gone ──▶ looked for …        both said once in the log, with the reason

*Upstream*: pyserial, `framing`. *Downstream*: `readers`, `kiosk doctor` (`open_line`).
"""

import logging
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import serial

from kiosk.scan.framing import Framing

_LOG = logging.getLogger(__name__)
_WAIT_S = 0.05  # longest wait for bytes: how soon a silence, or the end of the kiosk, is noticed


class Line(Protocol):
    """An opened serial line."""

    @property
    def in_waiting(self) -> int:
        """How many bytes have come."""

    def read(self, size: int) -> bytes:
        """Return up to so many bytes, fewer or none when they do not come within a moment."""

    def close(self) -> None:
        """Let go of the line."""


OpenLine: TypeAlias = Callable[[], Line]


@dataclass(frozen=True, slots=True)
class SerialLimits:
    """Limits of one line.

    Attributes:
        idle_ms: a silence this long ends a code without an ending.
        most_bytes: longer codes are dropped.
        retry_s: how long a line that is not there is left alone before it is tried again.
    """

    idle_ms: float = 100.0
    most_bytes: int = 4096
    retry_s: float = 1.0


def open_line(device: str, baud: int) -> Line:
    """Open a serial line: 8 data bits, no parity, one stop bit.

    Raises:
        OSError: it is not there, is not a serial line, or another program has it.
    """
    line: Line = serial.Serial(device, baud, timeout=_WAIT_S, exclusive=True)
    return line


class SerialReader:
    """The thread of one line; every code is given to one callback, in that thread."""

    def __init__(
        self, open_it: OpenLine, limits: SerialLimits, clock: Callable[[], int], on_text: Callable[[str], None]
    ) -> None:
        """Prepare; nothing runs before `start`.

        Args:
            open_it: opens the line anew.
            limits: see there.
            clock: boot-time clock, nanoseconds.
            on_text: takes each code.
        """
        self._open = open_it
        self._limits = limits
        self._clock = clock
        self._on_text = on_text
        self._stop = threading.Event()
        self._there = threading.Event()
        self._thread = threading.Thread(target=self._run, name="serial-reader", daemon=True)

    @property
    def there(self) -> bool:
        """Whether the line is open; what is sent before is lost."""
        return self._there.is_set()

    def start(self) -> None:
        """Start the thread, once."""
        self._thread.start()

    def close(self, deadline_s: float) -> bool:
        """Stop the thread; False when it did not end within the deadline (it dies with the process)."""
        self._stop.set()
        if self._thread.ident is not None:
            self._thread.join(deadline_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        said = ""
        while not self._stop.is_set():
            try:
                with closing(self._open()) as line:
                    said = ""
                    _LOG.info("the serial reader is there")
                    self._there.set()
                    self._read(line)
            except OSError as error:  # pyserial's own faults are of this kind
                self._there.clear()
                if str(error) != said:
                    said = str(error)
                    _LOG.warning("the serial reader is not there: %s", said)
                self._stop.wait(self._limits.retry_s)

    def _read(self, line: Line) -> None:
        framing = Framing(self._limits.idle_ms, self._limits.most_bytes)
        while not self._stop.is_set():
            data = line.read(max(1, line.in_waiting))
            for text in framing.take(data, self._clock()):
                self._on_text(text)
