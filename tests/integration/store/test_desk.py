"""The running kiosk meets a disk that fails it: it says so, goes on by itself, and never says too much."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kiosk.commands.desk import Desk
from kiosk.composition import open_station
from kiosk.domain.refusal import RecordingFault
from kiosk.scan.events import Scanned
from kiosk.settings import KioskSettings
from kiosk.store import recovery
from kiosk.usecases.outcomes import CheckedIn, NotRecorded
from tests.support.booth import Screen, write_settings
from tests.support.community import Community
from tests.support.programs import environment

ISSUED = datetime.now(UTC).replace(microsecond=0) - timedelta(days=1)
US = Community(issued=ISSUED)
AGAIN_S = 0.05
SETTINGS = 'closes_at = "never"'
NAME = "device.sqlite"


@dataclass
class Counter:
    """The desk of a running kiosk, and what its screen was told."""

    folder: Path
    desk: Desk
    screen: Screen

    @property
    def file(self) -> Path:
        return self.folder / NAME

    def scan(self, number: str) -> object:
        """Show a card and return what comes of it."""
        before = len(self.screen.outcomes)
        card = US.certificate(volunteer_number=number, issued_at=ISSUED, expires_at=ISSUED + timedelta(days=99))
        self.desk.on_scan(Scanned(card, 0, 0, 0))
        self.screen.wait_for(lambda screen: len(screen.outcomes) > before)
        return self.screen.outcomes[before]

    def check_in(self, number: str) -> str:
        """Show a card that must begin duty; returns the event's id."""
        outcome = self.scan(number)
        assert isinstance(outcome, CheckedIn), outcome
        return outcome.event_id

    def recorded(self) -> list[str]:
        with closing(sqlite3.connect(self.file)) as connection:
            return [
                row[0] for row in connection.execute("SELECT id FROM ledger WHERE kind = 'check_in' ORDER BY position")
            ]


def _at_once(deed: Callable[[], object]) -> None:
    deed()


@contextmanager
def counter_in(folder: Path) -> Iterator[Counter]:
    """Run a desk for the length of the block, on settings that are written already if they are."""
    file = folder / "kiosk.toml"
    settings = KioskSettings.load(file) if file.exists() else write_settings(folder, US, "none", SETTINGS)
    screen = Screen(settings)
    desk = Desk(lambda: open_station(settings), _at_once, AGAIN_S)
    desk.open(screen)
    try:
        yield Counter(folder, desk, screen)
    finally:
        desk.close()


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    """A counter that has opened."""
    with counter_in(tmp_path) as opened:
        opened.screen.wait_for(lambda screen: bool(screen.boards))
        yield opened


def elsewhere(program: str, *arguments: str | Path) -> None:
    """Run some Python as another process: opening the file in this one would let go of SQLite's locks."""
    subprocess.run([sys.executable, "-c", program, *map(str, arguments)], env=environment(), check=True, timeout=60)


# While it runs


def test_a_deleted_file_costs_no_scan_and_no_record(counter: Counter) -> None:
    first = counter.check_in("V1")
    for each in counter.folder.glob(f"{NAME}*"):
        each.unlink()
    second = counter.check_in("V2")
    assert counter.recorded() == [first, second]
    assert not any(isinstance(outcome, NotRecorded) for outcome in counter.screen.outcomes)


def test_a_deleted_file_comes_back_when_the_kiosk_ends(tmp_path: Path) -> None:
    with counter_in(tmp_path) as counter:
        first = counter.check_in("V1")
        for each in counter.folder.glob(f"{NAME}*"):
            each.unlink()
    assert counter.recorded() == [first]


WIPE = """
import os, sqlite3, sys
with sqlite3.connect(sys.argv[1]) as connection:
    connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
    connection.execute("INSERT INTO link (id, attempts_since_contact) VALUES (1, 1)")  # the kiosk reads its pages anew
connection.close()
with open(sys.argv[1], "r+b") as file:
    file.seek(4096)
    file.write(bytes(os.path.getsize(sys.argv[1]) - 4096))
"""


def test_a_file_that_is_wiped_while_the_kiosk_runs_is_replaced_at_the_next_scan(counter: Counter) -> None:
    first = counter.check_in("V1")
    elsewhere(WIPE, counter.file)
    second = counter.check_in("V2")
    assert second in counter.recorded()
    assert len(recovery.left_aside(counter.file)) == 1
    assert set(counter.recorded()) <= {first, second}
    with closing(sqlite3.connect(counter.file)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


# At its start


def test_a_file_that_is_locked_at_the_start_is_opened_when_it_is_free(tmp_path: Path) -> None:
    with counter_in(tmp_path) as counter:
        counter.check_in("V1")
    with closing(sqlite3.connect(tmp_path / NAME, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with counter_in(tmp_path) as counter:
            counter.screen.wait_for(lambda screen: NotRecorded(RecordingFault.BUSY) in screen.outcomes)
            assert not counter.screen.boards
            other.execute("COMMIT")
            counter.screen.wait_for(lambda screen: bool(screen.boards))  # nobody has touched it
            counter.check_in("V2")


def fill(disk: Path) -> Path:
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(b"\0" * 4096)
    return ballast


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of two megabytes, where this machine lets us mount one."""
    where = tmp_path / "disk"
    where.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(where)]
    mounted = subprocess.run(command, capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip(f"no file system can be mounted here: {mounted.stderr.decode().strip()}")
    yield where
    subprocess.run(["umount", "-l", str(where)], check=True)


def remount(disk: Path, how: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{how}", str(disk)], check=True)


def nothing(_disk: Path) -> None:
    """A new machine."""


def served(disk: Path) -> None:
    """A machine that has served before."""
    with counter_in(disk) as counter:
        counter.check_in("V0")


def wiped(disk: Path) -> None:
    """A machine whose file is damaged."""
    served(disk)
    (disk / NAME).write_bytes(bytes((disk / NAME).stat().st_size))


def says(counter: Counter, fault: RecordingFault) -> None:
    """Wait until the screen says so: by itself, or at a scan where the file could be opened for reading."""
    counter.screen.wait_for(lambda screen: bool(screen.boards) or NotRecorded(fault) in screen.outcomes)
    if counter.screen.boards:
        assert counter.scan("V1") == NotRecorded(fault)


def goes_on(counter: Counter) -> None:
    """Wait until the kiosk has opened its file, which nobody needs to touch, and serve."""
    counter.screen.wait_for(lambda screen: bool(screen.boards))
    assert [counter.check_in("V1")] == counter.recorded()[-1:]


@pytest.mark.parametrize("before", [nothing, served, wiped])
def test_a_disk_that_is_full_at_the_start_is_said_and_mends_itself(disk: Path, before: Callable[[Path], None]) -> None:
    before(disk)
    write_settings(disk, US, "none", SETTINGS)
    ballast = fill(disk)
    with counter_in(disk) as counter:
        says(counter, RecordingFault.DISK_FULL)
        ballast.unlink()
        goes_on(counter)
    assert not list(disk.glob("*.fresh*"))


@pytest.mark.parametrize("before", [nothing, served, wiped])
def test_a_disk_that_is_read_only_at_the_start_is_said_and_mends_itself(
    disk: Path, before: Callable[[Path], None]
) -> None:
    before(disk)
    write_settings(disk, US, "none", SETTINGS)
    remount(disk, "ro")
    with counter_in(disk) as counter:
        says(counter, RecordingFault.READ_ONLY)
        remount(disk, "rw")
        goes_on(counter)
