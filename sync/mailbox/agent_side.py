"""The agent's side of the mailbox: each step of the way upward is one transaction on the device's file.

Upstream: ``engine``, ``outbox``, ``link``.
Downstream: ``sync.agent``.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import inspect
from sqlalchemy.exc import DBAPIError

from sync.mailbox import heads, link, outbox
from sync.mailbox.engine import FileMovedError, open_engine, reading, writing
from sync.mailbox.tables import OutboxRow
from sync.protocol.vocabulary import EventOutcome

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from sync.mailbox.link import Exchange, Link
    from sync.mailbox.outbox import Counts, Parked
    from sync.protocol.batch import Receipt
    from sync.protocol.checkpoint import Checkpoint
    from sync.protocol.envelope import Envelope


class MailboxError(Exception):
    """The device's file cannot be used now: missing, locked, full or not made by the kiosk yet."""


@dataclass(frozen=True, slots=True)
class Overview:
    """What ``status`` shows."""

    counts: Counts
    link: Link
    parked: Sequence[Parked]


class AgentMailbox:
    """The outbox and link state in one device file.

    Every method is one transaction and raises :class:`MailboxError` when the file cannot be used; then nothing changed.
    """

    def __init__(self, file: Path) -> None:
        """Take the device's file; it is made by the kiosk, never by the agent."""
        self._file = file
        self._engine = open_engine(file, follows=True)

    def is_ready(self) -> bool:
        """Tell whether the kiosk has made the file and its tables."""
        if not self._file.is_file():
            return False
        with self._translated(), reading(self._engine) as connection:
            return inspect(connection).has_table(OutboxRow.__tablename__)

    def claim(self, lease: str, limit: int) -> Sequence[Envelope]:
        """Lease up to ``limit`` waiting envelopes, oldest first; the attempt is marked before it is made."""
        with self._translated(), writing(self._engine) as connection:
            return outbox.claim(connection, lease, limit)

    def newest_checkpoint(self) -> Checkpoint | None:
        """Return the newest signed checkpoint of the chain, or None before there is one."""
        with self._translated(), reading(self._engine) as connection:
            return heads.newest_checkpoint(connection)

    def settle(self, receipt: Receipt, claimed: Sequence[Envelope], exchange: Exchange) -> None:
        """Do what a valid receipt says, and only for the events that it names; the rest goes back to waiting."""
        mine = {envelope.id: envelope.stream for envelope in claimed}
        named = {each.id: each for each in receipt.events if each.id in mine}
        done = [i for i, e in named.items() if e.outcome in {EventOutcome.ACCEPTED, EventOutcome.DUPLICATE}]
        parked = {
            i: e.reason or "the platform gave no reason"
            for i, e in named.items()
            if e.outcome is EventOutcome.QUARANTINED
        }
        alarms = [(mine[i], e.alarm) for i, e in named.items() if e.alarm]
        with self._translated(), writing(self._engine) as connection:
            outbox.acknowledge(connection, done, receipt.server_ms)
            outbox.park(connection, parked)
            outbox.release(connection, mine.keys() - set(done) - set(parked))
            outbox.purge(connection, receipt.server_ms)
            heads.acknowledge(connection, (head for head in receipt.heads if head.seq), receipt.server_ms)
            heads.raise_alarms(connection, alarms, receipt.server_ms)
            link.put_exchange(connection, exchange)
            link.write_link(connection, link.Link(receipt.server_ms, receipt.epoch))

    def release(self, claimed: Sequence[Envelope], trouble: str) -> None:
        """Put claimed envelopes back to waiting and note one sentence on what was wrong."""
        with self._translated(), writing(self._engine) as connection:
            outbox.release(connection, [envelope.id for envelope in claimed])
            before = link.read_link(connection)
            tries = before.attempts_since_contact + 1
            link.write_link(connection, replace(before, attempts_since_contact=tries, trouble=trouble))

    def waiting(self) -> int:
        """Return how many events the platform has not acknowledged yet."""
        with self._translated(), reading(self._engine) as connection:
            return outbox.waiting_count(connection)

    def overview(self) -> Overview:
        """Return what ``status`` shows, as one consistent view."""
        with self._translated(), reading(self._engine) as connection:
            return Overview(outbox.counts(connection), link.read_link(connection), outbox.parked(connection))

    def close(self) -> None:
        """Close the connections."""
        self._engine.dispose()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise MailboxError(f"{self._file}: {error.orig}") from error
        except FileMovedError as error:
            raise MailboxError(f"{self._file}: {error}") from error
