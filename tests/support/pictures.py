"""Pictures of codes before a booth's camera, as files that OpenCV reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
import segno

if TYPE_CHECKING:
    from pathlib import Path

    Pixels = np.ndarray[Any, np.dtype[np.uint8]]

WIDTH, HEIGHT = 1280, 720


def symbol(text: str | bytes, pixels: int = 300) -> Pixels:
    """Return a QR symbol with its quiet zone, square, (pixels, pixels) uint8."""
    rows = segno.make(text, error="m", boost_error=False, micro=False).matrix
    matrix = np.pad(np.array([list(row) for row in rows], np.uint8), 4)
    return np.asarray(cv2.resize(255 * (1 - matrix), (pixels, pixels), interpolation=cv2.INTER_NEAREST), np.uint8)


def scene(*symbols: Pixels, seed: int = 3) -> Pixels:
    """Return a (720, 1280, 3) uint8 picture of a booth with the symbols side by side."""
    grain = np.random.default_rng(seed).normal(150, 5, (HEIGHT, WIDTH)).clip(0, 255).astype(np.uint8)
    left = 60
    for each in symbols:
        side = each.shape[0]
        grain[40 : 40 + side, left : left + side] = each
        left += side + 80
    return np.asarray(cv2.cvtColor(grain, cv2.COLOR_GRAY2BGR), np.uint8)


def write_folder(folder: Path, pictures: list[Pixels], each: int = 8) -> Path:
    """Write every picture ``each`` times in a row, as a folder that the camera plays."""
    folder.mkdir(parents=True, exist_ok=True)
    for place, picture in enumerate(pictures):
        first = folder / f"{place * each:05d}.png"
        cv2.imwrite(str(first), picture)
        for again in range(1, each):
            (folder / f"{place * each + again:05d}.png").hardlink_to(first)
    return folder
