"""All totals counted once where a version of this program keeps more of them than the one before, or other ones.

Upstream: ``store``.
Downstream: ``commands.wiring``.
"""

from __future__ import annotations

from sync.platform.store import Database
from sync.platform.store.tallying import VERSION


def keep_totals(database: Database) -> bool:
    """Count all totals if this version's were never counted here; tell whether they were."""
    with database.reading() as unit:
        if unit.tallies.version() >= VERSION:
            return False
    database.recount()
    return True
