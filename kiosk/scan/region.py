"""Where in a frame a code may be that no decoder found: where brightness changes much, both along and across.

A code is the one thing in a booth whose grey jumps every few pixels in both directions; letters, faces and edges
do so in one, or in few places. Divided by the brightness, so that a dark corner counts like a bright one.

*Upstream*: `pipeline` and `still` show frames without a reading. *Downstream*: `rescues` work on the cut-out alone,
which is a twentieth of the frame, so that they may enlarge it.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.scan.picture import Pixels

_LOOK_PX = 640  # the frame is looked at no wider than this
_CELL_PX = 8
_FLOOR = 16.0  # grey values; keeps the noise of black corners from looking like structure
_OF_BEST = 0.45  # cells with this share of the liveliest one belong to something
_PAD_CELLS = 2
_LEAST_PX = 24


@dataclass(frozen=True, slots=True)
class Region:
    """A part of a frame, pixels; right and bottom are outside."""

    left: int
    top: int
    right: int
    bottom: int

    def of(self, gray: Pixels) -> Pixels:
        """Cut it out of (H, W) uint8; what lies outside is left away, a view is returned."""
        return gray[max(0, self.top) : max(0, self.bottom), max(0, self.left) : max(0, self.right)]

    def wider(self, share: float) -> "Region":
        """Return it with a margin of a share of its longer side."""
        by = round(max(self.right - self.left, self.bottom - self.top) * share)
        return Region(self.left - by, self.top - by, self.right + by, self.bottom + by)


def likely(gray: Pixels, most: int) -> tuple[Region, ...]:
    """Return the regions of (H, W) uint8 that look most like a code, best first, at most `most`."""
    scale = max(1.0, gray.shape[1] / _LOOK_PX)
    if min(gray.shape) < _LEAST_PX * scale:
        return ()
    glance = cv2.resize(gray, None, fx=1 / scale, fy=1 / scale, interpolation=cv2.INTER_AREA)
    lively = _lively(np.asarray(glance, np.uint8))
    on = (lively > lively.max() * _OF_BEST).astype(np.uint8)
    count, labels, boxes, _ = cv2.connectedComponentsWithStats(on)
    weights = np.bincount(labels.ravel(), lively.ravel(), count)
    best = [label for label in np.argsort(-weights).tolist() if label][:most]
    step = _CELL_PX * scale
    return tuple(_region(boxes[label].tolist(), step) for label in best)


def _lively(gray: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return how much the grey changes along and across, cell by cell, relative to its brightness."""
    size = (gray.shape[1] // _CELL_PX, gray.shape[0] // _CELL_PX)

    def cells(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        return cv2.resize(pixels, size, interpolation=cv2.INTER_AREA).astype(np.float32)

    along = cells(np.asarray(cv2.absdiff(gray[:-1, 1:], gray[:-1, :-1]), np.uint8))
    across = cells(np.asarray(cv2.absdiff(gray[1:, :-1], gray[:-1, :-1]), np.uint8))
    return np.asarray(cv2.blur(cv2.sqrt(along * across) / (cells(gray) + np.float32(_FLOOR)), (3, 3)), np.float32)


def _region(box: list[int], step: float) -> Region:
    left, top, width, height = box[:4]
    edges = (left - _PAD_CELLS, top - _PAD_CELLS, left + width + _PAD_CELLS, top + height + _PAD_CELLS)
    return Region(*(round(edge * step) for edge in edges))
