"""Opening the device's SQLite file, the same way for the kiosk and for the agent.

Upstream: SQLAlchemy, sqlite3.
Downstream: ``kiosk.store``, ``sync.agent``.

WAL, ``synchronous=FULL``: a commit that returned is on the disk (a power cut loses nothing acknowledged; under NORMAL
it may). Writers begin with BEGIN IMMEDIATE, so that a lock is met at the start and never in the middle.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, create_engine, event

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Connection, Engine

BUSY_MS = 2_000  # how long a writer waits for the other process; commits take about a millisecond


def open_engine(file: Path, *, busy_ms: int = BUSY_MS) -> Engine:
    """Return an engine on the device's file; the file is created at the first connection if it is missing."""
    engine = create_engine(URL.create("sqlite", database=str(file)))
    event.listen(engine, "connect", lambda connection, _record: _prepare(connection, busy_ms))
    event.listen(engine, "begin", _begin)
    return engine


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Open a read transaction: one consistent view that never waits for a writer."""
    with engine.connect().execution_options(lyz_begin="BEGIN") as connection:
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Open a write transaction that commits at the end of the block, and rolls back when the block raises."""
    with engine.begin() as connection:
        yield connection


def _prepare(connection: Any, busy_ms: int) -> None:
    connection.isolation_level = None
    for pragma in (f"busy_timeout={busy_ms}", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("lyz_begin", "BEGIN IMMEDIATE"))
