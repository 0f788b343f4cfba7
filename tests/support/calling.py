"""A platform as its own processes, and devices that call it over signed HTTP as cheaply as a bench must.

Upstream: ``sync.platform`` (as a command), ``sync.protocol``.
Downstream: ``bench/upload.py``, ``bench/fleet.py``.

The client speaks just enough HTTP/1.1 over one kept connection, so that what is measured is the platform.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

import msgspec

from sync.platform.records import Device
from sync.platform.store import Database
from sync.protocol.batch import CONTENT_TYPE, Receipt
from sync.protocol.problems import STALE_NONCE
from sync.protocol.reference import ServicePoint
from sync.protocol.signing.requests import NONCE_HEADER, HttpRequest, sign_request
from tests.support.duty_traffic import Traveller

POINTS = 50
_receipts = msgspec.json.Decoder(Receipt)


@dataclass(frozen=True, slots=True)
class Served:
    """A platform that answers, and the process that began its workers."""

    url: str
    pid: int

    def peak_mb(self) -> float:
        """Return the most memory that any one worker ever held, MB of 10**6 bytes."""
        return max(_peak_kb(pid) for pid in (*_children(self.pid), self.pid)) * 1024 / 1e6


@contextmanager
def served(database: str, workers: int) -> Iterator[Served]:
    """Run ``serve`` until the block ends."""
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "platform.toml"
        config.write_text(f'database = "{database}"\nport = 0\n', encoding="utf-8")
        command = [sys.executable, "-m", "sync.platform", "serve", "--config", str(config), "--workers", str(workers)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            try:
                assert process.stdout is not None
                url = process.stdout.readline().split()[-1].rstrip("/")
                yield Served(url, process.pid)
            finally:
                process.terminate()
                process.wait(30)


def enlist(database: Database, devices: Iterable[Traveller]) -> None:
    """Register devices, and their places where there are none."""
    with database.writing("registry") as unit:
        if not unit.registry.service_points():
            for number in range(1, POINTS + 1):
                unit.registry.add_service_point(
                    ServicePoint(f"point-{number}", f"第{number}岗亭", "410302", "08:00", "18:00")
                )
        for device in devices:
            unit.devices.add(Device(device.id, f"booth {device.number}", device.service_point, device.key.public, 1))


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; headers by name in lower case."""

    status: int
    headers: dict[str, str]
    content: bytes

    @property
    def receipt(self) -> Receipt:
        return _receipts.decode(self.content)


@dataclass
class Line:
    """One device's connection to a platform, opened when it is needed."""

    url: str
    device: Traveller
    nonce: str | None = None
    _streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = field(default=None, init=False)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        if self._streams:
            self._streams[1].close()
        self._streams = None

    async def post(self, path: str, body: bytes) -> Answer:
        """Sign and send; once more where the nonce was stale, as devices do."""
        if self.nonce is None:
            await self._exchange("GET", "/healthz", {}, b"")
        answer = await self._signed(path, body)
        if answer.status == STALE_NONCE.status and STALE_NONCE.type.encode() in answer.content:
            answer = await self._signed(path, body)
        return answer

    async def _signed(self, path: str, body: bytes) -> Answer:
        headers = {"content-type": CONTENT_TYPE, "content-encoding": "gzip"}
        request = HttpRequest("POST", f"{self.url}{path}", headers, body)
        signed = sign_request(request, self.device.key, self.device.id, datetime.now(UTC), self.nonce)
        return await self._exchange("POST", path, {**headers, **signed}, body)

    async def _exchange(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
        if self._streams is None:
            place = urlsplit(self.url)
            self._streams = await asyncio.open_connection(place.hostname, place.port)
        reader, writer = self._streams
        lines = [f"{method} {path} HTTP/1.1", "host: platform", f"content-length: {len(body)}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        writer.write("\r\n".join([*lines, "", ""]).encode() + body)
        answer = await _read(reader)
        self.nonce = answer.headers.get(NONCE_HEADER.lower(), self.nonce)
        if answer.headers.get("connection") == "close":
            self.close()
        return answer


async def _read(reader: asyncio.StreamReader) -> Answer:
    status, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
    pairs = (line.split(": ", 1) for line in lines if ": " in line)
    headers = {name.lower(): value for name, value in pairs}
    content = await reader.readexactly(int(headers.get("content-length", "0")))
    return Answer(int(status.split()[1]), headers, content)


def _children(pid: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _peak_kb(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))


def rest_of_machine() -> float:
    """Return how many processes wanted a processor in the last minute, to be told beside every figure."""
    return os.getloadavg()[0]
