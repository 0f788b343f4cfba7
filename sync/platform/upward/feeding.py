"""From the order of arrival into the mailbox of a relay, a page at a time; the agent carries it from there.

Upstream: ``store`` (arrivals), ``sync.mailbox.relaying``.
Downstream: the ``upward`` commands.

Where an event goes in, the cursor moves in the same transaction of the same file. A crash between two pages, or two
feeders at once, therefore neither lose nor double anything. The cursor belongs to one life of the platform's database:
restored from a backup it has another epoch, its arrivals may have another order, and feeding begins at the beginning.
What is in the mailbox already stays what it is; what went up before and left the mailbox is answered ``duplicate``. The
same is done where the next platform was restored: what it lacks of the last 30 days its agent finds by asking for ids.

The mailbox takes no more while :data:`MOST_WAITING` events wait for the next platform: however long that is away, the
backlog stays in the platform's own database, where it takes no room of its own.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from sync.mailbox.relaying import Fed, RelayFileError, RelayMailbox
from sync.platform.errors import PlatformError
from sync.platform.store.arrivals import Cursor
from sync.platform.store.faults import told

if TYPE_CHECKING:
    from sync.platform.store import Database
    from sync.platform.upward.targets import Target
    from sync.protocol.envelope import Envelope

log = logging.getLogger(__name__)
PAGE = 500  # what the agent sends at most at once
MOST_WAITING = 20_000  # events, some 20 MB; the agent drains that in seconds once the next platform answers


class FeedingError(PlatformError):
    """The mailbox of a target cannot be used now; nothing changed."""


@dataclass(frozen=True, slots=True)
class Step:
    """What one step did: events gone through, and whether the mailbox takes no more for now."""

    events: int
    is_full: bool = False


@dataclass(frozen=True, slots=True)
class Feeder:
    """Feeds one target.

    Attributes:
        database: where events arrive.
        mailbox: the target's, prepared.
        target: what may go there.
        page: events a step.
        most_waiting: above this many waiting events nothing more is put in.
    """

    database: Database
    mailbox: RelayMailbox
    target: Target
    page: int = PAGE
    most_waiting: int = MOST_WAITING

    def step(self) -> Step:
        """Put the next arrivals into the mailbox.

        Raises:
            FeedingError: the mailbox cannot be used now; nothing changed.
            StoreError: the database cannot be used now; nothing changed.
        """
        with _translated():
            return self._step()

    def rewind(self) -> None:
        """Begin at the beginning again.

        Raises:
            FeedingError: the mailbox cannot be used now; nothing changed.
        """
        with _translated():
            self.mailbox.rewind()

    def _step(self) -> Step:
        if self.mailbox.is_asked_for_all():
            self.mailbox.rewind()
        if self.mailbox.waiting() >= self.most_waiting:
            return Step(0, is_full=True)
        fed = self.mailbox.fed()
        with told(), self.database.reading() as unit:
            epoch = unit.registry.epoch() or ""
            start = fed if fed.epoch == epoch else Fed(epoch)
            arrived = unit.arrivals.after(Cursor.read(start.cursor), self.page)
        if not arrived and start == fed:
            return Step(0)
        cursor = str(arrived[-1].cursor) if arrived else start.cursor
        envelopes = [self._shown(each.envelope) for each in arrived]
        self.mailbox.put(envelopes, fed, Fed(epoch, cursor, start.events + len(arrived)))
        return Step(len(arrived))

    def _shown(self, envelope: Envelope) -> Envelope:
        """Leave the name here where it may not go; the chain holds its digest only."""
        if self.target.names or envelope.aside is None:
            return envelope
        return msgspec.structs.replace(envelope, aside=None)


def open_mailbox(file: Path) -> RelayMailbox:
    """Return the mailbox of a file, made where it is missing.

    Raises:
        FeedingError: it cannot be used now.
    """
    mailbox = RelayMailbox(file)
    with _translated():
        mailbox.prepare()
    return mailbox


def run(feeders: Sequence[Feeder], *, poll_s: float, wait: Callable[[float], bool]) -> None:
    """Feed every target until told to stop; the trouble of one does not hold up another.

    Args:
        feeders: one a target.
        poll_s: how long to wait after all were found fed, seconds.
        wait: waits so many seconds and returns True when it is time to stop.
    """
    while True:
        events = sum(_tried(feeder) for feeder in feeders)
        if wait(0 if events else poll_s):
            return


def _tried(feeder: Feeder) -> int:
    try:
        return feeder.step().events
    except PlatformError as error:
        log.warning("%s is not fed now: %s", feeder.target.name, error)
        return 0


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except RelayFileError as error:
        raise FeedingError(f"{error}.".replace("..", ".")) from error
