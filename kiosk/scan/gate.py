"""Has something moved in front of the lens? A cheap answer that no flicker can fool.

The small picture is averaged into cells, 16 pixels of the frame wide, and divided by a slow memory of the empty
scene. A lamp or the exposure changes all cells by one factor, their median, which is taken out; a card or a
person changes some.

*Upstream*: `pipeline` shows every frame. *Downstream*: `pipeline` does the costly work only on a change.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.scan.picture import Pixels

_DARK_FLOOR = 8.0  # grey values; keeps sensor noise in black corners from looking like change


@dataclass(frozen=True, slots=True)
class GateLimits:
    """When the gate opens.

    Attributes:
        cell_px: side of a cell, pixels of the small picture.
        learn_frames: the gate is open until it knows the scene.
        changed_share: share of the cells that must have changed.
        changed_by: relative change of a cell that counts; flicker in bands reaches 0.12.
        forget: share of a frame taken into the memory of the empty scene.
    """

    cell_px: int = 2
    learn_frames: int = 30
    changed_share: float = 0.003
    changed_by: float = 0.2
    forget: float = 0.005


class PresenceGate:
    """Compares each frame with a slow memory of the scene."""

    def __init__(self, limits: GateLimits) -> None:
        """Begin without a memory: the first picture becomes it."""
        self._limits = limits
        self._scene: NDArray[np.float32] | None = None
        self._known = 0

    def is_open(self, small: Pixels) -> bool:
        """Take in a small picture, (h, w) uint8, and tell whether something is there that was not."""
        height, width = small.shape
        size = (max(1, width // self._limits.cell_px), max(1, height // self._limits.cell_px))
        cells = cv2.resize(small, size, interpolation=cv2.INTER_AREA).astype(np.float32) + np.float32(_DARK_FLOOR)
        if self._scene is None or self._scene.shape != cells.shape:
            self._scene, self._known = cells, 0
        ratio = cells / self._scene
        ratio /= np.median(ratio)
        self._scene += np.float32(self._limits.forget) * (cells - self._scene)
        self._known += 1
        changed = np.count_nonzero(np.abs(ratio - 1) > self._limits.changed_by)
        return bool(self._known < self._limits.learn_frames or changed > self._limits.changed_share * cells.size)
