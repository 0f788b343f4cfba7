"""Events in the order in which they arrived, for readers that take them up bit by bit and must not miss one.

Upstream: ``tables``, ``mapping``.
Downstream: ``upward``.

A bare counter is not such an order: of two transactions the one that drew the lower number may commit later, when a
reader has gone past it, and its rows are skipped for ever. On PostgreSQL an event therefore carries the number of its
transaction (``arrived_in``) before its own (``position``), and a reader sees only what lies below the oldest
transaction that still runs: behind that nothing can appear any more (docs/adr/0023). One that runs long holds readers
up, and makes them miss nothing; time limits end it (``engine``). SQLite has one writer, and its rows are numbered in
the order of commits by themselves.

A dump that is read into another server meets lower transaction numbers there: :meth:`Arrivals.begin_again` lifts all
later ones above those that stand.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from msgspec import structs
from sqlalchemy import BigInteger, ColumnElement, and_, cast, func, literal, literal_column, or_, select, text
from sqlalchemy.orm import Session

from sync.platform.store import dialect, mapping
from sync.platform.store.tables import ArrivalBaseRow, EventRow, NameRow
from sync.protocol.envelope import Envelope
from sync.protocol.events import Aside

ONLY_ROW = 1
_WHOLE = tuple(getattr(EventRow, column) for column in mapping.EVENT_READ)


@dataclass(frozen=True, slots=True, order=True)
class Cursor:
    """A place in the order of arrival; the default stands before everything. Its text may be kept anywhere."""

    transaction: int = 0
    position: int = 0

    def __str__(self) -> str:
        return f"{self.transaction}.{self.position}"

    @classmethod
    def read(cls, written: str) -> Self:
        """Return the cursor of its text; an empty one is the beginning.

        Raises:
            ValueError: it is not a cursor's text.
        """
        transaction, _, position = (written or "0.0").partition(".")
        return cls(int(transaction), int(position))


@dataclass(frozen=True, slots=True)
class Arrived:
    """An event, the device that brought it, the name beside it while it stands, and the place to go on from."""

    cursor: Cursor
    device: str
    envelope: Envelope


class Arrivals:
    """The order of arrival, as one transaction sees it."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def after(self, cursor: Cursor, limit: int) -> tuple[Arrived, ...]:
        """Return the next events behind a cursor, in the one order in which none is ever skipped."""
        return tuple(self._read(cursor, limit))

    def begin_again(self) -> None:
        """Let all that comes from now on stand behind all that is here, whatever numbers transactions get.

        For a platform that is restored and not yet running: the table is locked until the transaction ends.
        """
        if self._is_sqlite():
            return
        highest = self._session.scalar(select(func.coalesce(func.max(EventRow.arrived_in), 0))) or 0
        self._session.merge(ArrivalBaseRow(id=ONLY_ROW, base=highest))
        self._session.flush()
        self._session.execute(text(dialect.arrival_default(highest)))

    def _read(self, cursor: Cursor, limit: int) -> Iterator[Arrived]:
        transaction, position = self._order()
        reached = or_(
            transaction > cursor.transaction, and_(transaction == cursor.transaction, position > cursor.position)
        )
        query = (
            select(*_WHOLE, NameRow.name, NameRow.salt, transaction, position)
            .select_from(EventRow)
            .outerjoin(NameRow, NameRow.event == EventRow.id)
            .where(transaction >= cursor.transaction, reached, self._is_settled())
            .order_by(transaction, position)
            .limit(limit)
        )
        for *whole, name, salt, transaction_, position_ in self._session.execute(query):
            recorded = mapping.recorded_from(whole)
            aside = None if name is None or salt is None else Aside(name, salt)
            envelope = structs.replace(recorded.envelope, aside=aside)
            yield Arrived(Cursor(transaction_, position_), recorded.device, envelope)

    def _order(self) -> tuple[ColumnElement[int], ColumnElement[int]]:
        if self._is_sqlite():
            return literal(0), literal_column("events.rowid", BigInteger())
        return EventRow.arrived_in.expression, EventRow.position.expression

    def _is_settled(self) -> ColumnElement[bool]:
        if self._is_sqlite():
            return literal(True)
        base = func.coalesce(select(ArrivalBaseRow.base).where(ArrivalBaseRow.id == ONLY_ROW).scalar_subquery(), 0)
        return EventRow.arrived_in < base + cast(literal_column(dialect.OLDEST_RUNNING), BigInteger)

    def _is_sqlite(self) -> bool:
        return self._session.get_bind().dialect.name == dialect.SQLITE
