"""A booth without its window: the real scanner on real pictures, the real desk and store, the real presenter.

The screen is the one part that is not here; what it would show is kept as view states, in the order shown.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from kiosk.commands.desk import Desk
from kiosk.commands.present import sentence_of
from kiosk.composition import open_presenter, open_station
from kiosk.scan.assembly import build_scanner
from kiosk.scan.scanner import ScannerLimits
from kiosk.scan.source import SourceLimits
from kiosk.settings import KioskSettings
from kiosk.timekeeping.system import boottime_ns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from kiosk.presenter.acts import Intent
    from kiosk.presenter.contents import CameraSight
    from kiosk.presenter.views import ScreenState
    from kiosk.usecases.area_outcome import AreaOutcome
    from kiosk.usecases.board import Board
    from kiosk.usecases.outcomes import Outcome
    from tests.support.community import Community

PATIENCE_S = 30.0


class Screen:
    """Implements the desk's port ``Display`` by a presenter, and remembers every state."""

    def __init__(self, settings: KioskSettings) -> None:
        self._presenter = open_presenter(settings)
        self._news = threading.Condition()
        self.states: list[ScreenState] = []
        self.outcomes: list[Outcome | AreaOutcome] = []
        self.sights: list[CameraSight] = []
        self.boards: list[Board] = []
        self.perform: Callable[[Intent], None] = lambda _intent: None

    def show(self, outcome: Outcome | AreaOutcome, answers: Intent | None = None) -> None:
        with self._news:
            self.outcomes.append(outcome)
            self._keep(self._presenter.show(outcome, self._now_s(), answers))

    def still_shown(self) -> None:
        with self._news:
            self._keep(self._presenter.still_shown(self._now_s()))

    def board(self, board: Board) -> None:
        with self._news:
            self.boards.append(board)
            self._keep(self._presenter.board(board, self._now_s()))

    def camera(self, sight: CameraSight) -> None:
        with self._news:
            self.sights.append(sight)
            self._keep(self._presenter.camera(sight, self._now_s()))

    def wait_for(self, state: Callable[[Screen], bool]) -> None:
        """Wait until ``state`` holds; fail with what was shown instead."""
        with self._news:
            assert self._news.wait_for(lambda: state(self), PATIENCE_S), (self.sentences(), self.sights)

    def sentences(self) -> list[str]:
        """Return what the cards and notices said, in order, without the idle screen."""
        said = [sentence_of(state.view) for state in self.states if state.screen != "idle"]
        return list(dict.fromkeys(said))

    def _keep(self, state: ScreenState) -> None:
        self.states.append(state)
        self._news.notify_all()

    @staticmethod
    def _now_s() -> float:
        return boottime_ns() / 1e9


def write_settings(folder: Path, community: Community, camera: str, duty: str = "") -> KioskSettings:
    """Write a station's settings and enrolment into a folder and return them."""
    enrolment = community.write_enrolment(folder / "enrolment.json")
    file = folder / "kiosk.toml"
    file.write_text(
        f'[device]\nfile = "{folder / "device.sqlite"}"\nenrolment = "{enrolment}"\n'
        f'[camera]\nsource = "{camera}"\n[duty]\n{duty}\n',
        encoding="utf-8",
    )
    return KioskSettings.load(file)


@contextmanager
def open_booth(settings: KioskSettings, *, loop: bool = False) -> Iterator[Screen]:
    """Run scanner and desk for the length of the block."""
    screen = Screen(settings)

    def post(deed: Callable[[], object]) -> None:
        deed()

    desk = Desk(lambda: open_station(settings), post)
    camera = settings.camera
    source = SourceLimits(camera.width, camera.height, camera.fps, loop=loop)
    screen.perform = desk.perform
    scanner = build_scanner(camera.source, source, ScannerLimits(), boottime_ns, desk.on_scan)
    desk.open(screen)
    scanner.start()
    try:
        yield screen
    finally:
        assert scanner.close(10.0)
        desk.close()
