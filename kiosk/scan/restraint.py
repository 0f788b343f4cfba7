"""Keeps a frame that was made to be costly from being so.

A decoder looks at every group of three finder patterns; a sheet of tiny ones makes it look for a second at 1080p.
No call can be broken off, so such a frame is known beforehand, by its fine structure from edge to edge, and read at
half its size, where that structure is gone. A card has it in a small part of the frame, and a code that fills the
frame has broad modules.

*Upstream*: `pipeline`, `still`. *Downstream*: decoders.
"""

import cv2
import numpy as np

from kiosk.scan.picture import Pixels

LARGE = 400_000  # pixels; below, no structure costs much
_EVERY_ROW = 8
_STEP = 16  # grey values from a pixel to the next
_MOST_STEPS = 0.25  # of all pixels; a code of 3-px modules from edge to edge has 0.17


def is_hostile(gray: Pixels, above: int = LARGE) -> bool:
    """Tell whether (H, W) uint8 of more pixels than `above` is full of fine structure; costs a fiftieth of a pass."""
    if gray.size <= above:
        return False
    rows = gray[::_EVERY_ROW]
    steps = np.asarray(cv2.absdiff(rows[:, 1:], rows[:, :-1]), np.uint8)
    return bool(np.count_nonzero(steps > _STEP) > _MOST_STEPS * steps.size)


def halved(gray: Pixels) -> Pixels:
    """Return (H / 2, W / 2) means."""
    return np.asarray(cv2.resize(gray, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8)
