"""What becomes of a flat thing on its way into a frame: pose, focus, movement, light, noise, JPEG.

*Upstream*: `things`; the painted booth of `kiosk.scan.scene` is the background. *Downstream*: `stills`, `sequences`.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from kiosk.scan.scene.booth import paint_booth

if TYPE_CHECKING:
    from tests.support.trials.things import Pixels, Thing

WIDTH, HEIGHT = 1280, 720
NOISES = 6


@dataclass(frozen=True, slots=True)
class Pose:
    """Where and how a thing is held.

    Attributes:
        x, y: its middle, pixels of the frame.
        module_px: a module, pixels of the frame.
        turned: radians.
        yaw, pitch: how much nearer one side is, -0.5 to 0.5.
    """

    x: float
    y: float
    module_px: float
    turned: float = 0.0
    yaw: float = 0.0
    pitch: float = 0.0


@dataclass(frozen=True, slots=True)
class Light:
    """How a frame is lit and taken.

    Attributes:
        blur_px: out of focus, standard deviation.
        smear_px, smear_way: moved while the shutter was open; length, radians.
        gain: of all grey values; below 1 dark, above 1 burnt out.
        noise: of the sensor, standard deviation in grey values.
        glare: brightness of a reflection on the thing, 0 to 255.
        glare_at: where on it, -0.5 to 0.5 of its size.
        shadow: share of light left beyond the edge of a shadow, 1 for none.
        shadow_way: direction of that edge, radians.
        jpeg: quality.
    """

    blur_px: float = 0.6
    smear_px: float = 0.0
    smear_way: float = 0.0
    gain: float = 1.0
    noise: float = 3.0
    glare: float = 0.0
    glare_at: tuple[float, float] = (0.0, 0.0)
    shadow: float = 1.0
    shadow_way: float = 0.0
    jpeg: int = 85


def taken(thing: Thing, pose: Pose, light: Light, number: int) -> Pixels:
    """Take a frame, (720, 1280) uint8. `number` chooses the grain."""
    frame = _background().copy()
    corners = _corners(thing, pose)
    low = np.maximum(np.floor(corners.min(0)).astype(int) - 24, 0)
    high = np.minimum(np.ceil(corners.max(0)).astype(int) + 24, (WIDTH, HEIGHT))
    if (high - low > 4).all():
        part = frame[low[1] : high[1], low[0] : high[0]]
        part[:] = _smeared(_lit(_onto(part, thing, corners - low), light), light)
    return _sensed(frame, light, number)


def empty(light: Light, number: int) -> Pixels:
    """Take a frame of the empty booth, (720, 1280) uint8."""
    return _sensed(_background(), light, number)


@functools.cache
def _background() -> np.ndarray[Any, np.dtype[np.float32]]:
    gray = cv2.cvtColor(paint_booth().back, cv2.COLOR_BGR2GRAY)
    return np.asarray(cv2.GaussianBlur(gray, (0, 0), 1.2), np.float32)


@functools.cache
def _grain(number: int) -> np.ndarray[Any, np.dtype[np.float32]]:
    return np.random.default_rng(number).standard_normal((HEIGHT, WIDTH)).astype(np.float32)


def _corners(thing: Thing, pose: Pose) -> np.ndarray[Any, np.dtype[np.float64]]:
    height, width = thing.pixels.shape
    scale = pose.module_px / thing.module / 2
    cos, sin = math.cos(pose.turned), math.sin(pose.turned)
    found = []
    for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
        near = 1 / (1 - pose.yaw * x - pose.pitch * y)
        flat_x, flat_y = x * width * scale * near, y * height * scale * near
        found.append((pose.x + flat_x * cos - flat_y * sin, pose.y + flat_x * sin + flat_y * cos))
    return np.array(found)


def _onto(part: Any, thing: Thing, corners: Any) -> Any:
    """Warp a thing onto a part of the frame; the sensor's own averaging by two samples a pixel, one for a display."""
    height, width = part.shape
    fine = 1 if thing.sharp else 2
    rows, columns = thing.pixels.shape
    flat = np.array([(0, 0), (columns, 0), (columns, rows), (0, rows)], np.float32)
    matrix = cv2.getPerspectiveTransform(flat, (corners * fine).astype(np.float32))
    size = (width * fine, height * fine)
    both = [
        cv2.resize(cv2.warpPerspective(each, matrix, size), (width, height), interpolation=cv2.INTER_AREA)
        for each in (thing.pixels, thing.opaque)
    ]
    share = both[1].astype(np.float32) / 255
    return part * (1 - share) + both[0] * share


def _lit(part: Any, light: Light) -> Any:
    height, width = part.shape
    if light.shadow < 1:
        y, x = np.mgrid[:height, :width].astype(np.float32)
        beyond = (x - width / 2) * math.cos(light.shadow_way) + (y - height / 2) * math.sin(light.shadow_way)
        part = part * np.where(beyond > 0, np.float32(light.shadow), np.float32(1))
    if light.glare:
        spot = np.zeros((height, width), np.float32)
        at = (round(width * (0.5 + light.glare_at[0])), round(height * (0.5 + light.glare_at[1])))
        cv2.ellipse(spot, at, (max(4, width // 7), max(4, height // 12)), 30, 0, 360, light.glare, -1)
        part = part + cv2.GaussianBlur(spot, (0, 0), max(2.0, height / 16))
    return part


def _smeared(part: Any, light: Light) -> Any:
    if light.blur_px > 0.3:
        part = cv2.GaussianBlur(part.astype(np.float32), (0, 0), light.blur_px)
    if light.smear_px > 1:
        size = math.ceil(light.smear_px) | 1
        kernel = np.zeros((size, size), np.float32)
        reach = (size - 1) / 2 * np.array((math.cos(light.smear_way), math.sin(light.smear_way)))
        ends = [tuple(np.round(size // 2 + sign * reach).astype(int).tolist()) for sign in (-1, 1)]
        cv2.line(kernel, ends[0], ends[1], 1.0)
        part = cv2.filter2D(part.astype(np.float32), -1, kernel / kernel.sum())
    return part


def _sensed(frame: Any, light: Light, number: int) -> Pixels:
    noisy = cv2.addWeighted(frame, light.gain, _grain(number % NOISES), light.noise, 0)
    packed = cv2.imencode(".jpg", np.clip(noisy, 0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, light.jpeg])[1]
    return np.asarray(cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE), np.uint8)
