"""From the bytes of a serial line to texts: a code ends with CR, LF, both, or a moment of silence.

Pure: bytes with the instant they came in, texts out.

*Upstream*: `serial_reader`. *Downstream*: `serial_reader`.
"""

import re
from collections.abc import Iterator

_MS = 1_000_000
_END = re.compile(rb"[\r\n]+")


class Framing:
    """Cuts the stream of one line; bytes that are no UTF-8 become U+FFFD, so that the code is refused, not lost."""

    def __init__(self, idle_ms: float, most_bytes: int) -> None:
        """Begin with nothing received.

        Args:
            idle_ms: a silence this long ends a code whose scanner is set to send no ending.
            most_bytes: a longer code is dropped up to its end.
        """
        self._idle_ns = idle_ms * _MS
        self._most_bytes = most_bytes
        self._held = b""
        self._last_ns = 0

    def take(self, data: bytes, now_ns: int) -> Iterator[str]:
        """Take what came, nothing (b"") too, and give the codes that are whole by now.

        Args:
            data: bytes as they came; call with none while the line is silent.
            now_ns: any clock that only goes forward, nanoseconds.
        """
        if not data:
            yield from self._after_silence(now_ns)
            return
        self._last_ns = now_ns
        *whole, rest = _END.split(self._held + data)
        # Of what is too long one byte more than may be is kept: it shows that there was too much.
        self._held = rest[: self._most_bytes + 1]
        yield from self._texts(whole)

    def _after_silence(self, now_ns: int) -> Iterator[str]:
        if self._held and now_ns - self._last_ns >= self._idle_ns:
            held, self._held = self._held, b""
            yield from self._texts([held])

    def _texts(self, codes: list[bytes]) -> Iterator[str]:
        yield from (code.decode("utf-8", "replace") for code in codes if 0 < len(code) <= self._most_bytes)
