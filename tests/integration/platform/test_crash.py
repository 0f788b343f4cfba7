"""The server process is killed or asked to stop: what was answered stands, and sending again changes nothing."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from sync.platform.demo import make_community
from sync.platform.ports import Ports
from sync.protocol.enrolment import read_enrolment
from tests.integration.platform.conftest import START_MS
from tests.integration.platform.fleet import FakeDevice, send
from tests.integration.platform.showcase import enrolled

COMMAND = [sys.executable, "-m", "sync.platform"]
MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class Served:
    """A server process and its address."""

    process: subprocess.Popen[str]
    url: str


@contextmanager
def served(config: Path) -> Iterator[Served]:
    """Run ``serve`` until the block ends."""
    command = [*COMMAND, "serve", "--config", str(config), "--port", "0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("控制台 Console: http://127.0.0.1:"), line
        yield Served(process, line.split()[-1].rstrip("/"))
    finally:
        process.kill()
        process.communicate()


def ledger_of(config: Path) -> dict[str, Any]:
    """The ledger as the command prints it."""
    done = subprocess.run([*COMMAND, "ledger", "--json", "--config", str(config)], check=True, capture_output=True)
    document: dict[str, Any] = msgspec.json.decode(done.stdout)
    return document


@pytest.fixture
def folder(tmp_path: Path, ports: Ports, database_url: str) -> Path:
    """A demo community."""
    make_community(tmp_path / "community", ports, "http://127.0.0.1:8420", database_url)
    return tmp_path / "community"


def device_of(folder: Path) -> FakeDevice:
    """The community's device, with a morning of duty."""
    enrolment = read_enrolment((folder / "enrolment.json").read_bytes(), 0o600)
    device = enrolled(enrolment, START_MS - 60 * MINUTE_MS)
    for person in range(4):
        session = device.check_in(f"LY{person}", "单玉梅", START_MS + person * MINUTE_MS)
        device.check_out(session, f"LY{person}", START_MS + (60 + person) * MINUTE_MS)
    return device


def test_killed_between_requests_and_sent_again_the_ledger_is_the_same(folder: Path) -> None:
    config, device = folder / "platform.toml", device_of(folder)
    with served(config) as first:
        assert send(first.url, device, device.log[:5]).outcomes == ["accepted"] * 5
        first.process.send_signal(signal.SIGKILL)
        first.process.wait(10)
    before = ledger_of(config)
    assert len(before["events"]) == 5
    with served(config) as second:
        assert send(second.url, device).outcomes == ["duplicate"] * 5 + ["accepted"] * 3
    after = ledger_of(config)
    assert [session["credited_minutes"] for session in after["sessions"]] == [60] * 4
    assert {event["id"] for event in after["events"]} == {envelope.id for envelope in device.log}


def test_asked_to_stop_it_ends_well(folder: Path) -> None:
    with served(folder / "platform.toml") as server:
        assert httpx.get(f"{server.url}/healthz", trust_env=False).status_code == 200
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(15) == 0
