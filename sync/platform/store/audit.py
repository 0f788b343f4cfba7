"""The log of what people did: added to, read, never changed.

Upstream: ``tables``, ``signin.audit`` (values).
Downstream: ``signin``, ``console``.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from sync.platform.signin.audit import AuditFilter, AuditLine, Deed, Done
from sync.platform.store.tables import AccountRow, AuditRow


class Audit:
    """The log's rows of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def note(self, done: Done, at_ms: int) -> None:
        """Add a deed, UTC ms."""
        self._session.add(
            AuditRow(
                at_ms=at_ms,
                account=done.by,
                deed=done.deed.value,
                subject=done.subject,
                detail=done.detail,
                service_point=done.service_point,
            )
        )
        self._session.flush()

    def lines(self, wanted: AuditFilter, before: int | None, limit: int) -> tuple[AuditLine, ...]:
        """Return deeds, latest first, those noted before the one of an id."""
        query = select(AuditRow, AccountRow.name).outerjoin(AccountRow, AccountRow.id == AuditRow.account)
        query = query.where(_condition(wanted))
        if before is not None:
            query = query.where(AuditRow.id < before)
        rows = self._session.execute(query.order_by(AuditRow.id.desc()).limit(limit))
        return tuple(AuditLine(row.id, row.at_ms, name, _done_of(row)) for row, name in rows)


def _done_of(row: AuditRow) -> Done:
    return Done(row.account, Deed(row.deed), row.subject, row.detail, row.service_point)


def _condition(wanted: AuditFilter) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.from_ms is not None:
        conditions.append(AuditRow.at_ms >= wanted.from_ms)
    if wanted.until_ms is not None:
        conditions.append(AuditRow.at_ms < wanted.until_ms)
    if wanted.who is not None:
        conditions.append(AccountRow.name == wanted.who)
    if wanted.deed is not None:
        conditions.append(AuditRow.deed == wanted.deed.value)
    if wanted.points is not None:
        conditions.append(AuditRow.service_point.in_(sorted(wanted.points)))
    return and_(True, *conditions)
