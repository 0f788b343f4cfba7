"""Rounds in which the platform is asked what it lacks, and what the kiosk brings back where it lost its memory.

Upstream: ``tables``, ``outbox``.
Downstream: ``agent_side`` (asks), ``kiosk.store`` (brings back).

::

    a new epoch is heard ──▶ an offering is asked for ──the kiosk brings rows long purged──▶ whole ──┐
             │                                                                                       │
             ▼                                                                                       ▼
      a round begins ──page by page, each with its answer in one transaction──▶ done          another round

A round goes through the rows that the platform acknowledged or set aside, in order of position, up to where the outbox
ended as it began. It may be broken off anywhere, and begins anew where the platform's epoch changes under it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import bindparam, delete, func, or_, select, text, update
from sqlalchemy.dialects.sqlite import insert as upsert

from sync.mailbox.outbox import DAMAGED
from sync.mailbox.tables import OfferingRow, OutboxRow, OutboxState, ReconcilingRow

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from sync.protocol.envelope import Envelope

DAY_MS = 24 * 3600 * 1000  # asked this often, and so after a day offline too (protocol.md)
HELD = text("state IN ('acknowledged', 'parked')")
_whole = or_(OutboxRow.reason.is_(None), OutboxRow.reason != DAMAGED)
_beyond = (HELD, _whole, OutboxRow.position > bindparam("after"), OutboxRow.position <= bindparam("until"))
_page = select(OutboxRow.position, OutboxRow.event_id).where(*_beyond).order_by(OutboxRow.position)
_offer = upsert(OutboxRow).on_conflict_do_nothing(index_elements=[OutboxRow.event_id])


@dataclass(frozen=True, slots=True)
class Round:
    """How far the platform was asked; see ``ReconcilingRow``."""

    after: int | None = None
    until: int = 0
    epoch: str | None = None
    offered: bool = False
    done_ms: int | None = None
    done_epoch: str | None = None

    def is_due(self, now_ms: int | None, epoch: str | None, offering: Offering | None) -> bool:
        """Tell whether there is something to ask.

        Args:
            now_ms: the platform's time of its last answer, UTC ms; None before the first.
            epoch: its epoch then.
            offering: what the kiosk brings back, if anything was asked for.
        """
        if now_ms is None:
            return False
        if self.after is not None or self.done_ms is None or self.done_epoch != epoch:
            return True
        return abs(now_ms - self.done_ms) >= DAY_MS or (offering is not None and offering.whole)


@dataclass(frozen=True, slots=True)
class Offering:
    """All that the ledger holds is asked for since ``asked_ms`` (the platform's time, UTC ms); see ``OfferingRow``."""

    asked_ms: int
    upto: int = 0
    whole: bool = False


@dataclass(frozen=True, slots=True)
class HeldPage:
    """Ids that the platform was said to keep, and the position of the last; empty: the round has reached its end."""

    ids: tuple[str, ...]
    last: int


def read_round(connection: Connection) -> Round:
    """Return how far the platform was asked."""
    row = connection.execute(select(ReconcilingRow.__table__)).one_or_none()
    if row is None:
        return Round()
    return Round(row.after, row.until or 0, row.epoch, row.offered, row.done_ms, row.done_epoch)


def begin(connection: Connection, epoch: str | None) -> Round:
    """Begin a round, from the outbox's first row to its last one now."""
    until = connection.execute(select(func.coalesce(func.max(OutboxRow.position), 0))).scalar_one()
    asked = offering(connection)
    begun = replace(
        read_round(connection), after=0, until=until, epoch=epoch, offered=asked is not None and asked.whole
    )
    _write(connection, begun)
    return begun


def held_page(connection: Connection, found: Round, limit: int) -> HeldPage:
    """Return the next ids to ask about."""
    after = found.after or 0
    rows = connection.execute(_page.limit(limit), {"after": after, "until": found.until}).all()
    return HeldPage(tuple(row.event_id for row in rows), rows[-1].position if rows else after)


def advance(connection: Connection, after: int) -> None:
    """Note that all up to a position was asked."""
    connection.execute(update(ReconcilingRow).values(after=after))


def finish(connection: Connection, found: Round, at_ms: int | None) -> None:
    """End a round; ``at_ms`` is the platform's time, UTC ms."""
    _write(connection, replace(found, after=None, done_ms=at_ms, done_epoch=found.epoch))
    if found.offered:
        connection.execute(delete(OfferingRow).where(OfferingRow.whole))


def doubt(connection: Connection) -> None:
    """Let the next round be due at once: something was acknowledged that the platform may have lost since."""
    connection.execute(update(ReconcilingRow).values(done_ms=None))


def ask_everything(connection: Connection, at_ms: int) -> None:
    """Ask the kiosk for all that its ledger holds; ``at_ms`` is the platform's time, UTC ms."""
    values = {"asked_ms": at_ms, "upto": 0, "whole": False}
    asked = upsert(OfferingRow).values(id=1, **values)
    connection.execute(asked.on_conflict_do_update(index_elements=[OfferingRow.id], set_=values))


def offering(connection: Connection) -> Offering | None:
    """Return what is asked of the kiosk, or None."""
    row = connection.execute(select(OfferingRow.__table__)).one_or_none()
    return None if row is None else Offering(row.asked_ms, row.upto, row.whole)


def offer(connection: Connection, envelopes: Iterable[Envelope], upto: int, *, whole: bool) -> None:
    """Bring events of the ledger back, and how far that has come; those still in the outbox stay as they are.

    They come back as acknowledged, as they once were: the next round asks which of them the platform lacks.
    """
    asked = offering(connection)
    if asked is None:
        return
    rows = [
        {
            "event_id": envelope.id,
            "envelope": msgspec.json.encode(envelope),
            "state": OutboxState.ACKNOWLEDGED,
            "acknowledged_ms": asked.asked_ms,
        }
        for envelope in envelopes
    ]
    if rows:
        connection.execute(_offer, rows)
    connection.execute(update(OfferingRow).values(upto=upto, whole=whole))


def _write(connection: Connection, found: Round) -> None:
    values = {
        "after": found.after,
        "until": found.until,
        "epoch": found.epoch,
        "offered": found.offered,
        "done_ms": found.done_ms,
        "done_epoch": found.done_epoch,
    }
    written = upsert(ReconcilingRow).values(id=1, **values)
    connection.execute(written.on_conflict_do_update(index_elements=[ReconcilingRow.id], set_=values))
