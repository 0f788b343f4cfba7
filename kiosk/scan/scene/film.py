"""Turns a script of acts into frames, a video file or a folder of pictures.

*Upstream*: `acts`, `booth`, `people`, `card`. *Downstream*: the demo, tests and `bench`, through `source`.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np

from kiosk.scan.errors import CameraError
from kiosk.scan.picture import Pixels
from kiosk.scan.scene.acts import Act, Pose, pose_at
from kiosk.scan.scene.booth import HEIGHT, WIDTH, paint_booth
from kiosk.scan.scene.held import HeldCard, draw_arm
from kiosk.scan.scene.people import HEIGHT as TALL
from kiosk.scan.scene.people import SHOULDERS, Volunteer, paint_volunteer
from kiosk.scan.scene.people import WIDTH as BROAD

_NOISES = 6
_NOISE = 1.4  # standard deviation of the sensor's noise, grey values
_FLICKER = 0.02
SIZE = (WIDTH, HEIGHT)


def render(acts: Sequence[Act], duration_s: float, fps: float, size: tuple[int, int], seed: int) -> Iterator[Pixels]:
    """Draw the scene frame by frame.

    Args:
        acts: who shows what and when; they may overlap, the later ones stand in front.
        duration_s: length of the film, seconds.
        fps: frames a second.
        size: width and height of the frames, pixels; the scene is drawn at 1280 by 720.
        seed: the same seed gives the same film, bit by bit.

    Yields:
        (height, width, 3) uint8 BGR, one array a frame.
    """
    chance = np.random.default_rng(seed)
    noises = [_noise(chance) for _ in range(_NOISES)]
    cast = [_Player(act, side, chance) for act, side in zip(acts, _sides(len(acts)), strict=True)]
    booth = paint_booth()
    for number in range(round(duration_s * fps)):
        time_s = number / fps
        frame = booth.back.copy()
        for player in cast:
            player.draw_body(frame, time_s)
        booth.counter.onto(frame, 0, booth.counter_top)
        for player in cast:
            player.draw_cards(frame, time_s, 1 / fps)
        gain = 1 + _FLICKER * math.sin(time_s * 5.3) * math.sin(time_s * 1.7)
        noise = noises[int(chance.integers(_NOISES))]
        cv2.addWeighted(frame, gain, noise, 1.0, -128.0, dst=frame)
        yield frame if size == SIZE else np.asarray(cv2.resize(frame, size, interpolation=cv2.INTER_AREA), np.uint8)


def write_video(
    path: Path, frames: Iterator[Pixels], fps: float, on_progress: Callable[[int], None] | None = None
) -> int:
    """Write frames into an MJPG video, the kind of stream a USB camera gives.

    Args:
        path: of the file, ending in .avi.
        frames: all of one size, at least one.
        fps: frames a second.
        on_progress: told the number of frames written so far.

    Returns:
        How many frames were written.

    Raises:
        CameraError: the file cannot be written.
    """
    writer: cv2.VideoWriter | None = None
    written = 0
    try:
        for written, frame in enumerate(frames, 1):
            if writer is None:
                writer = _open_writer(path, fps, (frame.shape[1], frame.shape[0]))
            writer.write(frame)
            if on_progress is not None:
                on_progress(written)
    finally:
        if writer is not None:
            writer.release()
    return written


def write_folder(folder: Path, frames: Iterator[Pixels], on_progress: Callable[[int], None] | None = None) -> int:
    """Write frames as 000001.png, 000002.png, … into a folder that is made when missing; return how many."""
    folder.mkdir(parents=True, exist_ok=True)
    written = 0
    for written, frame in enumerate(frames, 1):
        _, packed = cv2.imencode(".png", frame, [cv2.IMWRITE_PNG_COMPRESSION, 1])
        (folder / f"{written:06d}.png").write_bytes(packed.tobytes())
        if on_progress is not None:
            on_progress(written)
    return written


class _Player:
    """One act on stage; the painted volunteer and cards are kept from frame to frame."""

    def __init__(self, act: Act, side: int, chance: np.random.Generator) -> None:
        self._act = act
        self._side = side
        self._volunteer: Volunteer | None = None
        texts = [act.text] if act.second_text is None else [act.text, act.second_text]
        middles = (0.0,) if act.second_text is None else (-268.0, 268.0)
        self._cards = [HeldCard(text, middle, chance) for text, middle in zip(texts, middles, strict=True)]
        self._stands = WIDTH / 2 + float(chance.uniform(-40, 40)) * (act.second_text is None)

    def draw_body(self, frame: Pixels, time_s: float) -> None:
        """Draw the volunteer as at an instant."""
        pose = pose_at(self._act, time_s)
        if pose is None:
            self._volunteer = None
            return
        if self._volunteer is None:
            self._volunteer = paint_volunteer(self._act.look)
        sprite = self._volunteer.blinking if pose.eyes_closed else self._volunteer.awake
        sprite.onto(frame, *self._corner(pose, time_s))

    def draw_cards(self, frame: Pixels, time_s: float, exposure_s: float) -> None:
        """Draw what the volunteer holds out; it moved since the frame before, `exposure_s` ago."""
        pose = pose_at(self._act, time_s)
        if pose is None or pose.lifted <= 0 or self._volunteer is None:
            return
        before = pose_at(self._act, time_s - exposure_s)
        rise = pose.lifted - before.lifted if before is not None else 0.0
        left, top = self._corner(pose, time_s)
        for card, shoulder in zip(self._cards, SHOULDERS, strict=False):
            held = card.place(left + BROAD / 2, pose.lifted, rise, time_s)
            draw_arm(frame, (left + shoulder[0], top + shoulder[1]), held.hand, self._volunteer.look)
            held.onto(frame)
            held.draw_thumb(frame, self._volunteer.look)

    def _corner(self, pose: Pose, time_s: float) -> tuple[int, int]:
        """Return left and top of the volunteer, who comes from one side and leaves on the other."""
        middle = self._stands + self._side * pose.away * (WIDTH / 2 + BROAD / 2 + 60)
        top = HEIGHT - TALL - 34 + round(10 * (1 - pose.bob)) + self._breath(time_s)
        return round(middle - BROAD / 2), top

    def _breath(self, time_s: float) -> int:
        return round(1.5 * math.sin(time_s * 1.9 + self._act.look))


def _sides(count: int) -> list[int]:
    return [1 if number % 2 == 0 else -1 for number in range(count)]


def _noise(chance: np.random.Generator) -> Pixels:
    # Cameras smooth their noise before they pack it: soft grain, mostly grey.
    grain = cv2.GaussianBlur(chance.standard_normal((HEIGHT, WIDTH), np.float32), (0, 0), 0.8)
    grey = np.round(128 + grain * (_NOISE / float(grain.std()))).astype(np.uint8)
    return np.asarray(cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR), np.uint8)


def _open_writer(path: Path, fps: float, size: tuple[int, int]) -> cv2.VideoWriter:
    fourcc = cv2.VideoWriter.fourcc(*"MJPG")
    writer = cv2.VideoWriter(str(path), cv2.CAP_FFMPEG, fourcc, fps, size)
    if not writer.isOpened():
        raise CameraError(str(path), "the video cannot be written there")
    return writer
