"""The device file under real faults: killed midway, locked, full, read-only; what was said to be recorded is."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kiosk.domain.refusal import RecordingFault
from kiosk.usecases.errors import RecordingError
from kiosk.usecases.outcomes import CheckedIn, CheckedOut, NotRecorded, Undone
from sync.protocol.envelope import Position, verify_chain
from tests.support.community import Community
from tests.support.programs import BIN, environment, kiosk, running
from tests.support.station import Booth, booth_in, empty_device_file

HOUR = 3600
NOBODY = 65534
ISSUED = datetime.now(UTC).replace(microsecond=0) - timedelta(days=1)
US = Community(issued=ISSUED)


@pytest.fixture
def booth(tmp_path: Path) -> Iterator[Booth]:
    """A booth in a folder of its own."""
    with booth_in(tmp_path) as opened:
        yield opened


def card(number: str) -> str:
    return US.certificate(volunteer_number=number, issued_at=ISSUED, expires_at=ISSUED + timedelta(days=99))


def whole(booth: Booth) -> None:
    """Check that ledger, outbox and asides agree, and that the file is sound."""
    booth.events()
    assert booth.rows("SELECT id FROM ledger ORDER BY position") == booth.rows(
        "SELECT event_id FROM outbox ORDER BY position"
    )
    assert booth.rows("PRAGMA integrity_check") == [("ok",)]
    assert booth.rows("PRAGMA foreign_key_check") == []


# Killed in the middle

WRITER = """
import sys, time
from pathlib import Path
from tests.support.station import Booth
from sync.protocol.events import Choice
booth = Booth(Path(sys.argv[1]))
with booth.station.device.ledger.writing() as writing:
    session = writing.open_sessions()[0].session.id
    for number in range(300):
        writing.append(Choice(session, f"kind-{number}"), booth.station.clock.now().stamp)
    print("in the middle", flush=True)
    time.sleep(60)
"""


def test_killed_within_a_transaction_nothing_of_it_is_there(booth: Booth) -> None:
    booth.check_in()
    before = booth.rows("SELECT id FROM ledger")
    with running(sys.executable, "-c", WRITER, str(booth.folder)) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"in the middle\n"
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert booth.rows("SELECT id FROM ledger") == before
    whole(booth)
    booth.clocks.elapse(HOUR)
    booth.check_out()
    whole(booth)


SCANNER = """
import sys
from pathlib import Path
from tests.support.station import Booth
from kiosk.domain.refusal import RecordingFault
from kiosk.usecases.outcomes import CheckedIn, NotRecorded
booth = Booth(Path(sys.argv[1]))
for number in range(int(sys.argv[3])):
    card = booth.card(f"{sys.argv[2]}-{number}")
    while (outcome := booth.station.present(card)) == NotRecorded(RecordingFault.BUSY):
        pass
    assert isinstance(outcome, CheckedIn), outcome
    print(outcome.event_id, flush=True)
"""


@pytest.mark.parametrize("after_s", [0.0, 0.05, 0.11, 0.2])
def test_killed_while_scanning_every_scan_that_was_confirmed_is_on_record(booth: Booth, after_s: float) -> None:
    with running(sys.executable, "-c", SCANNER, str(booth.folder), "A", "10000") as process:
        assert process.stdout is not None
        confirmed = [process.stdout.readline().decode().strip()]
        time.sleep(after_s)
        process.send_signal(signal.SIGKILL)
        confirmed += process.stdout.read().decode().split("\n")[:-1]
    recorded = [envelope.id for envelope in booth.events()]
    assert confirmed == recorded[: len(confirmed)]
    assert len(recorded) <= len(confirmed) + 1
    whole(booth)


# Two at once


def test_two_processes_that_scan_at_once_keep_one_unbroken_chain(booth: Booth) -> None:
    with (
        running(sys.executable, "-c", SCANNER, str(booth.folder), "A", "40") as first,
        running(sys.executable, "-c", SCANNER, str(booth.folder), "B", "40") as second,
    ):
        said = [process.communicate(timeout=100) for process in (first, second)]
    assert [err for _, err in said] == [b"", b""]
    events = booth.events()
    assert len(events) == 2 * 40
    assert {event.id for event in events} == {line.decode() for out, _ in said for line in out.splitlines()}
    assert len({envelope.stream for envelope in events}) == 1
    assert verify_chain(events, Position(events[0].stream)).seq == len(events)
    whole(booth)


def test_two_kiosks_that_start_on_a_new_machine_at_once_agree_on_one_file(tmp_path: Path) -> None:
    US.write_enrolment(tmp_path / "enrolment.json")
    program = [str(BIN / "kiosk"), "present", "--json"]
    variables = environment(
        KIOSK_DEVICE__FILE=str(tmp_path / "device.sqlite"), KIOSK_DEVICE__ENROLMENT=str(tmp_path / "enrolment.json")
    )
    started = [
        subprocess.Popen([*program, card(f"V{n}")], env=variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for n in range(4)
    ]
    for process in started:
        out, err = process.communicate(timeout=60)
        assert process.returncode == 0, err.decode()
        assert json.loads(out)["outcome"] == "checked_in"
    shown = kiosk(tmp_path, "ledger", "show", "--json").json
    assert [event["seq"] for event in shown["events"]] == [1, 2, 3, 4]
    assert len({event["stream"] for event in shown["events"]}) == 1


# Locked


@pytest.fixture
def locked(booth: Booth) -> Iterator[sqlite3.Connection]:
    """Another program that holds the booth's file."""
    with closing(sqlite3.connect(booth.file, isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        yield connection


def test_a_locked_file_is_busy_within_seconds_and_then_works_again(booth: Booth, locked: sqlite3.Connection) -> None:
    began = time.monotonic()
    assert booth.station.present(booth.card()) == NotRecorded(RecordingFault.BUSY)
    assert 1 < time.monotonic() - began < 5
    locked.execute("COMMIT")
    assert isinstance(booth.station.present(booth.card()), CheckedIn)
    whole(booth)


def test_every_act_on_a_locked_file_is_refused_and_nothing_half_done(booth: Booth) -> None:
    began = booth.check_in()
    with closing(sqlite3.connect(booth.file, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        busy = NotRecorded(RecordingFault.BUSY)
        assert booth.station.choose(began.session_id, "tutoring") == busy
        assert booth.station.undo(began.event_id) == busy
        assert booth.station.tally(began.session_id, {"tea": 1}) == busy
        booth.clocks.elapse(13 * HOUR)
        assert booth.station.close_overdue() == 0
        other.execute("ROLLBACK")
    assert booth.kinds() == ["check_in"]
    assert booth.station.close_overdue() == 1


def test_while_it_is_locked_the_board_can_be_read(booth: Booth) -> None:
    booth.check_in()
    with closing(sqlite3.connect(booth.file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert len(booth.station.read_board().on_duty) == 1


def test_a_locked_file_costs_the_clock_none_of_what_it_knows(booth: Booth) -> None:
    booth.exchange()
    booth.station.tend()
    booth.exchange()
    with closing(sqlite3.connect(booth.file, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        booth.station.tend()
        assert booth.station.clock.now().stamp.clk == "anchored"


def test_a_kiosk_that_starts_on_a_locked_file_says_so(tmp_path: Path) -> None:
    US.write_enrolment(tmp_path / "enrolment.json")
    (tmp_path / "device.sqlite").write_bytes(empty_device_file())
    with closing(sqlite3.connect(tmp_path / "device.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        done = kiosk(tmp_path, "present", card("V1"), "--json")
    assert (done.code, done.json["outcome"], done.json["fault"]) == (4, "not_recorded", "busy")
    assert kiosk(tmp_path, "present", card("V1")).code == 0


# Full


FILLER = """
import resource, signal, sys
from pathlib import Path
from tests.support.station import Booth
from kiosk.usecases.outcomes import NotRecorded
booth = Booth(Path(sys.argv[1]))
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
size = max(file.stat().st_size for file in Path(sys.argv[1]).iterdir())
resource.setrlimit(resource.RLIMIT_FSIZE, (size + 40_000, resource.RLIM_INFINITY))
for number in range(5000):
    outcome = booth.station.present(booth.card(f"V{number}"))
    if isinstance(outcome, NotRecorded):
        print("fault", outcome.fault, flush=True)
        break
    print("recorded", outcome.event_id, flush=True)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
print("again", booth.station.present(booth.card("V-again")).event_id, flush=True)
"""


def said(folder: Path, program: str) -> list[list[str]]:
    """Run a program on a booth's folder and return its lines as words."""
    done = subprocess.run(
        [sys.executable, "-c", program, str(folder)], capture_output=True, env=environment(), timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    return [line.split() for line in done.stdout.decode().splitlines()]


def test_a_full_disk_is_said_and_loses_nothing_that_was_recorded(booth: Booth) -> None:
    lines = said(booth.folder, FILLER)
    assert [words[0] for words in lines] == ["recorded"] * (len(lines) - 2) + ["fault", "again"]
    assert lines[-2] == ["fault", "disk_full"]
    assert len(lines) > 3
    recorded = [words[1] for words in lines if words[0] != "fault"]
    assert [envelope.id for envelope in booth.events()] == recorded
    whole(booth)


def mount(disk: Path) -> None:
    """Mount a file system of two megabytes, or skip the test with the reason."""
    command = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(disk)]
    mounted = subprocess.run(command, capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip(f"no file system can be mounted here: {mounted.stderr.decode().strip()}")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of two megabytes, where this machine lets us mount one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount(disk)
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


def test_a_really_full_file_system_is_said_and_works_again_when_there_is_room(small_disk: Path) -> None:
    with booth_in(small_disk) as booth:
        ballast = small_disk / "ballast"
        confirmed = [booth.check_in("V0").event_id]
        with ballast.open("wb", buffering=0) as file, suppress(OSError):
            while True:
                file.write(b"\0" * 4096)
        outcome: Any = None
        for number in range(1, 500):
            outcome = booth.station.present(booth.card(f"V{number}"))
            if isinstance(outcome, NotRecorded):
                break
            confirmed.append(outcome.event_id)
        assert outcome == NotRecorded(RecordingFault.DISK_FULL)
        assert [envelope.id for envelope in booth.events()] == confirmed
        ballast.unlink()
        confirmed.append(booth.check_in("V-again").event_id)
        assert [envelope.id for envelope in booth.events()] == confirmed
        whole(booth)


# Read-only


READ_ONLY = """
import os, sys
from pathlib import Path
from tests.support.station import Booth
folder = Path(sys.argv[1])
os.setgid(65534)
os.setuid(65534)
from kiosk.usecases.errors import RecordingError
try:
    booth = Booth(folder)
except RecordingError as error:
    print("fault", error.fault)
else:
    print(booth.station.present(booth.card()))
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become a user who may not write")
@pytest.mark.parametrize(("file_mode", "folder_mode"), [(0o444, 0o777), (0o444, 0o555), (0o644, 0o555)])
def test_a_file_or_folder_that_may_not_be_written_is_said(file_mode: int, folder_mode: int) -> None:
    with tempfile.TemporaryDirectory() as root:  # pytest's own folders let no other user in
        Path(root).chmod(0o755)
        folder = Path(root) / "booth"
        folder.mkdir()
        with booth_in(folder) as booth:
            booth.check_in()
        for file in folder.iterdir():
            file.chmod(file_mode)
        (folder / "enrolment.json").chmod(0o600)
        os.chown(folder / "enrolment.json", NOBODY, NOBODY)
        folder.chmod(folder_mode)
        assert said(folder, READ_ONLY) == [["fault", "read_only"]]


@pytest.fixture
def read_only_mount(tmp_path: Path) -> Iterator[Path]:
    """A booth's folder on a file system that was remounted read-only, as a failing card does by itself."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount(disk)
    with booth_in(disk) as booth:
        booth.check_in()
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


def test_a_card_that_has_turned_read_only_is_said(read_only_mount: Path) -> None:
    with pytest.raises(RecordingError) as caught, booth_in(read_only_mount):
        pass
    assert caught.value.fault is RecordingFault.READ_ONLY


# Several threads of one kiosk


def test_the_screens_thread_may_read_while_the_duty_thread_writes(booth: Booth) -> None:
    with ThreadPoolExecutor(4) as pool:
        scans = [pool.submit(booth.station.present, booth.card(f"V{number}")) for number in range(40)]
        boards = [pool.submit(booth.station.read_board) for _ in range(40)]
        assert all(isinstance(scan.result(), CheckedIn) for scan in scans)
        assert all(board.result().station_name for board in boards)
    assert [envelope.seq for envelope in booth.events()] == list(range(1, 41))


def test_one_card_before_two_readers_at_once_begins_one_session(booth: Booth) -> None:
    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(lambda _: booth.station.present(booth.card()), range(8)))
    assert sum(isinstance(outcome, CheckedIn) for outcome in outcomes) == 1
    assert booth.kinds() == ["check_in"]


def test_a_power_cut_between_commit_and_screen_still_offers_the_undo(booth: Booth) -> None:
    began = booth.check_in()
    booth.restart()
    assert isinstance(booth.station.undo(began.event_id), Undone)
    booth.check_in()
    booth.clocks.elapse(HOUR)
    booth.restart()
    assert isinstance(booth.station.present(booth.card()), CheckedOut)
