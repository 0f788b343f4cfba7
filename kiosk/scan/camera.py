"""The capture thread: keeps the latest frame, says how the camera is, and comes back by itself.

A camera that is pulled out, freezes or hangs is opened again and again with growing pauses. Whoever reads
slowly gets the newest frame, never a queue.

*Upstream*: `source` opens what the setting names. *Downstream*: `scanner` waits for frames; the preview takes
`latest`. States are in `camera_state`.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

import cv2

from kiosk.scan.camera_state import CameraSign, CameraState, after
from kiosk.scan.errors import PictureError, ScanError
from kiosk.scan.eyesight import Eyesight, EyesightLimits
from kiosk.scan.frame import Frame
from kiosk.scan.picture import Picture
from kiosk.scan.source import FrameSource

_LOG = logging.getLogger(__name__)
_NS = 1_000_000_000

OpenSource: TypeAlias = Callable[[], FrameSource]
OnState: TypeAlias = Callable[[CameraState, str], None]


@dataclass(frozen=True, slots=True)
class CameraLimits:
    """How patient the camera is.

    Attributes:
        eyesight: when a picture counts as dark and a sensor as frozen.
        reopen_after_s: pauses before opening again; the last one is repeated.
        reopen_stuck_after_s: a frozen source is closed and opened again after this long.
    """

    eyesight: EyesightLimits = field(default_factory=EyesightLimits)
    reopen_after_s: tuple[float, ...] = (0.5, 1.0, 2.0, 5.0)
    reopen_stuck_after_s: float = 10.0


class Camera:
    """One source of pictures, watched over by one thread."""

    def __init__(
        self, open_source: OpenSource, limits: CameraLimits, clock: Callable[[], int], on_state: OnState
    ) -> None:
        """Prepare; nothing is opened before `start`.

        Args:
            open_source: opens the source anew; may raise `CameraError`.
            limits: see there.
            clock: boot-time clock, nanoseconds.
            on_state: called after every change with the state and a reason for the log, from the capture
                thread or from the one that calls `watch_over`; must not block.
        """
        self._open_source = open_source
        self._limits = limits
        self._clock = clock
        self._on_state = on_state
        self._news = threading.Condition()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="scan-camera", daemon=True)
        self._state = CameraState.STARTING
        self._frame: Frame | None = None
        self._taken = 0
        self._failures = 0
        self._eyesight = Eyesight(limits.eyesight)
        self._open = False

    @property
    def state(self) -> CameraState:
        """The state now."""
        return self._state

    def start(self) -> None:
        """Start the capture thread, once."""
        self._thread.start()

    def close(self, deadline_s: float) -> bool:
        """Stop and wait; False when the driver holds the thread beyond the deadline (it dies with the process)."""
        self._stop.set()
        self.wake()
        if self._thread.ident is not None:
            self._thread.join(deadline_s)
        return not self._thread.is_alive()

    def latest(self) -> Frame | None:
        """Return the newest frame, or None while there is none to show (before the first, after unplugging)."""
        return self._frame

    def wait_newer(self, number: int, timeout_s: float) -> Frame | None:
        """Wait for a frame after `number`; None after the time-out, a change of state or `wake`."""
        with self._news:
            if not self._newer(number):
                self._news.wait(timeout_s)
            return self._frame if self._newer(number) else None

    def wake(self) -> None:
        """Let every waiting reader look up."""
        with self._news:
            self._news.notify_all()

    def watch_over(self) -> None:
        """Notice a source that hangs inside the driver; to be called now and then from another thread."""
        if self._open and self._eyesight.silent(self._clock()):
            self._note(CameraSign.STUCK, "no new picture")

    def _newer(self, number: int) -> bool:
        return self._frame is not None and self._frame.number > number

    def _run(self) -> None:
        pauses = self._limits.reopen_after_s
        while not self._stop.is_set():
            try:
                self._watch(self._open_source())
            except (ScanError, cv2.error, OSError, ValueError, MemoryError) as fault:
                if not self._stop.is_set():
                    self._note(CameraSign.LOST, str(fault))
            if self._state is CameraState.ENDED or self._stop.wait(pauses[min(self._failures, len(pauses) - 1)]):
                return
            self._failures += 1

    def _watch(self, source: FrameSource) -> None:
        self._eyesight.opened(self._clock(), live=source.live)
        self._open = True
        stuck_ns: int | None = None
        try:
            while (picture := source.read(self._stop.wait)) is not None:
                sign = self._take(picture)
                if sign is not CameraSign.STUCK:
                    stuck_ns = None
                elif self._clock() - (stuck_ns := stuck_ns or self._clock()) > self._limits.reopen_stuck_after_s * _NS:
                    return
            if not self._stop.is_set():
                self._note(CameraSign.OVER, "the last picture was shown")
        finally:
            self._open = False
            source.close()

    def _take(self, picture: Picture) -> CameraSign:
        """Publish one picture; a spoilt one is passed over, the next may be fine."""
        now_ns = self._clock()
        try:
            sign = self._eyesight.judge(picture, now_ns)
        except PictureError:
            return CameraSign.BRIGHT
        self._failures = 0
        with self._news:
            self._taken += 1
            self._frame = Frame(self._taken, now_ns, picture)
            self._news.notify_all()
        self._note(sign, "")
        return sign

    def _note(self, sign: CameraSign, reason: str) -> None:
        with self._news:
            before, self._state = self._state, after(self._state, sign)
            now = self._state
            if now is CameraState.GONE:
                self._frame = None
        if now is before:
            return
        _LOG.info("camera %s -> %s %s", before.value, now.value, reason)
        self._on_state(now, reason)
        self.wake()
