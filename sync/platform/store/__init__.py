"""The platform's database behind plain methods: one unit of work a transaction, nothing of SQLAlchemy outside.

Upstream: SQLAlchemy, Alembic, ``ingest`` (values).
Downstream: ``receiving``, ``registry``, ``console``, the commands.
"""

from sync.platform.store.engine import Database
from sync.platform.store.locks import Kind
from sync.platform.store.settling import settled
from sync.platform.store.unit_of_work import Unit

__all__ = ["Database", "Kind", "Unit", "settled"]
