"""Brushes: smooth shapes on a canvas three times too large, gradients, letters, and sprites that blend fast.

*Upstream*: OpenCV's drawing. *Downstream*: `booth`, `people`, `card`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.scan.picture import Pixels

Point: TypeAlias = tuple[float, float]
_FINE = 3  # canvas pixels for one pixel of the frame
_SHIFT = 4  # fractional bits of OpenCV's coordinates


def colour(code: str) -> tuple[int, int, int]:
    """Return "#rrggbb" as OpenCV wants it, (blue, green, red)."""
    return int(code[5:7], 16), int(code[3:5], 16), int(code[1:3], 16)


def smooth(points: Sequence[Point], steps: int = 12) -> list[Point]:
    """Return a closed curve through the points (Catmull-Rom)."""
    ring = np.asarray(points, np.float64)
    before, after, beyond = np.roll(ring, 1, 0), np.roll(ring, -1, 0), np.roll(ring, -2, 0)
    curve = []
    for step in range(steps):
        t = step / steps
        curve.append(
            0.5
            * (
                2 * ring
                + (after - before) * t
                + (2 * before - 5 * ring + 4 * after - beyond) * t**2
                + (3 * ring - before - 3 * after + beyond) * t**3
            )
        )
    return [(float(x), float(y)) for x, y in np.stack(curve, 1).reshape(-1, 2)]


@dataclass(frozen=True, slots=True)
class Sprite:
    """A painted thing with soft edges.

    Attributes:
        bgr: (H, W, 3) uint8, already multiplied by its opacity.
        through: (H, W, 3) uint8, how much of what is behind shows, 255 = all.
    """

    bgr: Pixels = field(repr=False)
    through: Pixels = field(repr=False)

    def onto(self, frame: Pixels, left: int, top: int) -> None:
        """Blend into a frame at a place that may lie partly outside it."""
        height, width = self.bgr.shape[:2]
        x0, y0 = max(0, left), max(0, top)
        x1, y1 = min(frame.shape[1], left + width), min(frame.shape[0], top + height)
        if x0 >= x1 or y0 >= y1:
            return
        part = (slice(y0 - top, y1 - top), slice(x0 - left, x1 - left))
        behind = cv2.multiply(frame[y0:y1, x0:x1], self.through[part], scale=1 / 255)
        cv2.add(behind, self.bgr[part], dst=frame[y0:y1, x0:x1])


class Canvas:
    """A transparent sheet; coordinates and sizes are pixels of the frame, origin top left."""

    def __init__(self, width: int, height: int) -> None:
        """Begin with nothing painted."""
        self.width, self.height = width, height
        self._bgr: Pixels = np.zeros((height * _FINE, width * _FINE, 3), np.uint8)
        self._seen: Pixels = np.zeros((height * _FINE, width * _FINE), np.uint8)

    def shape(self, points: Sequence[Point], paint: str) -> None:
        """Fill a polygon."""
        ring = self._fixed(points)
        cv2.fillPoly(self._bgr, [ring], colour(paint), cv2.LINE_AA, _SHIFT)
        cv2.fillPoly(self._seen, [ring], 255, cv2.LINE_8, _SHIFT)

    def blob(self, points: Sequence[Point], paint: str) -> None:
        """Fill the smooth closed curve through the points."""
        self.shape(smooth(points), paint)

    def oval(self, centre: Point, radii: Point, paint: str, turned: float = 0.0, span: Point = (0, 360)) -> None:
        """Fill an ellipse or, with a span of degrees, the part of it that its chord cuts off."""
        self.shape(_arc(centre, radii, turned, span), paint)

    def stroke(self, points: Sequence[Point], paint: str, width: float) -> None:
        """Draw an open line with round ends."""
        line = self._fixed(points)
        thick = max(1, round(width * _FINE))
        cv2.polylines(self._bgr, [line], False, colour(paint), thick, cv2.LINE_AA, _SHIFT)
        cv2.polylines(self._seen, [line], False, 255, thick, cv2.LINE_8, _SHIFT)

    def arc(self, centre: Point, radii: Point, span: Point, paint: str, width: float) -> None:
        """Draw a part of an ellipse, degrees clockwise from the right."""
        self.stroke(_arc(centre, radii, 0.0, span), paint, width)

    def tint(self, points: Sequence[Point], paint: str, strength: float, soft: float) -> None:
        """Lay a colour over what is painted already, with edges `soft` pixels wide; adds no surface."""
        ring, margin = np.asarray(points, np.float64) * _FINE, round(soft * _FINE * 3) + 1
        low = np.maximum(ring.min(0).astype(int) - margin, 0)
        high = np.minimum(ring.max(0).astype(int) + margin + 1, self._seen.shape[::-1])
        if (low >= high).any():
            return
        mask = np.zeros((high - low)[::-1], np.float32)
        cv2.fillPoly(mask, [np.round((ring - low) * (1 << _SHIFT)).astype(np.int32)], strength, cv2.LINE_AA, _SHIFT)
        if soft > 0:
            mask = np.asarray(cv2.GaussianBlur(mask, (0, 0), soft * _FINE), np.float32)
        part = self._bgr[low[1] : high[1], low[0] : high[0]]
        laid = np.full_like(part, colour(paint))
        part[:] = cv2.blendLinear(part, laid, 1 - mask, mask)

    def letters(self, text: str, centre: Point, size: float, paint: str, weight: int = 600) -> None:
        """Write a line; an OpenCV without Chinese letters (before 5.0) leaves it out."""
        if not hasattr(cv2, "FontFace"):
            return
        face = cv2.FontFace("uni")
        pixels = round(size * _FINE)
        x, y, width, height = cv2.getTextSize((0, 0), text, (0, 0), face, pixels, weight)[:4]
        at = (round(centre[0] * _FINE - width / 2 - x), round(centre[1] * _FINE - height / 2 - y))
        cv2.putText(self._bgr, text, at, colour(paint), face, pixels, weight)

    def flat(self) -> Pixels:
        """Return (height, width, 3) uint8 as if the sheet lay on black."""
        return np.asarray(cv2.resize(self._bgr, (self.width, self.height), interpolation=cv2.INTER_AREA), np.uint8)

    def sprite(self) -> Sprite:
        """Return what was painted, with soft edges."""
        size = (self.width, self.height)
        seen = cv2.cvtColor(self._seen, cv2.COLOR_GRAY2BGR)
        bgr = cv2.resize(cv2.bitwise_and(self._bgr, seen), size, interpolation=cv2.INTER_AREA)
        opaque = cv2.resize(seen, size, interpolation=cv2.INTER_AREA)
        return Sprite(np.asarray(bgr, np.uint8), np.asarray(cv2.bitwise_not(opaque), np.uint8))

    def _fixed(self, points: Sequence[Point]) -> NDArray[np.int32]:
        return np.round(np.asarray(points, np.float64) * (_FINE << _SHIFT)).astype(np.int32)


def gradient(width: int, height: int, top: str, bottom: str) -> Pixels:
    """Return (height, width, 3) uint8 running from one colour down to another."""
    down = np.linspace(0, 1, height, dtype=np.float32)[:, None, None]
    rows = np.asarray(colour(top), np.float32) * (1 - down) + np.asarray(colour(bottom), np.float32) * down
    return np.ascontiguousarray(np.broadcast_to(rows, (height, width, 3)).astype(np.uint8))


def _arc(centre: Point, radii: Point, turned: float, span: Point) -> list[Point]:
    angles = np.radians(np.linspace(span[0], span[1], 72))
    x, y = radii[0] * np.cos(angles), radii[1] * np.sin(angles)
    cos, sin = np.cos(np.radians(turned)), np.sin(np.radians(turned))
    return [
        (float(px), float(py))
        for px, py in zip(centre[0] + x * cos - y * sin, centre[1] + x * sin + y * cos, strict=True)
    ]
