"""Cameras and network streams: sources that never repeat and may vanish at any moment.

*Upstream*: OpenCV's `VideoCapture` (V4L2 for devices, FFmpeg for addresses). *Downstream*: `source`.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

from kiosk.scan.errors import CameraError
from kiosk.scan.pace import Pace
from kiosk.scan.picture import Picture, picture_from

_SMALLER = ((1280, 720), (640, 480))
_ENOUGH_FPS = 10
_MJPG = cv2.VideoWriter.fourcc(*"MJPG")


class LiveSource:
    """Pictures of an open capture, at most `fps` of them a second.

    Pictures that come faster are taken from the driver, so that none grows old there, but not unpacked.
    """

    live = True

    def __init__(self, capture: cv2.VideoCapture, label: str, fps: float, clock: Callable[[], int]) -> None:
        """Take over an open capture.

        Args:
            capture: open; closed by `close`.
            label: how faults name it.
            fps: pictures a second at most.
            clock: boot-time clock, nanoseconds.
        """
        self._capture = capture
        self._label = label
        self._pace = Pace(fps, clock)
        self._width = int(capture.get(cv2.CAP_PROP_FRAME_WIDTH))

    def read(self, pause: Callable[[float], bool]) -> Picture | None:
        """See `FrameSource.read`; the driver does the waiting."""
        while not pause(0):
            if not self._capture.grab():
                raise CameraError(self._label, "stopped delivering pictures")
            if self._pace.early_s() == 0:
                self._pace.take()
                return self._unpacked()
        return None

    def close(self) -> None:
        """Let go of the device."""
        self._capture.release()

    def _unpacked(self) -> Picture:
        taken, delivered = self._capture.retrieve()
        picture = picture_from(np.asarray(delivered, np.uint8), self._width) if taken else None
        if picture is None and self._capture.set(cv2.CAP_PROP_CONVERT_RGB, 1):
            # The device refused MJPG: from now on OpenCV unpacks whatever it delivers.
            taken, delivered = self._capture.read()
            picture = picture_from(np.asarray(delivered, np.uint8), self._width) if taken else None
        if picture is None:
            raise CameraError(self._label, "delivers pictures of an unknown kind")
        return picture


def open_device(path: Path, width: int, height: int) -> cv2.VideoCapture:
    """Open a video device and ask for packed pictures of a size.

    Raises:
        CameraError: not plugged in, not permitted, in use, or no camera at all.
    """
    if not path.exists():
        raise CameraError(str(path), "no camera is plugged in there")
    if not os.access(path, os.R_OK | os.W_OK):
        raise CameraError(str(path), "not permitted; add the user of the kiosk to the group 'video'")
    backend = cv2.CAP_V4L2 if sys.platform == "linux" else cv2.CAP_ANY
    capture = cv2.VideoCapture(str(path), backend)
    if not capture.isOpened():
        capture.release()
        raise CameraError(str(path), "in use by another program, or not a camera")
    ask_for_best_mode(capture, width, height)
    capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
    capture.set(cv2.CAP_PROP_CONVERT_RGB, 0)
    return capture


def ask_for_best_mode(capture: cv2.VideoCapture, width: int, height: int) -> None:
    """Ask for packed pictures of a size, and for smaller ones where the device is too slow at it.

    A driver answers with the nearest mode it has. One that cannot pack delivers few large pictures a second; a hand
    does not wait for those. A driver that does not know its pace is taken at its word.
    """
    for wide, high in ((width, height), *(size for size in _SMALLER if size[0] < width)):
        capture.set(cv2.CAP_PROP_FOURCC, _MJPG)
        capture.set(cv2.CAP_PROP_FRAME_WIDTH, wide)
        capture.set(cv2.CAP_PROP_FRAME_HEIGHT, high)
        if not 0 < capture.get(cv2.CAP_PROP_FPS) < _ENOUGH_FPS:
            return


def open_stream(address: str, label: str, open_timeout_ms: int, read_timeout_ms: int) -> cv2.VideoCapture:
    """Open a network stream with deadlines of its own, so that no read hangs for ever.

    Raises:
        CameraError: nobody answers there, or with something that is not video.
    """
    timeouts = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, open_timeout_ms, cv2.CAP_PROP_READ_TIMEOUT_MSEC, read_timeout_ms]
    capture = cv2.VideoCapture(address, cv2.CAP_FFMPEG, timeouts)
    if not capture.isOpened():
        capture.release()
        raise CameraError(label, "no video comes from this address")
    return capture
