"""A transaction that is run again where the database gave it up for another's sake.

Upstream: ``engine``, ``dialect``.
Downstream: ``receiving``.

Our own transactions ask for their locks in one order (``locks``) and need this for nothing. It is for what stands
beside them: a person at the database's own prompt, a backup, a later version that orders otherwise.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sync.platform.errors import DatabaseAwayError
from sync.platform.store import dialect
from sync.platform.store.engine import Database
from sync.platform.store.unit_of_work import Unit

TRIES = 4  # a request waits for all of them; afterwards the device is told to come again
T = TypeVar("T")


def settled(database: Database, owner: str, work: Callable[[Unit], T]) -> T:
    """Return what a unit of work gives once it is committed, durably; as :meth:`Database.writing`.

    Args:
        database: where.
        owner: whose rows are written.
        work: changes nothing but the database, for it is run again from its beginning.

    Raises:
        DatabaseAwayError: as there, or given up :data:`TRIES` times.
    """
    tries = 1
    while True:
        try:
            with database.writing(owner) as unit:
                return work(unit)
        except DatabaseAwayError as away:
            if tries == TRIES or not dialect.was_given_up(away.__cause__):
                raise
            tries += 1
