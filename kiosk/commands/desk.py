"""The duty thread: whatever touches the device's file happens here, one after another, away from camera and screen.

Upstream: the scanner's thread and the screen hand work in.
Downstream: the use cases; what comes of them is posted to the screen.
"""

from __future__ import annotations

import logging
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol, TypeVar

from kiosk.commands.deeds import carry_out
from kiosk.domain.refusal import RecordingFault, RefusalReason
from kiosk.presenter.contents import CameraSight
from kiosk.presenter.desk.intents import ReadDesk
from kiosk.scan.events import CameraChanged, NoDecoder, Scanned, SeveralCodes, StillShown
from kiosk.usecases.errors import RecordingError
from kiosk.usecases.outcomes import NotRecorded, Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from kiosk.presenter.acts import Intent
    from kiosk.scan.events import ScanEvent
    from kiosk.station import Station
    from kiosk.usecases.area_outcome import AreaOutcome
    from kiosk.usecases.board import Board
    from kiosk.usecases.outcomes import Outcome

log = logging.getLogger(__name__)
TEND_S = 60.0
OPEN_AGAIN_S = 5.0  # a notice stands about as long, so that a kiosk that cannot record keeps saying so


_Outcome = TypeVar("_Outcome")


class Display(Protocol):
    """What the desk tells the screen; every call is made in the screen's own thread."""

    def show(self, outcome: Outcome | AreaOutcome, answers: Intent | None = None) -> None:
        """Show what came of a scan or of an intent."""

    def still_shown(self) -> None:
        """The code of the last scan is still before the lens."""

    def board(self, board: Board) -> None:
        """Show the station's newest board."""

    def camera(self, sight: CameraSight) -> None:
        """Show how the camera is."""


class Desk:
    """One worker thread between scanner, screen and the device's file."""

    def __init__(
        self,
        open_station: Callable[[], Station],
        post: Callable[[Callable[[], object]], None],
        open_again_s: float = OPEN_AGAIN_S,
    ) -> None:
        """Prepare; :meth:`open` begins.

        Args:
            open_station: opens the device's file. Called in the duty thread, and again with every scan and every few
                seconds until it succeeds: a full or locked disk is said on the screen, and mends itself when the disk
                does. Called anew where the file is found damaged or gone: opening recovers it.
            post: the way into the screen's thread.
            open_again_s: how long a file that cannot be opened is left before the next try.
        """
        self._open_again_s = open_again_s
        self._open_station = open_station
        self._station: Station | None = None
        self._post = post
        self._display: Display | None = None
        self._sight = CameraSight.STARTING
        self._scan_as: Callable[[str], Intent] | None = None
        self._worker = ThreadPoolExecutor(1, "duty")
        self._closed = threading.Event()
        self._tender = threading.Thread(target=self._tend_for_ever, name="tend", daemon=True)

    def open(self, display: Display) -> None:
        """Begin to tend the station, and to show what comes of scans."""
        self._display = display
        self._tender.start()

    def close(self) -> None:
        """Finish what was handed in, then stop and close the device's file."""
        self._closed.set()
        self._tender.join()
        self._worker.shutdown()
        if self._station is not None:
            self._station.close()

    def on_scan(self, event: ScanEvent) -> None:
        """Take an event of the scanner, in the scanner's thread."""
        if isinstance(event, Scanned):
            self._take(event.text)
        elif isinstance(event, SeveralCodes):
            self._show(Refused(RefusalReason.SEVERAL_CODES))
        elif isinstance(event, StillShown):
            self._tell(lambda display: display.still_shown())
        elif isinstance(event, CameraChanged):
            sight = CameraSight(event.state.value)
            log.info("camera: %s %s", sight, event.reason)
            self._sight = sight
            self._tell(lambda display: display.camera(sight))
        elif isinstance(event, NoDecoder):
            self._tell(lambda display: display.camera(CameraSight.UNREADABLE))

    def read_scans_as(self, scan_as: Callable[[str], Intent] | None) -> None:
        """Let the text of every scan become this intent from now on; None: let it be duty, as always."""
        self._scan_as = scan_as

    def perform(self, intent: Intent) -> None:
        """Carry out what the screen asks for, and bring the outcome back to it."""
        self._submit(lambda: self._carry_out(intent))

    def _opened(self) -> Station:
        if self._station is None:
            self._station = self._open_station()
        return self._station

    def _take(self, text: str) -> None:
        scan_as = self._scan_as
        if scan_as is None:
            self._submit(lambda: self._present(text))
        else:
            self.perform(scan_as(text))

    def _present(self, text: str) -> None:
        self._show(self._surely(lambda station: station.present(text)))
        self._read_board()

    def _carry_out(self, intent: Intent) -> None:
        deed = replace(intent, camera=self._sight) if isinstance(intent, ReadDesk) else intent
        self._show(self._surely(lambda station: carry_out(station, deed)), intent)
        self._read_board()

    def _surely(self, deed: Callable[[Station], _Outcome]) -> _Outcome:
        """Do it once more on a file that was opened anew, where the file was found damaged or gone."""
        outcome = deed(self._opened())
        if isinstance(outcome, NotRecorded) and outcome.fault is RecordingFault.BROKEN:
            self._leave_station()
            outcome = deed(self._opened())
        return outcome

    def _leave_station(self) -> None:
        """Close the device's file; whoever comes next opens it anew, and opening recovers what is damaged."""
        station, self._station = self._station, None
        if station is not None:
            station.close()

    def _tend_for_ever(self) -> None:
        while True:
            self._submit(self._tend)
            if self._closed.wait(self._open_again_s) or self._rests():
                return

    def _rests(self) -> bool:
        """Wait for the next minute where the file is open; tells whether the kiosk was closed meanwhile."""
        return self._station is not None and self._closed.wait(TEND_S - self._open_again_s)

    def _tend(self) -> None:
        self._opened().tend(str(self._sight))
        self._read_board()

    def _read_board(self) -> None:
        try:
            board = self._opened().read_board()
        except RecordingError as error:
            log.warning("the board cannot be read now: %s", error.fault)
            if error.fault is RecordingFault.BROKEN:
                self._leave_station()
            return
        self._tell(lambda display: display.board(board))

    def _show(self, outcome: Outcome | AreaOutcome, answers: Intent | None = None) -> None:
        self._tell(lambda display: display.show(outcome, answers))

    def _tell(self, deed: Callable[[Display], object]) -> None:
        display = self._display
        if display is not None:
            self._post(lambda: deed(display))

    def _submit(self, work: Callable[[], None]) -> None:
        if not self._closed.is_set():
            self._worker.submit(self._do, work).add_done_callback(self._look_after)

    def _do(self, work: Callable[[], None]) -> None:
        try:
            work()
        except RecordingError as error:
            if error.fault is RecordingFault.BROKEN:
                self._leave_station()
            raise
        except Exception:
            self._leave_station()  # what was not foreseen may come of what the file holds
            raise

    def _look_after(self, done: Future[None]) -> None:
        error = done.exception()
        if isinstance(error, RecordingError):
            log.warning("the device's file cannot be used now: %s", error.fault)
            self._show(NotRecorded(error.fault))
        elif error is not None:
            log.error("an unexpected fault in the duty thread", exc_info=error)
            self._show(NotRecorded(RecordingFault.BROKEN))
