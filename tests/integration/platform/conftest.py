"""A migrated database, a community, and a real server on a free port; everything once on SQLite, once on PostgreSQL.

Upstream: ``sync.platform``, ``tests.support.postgres``.
Downstream: the platform's integration tests.

Whoever asks for ``platform``, ``database_url`` or ``empty_url`` runs twice. A module whose promises do not touch the
database (the looks of a page) says so by a fixture of its own: ``stored_in`` returning ``SQLITE``.
"""

from __future__ import annotations

import os
import shutil
import socket
import threading
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import uvicorn

from sync.platform.api.routes import Trust
from sync.platform.app import Appearance, build_app
from sync.platform.keys import Keyring
from sync.platform.ports import Ports
from sync.platform.records import Device
from sync.platform.store import Database
from sync.protocol.signing.keys import SigningKey
from tests.integration.platform.emptied import POINT, SQLITE, fresh
from tests.integration.platform.fleet import NONCES, FakeDevice
from tests.integration.platform.spare import Spare
from tests.support.console import CHEAP, enlist, session_of
from tests.support.postgres import Postgres, migrate

__all__ = ["POINT", "SQLITE", "fresh"]  # the last is a fixture for all
POSTGRESQL = "postgresql"
ROOT_KEY, PLATFORM_KEY = SigningKey(b"r" * 32), SigningKey(b"p" * 32)
START_MS = 1_783_040_400_000  # 2026-07-03 09:00 in Shanghai


@dataclass(slots=True)
class Running:
    """A platform that answers: its address, its database, the file where it is SQLite's, and the database's URL."""

    url: str
    database: Database
    path: Path
    database_url: str
    signed_in: dict[str, dict[str, str]] = field(default_factory=dict)

    def cookies(self, name: str = "keeper") -> dict[str, str]:
        """Return the cookies of somebody signed in at the console; a keeper's account is made where there is none."""
        if name not in self.signed_in:
            if name == "keeper":
                enlist(self.database)
            self.signed_in[name] = session_of(self.url, name)
        return self.signed_in[name]

    def sql(self, statement: str) -> list[tuple[Any, ...]]:
        """Run a statement through a connection of its own, as somebody would who is not the platform; commits."""
        return run_sql(self.database_url, statement)

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
    return Appearance(costs=CHEAP)


def run_sql(url: str, statement: str) -> list[tuple[Any, ...]]:
    """Run a statement on the database of a URL through a connection of its own; commits."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        done = connection.exec_driver_sql(statement)
        return [tuple(row) for row in done] if done.returns_rows else []


@pytest.fixture(params=[SQLITE, POSTGRESQL])
def stored_in(request: pytest.FixtureRequest) -> str:
    """Where the platform keeps what it takes."""
    return str(request.param)


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file of the newest schema, to be copied."""
    path = tmp_path_factory.mktemp("platform") / "migrated.sqlite"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def spare(postgres: Postgres) -> Spare:
    """The database that tests are lent, one after another."""
    return Spare(postgres)


@pytest.fixture
def empty_url(stored_in: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a database without a table."""
    if stored_in == SQLITE:
        yield f"sqlite:///{tmp_path / 'platform.sqlite'}"
        return
    server: Postgres = request.getfixturevalue("postgres")  # started only where it is needed
    url = server.new_database(migrated=False)
    yield url
    server.drop(url)


@pytest.fixture
def database_url(stored_in: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a migrated database that holds nothing."""
    if stored_in == SQLITE:
        path = tmp_path / "platform.sqlite"
        shutil.copyfile(request.getfixturevalue("migrated_file"), path)
        path.chmod(0o600)
        yield f"sqlite:///{path}"
        return
    lent: Spare = request.getfixturevalue("spare")
    yield lent.lend()
    lent.take_back()


@pytest.fixture
def another_url(stored_in: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Callable[[], str]]:
    """Give out the URLs of further migrated databases, of the same make."""
    given: list[str] = []

    def new() -> str:
        if stored_in == SQLITE:
            path = tmp_path / f"another-{len(given)}.sqlite"
            shutil.copyfile(request.getfixturevalue("migrated_file"), path)
            given.append(f"sqlite:///{path}")
        else:
            given.append(request.getfixturevalue("postgres").new_database())
        return given[-1]

    yield new
    for url in given if stored_in == POSTGRESQL else ():
        request.getfixturevalue("postgres").drop(url)


@pytest.fixture
def platform(database_url: str, tmp_path: Path, ports: Ports, appearance: Appearance) -> Iterator[Running]:
    """A platform over a real database, with one service point."""
    database = Database.open(database_url)
    with database.writing("registry") as unit:
        unit.registry.begin_epoch("epoch-1")
        unit.registry.add_service_point(POINT)
    app = build_app(database, ports, appearance, trust=Trust(Keyring(lambda: ROOT_KEY, lambda: PLATFORM_KEY)))
    config = uvicorn.Config(app, log_config=None, access_log=False)
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # as the platform's own ``serve``
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        NONCES.forget(url)  # an earlier platform may have had this port
        try:
            yield Running(url, database, tmp_path / "platform.sqlite", database_url)
        finally:
            server.should_exit = True
            thread.join(10)
            database.close()
