"""A scanner on a line: a pseudo-terminal that is written to, unplugged, and plugged in again."""

from __future__ import annotations

import os
import queue
import threading
import time
import tty
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from kiosk.scan.readers import ReaderOptions, Readers
from kiosk.scan.serial_reader import SerialLimits, SerialReader, open_line
from kiosk.timekeeping.system import boottime_ns
from tests.support.community import Community

PATIENCE_S = 20
CARD = Community().certificate()


class Plug:
    """A cable: ``device`` is where it appears, while something is plugged in."""

    def __init__(self, folder: Path) -> None:
        self.device = folder / "ttyUSB0"
        self._ends: tuple[int, int] | None = None

    def insert(self) -> None:
        self._ends = os.openpty()
        tty.setraw(self._ends[1])
        self.device.symlink_to(os.ttyname(self._ends[1]))

    def send(self, data: bytes) -> None:
        assert self._ends is not None
        os.write(self._ends[0], data)

    def pull(self) -> None:
        if self._ends is not None:
            self.device.unlink()
            for end in self._ends:
                os.close(end)
            self._ends = None


@pytest.fixture
def plug(tmp_path: Path) -> Iterator[Plug]:
    made = Plug(tmp_path)
    try:
        yield made
    finally:
        made.pull()


class Ear:
    """A station's reader on the plug, and what it heard."""

    def __init__(self, plug: Plug) -> None:
        self._heard: queue.SimpleQueue[str] = queue.SimpleQueue()
        opens = partial(open_line, str(plug.device), 9600)
        self.reader = SerialReader(opens, SerialLimits(retry_s=0.05), boottime_ns, self._heard.put)

    def hear(self) -> str:
        return self._heard.get(timeout=PATIENCE_S)

    def heard_nothing_more(self) -> bool:
        return self._heard.empty()

    def wait(self, *, there: bool) -> None:
        until_s = time.monotonic() + PATIENCE_S
        while self.reader.there is not there:
            assert time.monotonic() < until_s
            time.sleep(0.01)


@contextmanager
def listening(plug: Plug) -> Iterator[Ear]:
    ear = Ear(plug)
    ear.reader.start()
    try:
        yield ear
    finally:
        assert ear.reader.close(PATIENCE_S)


@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n", b""], ids=["CR", "LF", "CR LF", "silence"])
def test_a_card_on_the_line_is_a_text_whatever_ends_it(plug: Plug, end: bytes) -> None:
    plug.insert()
    with listening(plug) as ear:
        ear.wait(there=True)
        for _ in range(2):
            plug.send(CARD.encode() + end)
            assert ear.hear() == CARD


def test_a_line_pulled_out_and_plugged_in_again_is_read_again(plug: Plug) -> None:
    with listening(plug) as ear:
        plug.insert()  # after the start: a reader that is not there yet is waited for
        ear.wait(there=True)
        plug.send(b"first\r")
        assert ear.hear() == "first"
        plug.send(b"half a co")
        plug.pull()
        ear.wait(there=False)
        plug.insert()
        ear.wait(there=True)
        plug.send(b"second\r")
        assert ear.hear() == "second"
        assert ear.heard_nothing_more()


def test_a_stations_readers_give_certificates_as_they_were_printed(plug: Plug) -> None:
    plug.insert()
    heard: queue.SimpleQueue[str] = queue.SimpleQueue()
    readers = Readers(ReaderOptions("LYZ1:", serial=str(plug.device)), boottime_ns, heard.put)
    readers.start()
    until_s = time.monotonic() + PATIENCE_S
    while not readers.there:
        assert time.monotonic() < until_s
        time.sleep(0.01)
    plug.send(CARD.lower().encode() + b"\r")
    assert heard.get(timeout=PATIENCE_S) == CARD
    assert readers.close(PATIENCE_S)


def test_a_line_that_is_none_is_waited_for_and_said_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "ttyUSB0").write_text("not a line")
    tried = threading.Semaphore(0)

    def opens() -> object:
        tried.release()
        return open_line(str(tmp_path / "ttyUSB0"), 9600)

    reader = SerialReader(opens, SerialLimits(retry_s=0.01), boottime_ns, print)  # type: ignore[arg-type]
    reader.start()
    for _ in range(5):
        assert tried.acquire(timeout=PATIENCE_S)
    assert reader.close(PATIENCE_S)
    assert len([line for line in caplog.messages if "not there" in line]) == 1


def test_the_log_holds_no_text_of_a_code(plug: Plug, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    plug.insert()
    with listening(plug) as ear:
        ear.wait(there=True)
        plug.send(b"4103020000000017\r")
        ear.hear()
    assert "4103020000000017" not in caplog.text
