"""A transaction that is run again where another one came in its way.

Upstream: ``engine``, ``dialect``.
Downstream: ``receiving``.

Locks keep apart what names the same device, stream or session. What is left: one event id under two streams, which
only a broken or hostile device makes, and whatever stands beside our transactions, a person at the database's own
prompt or a later version that orders otherwise. Then a unique key or the database itself refuses one of the two; run
again, it finds what the other has committed and judges by that.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import IntegrityError

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
        IntegrityError: a key is held every time.
    """
    tries = 1
    while True:
        try:
            with database.writing(owner) as unit:
                return work(unit)
        except (DatabaseAwayError, IntegrityError) as error:
            if tries == TRIES or not dialect.was_given_up(error.__cause__):
                raise
            tries += 1
