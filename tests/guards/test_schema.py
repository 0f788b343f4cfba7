"""The device file's migrations and its models say the same, in one line of history that ends at the known head."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Engine, MetaData, String, Table, text
from sqlalchemy.schema import CreateIndex, CreateTable

from kiosk.store.device_file import HEAD, MIGRATIONS, migrate
from kiosk.store.tables import DeviceBase
from sync.mailbox.engine import open_engine
from sync.mailbox.tables import MailboxBase

MODELS = [DeviceBase.metadata, MailboxBase.metadata]


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """A device file that the migrations made."""
    opened = open_engine(tmp_path / "device.sqlite")
    migrate(opened)
    yield opened
    opened.dispose()


def differences(engine: Engine, models: list[MetaData]) -> list[Any]:
    with engine.connect() as connection:
        options = {"compare_type": True, "compare_server_default": True}
        several: Any = models  # it takes them, as env.py gives them
        return list(compare_metadata(MigrationContext.configure(connection, opts=options), several))


def said(engine: Engine, kind: str) -> dict[str, str]:
    """Return what the file itself says of its tables or indexes, in one spelling."""
    query = text("SELECT name, sql FROM sqlite_master WHERE type = :kind AND sql IS NOT NULL")
    with engine.connect() as connection:
        rows = connection.execute(query, {"kind": kind}).all()
    return {row.name: spelt(row.sql) for row in rows if not row.name.startswith(("sqlite_", "alembic_"))}


def spelt(sql: str) -> str:
    return " ".join(sql.replace('"', "").replace("(", " ( ").replace(")", " ) ").split())


def test_the_migrations_make_what_the_models_say(engine: Engine) -> None:
    assert differences(engine, MODELS) == []


def test_indexes_are_the_same_down_to_their_conditions(engine: Engine) -> None:
    indexes = {index.name: index for models in MODELS for table in models.tables.values() for index in table.indexes}
    wanted = {name: spelt(str(CreateIndex(index).compile(engine))) for name, index in indexes.items()}
    assert said(engine, "index") == wanted


def test_tables_have_the_same_options(engine: Engine) -> None:
    for models in MODELS:
        for table in models.tables.values():
            wanted, found = spelt(str(CreateTable(table).compile(engine))), said(engine, "table")[table.name]
            for option in ("AUTOINCREMENT", "WITHOUT ROWID", "STRICT"):
                assert (option in found) == (option in wanted), f"{table.name}: {option}"


def test_a_difference_is_seen(engine: Engine) -> None:
    other = MetaData()
    Table("forgotten", other, Column("id", String, primary_key=True))
    assert len(differences(engine, [*MODELS, other])) == 1
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE outbox ADD COLUMN forgotten VARCHAR"))
    assert len(differences(engine, MODELS)) == 1


def test_the_head_the_program_knows_is_the_last_script() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    scripts = ScriptDirectory.from_config(config)
    assert scripts.get_heads() == [HEAD]
    assert len(scripts.get_bases()) == 1
    assert all(not script.is_branch_point for script in scripts.walk_revisions())


def test_the_ledgers_rows_are_guarded_in_the_file_itself(engine: Engine) -> None:
    file = str(engine.url.database)
    with closing(sqlite3.connect(file)) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'ledger'")
        assert {name for (name,) in names} == {"ledger_no_update", "ledger_no_delete", "ledger_no_replace"}


def test_migrating_again_changes_nothing(engine: Engine) -> None:
    before = said(engine, "table")
    migrate(engine)
    assert said(engine, "table") == before
