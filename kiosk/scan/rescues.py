"""Second looks at a frame in which a code was not read, each a way to make one readable.

    name        works on   what it does                                              what it wins back
    threshold   region     enlarged, sharpened, black or white by its surroundings   blur, low light, shadow, glare
    zbar        region     enlarged, sharpened, read by the other decoder            dirt, tears, cracks
    large       region     enlarged most, sharpened most                             small codes, blur
    smooth      region     grain taken away first                                    noise, moiré, cracks
    whole       frame      twice the size, sharpened                                 what looks like nothing from afar
    contrast    frame      local contrast (CLAHE)                                    shadow over a large code

Every picture is bounded in size, so that a rescue costs 3 to 20 ms whatever the camera delivers.

*Upstream*: `region` says where. *Downstream*: `pipeline` takes one a frame in turn, `still` takes all.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np

from kiosk.scan.picture import Pixels

_ENLARGED_PX = 1_000  # nothing is enlarged beyond this, on its longer side
_WHOLE_PX = 2_600
_SHRUNK_ABOVE_PX = 320

View: TypeAlias = tuple[Pixels, bool]
"""A picture to be read, and whether one threshold does for all of it."""


@dataclass(frozen=True, slots=True)
class Rescue:
    """A way to look again.

    Attributes:
        name: for counters and support staff.
        views: the pictures to try, one after another until one is read.
        on_region: it wants the part of the frame where a code may be; else the whole.
        by_other: it is the second decoder's.
    """

    name: str
    views: Callable[[Pixels], Iterator[View]]
    on_region: bool = True
    by_other: bool = False


def threshold(gray: Pixels) -> Iterator[View]:
    """Sharpen at twice the size and decide each pixel by its surroundings."""
    sharp = _sharpened(_enlarged(gray, 2), 3, 2)
    yield _by_surroundings(sharp, 41), True
    yield sharp, True


def zbar(gray: Pixels) -> Iterator[View]:
    """Sharpen at twice the size."""
    yield _sharpened(_enlarged(gray, 2), 3, 2), False


def large(gray: Pixels) -> Iterator[View]:
    """Sharpen strongly at three times the size."""
    big = _enlarged(gray, 3)
    yield _sharpened(big, 6, 3), False
    yield _by_surroundings(big, 45), True


def smooth(gray: Pixels) -> Iterator[View]:
    """Take the grain away, then sharpen; what is large is also shrunk, which takes pictures in its modules away."""
    yield _sharpened(_enlarged(_array(cv2.medianBlur(gray, 3)), 2), 3, 2), False
    yield _sharpened(_enlarged(_array(cv2.GaussianBlur(gray, (0, 0), 0.8)), 2), 4, 2.5), True
    if max(gray.shape) > _SHRUNK_ABOVE_PX:
        yield _sharpened(fit(gray, max(gray.shape) // 2), 2, 1), False


def whole(gray: Pixels) -> Iterator[View]:
    """Sharpen the frame at twice the size."""
    yield _sharpened(_enlarged(gray, 2, _WHOLE_PX), 3, 2), False


def contrast(gray: Pixels) -> Iterator[View]:
    """Stretch the contrast tile by tile."""
    yield _array(cv2.createCLAHE(3.0, (8, 8)).apply(gray)), False


def surroundings(gray: Pixels) -> Iterator[View]:
    """Decide each pixel by its surroundings, without sharpening."""
    yield _by_surroundings(gray, 15), True
    yield gray, True


IN_TURN: tuple[Rescue, ...] = (
    Rescue("threshold", threshold),
    Rescue("zbar", zbar, by_other=True),
    Rescue("large", large),
    Rescue("whole", whole, on_region=False),
    Rescue("smooth", smooth),
)

ALL: tuple[Rescue, ...] = (
    *IN_TURN,
    Rescue("contrast", contrast, on_region=False),
    Rescue("zbar-whole", whole, on_region=False, by_other=True),
    Rescue("threshold-whole", surroundings, on_region=False),
)


def fit(gray: Pixels, most_px: int) -> Pixels:
    """Return it no longer than `most_px` on any side, shrunk by averaging where it is."""
    share = most_px / max(gray.shape)
    if share >= 1:
        return gray
    return _array(cv2.resize(gray, None, fx=share, fy=share, interpolation=cv2.INTER_AREA))


def _enlarged(gray: Pixels, by: float, most_px: int = _ENLARGED_PX) -> Pixels:
    by = min(by, most_px / max(gray.shape))
    how = cv2.INTER_CUBIC if by > 1 else cv2.INTER_AREA
    return _array(cv2.resize(gray, None, fx=by, fy=by, interpolation=how))


def _sharpened(gray: Pixels, radius: float, amount: float) -> Pixels:
    return _array(cv2.addWeighted(gray, 1 + amount, cv2.GaussianBlur(gray, (0, 0), radius), -amount, 0))


def _by_surroundings(gray: Pixels, size: int) -> Pixels:
    return _array(cv2.compare(gray, cv2.blur(gray, (size, size)), cv2.CMP_GE))


def _array(pixels: object) -> Pixels:
    return np.asarray(pixels, np.uint8)
