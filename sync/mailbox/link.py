"""What the agent leaves for the kiosk: exchanges for its clock, and the state of the way to the platform.

Upstream: ``tables``.
Downstream: ``sync.agent`` (writes), ``kiosk.store`` (reads, forgets).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select
from sqlalchemy.dialects.sqlite import insert as upsert

from sync.mailbox.tables import ExchangeRow, LinkRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection

NS_PER_US = 1000
MOST_EXCHANGES = 100  # kept for a kiosk that is not running; the newest


@dataclass(frozen=True, slots=True)
class Exchange:
    """One answered exchange: when the answer came (ns of that boot), the platform's time (UTC ms), the round trip."""

    boot_id: str
    bt_recv_ns: int
    server_ms: int
    rtt_ns: int
    id: int = 0

    @property
    def bt_recv_us(self) -> int:
        """``bt_recv_ns`` as an anchor states it, in microseconds."""
        return self.bt_recv_ns // NS_PER_US

    @property
    def rtt_us(self) -> int:
        """``rtt_ns`` as an anchor states it, in microseconds, rounded up."""
        return -(-self.rtt_ns // NS_PER_US)


@dataclass(frozen=True, slots=True)
class Link:
    """The way to the platform.

    Attributes:
        last_contact_ms: the platform's time of its last receipt, UTC ms.
        epoch: the platform's epoch then.
        attempts_since_contact: tries without a receipt since.
        trouble: one sentence on what is wrong, or None.
        alarms: the platform's words for what a person must look at.
    """

    last_contact_ms: int | None = None
    epoch: str | None = None
    attempts_since_contact: int = 0
    trouble: str | None = None
    alarms: tuple[str, ...] = ()


def put_exchange(connection: Connection, exchange: Exchange) -> None:
    """Note an exchange, and forget all but the newest :data:`MOST_EXCHANGES`."""
    done = connection.execute(
        insert(ExchangeRow).values(
            boot_id=exchange.boot_id,
            bt_recv_ns=exchange.bt_recv_ns,
            server_ms=exchange.server_ms,
            rtt_ns=exchange.rtt_ns,
        )
    )
    newest = done.inserted_primary_key
    if newest is not None:
        connection.execute(delete(ExchangeRow).where(ExchangeRow.id <= newest[0] - MOST_EXCHANGES))


def exchanges(connection: Connection) -> Sequence[Exchange]:
    """Return the noted exchanges, oldest first."""
    rows = connection.execute(select(ExchangeRow.__table__).order_by(ExchangeRow.id)).all()
    return [Exchange(row.boot_id, row.bt_recv_ns, row.server_ms, row.rtt_ns, row.id) for row in rows]


def forget_exchanges(connection: Connection, ids: Iterable[int]) -> None:
    """Delete exchanges that the ledger has dealt with."""
    connection.execute(delete(ExchangeRow).where(ExchangeRow.id.in_(list(ids))))


def read_link(connection: Connection) -> Link:
    """Return the state of the way to the platform; an empty one before the first try."""
    row = connection.execute(select(LinkRow.__table__).where(LinkRow.id == 1)).one_or_none()
    if row is None:
        return Link()
    alarms = tuple((row.alarms or "").split())
    return Link(row.last_contact_ms, row.epoch, row.attempts_since_contact, row.trouble, alarms)


def write_link(connection: Connection, link: Link) -> None:
    """Replace the state of the way to the platform."""
    values = {
        "last_contact_ms": link.last_contact_ms,
        "epoch": link.epoch,
        "attempts_since_contact": link.attempts_since_contact,
        "trouble": link.trouble,
        "alarms": " ".join(link.alarms) or None,
    }
    statement = upsert(LinkRow).values(id=1, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=[LinkRow.id], set_=values))
