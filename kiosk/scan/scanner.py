"""The decoder thread: takes the latest frame, reads it, and reports through one callback.

Everything the camera brings is reported from this one thread, one event at a time, camera changes included; what a
reader reads (`read_elsewhere`) from the reader's own. A fault in a decoder or in the callback costs one frame, never
the thread.

*Upstream*: `camera`, `lookout`. *Downstream*: `on_event`; the preview takes `latest`, `kiosk doctor` and the
status line take `health`.
"""

import logging
import queue
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ParamSpec, TypeAlias

from kiosk.scan.camera import Camera, CameraLimits, OpenSource
from kiosk.scan.camera_state import CameraState
from kiosk.scan.decoders import Decoders
from kiosk.scan.errors import PictureError
from kiosk.scan.events import CameraChanged, NoDecoder, ScanEvent, Scanned, StillShown
from kiosk.scan.frame import Frame
from kiosk.scan.health import ScannerHealth, Tally
from kiosk.scan.lookout import Lookout, LookoutLimits
from kiosk.scan.pace import Pace
from kiosk.scan.pipeline import Pipeline, PipelineLimits
from kiosk.scan.shared_holdoff import SharedHoldOff

_LOG = logging.getLogger(__name__)
_NS = 1_000_000_000
_LOOK_UP_S = 0.5

_P = ParamSpec("_P")
OnEvent: TypeAlias = Callable[[ScanEvent], None]


@dataclass(frozen=True, slots=True)
class ScannerLimits:
    """Every limit of the scanner.

    Attributes:
        decode_fps: frames read a second, at most.
        rest_after_fault_s: pause after an unexpected fault, so that a lasting one does not burn the processor.
        camera, pipeline, lookout: see there.
    """

    decode_fps: float = 15.0
    rest_after_fault_s: float = 0.5
    camera: CameraLimits = field(default_factory=CameraLimits)
    pipeline: PipelineLimits = field(default_factory=PipelineLimits)
    lookout: LookoutLimits = field(default_factory=LookoutLimits)


class Scanner:
    """A camera, the decoders, and the thread between them."""

    def __init__(
        self,
        open_source: OpenSource,
        decoders: Decoders,
        limits: ScannerLimits,
        clock: Callable[[], int],
        on_event: OnEvent,
    ) -> None:
        """Prepare; nothing runs before `start`.

        Args:
            open_source: opens the camera's source anew.
            decoders: what `decoders.load` found.
            limits: see there.
            clock: boot-time clock, nanoseconds.
            on_event: called from the decoder thread, and by `read_elsewhere`. When it raises on a `Scanned` of the
                camera, the same card is reported again with the next frame.
        """
        self._decoders = decoders
        self._limits = limits
        self._clock = clock
        self._on_event = on_event
        self._changes: queue.SimpleQueue[CameraChanged] = queue.SimpleQueue()
        self._camera = Camera(open_source, limits.camera, clock, self._camera_changed)
        self._holdoff = SharedHoldOff(round(limits.lookout.hold_off_s * _NS), limits.lookout.most_texts)
        self._lookout = self._build_lookout()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="scan-decoder", daemon=True)
        self._tally = Tally()
        self._known_faults: set[str] = set()

    def start(self) -> None:
        """Start both threads, once."""
        self._camera.start()
        self._thread.start()

    def close(self, deadline_s: float) -> bool:
        """Stop both threads; False when one did not end within the deadline (it dies with the process).

        Not to be called from `on_event`.
        """
        self._stop.set()
        self._camera.wake()
        until_ns = self._clock() + round(deadline_s * _NS)
        camera_ended = self._camera.close(deadline_s)
        if self._thread.ident is not None:
            self._thread.join(max(0.0, (until_ns - self._clock()) / _NS))
        return camera_ended and not self._thread.is_alive()

    def read_elsewhere(self, text: str) -> None:
        """Report a text that another reader of this booth read; may be called from any thread.

        It passes the camera's own hold-off: a card that both read is one scan.
        """
        now_ns = self._clock()
        is_new = self._holdoff.claim(text, now_ns)
        self._on_event(Scanned(text, 0, now_ns, now_ns) if is_new else StillShown(now_ns))

    def latest(self) -> Frame | None:
        """Return the newest frame for the preview, None while the camera shows nothing."""
        return self._camera.latest()

    def health(self) -> ScannerHealth:
        """Return how the scanner is now."""
        return self._tally.snapshot(self._camera.state, self._camera.latest(), self._decoders.reports)

    def _build_lookout(self) -> Lookout | None:
        if not self._decoders.usable:
            return None
        pipeline = Pipeline(self._decoders.usable, self._limits.pipeline, self._clock)
        return Lookout(pipeline, self._limits.lookout, self._clock, self._holdoff)

    def _camera_changed(self, state: CameraState, reason: str) -> None:
        self._changes.put(CameraChanged(state, reason))

    def _run(self) -> None:
        if self._lookout is None:
            self._guarded(self._on_event, NoDecoder(self._decoders.reports))
        seen = 0
        pace = Pace(self._limits.decode_fps, self._clock)
        while not self._stop.is_set():
            frame = self._camera.wait_newer(seen, _LOOK_UP_S)
            self._guarded(self._report_camera)
            if frame is None or self._stop.wait(pace.early_s()):
                continue
            pace.take()
            frame = self._camera.latest() or frame
            seen = frame.number
            self._guarded(self._read, frame)
        self._guarded(self._report_camera)

    def _report_camera(self) -> None:
        self._camera.watch_over()
        while not self._changes.empty():
            self._on_event(self._changes.get_nowait())

    def _read(self, frame: Frame) -> None:
        self._tally.frames = frame.number
        if self._lookout is None:
            return
        try:
            reading, sighting = self._lookout.look(frame)
        except PictureError:
            self._tally.spoilt += 1
            return
        self._tally.count(reading)
        if sighting is None:
            return
        self._on_event(sighting)
        if isinstance(sighting, Scanned):
            self._lookout.taken(sighting)
            self._tally.scans += 1

    def _guarded(self, step: Callable[_P, None], *args: _P.args, **kwargs: _P.kwargs) -> None:
        """Run one step; an unexpected fault is logged once with an id, and the thread goes on.

        The message of the fault is left out: it may quote a code.
        """
        try:
            step(*args, **kwargs)
        except Exception as fault:  # noqa: BLE001  the one broad except of this package
            self._tally.faults += 1
            place = _place_of(fault)
            if place not in self._known_faults:
                self._known_faults.add(place)
                _LOG.error("scanner fault %d: %s", self._tally.faults, place)
            self._stop.wait(self._limits.rest_after_fault_s)


def _place_of(fault: BaseException) -> str:
    """Name the kind of a fault and the lines it passed, without its message."""
    steps = traceback.extract_tb(fault.__traceback__)
    return f"{type(fault).__name__} at " + " < ".join(f"{step.name}:{step.lineno}" for step in reversed(steps))
