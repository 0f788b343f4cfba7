"""Backup, restore and a new epoch, by the commands an operator types."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner, Result

from sync.platform.__main__ import main
from sync.platform.records import Device
from sync.platform.store import Database
from sync.platform.store.arrivals import Cursor
from sync.protocol.signing.keys import SigningKey
from tests.integration.platform.conftest import POINT, POSTGRESQL, SQLITE, START_MS, Running, run_sql
from tests.integration.platform.fleet import FakeDevice, send
from tests.integration.platform.test_upload import one_duty
from tests.support.postgres import Postgres, programs


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def epoch_of(url: str) -> str:
    ((epoch,),) = run_sql(url, "SELECT epoch FROM platform_state")
    return str(epoch)


def events_of(url: str) -> set[str]:
    return {str(id_) for (id_,) in run_sql(url, "SELECT id FROM events")}


@pytest.fixture
def device(platform: Running) -> FakeDevice:
    """A device that has brought one duty."""
    device = platform.device()
    one_duty(device)
    assert send(platform.url, device).outcomes == ["accepted"] * 3
    return device


@pytest.mark.parametrize("stored_in", [SQLITE], indirect=True)
def test_a_backup_of_a_running_platform_is_whole_and_its_restore_begins_a_new_epoch(
    platform: Running, device: FakeDevice, tmp_path: Path
) -> None:
    file, place = tmp_path / "backup.sqlite", f"sqlite:///{tmp_path / 'elsewhere' / 'platform.sqlite'}"
    done = run("backup", file, "--database", platform.database_url)
    assert done.exit_code == 0, done.stderr
    assert file.stat().st_mode & 0o777 == 0o600
    saved = events_of(platform.database_url)
    one_duty(device)
    send(platform.url, device)
    done = run("restore", file, "--database", place)
    assert done.exit_code == 0, done.stderr
    assert events_of(place) == saved < events_of(platform.database_url)
    assert epoch_of(place) not in {"epoch-1", ""}
    assert epoch_of(place) in done.stdout


@pytest.mark.parametrize("stored_in", [SQLITE], indirect=True)
def test_a_restore_keeps_what_stood_there_and_refuses_a_platform_that_runs(
    database_url: str, platform: Running, device: FakeDevice, tmp_path: Path
) -> None:
    file = tmp_path / "backup.sqlite"
    assert run("backup", file, "--database", database_url).exit_code == 0
    done = run("restore", file, "--database", database_url)
    assert (done.exit_code, epoch_of(database_url)) == (2, "epoch-1")
    assert "stop the platform first" in done.stderr
    stopped = tmp_path / "stopped.sqlite"
    shutil.copyfile(file, stopped)
    done = run("restore", file, "--database", f"sqlite:///{stopped}")
    assert done.exit_code == 0, done.stderr
    (kept,) = tmp_path.glob("stopped.sqlite.before-restore-*")
    assert epoch_of(f"sqlite:///{kept}") == "epoch-1"
    assert epoch_of(f"sqlite:///{stopped}") != "epoch-1"


@pytest.mark.parametrize("stored_in", [SQLITE], indirect=True)
def test_no_file_is_written_over_and_no_damaged_one_is_brought_back(database_url: str, tmp_path: Path) -> None:
    file = tmp_path / "backup.sqlite"
    file.write_bytes(b"something else")
    assert run("backup", file, "--database", database_url).exit_code == 2
    assert file.read_bytes() == b"something else"
    for wrong in (file, tmp_path / "none", Path(os.devnull)):
        done = run("restore", wrong, "--database", database_url)
        assert done.exit_code == 2
        assert isinstance(done.exception, SystemExit)
    assert run_sql(database_url, "SELECT * FROM platform_state") == []
    assert {path.name for path in tmp_path.iterdir()} == {"platform.sqlite", "backup.sqlite"}


@pytest.mark.parametrize("stored_in", [POSTGRESQL], indirect=True)
def test_postgresql_says_which_programs_back_it_up(database_url: str, tmp_path: Path) -> None:
    for command in ("backup", "restore"):
        done = run(command, tmp_path / "x", "--database", database_url)
        assert done.exit_code == 2
        assert "pg_dump" in done.stderr


@pytest.fixture
def other(postgres: Postgres) -> Iterator[str]:
    """An empty database to restore to."""
    url = postgres.new_database(migrated=False)
    yield url
    postgres.drop(url)


@pytest.mark.parametrize("stored_in", [POSTGRESQL], indirect=True)
def test_a_dump_that_is_read_in_elsewhere_gets_a_new_epoch_and_goes_on(
    platform: Running, device: FakeDevice, other: str, tmp_path: Path
) -> None:
    plain = platform.database_url.replace("+psycopg", "")
    dump: list[str | Path] = [programs() / "pg_dump", "-Fc", "-f", tmp_path / "dump", plain]
    subprocess.run(dump, check=True, timeout=60)
    load: list[str | Path] = [
        programs() / "pg_restore",
        "--no-owner",
        "-d",
        other.replace("+psycopg", ""),
        tmp_path / "dump",
    ]
    subprocess.run(load, check=True, timeout=60)
    done = run("epoch", "new", "--database", other)
    assert done.exit_code == 0, done.stderr
    assert epoch_of(other) != "epoch-1"
    database = Database.open(other)
    with database.reading() as unit:
        restored = unit.arrivals.after(Cursor(), 99)
    assert {each.envelope.id for each in restored} == events_of(platform.database_url)
    with closing(psycopg.connect(other.replace("+psycopg", ""))) as connection, pytest.raises(psycopg.Error):
        connection.execute("DELETE FROM events")
    with database.writing("registry") as unit:
        unit.devices.add(Device("later", "later", POINT.id, SigningKey(b"\x01" * 32).public, START_MS))
    database.close()


def test_the_schema_is_brought_up_to_date_by_a_command(empty_url: str) -> None:
    done = run("migrate", "--database", empty_url)
    assert done.exit_code == 0, done.stderr
    assert run_sql(empty_url, "SELECT count(*) FROM alembic_version") == [(1,)]
    assert epoch_of(empty_url)
