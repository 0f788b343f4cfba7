"""What the device keeps of the operators' PINs, within the caller's transaction.

Upstream: ``tables``.
Downstream: ``transaction``.
"""

from __future__ import annotations

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from kiosk.store.tables import OperatorPinRow
from kiosk.usecases.operator_ports import KeptPin

_keep = insert(OperatorPinRow)
_keep = _keep.on_conflict_do_update(
    index_elements=[OperatorPinRow.operator], set_={"kept": _keep.excluded.kept, "tries": _keep.excluded.tries}
)


def find(connection: Connection, operator: str) -> KeptPin:
    """Return what is kept of one operator's PIN."""
    row = connection.execute(select(OperatorPinRow.__table__).where(OperatorPinRow.operator == operator)).one_or_none()
    return KeptPin() if row is None else KeptPin(row.kept, row.tries)


def keep(connection: Connection, operator: str, pin: KeptPin) -> None:
    """Keep this instead of what was kept before."""
    connection.execute(_keep, {"operator": operator, "kept": pin.kept, "tries": pin.tries})
