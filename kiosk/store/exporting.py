"""What an export asks of the ledger, over one connection: every page of one consistent view.

Upstream: ``tables``, ``records``, ``sync.mailbox.heads``.
Downstream: ``transaction``, which is one of these.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, and_, func, or_, select

from kiosk.store.heads import head_of
from kiosk.store.tables import AsideRow, LedgerRow, SessionRow, StreamRow
from kiosk.usecases.export_ports import LedgerEntry
from sync.mailbox import heads as mailbox_heads

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from kiosk.usecases.record_ports import SessionHistory
    from sync.mailbox.heads import StreamAlarm
    from sync.protocol.checkpoint import Checkpoint
    from sync.protocol.envelope import Position

PAGE = 500
_page = select(SessionRow.id, SessionRow.started_ms, AsideRow.name)
_page = _page.join(AsideRow, AsideRow.event_id == SessionRow.check_in, isouter=True)
_page = _page.order_by(SessionRow.started_ms, SessionRow.id).limit(PAGE)


class ExportQueries(ABC):
    """The port ``ExportReading`` on one open connection; ``history`` and ``events`` are the transaction's."""

    _connection: Connection

    @abstractmethod
    def history(self, session_id: str) -> SessionHistory | None:
        """Return a session with its events, or None."""

    def count_entries(self, first: date | None, last: date | None) -> int:
        """Return how many sessions began on these local dates, drills left out."""
        chosen = select(func.count()).select_from(SessionRow).where(*_between(first, last))
        return self._connection.execute(chosen).scalar_one()

    def entries(self, first: date | None, last: date | None) -> Iterator[LedgerEntry]:
        """Yield them, earliest first."""
        after: Any = None
        while True:
            begun = () if after is None else (_after(after),)
            rows = self._connection.execute(_page.where(*_between(first, last), *begun)).all()
            for row in rows:
                history = self.history(row.id)
                if history is not None:
                    yield LedgerEntry(history, row.name or "")
            if len(rows) < PAGE:
                return
            after = rows[-1]

    def chain_heads(self) -> list[Position]:
        """Return the head of every stream that has any record, in the order in which they were begun."""
        streams = self._connection.execute(select(StreamRow.stream).order_by(StreamRow.number)).scalars().all()
        heads = (head_of(self._connection, stream) for stream in streams)
        return [head for head in heads if head.seq]

    def chain_checkpoints(self) -> list[Checkpoint]:
        """Return every checkpoint, oldest first."""
        return list(mailbox_heads.checkpoints(self._connection))

    def acknowledged(self) -> list[Position]:
        """Return the heads that the platform acknowledged."""
        return list(mailbox_heads.acknowledged(self._connection))

    def stream_alarms(self) -> list[StreamAlarm]:
        """Return what the platform raised about this device's streams, oldest first."""
        return list(mailbox_heads.alarms(self._connection))

    def count_events(self) -> int:
        """Return how many records the chain has."""
        return self._connection.execute(select(func.count()).select_from(LedgerRow)).scalar_one()


def _between(first: date | None, last: date | None) -> Iterator[Any]:
    yield SessionRow.drill.is_(False)
    if first is not None:
        yield SessionRow.started_on >= first.isoformat()
    if last is not None:
        yield SessionRow.started_on <= last.isoformat()


def _after(row: Any) -> Any:
    later = SessionRow.started_ms > row.started_ms
    return or_(later, and_(SessionRow.started_ms == row.started_ms, SessionRow.id > row.id))
