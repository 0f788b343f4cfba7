"""A card in a living hand: perspective, tilt, tremor, and the smear of a quick movement.

*Upstream*: `card` paints it flat. *Downstream*: `film` puts it before the volunteer, with arm and thumb.
"""

import math
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.scan.picture import Pixels
from kiosk.scan.scene.card import FINE, HEIGHT, WIDTH, paint_card
from kiosk.scan.scene.paint import Point, Sprite, colour
from kiosk.scan.scene.people import Look

_RESTS_AT = 528.0  # middle of the card held before the lens, pixels from the top
_BELOW = 920.0
_SMEAR = 0.35  # share of the way between two frames during which the shutter is open
_GRIP = (96.0, HEIGHT - 6.0)  # where the hand holds it, on the flat card
_TREMOR = ((1.1, 6.1, 0.3), (0.6, 9.7, 1.9), (1.6, 1.3, 4.0))  # pixels, hertz, phase


@dataclass(frozen=True, slots=True)
class Held:
    """A card at one instant.

    Attributes:
        sprite: the card, warped.
        corner: where the sprite goes, pixels (left, top).
        hand: where the hand is, pixels (x, y).
    """

    sprite: Sprite = field(repr=False)
    corner: tuple[int, int]
    hand: Point

    def onto(self, frame: Pixels) -> None:
        """Draw the card."""
        self.sprite.onto(frame, *self.corner)

    def draw_thumb(self, frame: Pixels, look: Look) -> None:
        """Draw the thumb that lies on the edge of the card."""
        x, y = self.hand
        _oval(frame, (x + 4, y - 20), (15, 30), 14, look.blush)
        _oval(frame, (x + 3, y - 21), (13.5, 28), 14, look.skin)
        _oval(frame, (x + 8, y - 36), (6, 8), 14, look.blush)


class HeldCard:
    """One card for the length of an act."""

    def __init__(self, text: str, beside: float, chance: np.random.Generator) -> None:
        """Take the card in the hand.

        Args:
            text: what its code says.
            beside: how far from the volunteer's middle it is held, pixels.
            chance: draws the way this hand holds it.
        """
        self._text = text
        self._beside = beside
        self._flat: Pixels | None = None
        self._tilt = float(chance.uniform(-4, 4))
        self._yaw = float(chance.uniform(-0.05, 0.05))
        self._pitch = float(chance.uniform(0.02, 0.06))
        self._phase = float(chance.uniform(0, math.tau))

    def place(self, middle: float, lifted: float, rise: float, time_s: float) -> Held:
        """Return the card as at an instant.

        Args:
            middle: of the volunteer, pixels from the left.
            lifted: 0 below the picture, 1 before the lens.
            rise: change of `lifted` since the frame before.
            time_s: for the tremor, seconds.
        """
        if self._flat is None:
            self._flat = _with_edge(paint_card(self._text))
        tremor_x, tremor_y = self._tremor(time_s), self._tremor(time_s + 0.37)
        centre = (middle + self._beside + tremor_x, _BELOW + (_RESTS_AT - _BELOW) * lifted + tremor_y)
        turned = self._tilt + 14 * (1 - lifted) + 0.25 * self._tremor(time_s + 0.71)
        corners = self._corners(centre, math.radians(turned))
        sprite, corner, matrix = _warped(self._flat, corners)
        smear = round(abs(rise) * (_BELOW - _RESTS_AT) * _SMEAR)
        if smear > 1:
            sprite = _smeared(sprite, smear)
        grip = matrix @ np.array((_GRIP[0] * FINE, _GRIP[1] * FINE, 1.0))
        hand = (corner[0] + float(grip[0] / grip[2]), corner[1] + float(grip[1] / grip[2]))
        return Held(sprite, corner, hand)

    def _tremor(self, time_s: float) -> float:
        return sum(size * math.sin(math.tau * hertz * time_s + phase + self._phase) for size, hertz, phase in _TREMOR)

    def _corners(self, centre: Point, turned: float) -> NDArray[np.float32]:
        """Return the four corners in the frame, (4, 2), clockwise from the top left."""
        cos, sin = math.cos(turned), math.sin(turned)
        corners = []
        for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
            near = 1 + self._yaw * x + self._pitch * y
            flat_x, flat_y = x * WIDTH / 2 * near, y * HEIGHT / 2 * near
            corners.append((centre[0] + flat_x * cos - flat_y * sin, centre[1] + flat_x * sin + flat_y * cos))
        return np.array(corners, np.float32)


def draw_arm(frame: Pixels, shoulder: Point, hand: Point, look: Look) -> None:
    """Draw the arm from the shoulder over the elbow to the hand that holds the card from behind."""
    outwards = -1 if shoulder[0] < hand[0] + 60 else 1
    elbow = (shoulder[0] + outwards * 18, max(shoulder[1] + 150, hand[1] + 30))
    cuff = (hand[0] * 0.75 + elbow[0] * 0.25, hand[1] * 0.75 + elbow[1] * 0.25 + 14)
    _line(frame, (shoulder, elbow), look.shirt_dark, 74)
    _line(frame, (elbow, cuff), look.shirt_dark, 66)
    _line(frame, (cuff, hand), look.skin, 44)
    _oval(frame, (hand[0], hand[1] + 8), (34, 28), 10, look.skin)


def _with_edge(painted: Pixels) -> Pixels:
    """Return the card with opacity, (H, W, 4): round corners and a fine edge that tells it from a white wall."""
    height, width = painted.shape[:2]
    opaque = np.zeros((height, width), np.uint8)
    cut = 24 * FINE // 2
    cv2.rectangle(opaque, (cut, 0), (width - cut - 1, height - 1), 255, -1)
    cv2.rectangle(opaque, (0, cut), (width - 1, height - cut - 1), 255, -1)
    for x in (cut, width - cut - 1):
        for y in (cut, height - cut - 1):
            cv2.circle(opaque, (x, y), cut, 255, -1, cv2.LINE_AA)
    painted = cv2.bitwise_and(painted, cv2.cvtColor(opaque, cv2.COLOR_GRAY2BGR)).astype(np.uint8)
    return np.dstack((painted, opaque))


def _warped(flat: Pixels, corners: NDArray[np.float32]) -> tuple[Sprite, tuple[int, int], NDArray[np.float64]]:
    """Return the card in perspective, its place in the frame, and the way from flat to sprite pixels."""
    low = np.floor(corners.min(0)).astype(int) - 2
    size = np.ceil(corners.max(0)).astype(int) + 2 - low
    height, width = flat.shape[:2]
    flat_corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    matrix = cv2.getPerspectiveTransform(flat_corners, corners - low.astype(np.float32))
    warped = cv2.warpPerspective(flat, matrix, (int(size[0]), int(size[1])), flags=cv2.INTER_LINEAR)
    opaque = cv2.cvtColor(cv2.extractChannel(warped, 3), cv2.COLOR_GRAY2BGR)
    sprite = Sprite(np.ascontiguousarray(warped[..., :3], np.uint8), np.asarray(cv2.bitwise_not(opaque), np.uint8))
    return sprite, (int(low[0]), int(low[1])), np.asarray(matrix, np.float64)


def _smeared(sprite: Sprite, pixels: int) -> Sprite:
    size = (1, pixels)
    return Sprite(
        np.asarray(cv2.blur(sprite.bgr, size), np.uint8), np.asarray(cv2.blur(sprite.through, size), np.uint8)
    )


def _line(frame: Pixels, ends: tuple[Point, Point], paint: str, width: int) -> None:
    points = [(round(x), round(y)) for x, y in ends]
    cv2.line(frame, points[0], points[1], colour(paint), width, cv2.LINE_AA)


def _oval(frame: Pixels, centre: Point, radii: Point, turned: float, paint: str) -> None:
    at, size = (round(centre[0]), round(centre[1])), (round(radii[0]), round(radii[1]))
    cv2.ellipse(frame, at, size, turned, 0, 360, colour(paint), -1, cv2.LINE_AA)
