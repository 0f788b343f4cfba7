"""The log of answered batches, a table a month on PostgreSQL: made ahead, dropped whole when its time is over.

Upstream: SQLAlchemy, ``dialect``, ``months``.
Downstream: ``engine``.

A city's devices write some 200,000 lines a day into it and nobody reads an old one; taking them away line by line would
cost more than writing them did. What no month was made for stands in ``batches_rest`` and moves when it is. Other
tables stay whole: their ids must be unique for ever, which no table a month can promise (docs/adr/0023).
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, delete, text

from sync.platform.months import begin_ms, following, month_of, preceding
from sync.platform.store import dialect
from sync.platform.store.tables import BatchRow

AHEAD = 12  # months made ahead: so long a platform may run without a start
REST = "batches_rest"
_MADE = "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'batches'::regclass"
_MOVE = """
WITH moved AS (DELETE FROM batches_rest WHERE received_ms >= {begin} AND received_ms < {end} RETURNING *)
INSERT INTO {name} SELECT * FROM moved
"""
_MAKE = (
    "CREATE TABLE {name} (LIKE batches INCLUDING DEFAULTS INCLUDING CONSTRAINTS)",
    _MOVE,
    "ALTER TABLE batches ATTACH PARTITION {name} FOR VALUES FROM ({begin}) TO ({end})",
)


def tend(connection: Connection, now_ms: int, keep: int) -> int:
    """Make the months to come and take away those that are over; return how many months or lines were taken away.

    Args:
        connection: within a transaction.
        now_ms: the present, UTC ms.
        keep: whole months kept before this one.
    """
    first = month_of(now_ms)
    for _ in range(keep):
        first = preceding(first)
    if connection.dialect.name == dialect.SQLITE:
        return connection.execute(delete(BatchRow).where(BatchRow.received_ms < begin_ms(first))).rowcount
    dialect.hold_writers_of(connection, "batch log")
    made = set(connection.scalars(text(_MADE)))
    for month in _from(month_of(now_ms)):
        if _name_of(month) not in made:
            for statement in _MAKE:
                name, begin, end = _name_of(month), begin_ms(month), begin_ms(following(month))
                connection.execute(text(statement.format(name=name, begin=begin, end=end)))
    over = sorted(name for name in made if name != REST and name < _name_of(first))
    for name in over:
        connection.execute(text(f"DROP TABLE {name}"))
    rest = connection.execute(text(f"DELETE FROM {REST} WHERE received_ms < {begin_ms(first)}")).rowcount  # noqa: S608 - a number of ours
    return len(over) + rest


def _from(month: str) -> Iterator[str]:
    for _ in range(AHEAD + 1):
        yield month
        month = following(month)


def _name_of(month: str) -> str:
    return f"batches_{month.replace('-', '_')}"
