"""Everything that differs between SQLite and PostgreSQL; no other module names either.

Upstream: SQLAlchemy.
Downstream: ``engine``, ``tables``, ``migrations``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, BigInteger, Integer, event, text
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

SQLITE = "sqlite"
BUSY_MS = 10_000  # how long a writer waits for another before the device is told to come again
WRITES = "platform_writes"  # execution option of a connection whose transaction will write
SERIAL = BigInteger().with_variant(Integer(), SQLITE)  # SQLite counts up only an INTEGER key

POSTGRESQL = "postgresql"
DRIVER = "postgresql+psycopg"
POOL: dict[str, Any] = {  # a worker's connections; its other requests wait for one, then come again (503)
    "pool_size": 8,
    "max_overflow": 4,
    "pool_timeout": 10,
    "pool_recycle": 1800,
}
CONNECT_S = 5
LIMITS_MS = {  # of every session, so that nobody waits for ever and a forgotten transaction ends
    "statement_timeout": 30_000,
    "lock_timeout": BUSY_MS,
    "idle_in_transaction_session_timeout": 60_000,
}
MIGRATORS_MS = 600_000  # how long a start waits for another one's migrations
TABLE_MS = 5_000  # how long a migration waits for a table; who comes after it in the queue waits as long
_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    f"PRAGMA busy_timeout = {BUSY_MS}",
)
_GIVEN_UP = frozenset({"40001", "40P01", "23505"})  # serialization_failure, deadlock_detected, unique_violation
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


def options_of(url: URL) -> tuple[URL, dict[str, Any]]:
    """Return a URL with its driver named, and how its database is connected to; what the URL says stands.

    ``LIMITS_MS`` travel in the start-up packet: no statement more for a connection.
    """
    if url.get_backend_name() != POSTGRESQL:
        return url, {}
    if url.drivername == POSTGRESQL:
        url = url.set(drivername=DRIVER)
    limits = " ".join(f"-c {name}={value}" for name, value in LIMITS_MS.items())
    wanted = {"options": limits, "connect_timeout": CONNECT_S, "application_name": "duty-platform"}
    return url, {**POOL, "connect_args": {name: value for name, value in wanted.items() if name not in url.query}}


def hold_migrations(connection: Connection) -> None:
    """Wait for whoever migrates now; then no statement of ours waits long for a table, and none is cut off."""
    if connection.dialect.name == SQLITE:
        return
    connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = {MIGRATORS_MS}")
    hold_writers_of(connection, "migrations")
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = {TABLE_MS}")


def take_time(connection: Connection) -> None:
    """Let this transaction's statements last as long as they need."""
    if connection.dialect.name != SQLITE:
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")


def away_errors(engine: Engine) -> tuple[type[Exception], ...]:
    """Return what is raised where a database does not answer or others hold what is needed, the driver's own too."""
    driver = engine.dialect.loaded_dbapi
    return OperationalError, InterfaceError, PoolTimeoutError, driver.OperationalError, driver.InterfaceError


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


def was_given_up(error: BaseException | None) -> bool:
    """Tell whether PostgreSQL ended a transaction for another's sake: run again, it will see what the other did."""
    origin = getattr(error, "orig", None) or error
    return getattr(origin, "sqlstate", None) in _GIVEN_UP


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
