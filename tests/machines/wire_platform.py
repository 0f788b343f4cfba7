"""A real platform within this process: its whole application over a real SQLite file, and what may befall both.

Upstream: ``sync.platform``.
Downstream: ``wire_way``, ``wire_machine``, ``wire_promises``.

It dies before its commit (what it was writing is rolled back) or after it (nobody hears the answer), and starts again
on the file; it is restored from a backup; a device is revoked, and let in again.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from fastapi import FastAPI
from sqlalchemy import event, select, update

from sync.platform.app import build_app
from sync.platform.ports import Ports
from sync.platform.records import Device
from sync.platform.store import Database
from sync.platform.store.tables import DeviceRow, QuarantineRow
from sync.protocol.reference import ServicePoint
from sync.protocol.sessions import Session
from sync.protocol.signing.keys import SigningKey
from sync.protocol.signing.requests import HttpRequest
from tests.support.clock import FakeClocks
from tests.support.community import REGION

POINT = ServicePoint("point-1", "王城公园东门岗亭", REGION, "08:00", "22:00")
DEVICES = ("device-1", "device-2", "device-3")
EPOCH = "epoch-{}"


class DiedError(BaseException):
    """The platform's process is dead; nothing of ours catches this."""


def key_of(device: str) -> SigningKey:
    """Return the key of a device."""
    return SigningKey(sha256(device.encode()).digest())


@dataclass(frozen=True)
class Heard:
    """An answer as it left the platform."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Held:
    """What the platform holds: ``h`` by id of every event in the ledger, and the ids of those it set apart."""

    accepted: Mapping[str, str]
    apart: frozenset[str]

    @property
    def all(self) -> frozenset[str]:
        """Every id that is held, either way."""
        return self.apart | self.accepted.keys()


@cache
def _pristine() -> bytes:
    """Return a migrated file with a service point and three devices, made once."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "platform.sqlite"
        database = Database.open(f"sqlite:///{file}")
        database.migrate()
        with database.writing("registry") as unit:
            unit.registry.begin_epoch(EPOCH.format(1))
            unit.registry.add_service_point(POINT)
            for device in DEVICES:
                unit.devices.add(Device(device, device, POINT.id, key_of(device).public, 0))
        database.close()
        return file.read_bytes()


@dataclass
class Platform:
    """One platform in a folder; ``clocks`` know the truth, ``chance`` gives bytes and ids, the same in every run."""

    folder: Path
    clocks: FakeClocks
    epochs: int = 1
    backups: list[Path] = field(default_factory=list)
    _dies_at_commit: bool = False
    _drawn: int = 0

    def __post_init__(self) -> None:
        """Put its file there and start it."""
        self.file = self.folder / "platform.sqlite"
        self.file.write_bytes(_pristine())
        self._loop = asyncio.new_event_loop()
        self.start()

    def start(self) -> None:
        """Start the program on the file as it is."""
        self.database = Database.open(f"sqlite:///{self.file}")
        event.listen(self.database._engine, "commit", self._at_commit)
        ports = Ports(
            lambda: datetime.fromtimestamp(self.clocks.true_ms / 1000, UTC),
            lambda: self._bytes(8).hex(),
            self._bytes,
        )
        self.app: FastAPI = build_app(self.database, ports)

    def close(self) -> None:
        """End the program for good."""
        self.database.close()
        self._loop.close()

    def call(self, request: HttpRequest, *, dies_at_commit: bool = False) -> Heard | None:
        """Let a request arrive and return the answer; None where the program died over it, and was started again."""
        self._dies_at_commit = dies_at_commit
        try:
            return self._loop.run_until_complete(_ask(self.app, request))
        except DiedError:
            self.database.close()
            self.start()
            return None
        finally:
            self._dies_at_commit = False

    def die(self) -> None:
        """Kill the program between two requests and start it again."""
        self.database.close()
        self.start()

    def backup(self) -> None:
        """Keep a copy of the database as it is now."""
        self.database.close()  # the log goes into the file
        self.backups.append(self.folder / f"backup-{len(self.backups)}")
        shutil.copy(self.file, self.backups[-1])

    def restore(self, backup: Path, *, new_epoch: bool) -> None:
        """Put a copy back in place of the database; its keeper begins a new epoch, or forgets to."""
        self.database.close()
        for each in self.folder.glob("platform.sqlite*"):
            each.unlink()
        shutil.copy(backup, self.file)
        self.start()
        if new_epoch:
            self.epochs += 1
            with self.database.writing("registry") as unit:
                unit.registry.begin_epoch(EPOCH.format(self.epochs))

    def revoke(self, device: str) -> None:
        """Refuse a device."""
        with self.database.writing("registry") as unit:
            unit.devices.revoke(device, self.clocks.true_ms)

    def readmit(self, device: str) -> None:
        """Let a device in again."""
        with self.database._engine.begin() as connection:
            connection.execute(update(DeviceRow).where(DeviceRow.id == device).values(revoked_ms=None))

    def is_revoked(self, device: str) -> bool:
        """Tell whether a device is refused."""
        with self.database.reading() as unit:
            found = unit.devices.find(device)
        assert found is not None
        return found.revoked_ms is not None

    def held(self) -> Held:
        """Return what is held now."""
        with self.database.reading() as unit:
            accepted = {each.id: each.h for each in unit.events.all()}
        with self.database._engine.connect() as connection:
            return Held(accepted, frozenset(connection.scalars(select(QuarantineRow.event))))

    def sessions(self) -> dict[str, Session]:
        """Return the ledger."""
        with self.database.reading() as unit:
            return {entry.session.id: entry.session for entry in unit.ledger.all()}

    def _at_commit(self, _connection: object) -> None:
        if self._dies_at_commit:
            raise DiedError

    def _bytes(self, count: int) -> bytes:
        self._drawn += 1
        return sha256(f"platform {self._drawn}".encode()).digest()[:count]


async def _ask(app: Callable[..., Any], request: HttpRequest) -> Heard:
    """Hand a request to an ASGI application, as a server does that has read it whole."""
    url = urlsplit(request.url)
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": url.scheme,
        "path": url.path,
        "raw_path": url.path.encode(),
        "root_path": "",
        "query_string": url.query.encode(),
        "headers": [(name.lower().encode(), value.encode()) for name, value in request.headers.items()],
        "client": ("127.0.0.1", 1),
        "server": (url.hostname, 80),
    }
    status, headers, body = 0, {}, bytearray()
    arriving = [{"type": "http.request", "body": request.body, "more_body": False}]

    async def receive() -> dict[str, Any]:
        return arriving.pop() if arriving else await asyncio.Future()

    async def send(message: Any) -> None:
        nonlocal status, headers
        if message["type"] == "http.response.start":
            status = message["status"]
            headers = {name.decode().lower(): value.decode() for name, value in message["headers"]}
        else:
            body.extend(message.get("body", b""))

    await app({**scope, "state": {}}, receive, send)
    return Heard(status, headers, bytes(body))
