"""Frames that somebody could hold up to make the scanner work for ever, or fall over.

*Upstream*: segno. *Downstream*: tests, `bench/decode.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import segno

from tests.support.trials.things import modules

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.trials.things import Pixels


def hostile(width: int = 1280, height: int = 720) -> Iterator[tuple[str, Pixels]]:
    """Return each by its name, (height, width) uint8."""
    chance = np.random.default_rng(5)
    for pixel in (1, 2, 3, 5):
        yield f"finder patterns of {pixel} px", _tiled(np.kron(_finder(), _square(pixel)), width, height)
    for pixel in (2, 3, 5):
        yield f"scattered finder patterns of {pixel} px", _scattered(pixel, width, height, chance)
    for pixel in (1, 2):
        yield f"many codes of {pixel} px a module", _tiled(_drawn(modules("A"), pixel), width, height)
    yield "one spoilt code a hundred times", _spoilt(_tiled(_drawn(modules("AB"), 3), width, height), chance)
    yield "version 40", _tiled(_drawn(modules("X" * 4_000, "l"), 4), width, height)
    yield "version 40, inverted", 255 - _tiled(_drawn(modules("X" * 4_000, "l"), 4), width, height)
    for number, part in enumerate(segno.make_sequence("linked " * 40, symbol_count=3)):
        yield f"structured append {number + 1} of 3", _tiled(_drawn(_rows(part), 5), width, height)
    yield "Micro QR", _tiled(_drawn(_rows(segno.make_micro("1234")), 6), width, height)
    yield "noise", chance.integers(0, 256, (height, width), dtype=np.uint8)
    coarse = chance.integers(0, 2, (height // 3 + 1, width // 3 + 1), dtype=np.uint8)
    yield "coarse noise", _tiled(np.kron(coarse, _square(3)) * np.uint8(255), width, height)
    yield "chequers", _tiled(np.array([[0, 255], [255, 0]], np.uint8), width, height)
    y, x = np.indices((height, width))
    yield "rings", ((np.hypot(x - width // 2, y - height // 2) / 3).astype(np.uint8) % 2 * 255).astype(np.uint8)
    bars = np.repeat(np.array([0, 1, 0, 0, 0, 1, 0, 1, 1, 1], np.uint8) * 255, 2)
    yield "bars of finder proportions", _tiled(bars[np.newaxis], width, height)


def _finder() -> Pixels:
    finder = np.full((9, 9), 255, np.uint8)
    for edge, grey in ((1, 0), (2, 255), (3, 0)):
        finder[edge:-edge, edge:-edge] = grey
    return finder


def _square(pixel: int) -> Pixels:
    return np.ones((pixel, pixel), np.uint8)


def _rows(code: segno.QRCode) -> Pixels:
    return np.array([list(row) for row in code.matrix_iter(border=4)], np.uint8)


def _drawn(dark: Pixels, pixel: int) -> Pixels:
    return np.kron((1 - dark) * np.uint8(255), _square(pixel))


def _tiled(tile: Pixels, width: int, height: int) -> Pixels:
    rows, columns = tile.shape
    return np.ascontiguousarray(np.tile(tile, (height // rows + 1, width // columns + 1))[:height, :width])


def _scattered(pixel: int, width: int, height: int, chance: np.random.Generator) -> Pixels:
    finder = np.kron(_finder(), _square(pixel))
    side = finder.shape[0]
    frame = np.full((height, width), 200, np.uint8)
    for _ in range(width * height // (side * side * 3)):
        top, left = int(chance.integers(height - side)), int(chance.integers(width - side))
        frame[top : top + side, left : left + side] = finder
    return frame


def _spoilt(frame: Pixels, chance: np.random.Generator) -> Pixels:
    wrong = chance.random((frame.shape[0] // 3 + 1, frame.shape[1] // 3 + 1)) < 0.12
    return frame ^ _tiled(np.kron(wrong.astype(np.uint8) * np.uint8(255), _square(3)), frame.shape[1], frame.shape[0])
