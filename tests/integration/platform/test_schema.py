"""The migrations make the models' tables, events cannot be changed, and a newer database is not touched."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext

from sync.platform.errors import StoreError
from sync.platform.records import LedgerFilter
from sync.platform.store import Database, migrations
from sync.platform.store.tables import Row
from sync.protocol.reference import RosteredShift
from sync.protocol.vocabulary import AssignmentState, CertificateKind
from tests.integration.platform.conftest import POINT, SQLITE, START_MS, Running
from tests.integration.platform.fleet import send
from tests.integration.platform.test_upload import one_duty
from tests.support.postgres import migrate


def is_no_month(name: str | None, kind: str, _parents: object) -> bool:
    """The log of batches has a table a month beneath it."""
    return kind != "table" or not (name or "").startswith("batches_")


def test_migrations_make_the_models_tables(empty_url: str) -> None:
    migrate(empty_url)
    engine = sa.create_engine(empty_url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        opts = {"compare_type": True, "include_name": is_no_month}
        context = MigrationContext.configure(connection, opts=opts)
        assert compare_metadata(context, Row.metadata) == []


def test_stored_events_cannot_be_changed_or_deleted(platform: Running) -> None:
    device = platform.device()
    one_duty(device)
    send(platform.url, device)
    for statement in ("UPDATE events SET kind = 'x'", "DELETE FROM events"):
        with pytest.raises(sa.exc.DBAPIError, match="immutable"):
            platform.sql(statement)


@pytest.mark.parametrize("stored_in", [SQLITE], indirect=True)
def test_the_file_is_durable_and_only_its_owners(platform: Running) -> None:
    assert platform.sql("PRAGMA journal_mode") == [("wal",)]
    assert platform.path.stat().st_mode & 0o077 == 0
    with platform.database.writing("x") as unit:
        connection = unit.events._session.connection()
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_a_database_of_a_newer_version_is_refused(platform: Running) -> None:
    platform.sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError, match="newer version"):
        platform.database.migrate()


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("not a url", "not a database URL"),
        ("sqlite:////proc/nowhere/platform.sqlite", "cannot be opened"),
        ("postgresql+nodriver://user:secret@host/name", "cannot be opened"),
    ],
)
def test_what_cannot_be_opened_is_said_without_a_password(url: str, says: str) -> None:
    with pytest.raises(StoreError, match=says) as caught:
        Database.open(url)
    assert "secret" not in str(caught.value)


def test_a_missing_file_is_not_made_where_it_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="There is no database"):
        Database.open(f"sqlite:///{tmp_path}/none.sqlite", create=False)


def test_cards_of_the_first_schema_are_kept(empty_url: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    with sa.create_engine(empty_url, poolclass=sa.NullPool).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        for statement in (
            "INSERT INTO platform_state VALUES (1, 'epoch-1')",
            "INSERT INTO volunteers VALUES ('LY1', '张晓明', NULL, 0)",
            "INSERT INTO issuer_keys VALUES ('0a0b', '410302', 'aa', 0, 9)",
            "INSERT INTO certificates VALUES ('00112233', 'LY1', '0a0b', 'card', 1000, 9000)",
        ):
            connection.exec_driver_sql(statement)
    database = Database.open(empty_url)
    database.migrate()
    with database.writing("registry") as unit:
        (card,) = unit.certificates.of("LY1")
        assert (card.issuer, card.serial, card.ending) == ("410302", "00112233", None)
        assert unit.registry.next_version(7) == 7
        assert unit.certificates.count_up("410302", CertificateKind.CARD) == 1
    database.close()


def test_shifts_of_the_plain_list_are_places_that_sessions_still_name(empty_url: str) -> None:
    config, engine = Config(), sa.create_engine(empty_url, poolclass=sa.NullPool)
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0010")
        connection.exec_driver_sql("INSERT INTO service_points (id, name, region) VALUES ('p1', '东门', '410302')")
        connection.exec_driver_sql("INSERT INTO volunteers (number, name, registered_ms) VALUES ('LY1', '张晓明', 0)")
        connection.exec_driver_sql(
            "INSERT INTO shifts (id, service_point, volunteer, service, team, starts_ms, ends_ms)"
            " VALUES ('s1', 'p1', 'LY1', 'tutoring', 'blue', 1783040400000, 1783044000000)"
        )
    database = Database.open(empty_url)
    database.migrate()
    with database.reading() as unit:
        (told,) = unit.rosters.told("p1", START_MS)
        post = unit.rosters.post("s1")
    database.close()
    times = (START_MS, START_MS + 3_600_000)
    assert told == RosteredShift("s1", "LY1", "张晓明", "tutoring", *times, "blue", AssignmentState.ACCEPTED, "s1", 1)
    assert post is not None
    assert (post.on.isoformat(), post.needed) == ("2026-07-03", 1)


def test_a_text_that_no_database_keeps_is_not_found_and_breaks_nothing(platform: Running) -> None:
    with platform.database.reading() as unit:
        assert unit.devices.find("\x00") is None
        assert unit.ledger.page(LedgerFilter(volunteer="a\x00b"), 0, 9).entries == ()
        assert unit.registry.service_point(POINT.name) == POINT
