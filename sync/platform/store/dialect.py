"""Everything that differs between SQLite and PostgreSQL; no other module names either.

Upstream: SQLAlchemy.
Downstream: ``engine``, ``tables``, ``migrations``.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Integer, event, text

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

SQLITE = "sqlite"
BUSY_MS = 10_000  # how long a writer waits for another before the device is told to come again
WRITES = "platform_writes"  # execution option of a connection whose transaction will write
SERIAL = BigInteger().with_variant(Integer(), SQLITE)  # SQLite counts up only an INTEGER key

_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    f"PRAGMA busy_timeout = {BUSY_MS}",
)
_SQLITE_IMMUTABLE = """
CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} rows are immutable'); END
"""
_POSTGRESQL_REFUSE = """
CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{table} rows are immutable'; END $$
"""
_POSTGRESQL_IMMUTABLE = """
CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_refuse()
"""


def prepare(engine: Engine) -> None:
    """Make SQLite durable and its transactions explicit; PostgreSQL needs nothing."""
    if engine.dialect.name != SQLITE:
        return

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the driver would begin by itself, and only before some statements
        for pragma in _PRAGMAS:
            connection.execute(pragma)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get(WRITES)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def hold_writers_of(connection: Connection, name: str) -> None:
    """Let one transaction at a time write what belongs to ``name``; SQLite has one writer anyway."""
    if connection.dialect.name != SQLITE:
        key = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})


def immutability(table: str, dialect: str) -> tuple[str, ...]:
    """Return the statements after which UPDATE and DELETE of a table's rows are refused."""
    verbs = ("UPDATE", "DELETE")
    if dialect == SQLITE:
        return tuple(_SQLITE_IMMUTABLE.format(table=table, verb=verb) for verb in verbs)
    triggers = (_POSTGRESQL_IMMUTABLE.format(table=table, verb=verb) for verb in verbs)
    return (_POSTGRESQL_REFUSE.format(table=table), *triggers)
