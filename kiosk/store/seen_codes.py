"""The replay cache: which dynamic certificates were taken, kept in the device file so that no restart forgets them.

Upstream: ``tables``.
Downstream: ``transaction``.

No clock is asked. The newest issue seen of an issuer is a mark below which the true time cannot be: a code that had
ended by then is stale, whatever this device's clock says, and what the cache holds of such codes can be forgotten. So
the cache holds no more than was taken within one lifetime of a code, and forgets nothing that could be shown again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, bindparam, delete, func, select
from sqlalchemy.dialects.sqlite import insert

from kiosk.store.tables import SeenCodeRow

if TYPE_CHECKING:
    from kiosk.usecases.ports import DynamicCode

_newest = select(func.max(SeenCodeRow.issued_s)).where(SeenCodeRow.issuer == bindparam("issuer"))
_remember = insert(SeenCodeRow).on_conflict_do_nothing()
_forget = delete(SeenCodeRow).where(
    SeenCodeRow.issuer == bindparam("issuer"), SeenCodeRow.expires_s <= bindparam("newest")
)


def take(connection: Connection, code: DynamicCode) -> bool:
    """Remember a code within the caller's transaction; False where it was taken before or is stale."""
    issued_s, expires_s = int(code.issued_at.timestamp()), int(code.expires_at.timestamp())
    newest = connection.execute(_newest, {"issuer": code.issuer}).scalar_one()
    if newest is not None and expires_s <= newest:
        return False
    values = {"issuer": code.issuer, "issued_s": issued_s, "serial": code.serial.hex(), "expires_s": expires_s}
    if connection.execute(_remember, values).rowcount == 0:
        return False
    if newest is None or issued_s > newest:
        connection.execute(_forget, {"issuer": code.issuer, "newest": issued_s})
    return True
