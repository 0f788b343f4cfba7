"""The ledger page by page, as its events would travel: with the names that still stand beside them.

Upstream: ``tables``, ``mapping``.
Downstream: ``device_mailbox``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import bindparam, select

from kiosk.store.faults import DamagedError
from kiosk.store.mapping import envelope_of
from kiosk.store.tables import AsideRow, LedgerRow
from sync.protocol.events import Aside

if TYPE_CHECKING:
    from typing import Any

    from sqlalchemy import Connection, Row

    from sync.protocol.envelope import Envelope

_page = select(LedgerRow.__table__, AsideRow.name, AsideRow.salt).join(AsideRow, isouter=True)
_page = _page.where(LedgerRow.position > bindparam("after")).order_by(LedgerRow.position)


@dataclass(frozen=True, slots=True)
class LedgerPage:
    """Some events in order of recording, the position of the last row, and whether it is the ledger's last."""

    events: list[Envelope]
    upto: int
    is_last: bool


def events_after(connection: Connection, after: int, limit: int) -> LedgerPage:
    """Return up to ``limit`` events behind a position; a row that the disk has changed is passed over."""
    rows = connection.execute(_page.limit(limit), {"after": after}).all()
    events = [event for row in rows if (event := _event(row)) is not None]
    return LedgerPage(events, rows[-1].position if rows else after, len(rows) < limit)


def _event(row: Row[Any]) -> Envelope | None:
    aside = None if row.name is None else Aside(row.name, row.salt)
    try:
        return msgspec.structs.replace(envelope_of(row), aside=aside)
    except DamagedError:
        return None
