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

from sync.mailbox import heads, link, outbox, reconciling
from sync.mailbox.engine import FileMovedError, open_engine, reading, writing
from sync.mailbox.outbox import Queue
from sync.mailbox.report import read_reached, read_report
from sync.mailbox.tables import OutboxRow, ReachedRow
from sync.protocol.vocabulary import EventOutcome

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from sqlalchemy import Connection

    from sync.mailbox.link import Exchange, Link
    from sync.mailbox.outbox import Counts, Page, Parked
    from sync.mailbox.reconciling import HeldPage, Offering, Round
    from sync.mailbox.report import KioskReport
    from sync.protocol.batch import Receipt
    from sync.protocol.checkpoint import Checkpoint
    from sync.protocol.contact import Reached
    from sync.protocol.envelope import Envelope


DONE = frozenset({EventOutcome.ACCEPTED, EventOutcome.DUPLICATE})
NO_REASON = "the platform gave no reason"


class MailboxError(Exception):
    """The device's file cannot be used now: missing, locked, full or not made by the kiosk yet."""


@dataclass(frozen=True, slots=True)
class Overview:
    """What ``status`` shows."""

    counts: Counts
    link: Link
    parked: Sequence[Parked]


@dataclass(frozen=True, slots=True)
class Outlook:
    """What there is to do: which queues hold rows, the way to the platform, how far it was asked what it lacks."""

    fresh: bool
    again: bool
    link: Link
    round: Round
    offering: Offering | None

    @property
    def asks(self) -> bool:
        """Whether the platform is to be asked what it lacks."""
        return self.round.is_due(self.link.last_contact_ms, self.link.epoch, self.offering)


@dataclass(frozen=True, slots=True)
class Heard:
    """What every answer of the platform tells beside what was asked: its time (UTC ms), its epoch, the exchange."""

    server_ms: int
    epoch: str
    exchange: Exchange


class AgentMailbox:
    """The outbox and link state in one device file.

    Every method is one transaction and raises :class:`MailboxError` when the file cannot be used; then nothing changed.
    """

    def __init__(self, file: Path) -> None:
        """Take the device's file; it is made by the kiosk, never by the agent."""
        self._file = file
        self._engine = open_engine(file, follows=True)

    def is_ready(self) -> bool:
        """Tell whether the kiosk has made the file and all of its tables, the newest too."""
        if not self._file.is_file():
            return False
        with self._translated(), reading(self._engine) as connection:
            there = set(inspect(connection).get_table_names())
            return there >= {OutboxRow.__tablename__, ReachedRow.__tablename__}

    def claim(self, lease: str, limit: int, queue: Queue = Queue.ANY) -> Sequence[Envelope]:
        """Lease up to ``limit`` waiting envelopes, oldest first; the attempt is marked before it is made."""
        with self._translated(), writing(self._engine) as connection:
            return outbox.claim(connection, lease, limit, queue)

    def newest_checkpoint(self) -> Checkpoint | None:
        """Return the newest signed checkpoint of the chain, or None before there is one."""
        with self._translated(), reading(self._engine) as connection:
            return heads.newest_checkpoint(connection)

    def settle(self, receipt: Receipt, claimed: Sequence[Envelope], exchange: Exchange) -> None:
        """Do what a valid receipt says, and only for the events that it names; the rest goes back to waiting."""
        mine = {envelope.id: envelope.stream for envelope in claimed}
        named = {each.id: each for each in receipt.events if each.id in mine}
        done = [i for i, e in named.items() if e.outcome in DONE]
        parked = {i: e.reason or NO_REASON for i, e in named.items() if e.outcome is EventOutcome.QUARANTINED}
        alarms = [(mine[i], e.alarm) for i, e in named.items() if e.alarm]
        with self._translated(), writing(self._engine) as connection:
            outbox.acknowledge(connection, done, receipt.server_ms)
            outbox.park(connection, parked)
            outbox.set_back(connection, mine.keys() - set(done) - set(parked))
            outbox.purge(connection, receipt.server_ms)
            heads.acknowledge(connection, (head for head in receipt.heads if head.seq), receipt.server_ms)
            heads.raise_alarms(connection, alarms, receipt.server_ms)
            before = _hear(connection, Heard(receipt.server_ms, receipt.epoch, exchange))
            raised = tuple(sorted({*before.alarms, *receipt.alarms}))
            link.write_link(connection, link.Link(receipt.server_ms, receipt.epoch, alarms=raised))

    def release(self, claimed: Sequence[Envelope], trouble: str) -> None:
        """Put claimed envelopes back to waiting and note one sentence on what was wrong."""
        with self._translated(), writing(self._engine) as connection:
            outbox.release(connection, [envelope.id for envelope in claimed])
            _note_trouble(connection, trouble)

    def set_back(self, claimed: Sequence[Envelope], trouble: str) -> None:
        """Put claimed envelopes behind all others that wait, and note one sentence on what was wrong."""
        with self._translated(), writing(self._engine) as connection:
            outbox.set_back(connection, [envelope.id for envelope in claimed])
            _note_trouble(connection, trouble)

    def park(self, claimed: Sequence[Envelope], reason: str) -> None:
        """Set claimed envelopes aside, with a reason a person can act on."""
        with self._translated(), writing(self._engine) as connection:
            outbox.park(connection, dict.fromkeys((envelope.id for envelope in claimed), reason))

    def note_trouble(self, trouble: str) -> None:
        """Note one sentence on what was wrong with a call that moved no envelope."""
        with self._translated(), writing(self._engine) as connection:
            _note_trouble(connection, trouble)

    def contacted(self, heard: Heard, alarms: Sequence[str]) -> None:
        """Note that the platform answered a sign of life; where nothing waits, nothing is wrong any more."""
        with self._translated(), writing(self._engine) as connection:
            before = _hear(connection, heard)
            after = replace(before, last_contact_ms=heard.server_ms, epoch=heard.epoch, alarms=tuple(alarms))
            if not outbox.has_waiting(connection, Queue.ANY):
                after = replace(after, attempts_since_contact=0, trouble=None)
            link.write_link(connection, after)

    def kiosk_report(self) -> tuple[KioskReport, Counts]:
        """Return what the kiosk said last of the device, and how the outbox is."""
        with self._translated(), reading(self._engine) as connection:
            return read_report(connection), outbox.counts(connection)

    def reached(self) -> Reached | None:
        """Return how far the kiosk said last that its records reach."""
        with self._translated(), reading(self._engine) as connection:
            return read_reached(connection)

    def look(self) -> Outlook:
        """Return what there is to do; cheap with any backlog."""
        with self._translated(), reading(self._engine) as connection:
            return Outlook(
                fresh=outbox.has_waiting(connection, Queue.FRESH),
                again=outbox.has_waiting(connection, Queue.AGAIN),
                link=link.read_link(connection),
                round=reconciling.read_round(connection),
                offering=reconciling.offering(connection),
            )

    def next_held(self, limit: int) -> HeldPage | None:
        """Return the next ids to ask about, of a round that is begun where none is; None where it has ended."""
        with self._translated(), writing(self._engine) as connection:
            epoch = link.read_link(connection).epoch
            found = reconciling.read_round(connection)
            if found.after is None or found.epoch != epoch:
                found = reconciling.begin(connection, epoch)
            page = reconciling.held_page(connection, found, limit)
            if not page.ids:
                reconciling.finish(connection, found, link.read_link(connection).last_contact_ms)
                return None
            return page

    def reconciled(self, page: HeldPage, missing: Sequence[str], heard: Heard) -> None:
        """Send again what the platform lacks of a page, and go on behind it."""
        with self._translated(), writing(self._engine) as connection:
            outbox.send_again(connection, set(missing) & set(page.ids))
            before = _hear(connection, heard)
            reconciling.advance(connection, page.last)  # of another epoch, the next page begins the round anew
            link.write_link(connection, replace(before, last_contact_ms=heard.server_ms, epoch=heard.epoch))

    def skip_held(self, page: HeldPage) -> None:
        """Go on behind a page that the platform cannot be asked about."""
        with self._translated(), writing(self._engine) as connection:
            reconciling.advance(connection, page.last)

    def page_after(self, after: int, limit: int) -> Page:
        """Return rows behind a position as they would travel; all of them where the platform has lost its memory."""
        with self._translated(), reading(self._engine) as connection:
            found, known = reconciling.read_round(connection), link.read_link(connection)
            is_lost = reconciling.offering(connection) is not None
            held = is_lost or (found.done_epoch is not None and found.done_epoch != known.epoch)
            return outbox.page_after(connection, after, limit, held=held)

    def settle_from_stick(self, receipt: Receipt) -> None:
        """Do what a receipt of this device's platform says that came on a stick; it tells nothing of the time."""
        named = {each.id: each for each in receipt.events}
        done = [i for i, e in named.items() if e.outcome in DONE]
        reasons = {i: e.reason or NO_REASON for i, e in named.items() if e.outcome is EventOutcome.QUARANTINED}
        alarms = {i: e.alarm for i, e in named.items() if e.alarm}
        with self._translated(), writing(self._engine) as connection:
            outbox.settle_waiting(connection, done, receipt.server_ms, reasons)
            heads.acknowledge(connection, (head for head in receipt.heads if head.seq), receipt.server_ms)
            streams = outbox.streams_of(connection, list(alarms))
            heads.raise_alarms(connection, ((streams[i], alarms[i]) for i in streams), receipt.server_ms)
            before = link.read_link(connection)
            if before.epoch is not None and before.epoch != receipt.epoch:
                reconciling.doubt(connection)
            if before.last_contact_ms is None or receipt.server_ms > before.last_contact_ms:
                if before.epoch is not None and before.epoch != receipt.epoch:
                    reconciling.ask_everything(connection, receipt.server_ms)
                raised = tuple(sorted({*before.alarms, *receipt.alarms}))
                after = replace(before, last_contact_ms=receipt.server_ms, epoch=receipt.epoch, alarms=raised)
                link.write_link(connection, after)

    def try_parked_again(self, event_ids: Sequence[str] | None = None) -> int:
        """Put parked events back to waiting, some or all; return how many wait more."""
        with self._translated(), writing(self._engine) as connection:
            before = outbox.waiting_count(connection)
            named = event_ids if event_ids is not None else [each.event_id for each in outbox.parked(connection)]
            parked = {each.event_id for each in outbox.parked(connection)}
            outbox.send_again(connection, parked & set(named))
            return outbox.waiting_count(connection) - before

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


def _hear(connection: Connection, heard: Heard) -> Link:
    """Note an exchange, and where the platform lost its memory ask for everything; return the link as it was."""
    link.put_exchange(connection, heard.exchange)
    before = link.read_link(connection)
    if before.epoch is not None and before.epoch != heard.epoch:
        reconciling.ask_everything(connection, heard.server_ms)
    return before


def _note_trouble(connection: Connection, trouble: str) -> None:
    before = link.read_link(connection)
    tries = before.attempts_since_contact + 1
    link.write_link(connection, replace(before, attempts_since_contact=tries, trouble=trouble))
