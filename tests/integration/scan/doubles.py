"""A real clock, an ear for events, and sources that break when told."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np

from kiosk.scan.camera_state import CameraState
from kiosk.scan.errors import CameraError
from kiosk.scan.events import CameraChanged, ScanEvent, Scanned
from kiosk.scan.picture import BgrPicture, Picture, Pixels
from kiosk.scan.source import Pause

PATIENCE_S = 20.0


def clock() -> int:
    """The boot-time clock, nanoseconds."""
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME)


@dataclass
class Ear:
    """Hears events and lets tests wait for what they are about to hear."""

    heard: list[ScanEvent] = field(default_factory=list)
    _news: threading.Condition = field(default_factory=threading.Condition)

    def __call__(self, event: ScanEvent) -> None:
        with self._news:
            self.heard.append(event)
            self._news.notify_all()

    def state(self, state: CameraState, reason: str) -> None:
        """For a `Camera` alone."""
        self(CameraChanged(state, reason))

    def until(self, promise: Callable[["Ear"], bool]) -> bool:
        """Wait until the promise holds; False when patience ends."""
        with self._news:
            return self._news.wait_for(lambda: promise(self), PATIENCE_S)

    def until_states(self, *states: CameraState) -> bool:
        """Wait until exactly these states were passed, in this order."""
        return self.until(lambda ear: ear.states[: len(states)] == list(states))

    @property
    def states(self) -> list[CameraState]:
        return [event.state for event in self.heard if isinstance(event, CameraChanged)]

    @property
    def texts(self) -> list[str]:
        return [event.text for event in self.heard if isinstance(event, Scanned)]


class Plug:
    """The wire of a camera: what it shows, and whether it is plugged in."""

    def __init__(self, picture: Pixels, *, live: bool = True) -> None:
        self.live = live
        self.plugged = True
        self.frozen = False
        self.picture = picture
        self.opened = 0
        self.closed = 0
        self.hang = threading.Event()
        self.hanging = threading.Event()
        self.release = threading.Event()

    def open(self) -> "WiredSource":
        if not self.plugged:
            raise CameraError("wire", "not plugged in")
        self.opened += 1
        return WiredSource(self)


class WiredSource:
    """Fifty pictures a second, each with a little noise, from whatever is plugged in."""

    def __init__(self, plug: Plug) -> None:
        self._plug = plug
        self._chance = np.random.default_rng(1)
        self._still = BgrPicture(plug.picture)

    @property
    def live(self) -> bool:
        return self._plug.live

    def read(self, pause: Pause) -> Picture | None:
        if self._plug.hang.is_set():
            self._plug.hanging.set()
            self._plug.release.wait(PATIENCE_S)
        if not self._plug.plugged:
            raise CameraError("wire", "pulled out")
        if pause(0.02):
            return None
        if not self._plug.frozen:
            noise = self._chance.integers(0, 4, self._plug.picture.shape, np.uint8)
            self._still = BgrPicture(np.asarray(cv2.add(self._plug.picture, noise), np.uint8))
        return self._still

    def close(self) -> None:
        self._plug.closed += 1


def write_film(path: Path, frames: list[Pixels], fps: float = 15) -> Path:
    """Frames as an MJPG video."""
    height, width = frames[0].shape[:2]
    writer = cv2.VideoWriter(str(path), cv2.CAP_FFMPEG, cv2.VideoWriter.fourcc(*"MJPG"), fps, (width, height))
    for frame in frames:
        writer.write(frame)
    writer.release()
    return path


def on_table(code: Pixels, width: int = 640, height: int = 480) -> Pixels:
    """A code lying in the middle of a grey table."""
    table = np.full((height, width, 3), 110, np.uint8)
    top, left = (height - code.shape[0]) // 2, (width - code.shape[1]) // 2
    table[top : top + code.shape[0], left : left + code.shape[1]] = code
    return table
