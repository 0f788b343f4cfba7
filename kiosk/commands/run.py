"""``kiosk run``: window, camera and device file together, until somebody ends it.

Upstream: ``kiosk.composition``, ``desk``; ``kiosk.ui`` and ``kiosk.scan`` meet only here.
Downstream: ``kiosk.cli``, systemd.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.commands.album import Album
from kiosk.commands.desk import Desk
from kiosk.composition import ASSETS, load_enrolment, open_presenter, open_station
from kiosk.scan.assembly import build_scanner
from kiosk.scan.camera_state import CameraState
from kiosk.scan.errors import PictureError
from kiosk.scan.events import CameraChanged
from kiosk.scan.lookout import LookoutLimits
from kiosk.scan.readers import ReaderOptions, Readers
from kiosk.scan.scanner import Scanner, ScannerLimits
from kiosk.scan.source import SourceLimits, is_live
from kiosk.scan.wedge import KeyStroke
from kiosk.timekeeping.system import boottime_ns
from kiosk.ui.environment import NoDisplayError, prepare
from kiosk.usecases.errors import StoreError
from sync.protocol.certificate.codec import PREFIX

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import FrameType

    from kiosk.presenter.acts import Intent
    from kiosk.scan.events import ScanEvent
    from kiosk.settings import KioskSettings
    from kiosk.ui.app import KioskApp
    from kiosk.ui.options import KeyDown, PreviewFrame

log = logging.getLogger(__name__)
PREVIEW_PX = 640
BEGIN_S = 3.0  # a display that draws nothing keeps no volunteer from being recorded
CLOSE_S = 5.0
LOOK_S = 0.2
NS_PER_S = 1e9


class RunError(StoreError):
    """The kiosk cannot run here; the sentence says why and what to do."""


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What the demo and tests ask beyond the settings.

    Attributes:
        loop: a film begins again at its end.
        until_camera_ends: end by itself when a film is over and its last card has closed.
        screenshots: a folder for a picture of every screen passed; refused with a live camera.
        closable: a person may close the window.
    """

    loop: bool = False
    until_camera_ends: bool = False
    screenshots: Path | None = None
    closable: bool = False


def run_kiosk(settings: KioskSettings, options: RunOptions) -> None:
    """Open the window and record duty until the kiosk is ended.

    Raises:
        RunError: there is no display, or screenshots are asked of a live camera.
        NotEnrolledError: see :func:`kiosk.composition.load_enrolment`.
    """
    if options.screenshots is not None and is_live(settings.camera.source):
        raise RunError("no picture of a real camera is ever written to disk; use a film, see: kiosk demo")
    try:
        prepare(os.environ, settings.device.file.expanduser().parent / "kivy")
    except NoDisplayError as error:
        raise RunError(str(error)) from error
    load_enrolment(settings.device.enrolment.expanduser())
    _Run(settings, options).until_ended()


class _Run:
    """The parts of one running kiosk, and their order of beginning and ending."""

    def __init__(self, settings: KioskSettings, options: RunOptions) -> None:
        self._ended = threading.Event()
        self._beginning, self._begun = threading.Lock(), False
        self._options = options
        self._app = self._build_app(settings)
        self._desk = Desk(lambda: open_station(settings), self._app.post)
        self._scanner = self._build_scanner(settings)
        reader = settings.reader
        asked = ReaderOptions(PREFIX, wedge=reader.wedge, serial=reader.serial, baud=reader.baud)
        self._readers = Readers(asked, boottime_ns, self._scanner.read_elsewhere)
        self._album = Album(self._app, options.screenshots, options.until_camera_ends)

    def until_ended(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)
        late = threading.Timer(BEGIN_S, self._begin)
        late.daemon = True
        late.start()
        try:
            self._app.run()
        except NoDisplayError as error:
            raise RunError(str(error)) from error
        finally:
            late.cancel()
            self._begin()  # what has begun can be ended
            self._ended.set()
            if not self._readers.close(CLOSE_S):
                log.warning("the serial line's driver does not let go")
            if not self._scanner.close(CLOSE_S):
                log.warning("the camera's driver does not let go")
            self._desk.close()

    def _drawn(self) -> None:
        log.info("the first frame is drawn")
        self._begin()

    def _begin(self) -> None:
        """Begin to look and to record: as the first frame is drawn, and without one soon after."""
        with self._beginning:
            if self._begun:
                return
            self._begun = True
            self._desk.open(self._app)
            self._scanner.start()
            self._readers.start()
            if self._options.screenshots is not None or self._options.until_camera_ends:
                threading.Thread(target=self._leaf, name="album", daemon=True).start()

    def _build_app(self, settings: KioskSettings) -> KioskApp:
        from kiosk.ui.app import KioskApp  # noqa: PLC0415 - after `prepare`: Kivy reads the environment as it is imported
        from kiosk.ui.options import Hooks, ScreenOptions  # noqa: PLC0415 - as above

        screen = settings.screen
        options = ScreenOptions(
            assets=ASSETS,
            size=None if screen.fullscreen else (screen.width, screen.height),
            pixels_per_mm=screen.pixels_per_mm,
            volume=settings.sound.volume,
            high_contrast=screen.high_contrast,
            emblem=settings.station.emblem,
            closable=self._options.closable,
            cursor=self._options.closable,
        )
        hooks = Hooks(
            clock=_seconds,
            perform=self._perform,
            preview=self._preview,
            ready=self._drawn,
            key=self._press,
            scan_as=self._read_scans_as,
        )
        return KioskApp(open_presenter(settings), options, hooks)

    def _build_scanner(self, settings: KioskSettings) -> Scanner:
        camera = settings.camera
        source = SourceLimits(camera.width, camera.height, camera.fps, loop=self._options.loop or camera.loop)
        limits = ScannerLimits(lookout=LookoutLimits(hold_off_s=settings.duty.holdoff_s))
        return build_scanner(camera.source, source, limits, boottime_ns, self._on_scan)

    def _on_scan(self, event: ScanEvent) -> None:
        self._desk.on_scan(event)
        if isinstance(event, CameraChanged) and event.state is CameraState.ENDED:
            self._album.over = True

    def _perform(self, intent: Intent) -> None:
        self._desk.perform(intent)

    def _read_scans_as(self, scan_as: Callable[[str], Intent] | None) -> None:
        self._desk.read_scans_as(scan_as)

    def _press(self, key: KeyDown) -> None:
        after_ns, at_ns = round(key.after_s * NS_PER_S), round(key.at_s * NS_PER_S)
        self._readers.press(KeyStroke(key.scancode, key.shifted, key.caps, key.repeated, after_ns, at_ns))

    def _preview(self, number: int) -> PreviewFrame | None:
        from kiosk.ui.options import PreviewFrame  # noqa: PLC0415 - see `_build_app`

        frame = self._scanner.latest()
        if frame is None or frame.number <= number:
            return None
        try:
            rgba = frame.rgba(PREVIEW_PX)
        except PictureError:
            return None
        return PreviewFrame(frame.number, rgba.shape[1], rgba.shape[0], rgba.reshape(-1).data)

    def _leaf(self) -> None:
        while not self._ended.wait(LOOK_S):
            self._app.post(lambda: self._album.look(_seconds()))

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._app.post(self._app.stop)


def _seconds() -> float:
    return boottime_ns() / NS_PER_S
