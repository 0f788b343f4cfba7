"""``kiosk decode``: what the booth's scanner reads in pictures and films, one line a frame, for support staff.

Upstream: ``kiosk.scan.offline``.
Downstream: ``kiosk.cli``; scripts that compare.
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

from kiosk.scan.decoders import load, require
from kiosk.scan.errors import NoDecoderError
from kiosk.scan.offline import OfflineReader
from kiosk.usecases.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from kiosk.scan.offline import FrameRead, NotRead

NS_PER_MS = 1_000_000


class DecodeError(StoreError):
    """Nothing can be decoded on this machine; the sentence says what to install."""


def decode(paths: Sequence[Path]) -> Iterator[FrameRead | NotRead]:
    """Read every file; those that fail are values among the others.

    Raises:
        DecodeError: no decoder library works on this machine.
    """
    try:
        reader = OfflineReader(require(load()), time.thread_time_ns)
    except NoDecoderError as error:
        raise DecodeError(str(error)) from error
    for path in paths:
        yield from reader.read(path)


def as_json(read: FrameRead) -> str:
    """Return a frame as one line of JSON; several codes that differ are none, and said so in ``several``."""
    reading = read.reading
    taken = bool(reading.payloads) and not reading.several
    fields: dict[str, Any] = {
        "file": str(read.path),
        "frame": read.frame,
        "payload_hex": reading.payloads[0].hex() if taken else None,
        "text": reading.texts[0] if taken else None,
        "decoder": reading.way,
        "cpu_ms": round(reading.decode_ns / NS_PER_MS, 3),
    }
    if reading.several:
        fields["several"] = True
    return json.dumps(fields, ensure_ascii=False)


def as_line(read: FrameRead) -> str:
    """Return a frame as one line for people; the text quoted, so that no code can write on the terminal."""
    reading = read.reading
    if reading.several:
        said = f"{len(reading.payloads)} codes, none taken"
    elif reading.payloads:
        said = json.dumps(reading.texts[0], ensure_ascii=not reading.texts[0].isprintable())
    else:
        said = "-"
    way = f"  [{reading.way}]" if reading.way else ""
    return f"{read.path}  {read.frame}  {reading.decode_ns / NS_PER_MS:.1f} ms  {said}{way}"
