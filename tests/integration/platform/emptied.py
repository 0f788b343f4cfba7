"""One platform after another for properties, each with two devices and nothing else, on either database.

Upstream: ``sync.platform``.
Downstream: properties of the platform.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import lru_cache
from typing import Any, TypeAlias, cast

import pytest
import sqlalchemy as sa

from sync.platform.records import Device
from sync.platform.store import Database
from sync.platform.store.tables import MonthlyTotalRow, OverlapRow, Row, VolunteerTotalRow
from sync.protocol.reference import ServicePoint

SQLITE = "sqlite"
DEVICES = ("device", "elsewhere")
POINT = ServicePoint("point-1", "王城公园东门岗亭", "410302", "08:00", "18:00")
Fresh: TypeAlias = Callable[[], AbstractContextManager[Database]]


def driver_of(database: Database) -> sqlite3.Connection:
    """The one connection of a database in memory."""
    connection: Any = database._engine.raw_connection().driver_connection
    return cast("sqlite3.Connection", connection)


@lru_cache(maxsize=1)
def empty_file() -> bytes:
    """A migrated database with two devices, as bytes: made once, copied for each example."""
    database = Database.open("sqlite://")
    database.migrate()
    furnish(database)
    return driver_of(database).serialize()


def furnish(database: Database) -> None:
    """Register two devices at one place."""
    with database.writing("registry") as unit:
        unit.registry.add_service_point(POINT)
        for name in DEVICES:
            unit.devices.add(Device(name, name, POINT.id, b"\x01" * 32, 0))


@contextmanager
def fresh_file() -> Iterator[Database]:
    """A platform on SQLite that holds two devices."""
    database = Database.open("sqlite://")
    driver_of(database).deserialize(empty_file())
    yield database
    database.close()


@contextmanager
def emptied(database: Database) -> Iterator[Database]:
    """The same platform on PostgreSQL again, holding two devices; no trigger or key watches while it is emptied."""
    with database._engine.begin() as connection:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        for table in Row.metadata.sorted_tables:
            connection.execute(table.delete())
    furnish(database)
    yield database


def kept(database: Database) -> list[tuple[Any, ...]]:
    """The totals that are kept, but for those of nothing."""
    found: list[tuple[Any, ...]] = []
    with database._engine.connect() as connection:
        for row in (MonthlyTotalRow, VolunteerTotalRow, OverlapRow):
            rows = [tuple(each) for each in connection.execute(sa.select(row.__table__))]
            found += sorted(each for each in rows if row is OverlapRow or any(isinstance(n, int) and n for n in each))
    return found


@pytest.fixture
def fresh(stored_in: str, request: pytest.FixtureRequest) -> Iterator[Fresh]:
    """What gives a platform that holds two devices and nothing else."""
    if stored_in == SQLITE:
        yield fresh_file
        return
    database = Database.open(request.getfixturevalue("database_url"))
    yield lambda: emptied(database)
    database.close()
