"""Several workers over one PostgreSQL: one address, no lost answer, replaced when they die, ended together."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from sync.platform.demo import make_community
from sync.platform.ports import Ports
from sync.platform.store import Database
from sync.protocol.enrolment import read_enrolment
from tests.integration.platform.conftest import POSTGRESQL, START_MS, run_sql
from tests.integration.platform.fleet import FakeDevice, send
from tests.integration.platform.showcase import enrolled

COMMAND = [sys.executable, "-m", "sync.platform"]
PATIENCE_S = 60.0


@pytest.fixture
def stored_in() -> str:
    return POSTGRESQL


@dataclass(frozen=True, slots=True)
class Served:
    """A crew and its address."""

    process: subprocess.Popen[str]
    url: str

    def workers(self) -> set[int]:
        """The processes that work for it."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return {int(each) for each in children.read_text().split()}


@contextmanager
def served(config: Path, workers: int = 2) -> Iterator[Served]:
    """Run ``serve`` until the block ends."""
    command = [*COMMAND, "serve", "--config", str(config), "--port", "0", "--workers", str(workers)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("控制台 Console: http://127.0.0.1:"), line
        yield Served(process, line.split()[-1].rstrip("/"))
    finally:
        process.kill()
        process.communicate()


def until(what: str, is_so: object) -> None:
    """Wait for a state."""
    assert callable(is_so)
    deadline = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < deadline, what
        time.sleep(0.02)


def answers(url: str) -> int:
    try:
        return httpx.get(f"{url}/healthz", trust_env=False, timeout=30).status_code
    except httpx.TransportError:
        return 0


def is_gone(url: str) -> bool:
    port = int(url.rsplit(":", 1)[1])
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


@pytest.fixture
def folder(tmp_path: Path, ports: Ports, database_url: str) -> Path:
    """A demo community on PostgreSQL."""
    make_community(tmp_path / "community", ports, "http://127.0.0.1:8420", database_url)
    return tmp_path / "community"


def device_of(folder: Path) -> FakeDevice:
    """The enrolled device."""
    return enrolled(read_enrolment((folder / "enrolment.json").read_bytes(), 0o600), START_MS - 3_600_000)


def duties(device: FakeDevice, count: int) -> list[str]:
    """Record some duties; return the ids of their events."""
    begun = len(device.log)
    for person in range(count):
        session = device.check_in(f"LY{person}", "单玉梅", START_MS + person * 60_000)
        device.check_out(session, f"LY{person}", START_MS + (60 + person) * 60_000)
    return [event.id for event in device.log[begun:]]


@pytest.mark.slow
def test_workers_share_an_address_are_replaced_and_end_together(folder: Path, database_url: str) -> None:
    device = device_of(folder)
    with served(folder / "platform.toml") as crew:
        until("two workers", lambda: len(crew.workers()) == 2)
        first = crew.workers()
        ids = duties(device, 2)
        assert set(send(crew.url, device).outcomes) == {"accepted"}
        victim = min(first)
        Database.open(database_url).close()
        signal_process(victim)
        until("a new worker in its place", lambda: victim not in crew.workers() and len(crew.workers()) == 2)
        until("an answer", lambda: answers(crew.url) == 200)
        assert set(send(crew.url, device).outcomes) == {"duplicate"}
        crew.process.send_signal(signal.SIGTERM)
        assert crew.process.wait(PATIENCE_S) == 0
        until("nobody listens", lambda: is_gone(crew.url))
    assert {id_ for (id_,) in run_sql(database_url, "SELECT id FROM events")} == set(ids)


@pytest.mark.slow
def test_workers_end_when_their_crew_was_killed(folder: Path) -> None:
    with served(folder / "platform.toml") as crew:
        crew.process.kill()
        crew.process.wait(PATIENCE_S)
        until("nobody listens", lambda: is_gone(crew.url))


def signal_process(pid: int) -> None:
    subprocess.run(["kill", "-KILL", str(pid)], check=True)


def test_many_starts_at_once_migrate_once(empty_url: str) -> None:
    def start(_: int) -> None:
        database = Database.open(empty_url)
        database.migrate()
        database.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(start, range(4)))
    assert run_sql(empty_url, "SELECT count(*) FROM alembic_version") == [(1,)]


def test_sqlite_says_why_it_has_one_worker(tmp_path: Path) -> None:
    command = [*COMMAND, "serve", "--database", f"sqlite:///{tmp_path}/p.sqlite", "--workers", "2"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE_S)
    assert done.returncode == 2
    assert "need PostgreSQL" in done.stderr
    assert not (tmp_path / "p.sqlite").exists()
