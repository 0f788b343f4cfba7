"""Video files and folders of pictures, played at their own pace as if they were a camera.

*Upstream*: files. *Downstream*: `source`.
"""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.scan.errors import CameraError, PictureError
from kiosk.scan.pace import Reel
from kiosk.scan.picture import BgrPicture, Picture, Pixels, picture_from

_LOG = logging.getLogger(__name__)
PICTURES = frozenset({".png", ".jpg", ".jpeg", ".bmp", ".webp", ".tif", ".tiff", ".pgm", ".ppm"})
_PACKED = frozenset({"MJPG", "mjpg", "JPEG", "jpeg"})
_FPS_WHEN_UNKNOWN = 15.0
_WITH_OPACITY = 4  # planes: blue, green, red, opacity


class VideoSource:
    """The pictures of a video file, once or for ever."""

    live = False

    def __init__(self, path: Path, clock: Callable[[], int], *, loop: bool) -> None:
        """Open the file. Raises `CameraError` when it is not a video."""
        self._path = path
        self._loop = loop
        self._capture = _open_video(path)
        self._width = int(self._capture.get(cv2.CAP_PROP_FRAME_WIDTH))
        fps = self._capture.get(cv2.CAP_PROP_FPS)
        self.fps = fps if 0 < fps < 1_000 else _FPS_WHEN_UNKNOWN  # noqa: PLR2004
        self._reel = Reel(self.fps, clock)

    def read(self, pause: Callable[[float], bool]) -> Picture | None:
        """See `FrameSource.read`."""
        if self._reel.wait(pause):
            return None
        picture = self._next()
        if picture is None and self._loop:
            self._capture.release()
            self._capture = _open_video(self._path)
            picture = self._next()
            if picture is None:
                raise CameraError(str(self._path), "holds no picture that can be read")
        return picture

    def close(self) -> None:
        """Let go of the file."""
        self._capture.release()

    def _next(self) -> Picture | None:
        taken, delivered = self._capture.read()
        return picture_from(np.asarray(delivered, np.uint8), self._width) if taken else None


class FolderSource:
    """The pictures of a folder in the order of their names; each is one frame."""

    live = False

    def __init__(self, folder: Path, fps: float, clock: Callable[[], int], *, loop: bool) -> None:
        """List the folder. Raises `CameraError` when it holds no picture."""
        self._folder = folder
        self._loop = loop
        self._reel = Reel(fps, clock)
        self._left = pictures_in(folder)

    def read(self, pause: Callable[[float], bool]) -> Picture | None:
        """See `FrameSource.read`; a picture that cannot be read is passed over."""
        if self._reel.wait(pause):
            return None
        picture = self._next()
        if picture is None and self._loop:
            self._left = pictures_in(self._folder)
            picture = self._next()
            if picture is None:
                raise CameraError(str(self._folder), "holds no picture that can be read")
        return picture

    def close(self) -> None:
        """Forget the pictures left."""
        self._left = []

    def _next(self) -> Picture | None:
        while self._left:
            path = self._left.pop(0)
            try:
                return load_picture(path)
            except PictureError:
                _LOG.warning("picture passed over, it cannot be read: %s", path)
        return None


def _open_video(path: Path) -> cv2.VideoCapture:
    capture = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG)
    if not capture.isOpened():
        capture.release()
        raise CameraError(str(path), "not a video, damaged, or gone")
    fourcc = int(capture.get(cv2.CAP_PROP_FOURCC)).to_bytes(4, "little").decode("latin-1")
    if fourcc in _PACKED:
        # Hand over the JPEG bytes as a camera would.
        capture.set(cv2.CAP_PROP_FORMAT, -1)
    return capture


def pictures_in(folder: Path) -> list[Path]:
    """List the picture files of a folder by name. Raises `CameraError` when there is none."""
    try:
        found = sorted(path for path in folder.iterdir() if path.suffix.lower() in PICTURES)
    except OSError as fault:
        raise CameraError(str(folder), "the folder is gone or closed to us") from fault
    if not found:
        raise CameraError(str(folder), "holds no picture")
    return found


def load_picture(path: Path) -> Picture:
    """Load a picture file; what is transparent becomes white, as on a screen. Raises `PictureError`."""
    try:
        packed = np.frombuffer(path.read_bytes(), np.uint8)
        pixels = cv2.imdecode(packed, cv2.IMREAD_UNCHANGED) if packed.size else None
        if pixels is not None and not _has_opacity(pixels):
            pixels = cv2.imdecode(packed, cv2.IMREAD_COLOR)
    except OSError as fault:
        raise PictureError(fault.strerror or "it cannot be read") from fault
    except cv2.error as fault:
        raise PictureError("too large, or damaged") from fault
    if pixels is None:
        raise PictureError("not a picture, or damaged")
    return BgrPicture(_on_white(pixels) if _has_opacity(pixels) else np.asarray(pixels, np.uint8))


def _has_opacity(pixels: NDArray[Any]) -> bool:
    return pixels.ndim == _WITH_OPACITY - 1 and pixels.shape[2] == _WITH_OPACITY and pixels.dtype == np.uint8


def _on_white(pixels: NDArray[Any]) -> Pixels:
    opacity = pixels[..., 3:].astype(np.uint16)
    return np.asarray((pixels[..., :3] * opacity + 255 * (255 - opacity)) // 255, np.uint8)
