"""Flat things with a code on them, as light would leave them: a printed card, the screen of a phone.

*Upstream*: segno makes the code. *Downstream*: `lens` puts them before the camera.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
import segno

if TYPE_CHECKING:
    from collections.abc import Callable

    Pixels = np.ndarray[Any, np.dtype[np.uint8]]
    Chance = np.random.Generator

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
MODULE = 8  # flat pixels a module of a card
QUIET = 4  # modules
INK, PAPER = 28, 235


@dataclass(frozen=True, slots=True)
class Thing:
    """A flat thing.

    Attributes:
        pixels: (H, W) uint8, 0 = black.
        opaque: (H, W) uint8, 255 where it is, 0 where a piece is missing.
        text: what its code says.
        module: flat pixels a module.
        sharp: its fine structure must not be averaged away before the sensor sees it.
    """

    pixels: Pixels
    opaque: Pixels
    text: str
    module: int
    sharp: bool = False


def certificate_text(chance: Chance) -> str:
    """Return a text as long as a certificate; every fourth is shorter, as on older cards."""
    length = 212 if chance.random() < 0.75 else int(chance.integers(12, 120))
    return "LYZ1:" + "".join(chance.choice(list(ALPHABET), length))


def modules(text: str | bytes, error: str = "m") -> Pixels:
    """Return the modules of a code with its quiet zone, (n, n) uint8, 1 = dark."""
    rows = segno.make_qr(text, error=error, boost_error=False).matrix_iter(border=QUIET)
    return np.array([list(row) for row in rows], np.uint8)


def card(text: str, chance: Chance, spoil: Callable[[Thing, Chance], Thing] | None = None) -> Thing:
    """Print a card of ID-1 proportions: a strip, lines of text, the code at the right edge."""
    code = np.kron(modules(text), np.ones((MODULE, MODULE), np.uint8))
    side = code.shape[0]
    height = round(side * 1.12)
    pixels = np.full((height, round(height * 1.586)), PAPER, np.uint8)
    pixels[: round(height * 0.08)] = 90
    for row in range(4):
        top = round(height * (0.3 + 0.13 * row))
        wide = round(side * float(chance.uniform(0.25, 0.42)))
        pixels[top : top + height // 40, height // 12 : height // 12 + wide] = 120
    top, left = height - side, pixels.shape[1] - side
    pixels[top:, left:] = np.where(code == 1, INK, PAPER)
    thing = Thing(pixels, np.full_like(pixels, 255), text, MODULE)
    return spoil(thing, chance) if spoil else thing


def phone(text: str, chance: Chance, spoil: Callable[[Thing, Chance], Thing] | None = None) -> Thing:
    """Light up a phone: bezel, page, and a grid of display pixels that can beat with the sensor's."""
    dots, pitch = int(chance.integers(4, 7)), 3
    code = np.kron(modules(text), np.ones((dots * pitch, dots * pitch), np.uint8))
    side = code.shape[0]
    width, height = round(side * 1.16), round(side * 1.6)
    pixels = np.full((height, width), 18, np.uint8)
    edge = round(side * 0.03)
    pixels[edge:-edge, edge:-edge] = 226
    top, left = (height - side) // 2, (width - side) // 2
    pixels[top : top + side, left : left + side] = np.where(code == 1, 14, 250)
    gap = round(255 * float(chance.uniform(0.35, 0.8)))
    grid = np.full((pitch, pitch), 255, np.uint8)
    grid[-1], grid[:, -1] = gap, gap
    mask = np.tile(grid, (height // pitch + 1, width // pitch + 1))[:height, :width]
    thing = Thing(
        cv2.multiply(pixels, mask, scale=1 / 255).astype(np.uint8),
        np.full((height, width), 255, np.uint8),
        text,
        dots * pitch,
        sharp=True,
    )
    return spoil(thing, chance) if spoil else thing


def torn(thing: Thing, chance: Chance) -> Thing:
    """Tear off the corner at the lower right, where no finder pattern is."""
    height, width = thing.pixels.shape
    away = height * float(chance.uniform(0.18, 0.42))
    steps = np.linspace(0, 1, 9)
    ragged = chance.uniform(-0.02, 0.02, 9) * height
    line = np.stack((width - away * (1 - steps) + ragged, height - away * steps + ragged), 1)
    corner = np.array([(width + height, height * 2), (width + height, height - away)], float)
    opaque = thing.opaque.copy()
    cv2.fillPoly(opaque, [np.vstack((line, corner[::-1])).astype(np.int32)], 0)
    return Thing(thing.pixels, opaque, thing.text, thing.module, thing.sharp)


def dirty(thing: Thing, chance: Chance) -> Thing:
    """Spot and scratch it."""
    pixels = thing.pixels.copy()
    height, width = pixels.shape
    for _ in range(int(chance.integers(3, 26))):
        at = (int(chance.integers(width // 3, width)), int(chance.integers(height)))
        size = tuple(int(each * thing.module) for each in chance.uniform(0.4, 2.0, 2))
        shade = int(chance.choice((40, 70, 190, 240)))
        cv2.ellipse(pixels, at, size, float(chance.uniform(0, 180)), 0, 360, shade, -1)
    for _ in range(int(chance.integers(0, 7))):
        start, end = (chance.uniform(0, 1, (2, 2)) * (width, height)).astype(int).tolist()
        cv2.line(pixels, tuple(start), tuple(end), 225, max(1, thing.module // 2))
    return Thing(pixels, thing.opaque, thing.text, thing.module, thing.sharp)


def cracked(thing: Thing, chance: Chance) -> Thing:
    """Crack the glass from one point outwards; a crack shines on one side and is dark on the other."""
    pixels = thing.pixels.copy()
    height, width = pixels.shape
    start = chance.uniform(0.1, 0.9, 2) * (width, height)
    for _ in range(int(chance.integers(4, 12))):
        at, way = start, float(chance.uniform(0, math.tau))
        for _ in range(7):
            way += float(chance.normal(0, 0.35))
            to = at + height * 0.12 * np.array((math.cos(way), math.sin(way)))
            thick = max(1, round(thing.module * float(chance.uniform(0.15, 0.5))))
            ends = [tuple(point.astype(int).tolist()) for point in (at, to)]
            cv2.line(pixels, ends[0], ends[1], 250, thick)
            cv2.line(pixels, (ends[0][0] + thick, ends[0][1]), (ends[1][0] + thick, ends[1][1]), 60, max(1, thick // 2))
            at = to
    return Thing(pixels, thing.opaque, thing.text, thing.module, thing.sharp)
