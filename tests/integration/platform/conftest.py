"""A migrated database, a community, and a real server on a free port.

Upstream: ``sync.platform``.
Downstream: the platform's integration tests.
"""

from __future__ import annotations

import os
import socket
import threading
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
import uvicorn

from sync.platform.app import Appearance, build_app
from sync.platform.ports import Ports
from sync.platform.records import Device
from sync.platform.store import Database
from sync.protocol.reference import ServicePoint
from sync.protocol.signing.keys import SigningKey
from tests.integration.platform.fleet import NONCES, FakeDevice

POINT = ServicePoint("point-1", "王城公园东门岗亭", "410302", "08:00", "18:00")
START_MS = 1_783_040_400_000  # 2026-07-03 09:00 in Shanghai


@dataclass(slots=True)
class Running:
    """A platform that answers: its address, its database, its file, and the appearance of its pages."""

    url: str
    database: Database
    path: Path

    def device(self, name: str = "east", started_ms: int = START_MS - 3_600_000) -> FakeDevice:
        """Register a new device and return it."""
        device = FakeDevice(str(uuid.uuid4()), SigningKey(os.urandom(32)), POINT.id, started_ms)
        with self.database.writing("registry") as unit:
            unit.devices.add(Device(device.id, name, POINT.id, device.key.public, START_MS))
        return device


@pytest.fixture
def ports() -> Ports:
    """Real ports."""
    return Ports(lambda: datetime.now(UTC), lambda: str(uuid.uuid4()), os.urandom)


@pytest.fixture
def appearance() -> Appearance:
    """How the pages of ``platform`` look; override it by parametrizing."""
    return Appearance()


@pytest.fixture
def platform(tmp_path: Path, ports: Ports, appearance: Appearance) -> Iterator[Running]:
    """A platform over a real SQLite file, with one service point."""
    path = tmp_path / "platform.sqlite"
    database = Database.open(f"sqlite:///{path}")
    database.migrate()
    with database.writing("registry") as unit:
        unit.registry.begin_epoch("epoch-1")
        unit.registry.add_service_point(POINT)
    config = uvicorn.Config(build_app(database, ports, appearance), log_config=None, access_log=False)
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        NONCES.forget(url)  # an earlier platform may have had this port
        try:
            yield Running(url, database, path)
        finally:
            server.should_exit = True
            thread.join(10)
            database.close()
