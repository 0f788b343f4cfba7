"""What is read and written by the hundred: one statement each, in the way its database is fastest at.

Upstream: SQLAlchemy, ``dialect``.
Downstream: the repositories on the way of a batch.

PostgreSQL takes rows by COPY and lists of texts as one array; SQLite takes rows by one prepared statement and lists as
JSON. Rows go past the ORM: they are tuples in the order of their columns. A test takes a batch in both databases.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeAlias

from sqlalchemy import ARRAY, BigInteger, Boolean, Connection, Dialect, Text, TypeDecorator, column, select
from sqlalchemy import table as name_of_table
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.elements import BindParameter, ColumnElement
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine

from sync.platform.store.dialect import SQLITE

NUL = "\x00"  # PostgreSQL keeps it in no text, so that nothing is found under a name that holds it
FEW = 4  # rows below which a statement each is faster than COPY, which takes two turns of the line
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


def beside_index(of: Any) -> Any:
    """Return a column as one that no index knows: for a condition that must never be the way to the rows.

    A planner without statistics, as after a restore, joins the index of a kind with the narrow one, and reads every
    row of that kind in the table to find a handful.
    """
    return of.op("||")("")


def add(connection: Connection, table: str, columns: Sequence[str], rows: Sequence[Cells]) -> None:
    """Add rows.

    The fastest way in knows no ON CONFLICT: a unique key stands guard, waits for whoever brought the same one to end,
    and then refuses all; ``settling`` runs such a transaction again.
    """
    if len(rows) < FEW:
        _each(connection, table, columns, (tuple(rows), ""))
        return
    if connection.dialect.name == SQLITE:
        connection.exec_driver_sql(_insert(table, columns, "?"), list(rows))
        return
    with _cursor_of(connection) as cursor, cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copying:
        for row in rows:
            copying.write_row(row)


def add_missing(connection: Connection, table: str, columns: Sequence[str], rows: Iterable[Cells]) -> None:
    """Add those rows of which no key is held yet, whoever brings them at the same time."""
    _each(connection, table, columns, (tuple(rows), "ON CONFLICT DO NOTHING"))


def put(connection: Connection, table: str, columns: Sequence[str], rows: Iterable[Cells]) -> None:
    """Write rows over those of the same key, which is the first column; nobody else writes them meanwhile."""
    given, anew = tuple(rows), ", ".join(f"{name} = excluded.{name}" for name in columns[1:])
    if len(given) < FEW:
        _each(connection, table, columns, (given, f"ON CONFLICT ({columns[0]}) DO UPDATE SET {anew}"))
        return
    held = _held(connection, table, columns[0], [str(row[0]) for row in given])
    add(connection, table, columns, [row for row in given if row[0] not in held])
    older = tuple(row for row in given if row[0] in held)
    _each(connection, table, columns, (older, f"ON CONFLICT ({columns[0]}) DO UPDATE SET {anew}"))


def add_up(
    connection: Connection, table: str, columns: tuple[Sequence[str], Sequence[str]], rows: Iterable[Cells]
) -> None:
    """Add numbers to those that stand under a key, or begin with them.

    Args:
        connection: within a transaction.
        table: its name.
        columns: those of the key, then those that are added up.
        rows: cells of both, sorted by key, so that two transactions never wait for each other in a circle.
    """
    key, figures = columns
    added = ", ".join(f"{figure} = {table}.{figure} + excluded.{figure}" for figure in figures)
    otherwise = f"ON CONFLICT ({', '.join(key)}) DO UPDATE SET {added}"
    _each(connection, table, (*key, *figures), (tuple(rows), otherwise))


def _held(connection: Connection, table: str, key: str, keys: Sequence[str]) -> frozenset[str]:
    named: ColumnElement[str] = column(key, Text())
    query = select(named).select_from(name_of_table(table)).where(among(named, "keys"))
    return frozenset(connection.scalars(query, {"keys": keys}))


def _each(connection: Connection, table: str, columns: Sequence[str], given: tuple[tuple[Cells, ...], str]) -> None:
    rows, otherwise = given
    if rows and connection.dialect.name == SQLITE:
        connection.exec_driver_sql(f"{_insert(table, columns, '?')} {otherwise}", list(rows))
    elif rows:
        statement = f"{_insert(table, columns, '%s')} {otherwise}"
        with _cursor_of(connection) as cursor:
            if len(rows) == 1:
                cursor.execute(statement, rows[0])
            else:
                cursor.executemany(statement, rows)


@contextmanager
def _cursor_of(connection: Connection) -> Iterator[Any]:
    """Yield a cursor of the driver; what it raises comes as it would from SQLAlchemy."""
    driver: Any = connection.dialect.loaded_dbapi
    opened: Any = connection.connection.driver_connection
    try:
        with opened.cursor() as cursor:
            yield cursor
    except driver.Error as error:
        raise DBAPIError.instance(None, None, error, driver.Error, hide_parameters=True) from error


def _insert(table: str, columns: Sequence[str], mark: str) -> str:
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join([mark] * len(columns))})"  # noqa: S608 - names of ours
