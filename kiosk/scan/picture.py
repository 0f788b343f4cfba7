"""One picture as its source delivered it, unpacked only as far as somebody asks.

A camera that speaks MJPG delivers JPEG bytes. Decoding needs their grey channel (0.7 ms at 720p), the
preview a half-size colour picture (0.8 ms): neither needs the whole (2 ms), so the bytes travel as they are.

*Upstream*: `live`, `footage`. *Downstream*: `frame`, `eyesight`.
"""

import zlib
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.scan.errors import PictureError

Pixels: TypeAlias = NDArray[np.uint8]

SMALLER = 8
_JPEG_START = b"\xff\xd8"
_COLOUR_PLANES = 3


class Picture(Protocol):
    """What the rest of the package asks of a picture. Every method may raise `PictureError`."""

    def gray(self) -> Pixels:
        """Return (H, W) uint8, 0 = black, contiguous."""

    def rgba(self, max_width: int) -> Pixels:
        """Return (h, w, 4) uint8, contiguous, w <= max_width pixels, never enlarged."""

    def small(self) -> Pixels:
        """Return (H / 8, W / 8) uint8, 0 = black, each pixel the mean of a square; far cheaper than `gray`."""

    def fingerprint(self) -> int:
        """Return a number that two deliveries of the very same picture share."""


class BgrPicture:
    """A picture already unpacked; its grey channel is computed once."""

    __slots__ = ("_gray", "bgr")

    def __init__(self, bgr: Pixels) -> None:
        """Take (H, W, 3) uint8, not to be changed afterwards."""
        self.bgr = bgr
        self._gray: Pixels | None = None

    def gray(self) -> Pixels:
        """See `Picture.gray`."""
        if self._gray is None:
            self._gray = np.asarray(cv2.cvtColor(self.bgr, cv2.COLOR_BGR2GRAY), np.uint8)
        return self._gray

    def rgba(self, max_width: int) -> Pixels:
        """See `Picture.rgba`."""
        return _rgba(self.bgr, max_width)

    def small(self) -> Pixels:
        """See `Picture.small`."""
        height, width = self.bgr.shape[:2]
        size = (max(1, width // SMALLER), max(1, height // SMALLER))
        return np.asarray(cv2.resize(self.gray(), size, interpolation=cv2.INTER_AREA), np.uint8)

    def fingerprint(self) -> int:
        """See `Picture.fingerprint`; sensor noise alone changes it."""
        return zlib.crc32(self.bgr[::8, ::8].tobytes())


@dataclass(frozen=True, slots=True)
class JpegPicture:
    """A picture still packed.

    Attributes:
        jpeg: (N,) uint8, one JPEG file.
        width: its width in pixels, as the source announced it.
    """

    jpeg: Pixels = field(repr=False)
    width: int

    def gray(self) -> Pixels:
        """See `Picture.gray`."""
        return self._unpack(cv2.IMREAD_GRAYSCALE)

    def rgba(self, max_width: int) -> Pixels:
        """See `Picture.rgba`."""
        if self.width >= 4 * max_width:
            return _rgba(self._unpack(cv2.IMREAD_REDUCED_COLOR_4), max_width)
        if self.width >= 2 * max_width:
            return _rgba(self._unpack(cv2.IMREAD_REDUCED_COLOR_2), max_width)
        return _rgba(self._unpack(cv2.IMREAD_COLOR), max_width)

    def small(self) -> Pixels:
        """See `Picture.small`; JPEG keeps these means by themselves."""
        return self._unpack(cv2.IMREAD_REDUCED_GRAYSCALE_8)

    def fingerprint(self) -> int:
        """See `Picture.fingerprint`."""
        return zlib.crc32(self.jpeg.tobytes())

    def _unpack(self, how: int) -> Pixels:
        pixels = cv2.imdecode(self.jpeg, how | cv2.IMREAD_IGNORE_ORIENTATION)
        if pixels is None:
            message = f"{self.jpeg.size} bytes are not a picture"
            raise PictureError(message)
        return np.asarray(pixels, np.uint8)


def picture_from(delivered: Pixels, width: int) -> Picture | None:
    """Tell what a `VideoCapture` delivered by its shape.

    Args:
        delivered: (H, W, 3) BGR, (H, W) or (H, W, 1) grey, or one row or column of JPEG bytes.
        width: the announced width of the pictures, in pixels.

    Returns:
        The picture, or None for anything else (raw YUYV, an empty buffer).
    """
    flat = delivered.reshape(-1)
    if flat[:2].tobytes() == _JPEG_START and flat.size == max(delivered.shape):
        return JpegPicture(flat, width)
    if delivered.ndim == _COLOUR_PLANES and delivered.shape[2] == _COLOUR_PLANES:
        return BgrPicture(delivered)
    if flat.size > max(delivered.shape) and (delivered.ndim == 2 or delivered.shape[2] == 1):  # noqa: PLR2004
        return BgrPicture(np.asarray(cv2.cvtColor(delivered, cv2.COLOR_GRAY2BGR), np.uint8))
    return None


def _rgba(bgr: Pixels, max_width: int) -> Pixels:
    height, width = bgr.shape[:2]
    if width > max_width:
        size = (max_width, max(1, round(height * max_width / width)))
        # Averaging is dear and only pays where pixels would be skipped.
        how = cv2.INTER_LINEAR if width <= 2 * max_width else cv2.INTER_AREA
        bgr = np.asarray(cv2.resize(bgr, size, interpolation=how), np.uint8)
    return np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGBA), np.uint8)
