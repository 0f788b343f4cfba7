"""A database that cannot be used now, as a sentence for those who know nothing of databases and try again.

Upstream: SQLAlchemy.
Downstream: ``upward``, which runs on while the database is away.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import SQLAlchemyError

from sync.platform.errors import StoreError


@contextmanager
def told() -> Iterator[None]:
    """Raise :class:`StoreError` where the database cannot be used now; what was not committed did not happen."""
    try:
        yield
    except SQLAlchemyError as error:
        raise StoreError(f"The database cannot be used now: {getattr(error, 'orig', None) or error}") from error
