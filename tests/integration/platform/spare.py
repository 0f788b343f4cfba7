"""One PostgreSQL database for many tests, emptied between them: making one costs a third of a second each.

Upstream: ``tests.support.postgres``.
Downstream: the fixture ``database_url``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from sync.platform.store.tables import Row
from tests.support.postgres import Postgres

ALONE = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
SHAPE = """
SELECT (SELECT string_agg(oid || relname, ',' ORDER BY oid) FROM pg_class WHERE relnamespace = 'public'::regnamespace),
    (SELECT string_agg(pg_get_expr(adbin, adrelid), ',' ORDER BY oid) FROM pg_attrdef),
    (SELECT string_agg(version_num, ',') FROM alembic_version)
"""


@dataclass(slots=True)
class Spare:
    """A migrated database that is lent out and taken back; one whose tables a test changed is replaced."""

    server: Postgres
    url: str | None = None
    shape: tuple[Any, ...] = ()
    held: list[tuple[sa.Table, list[Any]]] = field(default_factory=list)

    def lend(self) -> str:
        """Return the URL of a migrated database that holds nothing."""
        if self.url is None:
            self.url = self.server.new_database()
            with _connected(self.url) as connection:
                self.shape = _shape(connection)
                rows = [(table, list(connection.execute(sa.select(table)))) for table in Row.metadata.sorted_tables]
            self.held = [(table, found) for table, found in rows if found]
        return self.url

    def take_back(self) -> None:
        """Empty it, whoever is still connected; no trigger or key watches."""
        assert self.url is not None
        try:
            with _connected(self.url) as connection:
                connection.exec_driver_sql(ALONE)
                if _shape(connection) == self.shape:
                    self._empty(connection)
                    return
        except sa.exc.SQLAlchemyError:
            pass  # a test left it in a state that nobody has to understand
        self.server.drop(self.url)
        self.url = None

    def _empty(self, connection: sa.Connection) -> None:
        names = "; ".join(f"DELETE FROM {table.name}" for table in Row.metadata.sorted_tables)  # noqa: S608 - ours
        connection.exec_driver_sql(f"SET LOCAL session_replication_role = replica; {names}")
        for table, rows in self.held:
            connection.execute(table.insert(), [dict(row._mapping) for row in rows])


def _connected(url: str) -> Any:
    return sa.create_engine(url, poolclass=sa.NullPool).begin()


def _shape(connection: sa.Connection) -> tuple[Any, ...]:
    return tuple(connection.exec_driver_sql(SHAPE).one())
