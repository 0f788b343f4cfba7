"""Everything that differs between SQLite and PostgreSQL; no other module names either.

Upstream: SQLAlchemy.
Downstream: ``engine``, ``tables``, ``migrations``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
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
_HOLD = """
SELECT CASE key WHEN 0 THEN pg_advisory_xact_lock_shared(%s, 0) ELSE pg_advisory_xact_lock(%s, key) END
FROM unnest(%s::int[]) AS key
"""  # an array's elements come in its order (PostgreSQL 9.19), one row after another
_HOLD_ALONE = "SELECT pg_advisory_xact_lock(%s, 0)"
OLDEST_RUNNING = "pg_snapshot_xmin(pg_current_snapshot())::text"  # below it every transaction has ended
_ARRIVAL_DEFAULT = "ALTER TABLE events ALTER COLUMN arrived_in SET DEFAULT {base} + pg_current_xact_id()::text::bigint"
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


def hold_keys(connection: Connection, kind: int, keys: Sequence[int], *, alone: bool) -> None:
    """Wait for some locks of a kind and hold them until the transaction ends (``locks`` says which and why).

    Args:
        connection: within a transaction.
        kind: which keys they are; those of :func:`hold_writers_of` are a kind of their own.
        keys: above 0, ascending: they are waited for in this order.
        alone: keep everybody else from any lock of this kind.
    """
    if connection.dialect.name == SQLITE:
        return
    if alone:
        connection.exec_driver_sql(_HOLD_ALONE, (kind,))
    else:
        connection.exec_driver_sql(_HOLD, (kind, kind, [0, *keys]))


def immutability(table: str, dialect: str) -> tuple[str, ...]:
    """Return the statements after which UPDATE and DELETE of a table's rows are refused."""
    verbs = ("UPDATE", "DELETE")
    if dialect == SQLITE:
        return tuple(_SQLITE_IMMUTABLE.format(table=table, verb=verb) for verb in verbs)
    triggers = (_POSTGRESQL_IMMUTABLE.format(table=table, verb=verb) for verb in verbs)
    return (_POSTGRESQL_REFUSE.format(table=table), *triggers)


def arrival_default(base: int) -> str:
    """Return PostgreSQL's statement after which events carry ``base`` and the number of their transaction."""
    return _ARRIVAL_DEFAULT.format(base=int(base))
