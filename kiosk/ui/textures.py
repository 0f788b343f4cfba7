"""Small pictures made at start: rounded grounds, soft shadows, cut-out corners; cheaper to draw than shaders.

Upstream: nothing.
Downstream: ``widgets.rounded``, ``widgets.preview``, ``widgets.ring``.

A rounded ground is one stretched nine-part picture with smooth edges; multisampling would cost 30 ms a frame.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from kivy.graphics.texture import Texture

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_CACHED = 64
SHADOW_DARKNESS = 0.17


@lru_cache(MOST_CACHED)
def rounded(radius: int) -> Any:
    """Return a white disc of this radius in pixels, smooth at its edge; its border for stretching is the radius."""
    return _symmetric(radius, lambda x, y: _inside(radius, x, y))


@lru_cache(MOST_CACHED)
def shadow(radius: int, blur: int) -> Any:
    """Return a soft black shadow of a rounded ground; its border for stretching is ``radius + blur``."""
    half = radius + blur

    def darkness(x: float, y: float) -> float:
        beyond = math.hypot(max(0.0, half - x), max(0.0, half - y)) - radius
        faded = min(1.0, max(0.0, 0.5 - beyond / (2 * blur)))
        return SHADOW_DARKNESS * faded * faded * (3 - 2 * faded)

    return _symmetric(half, darkness, black=True)


@lru_cache(MOST_CACHED)
def corner(radius: int) -> Any:
    """Return what a rounded ground leaves of its lower left corner, white, ``radius`` pixels square."""
    alphas = [
        round(255 * (1 - _inside(radius, column + 0.5, row + 0.5))) for row in range(radius) for column in range(radius)
    ]
    return _texture(radius, alphas, b"\xff\xff\xff")


def _inside(radius: int, x: float, y: float) -> float:
    """How much of the pixel at (x, y), counted from the lower left, a disc in the middle covers."""
    return min(1.0, max(0.0, radius - math.hypot(radius - x, radius - y) + 0.5))


def _symmetric(half: int, alpha_at: Callable[[float, float], float], *, black: bool = False) -> Any:
    quarter = [[round(255 * alpha_at(x + 0.5, y + 0.5)) for x in range(half)] for y in range(half)]
    rows = [row + row[::-1] for row in quarter]
    alphas = [alpha for row in rows + rows[::-1] for alpha in row]
    return _texture(2 * half, alphas, b"\0\0\0" if black else b"\xff\xff\xff")


def _texture(side: int, alphas: list[int], colour: bytes) -> Any:
    texture = Texture.create(size=(side, side), colorfmt="rgba")
    pixels = b"".join(colour + bytes((alpha,)) for alpha in alphas)
    texture.blit_buffer(pixels, colorfmt="rgba", bufferfmt="ubyte")
    texture.wrap = "clamp_to_edge"
    return texture
