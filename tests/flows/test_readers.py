"""A reader that types, with real keys in the real window: its cards are recorded, a person's typing is nothing."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import time
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from kiosk.commands.demo.processes import environment, own_display, python, running
from tests.support.booth import write_settings
from tests.support.community import Community
from tests.support.pictures import scene, write_folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

pytestmark = [pytest.mark.window, pytest.mark.alone, pytest.mark.timeout(180)]
COMMUNITY = Community(issued=datetime.now(UTC).replace(microsecond=0))
PATIENCE_S = 40.0


class Booth:
    """A running ``kiosk run`` and fingers for its window."""

    def __init__(self, folder: Path, display: str, process: subprocess.Popen[bytes]) -> None:
        self._file = folder / "device.sqlite"
        self._env = environment({"DISPLAY": display})
        self.process = process

    def keys(self, *arguments: str) -> None:
        """Press keys by xdotool, as the window's own keyboard."""
        subprocess.run(["xdotool", *arguments], env=self._env, check=True, timeout=60)

    def scan(self, text: str, *, delay_ms: int, end: str = "Return") -> None:
        """Type a text and its ending, so long from key to key."""
        halved = str(2 * delay_ms)  # xdotool keeps half of its delay
        self.keys("type", "--args", "1", "--delay", halved, text, "key", end)

    def volunteers(self) -> list[str]:
        """Return whose duty has begun, in order."""
        if not self._file.exists():
            return []
        with closing(sqlite3.connect(self._file)) as connection:
            try:
                found = connection.execute("SELECT volunteer FROM sessions ORDER BY started_ms").fetchall()
            except sqlite3.OperationalError:  # its tables are being made
                return []
        return [volunteer for (volunteer,) in found]

    def wait_for(self, volunteers: Sequence[str]) -> None:
        """Wait until exactly these are on duty."""
        until_s = time.monotonic() + PATIENCE_S
        while self.volunteers() != list(volunteers):
            assert time.monotonic() < until_s, (self.volunteers(), volunteers)
            assert self.process.poll() is None
            time.sleep(0.1)


@pytest.fixture
def booth(tmp_path: Path) -> Iterator[Booth]:
    if not (shutil.which("Xvfb") and shutil.which("xdotool")):
        pytest.skip("needs Xvfb and xdotool")
    camera = write_folder(tmp_path / "camera", [scene()], each=5)
    write_settings(tmp_path, COMMUNITY, str(camera), 'closes_at = "never"')
    log = tmp_path / "kiosk.log"
    with ExitStack() as stack:
        display = stack.enter_context(own_display(tmp_path / "xvfb.log"))
        command = python("kiosk", "--verbose", "--config", str(tmp_path / "kiosk.toml"), "run")
        extra = {"DISPLAY": display, "SDL_AUDIODRIVER": "dummy"}
        process = stack.enter_context(running(command, log, extra))
        until_s = time.monotonic() + PATIENCE_S
        while "the first frame is drawn" not in log.read_text("utf-8"):
            assert time.monotonic() < until_s, log.read_text("utf-8")
            time.sleep(0.1)
        yield Booth(tmp_path, display, process)


def test_a_readers_cards_are_recorded_and_what_a_person_types_is_nothing(booth: Booth) -> None:
    numbers = [f"41030200{number:08d}" for number in range(4)]
    by_hand, first, capitals, tabbed = (COMMUNITY.certificate(volunteer_number=number) for number in numbers)

    booth.scan(by_hand[:30], delay_ms=150)
    booth.keys("key", "--delay", "70", "Escape", "F1", "F12", "Tab", "alt+F4")
    booth.scan(by_hand, delay_ms=55)
    booth.scan(first, delay_ms=4)
    booth.wait_for([numbers[1]])

    booth.scan(first, delay_ms=4)  # the same card at once: one card, one scan
    booth.keys("key", "Caps_Lock")
    booth.scan(capitals.swapcase(), delay_ms=4)  # as the keys of a reader stand under CapsLock
    booth.keys("key", "Caps_Lock")
    booth.wait_for([numbers[1], numbers[2]])

    booth.scan(tabbed, delay_ms=4, end="Tab")
    booth.wait_for([numbers[1], numbers[2], numbers[3]])
    assert booth.process.poll() is None
