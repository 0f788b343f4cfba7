"""What Alembic runs: the versions, over the connection that :func:`upgrade` hands in.

Upstream: Alembic.
Downstream: ``versions``.
"""

from __future__ import annotations

from alembic import context

from sync.platform.store.tables import Row

context.configure(connection=context.config.attributes["connection"], target_metadata=Row.metadata)
context.run_migrations()
