"""From the setting that names a camera to an open source of pictures.

    "0", "/dev/video2"       a device          live
    "rtsp://…", "http://…"   a network stream  live
    a folder                 its pictures, by name, one a frame   footage
    any other path           a video file                         footage

*Upstream*: the `camera` setting of the station. *Downstream*: `camera`, which reads pictures until None.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeAlias
from urllib.parse import urlsplit, urlunsplit

from kiosk.scan.errors import CameraError
from kiosk.scan.footage import FolderSource, VideoSource
from kiosk.scan.live import LiveSource, open_device, open_stream
from kiosk.scan.picture import Picture

Pause: TypeAlias = Callable[[float], bool]
"""Waits the seconds given, or less; True when the wait was broken off because somebody wants to stop."""

_STREAMS = frozenset({"rtsp", "rtsps", "rtmp", "http", "https", "udp", "tcp", "srt"})


class FrameSource(Protocol):
    """Whatever delivers pictures one after another."""

    @property
    def live(self) -> bool:
        """True when no picture repeats by nature, so that a repeated one means a frozen sensor."""

    def read(self, pause: Pause) -> Picture | None:
        """Return the next picture when it is due; None at the end or when the pause was broken off.

        Raises:
            CameraError: the source stopped delivering.
        """

    def close(self) -> None:
        """Let go of the device or file."""


@dataclass(frozen=True, slots=True)
class SourceLimits:
    """How a source is opened.

    Attributes:
        width, height: pixels asked of a device; it gives the nearest it has, or fewer where that would be too slow.
        fps: pictures a second, at most from a live source, exactly from a folder.
        loop: a file or folder begins again at its end.
        open_timeout_ms, read_timeout_ms: for network streams.
    """

    width: int = 1920
    height: int = 1080
    fps: float = 15.0
    loop: bool = False
    open_timeout_ms: int = 5_000
    read_timeout_ms: int = 3_000


def open_source(setting: str, limits: SourceLimits, clock: Callable[[], int]) -> FrameSource:
    """Open what the setting names.

    Args:
        setting: see the table above.
        limits: size and pace.
        clock: boot-time clock, nanoseconds.

    Raises:
        CameraError: it cannot be opened; the reason says why and what to do.
    """
    setting = setting.strip()
    if setting.isdecimal():
        setting = f"/dev/video{int(setting)}"
    if setting.startswith("/dev/"):
        capture = open_device(Path(setting), limits.width, limits.height)
        return LiveSource(capture, setting, limits.fps, clock)
    if is_stream(setting):
        capture = open_stream(setting, shown(setting), limits.open_timeout_ms, limits.read_timeout_ms)
        return LiveSource(capture, shown(setting), limits.fps, clock)
    path = Path(setting).expanduser()
    if not setting or not path.exists():
        raise CameraError(setting or "camera", "there is no such file or folder")
    if path.is_dir():
        return FolderSource(path, limits.fps, clock, loop=limits.loop)
    return VideoSource(path, clock, loop=limits.loop)


def is_stream(setting: str) -> bool:
    """Tell a network address from a path."""
    return urlsplit(setting).scheme.lower() in _STREAMS


def is_live(setting: str) -> bool:
    """Tell a camera or a stream, which shows real people, from a film or pictures."""
    setting = setting.strip()
    return setting.isdecimal() or setting.startswith("/dev/") or is_stream(setting)


def shown(setting: str) -> str:
    """Return the setting as it may stand in a log: the user and password of an address left out."""
    if not is_stream(setting):
        return setting
    parts = urlsplit(setting)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2], query=""))
