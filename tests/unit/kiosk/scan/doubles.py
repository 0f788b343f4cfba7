"""Stand-ins for the ports of `kiosk.scan`, and codes drawn to order."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import cv2
import numpy as np
import segno

from kiosk.scan.decoders import Found
from kiosk.scan.errors import DecoderError, PictureError
from kiosk.scan.frame import Frame
from kiosk.scan.picture import BgrPicture, Pixels

SECOND_NS = 1_000_000_000


@dataclass
class HandClock:
    """A clock that moves only when told."""

    now_ns: int = 1_000 * SECOND_NS

    def __call__(self) -> int:
        return self.now_ns

    def forward(self, seconds: float) -> int:
        self.now_ns += round(seconds * SECOND_NS)
        return self.now_ns


@dataclass
class ScriptedDecoder:
    """Finds what the script says, frame after frame; a `DecoderError` in it is raised."""

    script: Iterable[tuple[bytes, ...] | DecoderError] = ()
    name: str = "scripted"
    cheap: bool = True
    takes_s: float = 0.0
    clock: HandClock | None = None
    asked: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self._left = iter(self.script)

    def search(self, gray: Pixels, *, flat: bool = False) -> Found:
        self.asked += 1
        if self.clock is not None:
            self.clock.forward(self.takes_s)
        found = next(self._left, ())
        if isinstance(found, DecoderError):
            raise found
        return Found(found)


class SpoiltPicture:
    """Cannot be unpacked in any way."""

    def gray(self) -> Pixels:
        raise PictureError("spoilt")

    def small(self) -> Pixels:
        raise PictureError("spoilt")

    def rgba(self, max_width: int) -> Pixels:
        raise PictureError("spoilt")

    def fingerprint(self) -> int:
        raise PictureError("spoilt")


def plain(grey: int = 128, width: int = 320, height: int = 240) -> BgrPicture:
    """A picture of one grey."""
    return BgrPicture(np.full((height, width, 3), grey, np.uint8))


def frame_of(picture: BgrPicture | SpoiltPicture, number: int = 1, taken_bt_ns: int = 0) -> Frame:
    return Frame(number, taken_bt_ns, picture)


def code(content: str | bytes, module_px: int = 4, error: str = "m") -> Pixels:
    """A QR code on white, (n, n, 3) uint8."""
    drawn = segno.make_qr(content, error=error)
    modules = np.array([list(row) for row in drawn.matrix_iter(border=4)], np.uint8)
    large = np.repeat(np.repeat((1 - modules) * 255, module_px, 0), module_px, 1).astype(np.uint8)
    return np.asarray(cv2.cvtColor(large, cv2.COLOR_GRAY2BGR), np.uint8)


def side_by_side(*parts: Pixels) -> Pixels:
    """Pictures in a row on grey."""
    height = max(part.shape[0] for part in parts) + 40
    row = np.full((height, sum(part.shape[1] + 40 for part in parts), 3), 120, np.uint8)
    left = 20
    for part in parts:
        row[20 : 20 + part.shape[0], left : left + part.shape[1]] = part
        left += part.shape[1] + 40
    return row
