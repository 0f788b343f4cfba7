"""What was set apart and what people decided on it: the queue, one record whole, the decisions in their order.

Upstream: ``tables``, ``deciding`` (values).
Downstream: ``deciding``, ``console``.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from sync.platform.deciding_words import OPEN_STATES, Decision, SetApartRecord, State, Verdict
from sync.platform.store.tables import (
    AccountRow,
    DeviceRow,
    QuarantineDecisionRow,
    QuarantineRow,
    QuarantineStateRow,
    ServicePointRow,
)

Points = Collection[str] | None  # service points; None: all


class Decisions:
    """The quarantine's rows of one transaction, as people decide on them."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def queue(self, points: Points, *, decided: bool, before: int | None, limit: int) -> tuple[SetApartRecord, ...]:
        """Return records of some service points, latest first, those kept before the one of an id."""
        query = _records().where(_among(points), _decided() if decided else _waiting())
        if before is not None:
            query = query.where(QuarantineRow.id < before)
        rows = self._session.execute(query.order_by(QuarantineRow.id.desc()).limit(limit))
        return tuple(_record_of(*row) for row in rows)

    def count_waiting(self, points: Points, device: str | None = None) -> int:
        """Return how many records wait for somebody."""
        query = (
            select(func.count(QuarantineRow.id))
            .join(DeviceRow, DeviceRow.id == QuarantineRow.device)
            .outerjoin(QuarantineStateRow, QuarantineStateRow.quarantine == QuarantineRow.id)
            .where(_among(points), _waiting())
        )
        if device is not None:
            query = query.where(QuarantineRow.device == device)
        return self._session.scalar(query) or 0

    def record(self, id_: int) -> SetApartRecord | None:
        """Return one record."""
        row = self._session.execute(_records().where(QuarantineRow.id == id_)).first()
        return None if row is None else _record_of(*row)

    def history(self, id_: int) -> tuple[Decision, ...]:
        """Return what was decided on a record, first to last."""
        query = select(QuarantineDecisionRow, AccountRow.name).join(
            AccountRow, AccountRow.id == QuarantineDecisionRow.account
        )
        rows = self._session.execute(
            query.where(QuarantineDecisionRow.quarantine == id_).order_by(QuarantineDecisionRow.id)
        )
        return tuple(
            Decision(Verdict(row.verdict), row.account, name, row.at_ms, row.note, row.session) for row, name in rows
        )

    def add(self, id_: int, decision: Decision, state: State) -> None:
        """Note a decision and where the record stands after it."""
        self._session.add(
            QuarantineDecisionRow(
                quarantine=id_,
                at_ms=decision.at_ms,
                account=decision.account,
                verdict=decision.verdict.value,
                note=decision.note,
                session=decision.session,
            )
        )
        self._session.merge(QuarantineStateRow(quarantine=id_, state=state.value))
        self._session.flush()


def _records() -> Select[QuarantineRow, DeviceRow, str, str]:
    return (
        select(QuarantineRow, DeviceRow, ServicePointRow.name, QuarantineStateRow.state)
        .join(DeviceRow, DeviceRow.id == QuarantineRow.device)
        .join(ServicePointRow, ServicePointRow.id == DeviceRow.service_point)
        .outerjoin(QuarantineStateRow, QuarantineStateRow.quarantine == QuarantineRow.id)
    )


def _record_of(row: QuarantineRow, device: DeviceRow, point_name: str, state: str | None) -> SetApartRecord:
    return SetApartRecord(
        id=row.id,
        device=device.id,
        device_name=device.name,
        service_point=device.service_point,
        service_point_name=point_name,
        event=row.event,
        kind=row.kind,
        refusal=row.refusal,
        detail=row.detail,
        whole=row.envelope,
        received_ms=row.received_ms,
        state=State(state) if state else State.WAITING,
    )


def _among(points: Points) -> ColumnElement[bool]:
    return and_(True) if points is None else DeviceRow.service_point.in_(sorted(points))


def _waiting() -> ColumnElement[bool]:
    open_ = [state.value for state in OPEN_STATES]
    return or_(QuarantineStateRow.state.is_(None), QuarantineStateRow.state.in_(open_))


def _decided() -> ColumnElement[bool]:
    return QuarantineStateRow.state.in_([state.value for state in State if state not in OPEN_STATES])
