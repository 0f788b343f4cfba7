"""Which events the platform holds, in its ledger or set apart, by id alone.

Upstream: ``tables``.
Downstream: ``reconciling``.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from sync.platform.store.tables import EventRow, QuarantineRow


class Holdings:
    """What one transaction sees as held."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def held(self, ids: Collection[str]) -> frozenset[str]:
        """Return those of some event ids that are held; one query, whatever their number."""
        in_ledger = select(EventRow.id).where(EventRow.id.in_(ids))
        set_apart = select(QuarantineRow.event).where(QuarantineRow.event.in_(ids))
        return frozenset(self._session.execute(union(in_ledger, set_apart)).scalars())
