"""What tests of every room may ask for.

Upstream: ``tests.support``.
Downstream: all tests.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support import postgres as postgresql
from tests.support.postgres import Postgres


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A real PostgreSQL, one a test process; take a database of your own with ``new_database``."""
    with postgresql.server() as running:
        yield running
