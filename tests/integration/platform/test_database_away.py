"""PostgreSQL is stopped and started under a running platform: come again later, then all goes on, nothing is lost."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg
import pytest

from sync.platform.errors import DatabaseAwayError
from tests.integration.platform.conftest import POSTGRESQL, Running, run_sql
from tests.integration.platform.fleet import send
from tests.integration.platform.test_upload import one_duty, problem
from tests.support import postgres as postgresql
from tests.support.postgres import PATIENCE_S, Postgres

STARTED: list[subprocess.Popen[bytes]] = []


@pytest.fixture
def stored_in() -> str:
    return POSTGRESQL


@pytest.fixture
def postgres() -> Iterator[Postgres]:
    """A server of one's own, which keeps what it answered for."""
    if os.environ.get(postgresql.GIVEN):
        pytest.skip(f"{postgresql.GIVEN} is not ours to stop")
    with postgresql.server({}) as running:
        yield running
        for process in STARTED:
            process.send_signal(signal.SIGINT)
            process.wait(PATIENCE_S)
        STARTED.clear()


@pytest.fixture
def database_url(postgres: Postgres) -> str:
    """A database of that server."""
    return postgres.new_database()


def folder_of(postgres: Postgres) -> Path:
    """Where the server keeps its data."""
    ((folder,),) = run_sql(postgres.admin.replace("postgresql://", "postgresql+psycopg://"), "SHOW data_directory")
    return Path(folder)


def stop(folder: Path) -> None:
    """Cut the server off, as a crash does."""
    pid = int((folder / "postmaster.pid").read_text().splitlines()[0])
    os.kill(pid, signal.SIGQUIT)
    wait_until_gone(folder)


def wait_until_gone(folder: Path) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while (folder / "postmaster.pid").exists():
        assert time.monotonic() < deadline, "PostgreSQL did not stop"
        time.sleep(0.02)


def start(folder: Path, admin: str) -> None:
    """Start it again as it was started, and wait until it answers."""
    command = shlex.split((folder / "postmaster.opts").read_text())
    user = postgresql.UNPRIVILEGED if os.geteuid() == 0 else None
    quiet = subprocess.DEVNULL
    STARTED.append(subprocess.Popen(command, stdout=quiet, stderr=quiet, user=user, cwd="/"))
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            psycopg.connect(admin).close()
        except psycopg.OperationalError:
            assert time.monotonic() < deadline, "PostgreSQL did not come up"
            time.sleep(0.05)
        else:
            return


def test_a_restart_of_postgresql_is_come_again_later_and_loses_nothing(platform: Running, postgres: Postgres) -> None:
    device, folder = platform.device(), folder_of(postgres)
    one_duty(device)
    assert send(platform.url, device).outcomes == ["accepted"] * 3
    one_duty(device)
    keeper = platform.cookies()
    stop(folder)
    sent = send(platform.url, device)
    assert problem(sent.response) == (503, "unavailable")
    assert int(sent.response.headers["retry-after"]) > 0
    assert httpx.get(f"{platform.url}/healthz", trust_env=False).status_code == 503
    page = httpx.get(f"{platform.url}/ledger", cookies=keeper, trust_env=False)
    assert (page.status_code, "retry-after" in page.headers) == (503, True)
    assert "数据库暂时没有响应" in page.text
    with pytest.raises(DatabaseAwayError), platform.database.reading() as unit:
        unit.registry.epoch()
    start(folder, postgres.admin)
    assert send(platform.url, device).outcomes == ["duplicate"] * 3 + ["accepted"] * 3
    assert httpx.get(f"{platform.url}/healthz", trust_env=False).status_code == 200
    with platform.database.reading() as unit:
        assert {event.id for event in unit.events.all()} == {event.id for event in device.log}


def test_a_transaction_that_somebody_forgot_and_a_lock_that_is_held_end_by_themselves(platform: Running) -> None:
    def shown(name: str) -> str:
        with platform.database.reading() as unit:
            return str(unit.events._session.connection().exec_driver_sql(f"SHOW {name}").scalar())

    assert shown("lock_timeout") == "10s"
    assert shown("statement_timeout") == "30s"
    assert shown("idle_in_transaction_session_timeout") == "1min"
    with platform.database.reading(patient=True) as unit:
        assert unit.events._session.connection().exec_driver_sql("SHOW statement_timeout").scalar() == "0"
