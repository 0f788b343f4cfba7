"""The stick: the batches that wait as a signed file, and the platform's receipt for them brought back.

Upstream: ``sync.mailbox``, ``sync.protocol.bundle``.
Downstream: ``commands``.

Writing marks nothing: what is on a stick may never arrive. Only a receipt that the platform signed moves rows on, and
what travels by wire meanwhile is a duplicate there, and here acknowledged already. A stick that was pulled out leaves a
file that ends in ``.part``; the next export to the same folder goes on behind its last whole line.
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sync.agent.enrolment_file import key_id_of
from sync.agent.wording import marked
from sync.protocol.batch import MAX_EVENTS, Batch, encode_batch
from sync.protocol.bundle import (
    MOST_LINE_BYTES,
    SUFFIX,
    BundlePart,
    body_text,
    in_order,
    line_of,
    read_bundle_line,
    read_receipt_line,
)
from sync.protocol.errors import BatchTooLargeError, CutOffError, ForeignError, StickError
from sync.protocol.signing.keys import SigningKey
from sync.protocol.vocabulary import EventOutcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import BinaryIO

    from sync.mailbox.agent_side import AgentMailbox
    from sync.protocol.bundle import ReceiptPart
    from sync.protocol.enrolment import Enrolment
    from sync.protocol.envelope import Envelope

PART = ".part"
NOTHING_WAITS = marked("nothing waits to be sent")
CANNOT_WRITE = marked(
    "{folder} cannot be written: {detail}; put the stick back and run the same command, it goes on where it was"
)
CANNOT_READ = marked("{file} cannot be read: {detail}")
UNCHANGED = marked("{file}: {detail}; nothing was changed")
NO_PLATFORM_KEY = marked("this device's enrolment names no platform key, so no receipt can be believed; enrol it anew")
NOT_A_RECEIPT = marked("this is no receipt of a stick")
OTHER_DEVICE = marked("this receipt is for another device")
NOT_SIGNED = marked("this receipt was not signed by this device's platform, or was changed")
CUT_OFF = marked("this receipt is cut off; copy it to the stick again")


class _OtherDeviceError(StickError):
    """The platform answers another device."""


WHY = (
    (_OtherDeviceError, OTHER_DEVICE),
    (CutOffError, CUT_OFF),
    (ForeignError, NOT_SIGNED),
    (StickError, NOT_A_RECEIPT),
)


@dataclass(frozen=True, slots=True)
class Written:
    """A bundle that was written: where, and how many events are in it; None where nothing waits."""

    file: Path | None
    events: int


@dataclass(frozen=True, slots=True)
class _Begun:
    """How far a bundle has come: its id, the number of the next line, the outbox's position, the events in it."""

    bundle: str
    n: int = 1
    upto: int = 0
    events: int = 0


@dataclass(frozen=True, slots=True)
class Exporter:
    """Writes what waits, ``at_once`` events a line; ``told`` is called with the events that are written so far."""

    mailbox: AgentMailbox
    enrolment: Enrolment
    new_id: Callable[[], str]
    told: Callable[[int], None] = lambda _events: None
    at_once: int = MAX_EVENTS

    def export(self, folder: Path) -> Written:
        """Write a bundle to a folder, or go on with one that was broken off there.

        Raises:
            MailboxError: the device's file cannot be used now.
            OSError: the folder cannot be written; what is there is gone on with the next time.
        """
        part, begun = self._begun(folder)
        with part.open("ab") as file:
            begun = self._write_all(file, begun)
            if begun.events:
                file.write(self._line(begun, None))
            file.flush()
            os.fsync(file.fileno())
        if not begun.events:
            part.unlink()
            return Written(None, 0)
        whole = part.with_suffix("")
        part.replace(whole)
        _sync_folder(folder)
        return Written(whole, begun.events)

    def _begun(self, folder: Path) -> tuple[Path, _Begun]:
        """Return the broken-off bundle of this device in a folder, cut behind its last whole line, or a new one."""
        for part in sorted(folder.glob(f"*{SUFFIX}{PART}")):
            begun = self._taken_up(part)
            if begun is not None:
                return part, begun
        begun = _Begun(self.new_id())
        return folder / f"lyz-{self.enrolment.device[:8]}-{begun.bundle[:8]}{SUFFIX}{PART}", begun

    def _taken_up(self, part: Path) -> _Begun | None:
        begun, whole = None, 0
        with part.open("r+b") as file:
            with suppress(StickError):
                for line in _lines(file):
                    read = read_bundle_line(line, self._own_key)
                    if read.device != self.enrolment.device or read.body is None:
                        break
                    events = (begun.events if begun else 0) + read.events
                    begun, whole = _Begun(read.bundle, read.n + 1, read.upto, events), whole + len(line)
            if begun is not None:
                file.truncate(whole)
        return begun

    def _write_all(self, file: BinaryIO, begun: _Begun) -> _Begun:
        while True:
            page = self.mailbox.page_after(begun.upto, self.at_once)
            for upto, envelopes, body in self._bodies(list(page.envelopes)):
                begun = _Begun(begun.bundle, begun.n, upto, begun.events)
                file.write(self._line(begun, body, len(envelopes)))
                begun = _Begun(begun.bundle, begun.n + 1, upto, begun.events + len(envelopes))
            file.flush()
            self.told(begun.events)
            begun = _Begun(begun.bundle, begun.n, page.last, begun.events)
            if page.is_last:
                return begun

    def _bodies(self, rows: list[tuple[int, Envelope]]) -> Iterator[tuple[int, list[Envelope], bytes]]:
        """Yield bodies that the wire takes, halving what is too large; a single event that is too large stays here."""
        if not rows:
            return
        envelopes = [envelope for _, envelope in rows]
        batch = Batch(self.new_id(), self.enrolment.device, envelopes, self.mailbox.newest_checkpoint())
        try:
            yield rows[-1][0], envelopes, encode_batch(batch)
        except BatchTooLargeError:
            half = len(rows) // 2
            if half:
                yield from self._bodies(rows[:half])
                yield from self._bodies(rows[half:])

    def _line(self, begun: _Begun, body: bytes | None, events: int = 0) -> bytes:
        text = None if body is None else body_text(body)
        key_id = key_id_of(self.enrolment)
        part = BundlePart(begun.bundle, self.enrolment.device, key_id, begun.n, begun.upto, events, text)
        return line_of(part, self._key)

    @property
    def _key(self) -> SigningKey:
        return SigningKey(bytes.fromhex(self.enrolment.seed))

    def _own_key(self, key_id: str) -> bytes | None:
        return self._key.public if key_id == key_id_of(self.enrolment) else None


@dataclass(frozen=True, slots=True)
class Settled:
    """What a receipt moved: events acknowledged, and set aside."""

    acknowledged: int
    parked: int


def import_receipt(mailbox: AgentMailbox, enrolment: Enrolment, file: Path) -> Settled:
    """Bring a receipt back; it is read to its end before anything is done.

    Raises:
        StickError: it is none, of another device, not the platform's or cut off; nothing was changed. The text is a
            msgid of the catalogue.
        MailboxError: the device's file cannot be used now; the same receipt can be brought again.
        OSError: the file cannot be read.
    """
    if enrolment.platform_public is None:
        raise StickError(NO_PLATFORM_KEY)
    public, acknowledged, parked = bytes.fromhex(enrolment.platform_public), 0, 0
    for _ in _receipts(file, public, enrolment.device):
        pass
    for part in _receipts(file, public, enrolment.device):
        if part.receipt is not None:
            mailbox.settle_from_stick(part.receipt)
            set_aside = sum(each.outcome is EventOutcome.QUARANTINED for each in part.receipt.events)
            again = sum(each.outcome is EventOutcome.RETRY for each in part.receipt.events)
            parked += set_aside
            acknowledged += len(part.receipt.events) - set_aside - again
    return Settled(acknowledged, parked)


def _receipts(file: Path, public: bytes, device: str) -> Iterator[ReceiptPart]:
    try:
        with file.open("rb") as opened:
            yield from in_order(_own(read_receipt_line(line, public), device) for line in _lines(opened))
    except StickError as error:
        raise StickError(next(msgid for kind, msgid in WHY if isinstance(error, kind))) from error


def _own(part: ReceiptPart, device: str) -> ReceiptPart:
    if part.device != device:
        raise _OtherDeviceError
    return part


def _lines(file: BinaryIO) -> Iterator[bytes]:
    while line := file.readline(MOST_LINE_BYTES):
        yield line


def _sync_folder(folder: Path) -> None:
    with suppress(OSError):  # some sticks' file systems know no such thing
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)
