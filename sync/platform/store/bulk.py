"""What is read and written by the hundred: one statement each, in the way its database is fastest at.

Upstream: SQLAlchemy, ``dialect``.
Downstream: the repositories on the way of a batch.

PostgreSQL takes rows by COPY and lists of texts as one array; SQLite takes rows by one prepared statement and lists as
JSON. Rows go past the ORM: they are tuples in the order of their columns. A test takes a batch in both databases.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

from sqlalchemy import ARRAY, BigInteger, Boolean, Connection, Dialect, Text, TypeDecorator, column, select
from sqlalchemy import table as name_of_table
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.elements import BindParameter, ColumnElement
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine

from sync.platform.store.dialect import SQLITE

NUL = "\x00"  # PostgreSQL keeps it in no text, so that nothing is found under a name that holds it
UNIQUE_VIOLATION = "23505"
_SQLITE_UNIQUE = ("SQLITE_CONSTRAINT_PRIMARYKEY", "SQLITE_CONSTRAINT_UNIQUE")
Cell: TypeAlias = str | int | bool | None
Cells: TypeAlias = tuple[Cell, ...]


class _Many(TypeDecorator[Iterable[str] | Iterable[int]]):
    """Texts or numbers as one parameter."""

    impl = Text
    cache_ok = True

    def __init__(self, item: Text | BigInteger) -> None:
        super().__init__()
        self.item = item

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Text() if dialect.name == SQLITE else ARRAY(self.item))

    def process_bind_param(self, value: Iterable[str] | Iterable[int] | None, dialect: Dialect) -> Any:
        found = [item for item in value or () if not (isinstance(item, str) and NUL in item)]
        return json.dumps(found) if dialect.name == SQLITE else found


_TEXTS, _NUMBERS = _Many(Text()), _Many(BigInteger())


class _Among(FunctionElement[bool]):
    """A column is one of those of a parameter."""

    inherit_cache = True
    type = Boolean()


@compiles(_Among)
def _among_array(element: _Among, compiler: Any, **options: Any) -> str:
    of, given = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{of} = ANY ({given})"


@compiles(_Among, SQLITE)
def _among_json(element: _Among, compiler: Any, **options: Any) -> str:
    of, given = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{of} IN (SELECT value FROM json_each({given}))"  # noqa: S608 - clauses of ours


def among(of: Any, name: str) -> ColumnElement[bool]:
    """Return the condition that a column is one of the texts given when the statement runs, as parameter ``name``."""
    return _Among(of, BindParameter(name, type_=_TEXTS))


def among_numbers(of: Any, name: str) -> ColumnElement[bool]:
    """Return the same of numbers."""
    return _Among(of, BindParameter(name, type_=_NUMBERS))


def add(connection: Connection, table: str, columns: Sequence[str], rows: Sequence[Cells]) -> None:
    """Add rows; whatever refuses one refuses all."""
    if not rows:
        return
    if connection.dialect.name == SQLITE:
        connection.exec_driver_sql(_insert(table, columns, "?"), list(rows))
        return
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copying:
        for row in rows:
            copying.write_row(row)


def add_unless_held(connection: Connection, table: str, columns: Sequence[str], rows: Sequence[Cells]) -> bool:
    """Add rows, or none of them where another transaction brought one of their keys meanwhile.

    The fastest way in has no ON CONFLICT, so the unique key stands guard and a savepoint takes the attempt back. It
    waits for such another transaction to end first.

    Returns:
        Whether they were added. If not, what the other transaction brought can be read now.
    """
    savepoint = connection.begin_nested()
    try:
        add(connection, table, columns, rows)
    except Exception as error:
        if not _is_held(error):
            raise
        savepoint.rollback()
        return False
    savepoint.commit()
    return True


def add_missing(connection: Connection, table: str, columns: Sequence[str], rows: Iterable[Cells]) -> None:
    """Add those rows of which no key is held yet, whoever brings them at the same time."""
    _each(connection, table, columns, (tuple(rows), "ON CONFLICT DO NOTHING"))


def put(connection: Connection, table: str, columns: Sequence[str], rows: Iterable[Cells]) -> None:
    """Write rows over those of the same key, which is the first column; nobody else writes them meanwhile."""
    given, anew = tuple(rows), ", ".join(f"{name} = excluded.{name}" for name in columns[1:])
    held = _held(connection, table, columns[0], [str(row[0]) for row in given])
    add(connection, table, columns, [row for row in given if row[0] not in held])
    older = tuple(row for row in given if row[0] in held)
    _each(connection, table, columns, (older, f"ON CONFLICT ({columns[0]}) DO UPDATE SET {anew}"))


def _held(connection: Connection, table: str, key: str, keys: Sequence[str]) -> frozenset[str]:
    named: ColumnElement[str] = column(key, Text())
    query = select(named).select_from(name_of_table(table)).where(among(named, "keys"))
    return frozenset(connection.scalars(query, {"keys": keys}))


def _each(connection: Connection, table: str, columns: Sequence[str], given: tuple[tuple[Cells, ...], str]) -> None:
    rows, otherwise = given
    if rows and connection.dialect.name == SQLITE:
        connection.exec_driver_sql(f"{_insert(table, columns, '?')} {otherwise}", list(rows))
    elif rows:
        driver: Any = connection.connection.driver_connection
        with driver.cursor() as cursor:
            cursor.executemany(f"{_insert(table, columns, '%s')} {otherwise}", rows)


def _insert(table: str, columns: Sequence[str], mark: str) -> str:
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join([mark] * len(columns))})"  # noqa: S608 - names of ours


def _is_held(error: Exception) -> bool:
    origin = getattr(error, "orig", None) or error
    if getattr(origin, "sqlstate", None) == UNIQUE_VIOLATION:
        return True
    return getattr(origin, "sqlite_errorname", None) in _SQLITE_UNIQUE
