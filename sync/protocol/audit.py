"""Holding a ledger against all that vouches for it, and naming the first record that was tampered with. Pure.

Upstream: ``envelope``, ``checkpoint``.
Downstream: ``kiosk.commands.verify`` (a device's file, a copy of it), ``chain_file`` (an export).

Records are taken in the order in which they stand, one at a time, so that ten years of them need no memory::

    its own hash does not fit ─────────────▶ changed
    its successor does not follow from it ─▶ changed (it was sealed anew), or inserted
    its number is not the next ────────────▶ missing; reordered, where it stands later on; inserted, where it stood
    a copy or a witness has another hash ──▶ changed; without a copy, somewhere since the last witness
    a witness is beyond the end ───────────▶ cut
    the name beside it is another ─────────▶ name

A witness is a head that somebody else vouches for: the device's key (a checkpoint) or the platform (acknowledged).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from sync.protocol.envelope import GENESIS, Envelope, Position, check
from sync.protocol.errors import ProtocolError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

MOST_FAULTS = 100  # kept; the first is what matters, the others show how far it goes


class Wrong(StrEnum):
    """What was done to a record."""

    CHANGED = "changed"
    MISSING = "missing"
    REORDERED = "reordered"
    INSERTED = "inserted"
    CUT = "cut"
    NAME = "name"
    CHECKPOINT = "checkpoint"  # a checkpoint itself was changed, removed or not made by the device
    PROJECTION = "projection"  # the record is good, what the device shows of it is not


@dataclass(frozen=True, slots=True)
class Record:
    """A record as it was found.

    Attributes:
        stream, seq: its place, as far as it can be read; else of no stream, 0.
        envelope: None where it does not have the parts of one.
        is_filed_right: what stands beside it for look-up agrees with it.
        copy: ``h`` of the copy that was put on its way to the platform, or None where none is kept any more.
        needs_copy: the platform has not acknowledged it, so a copy must be there.
    """

    stream: str
    seq: int
    envelope: Envelope | None
    is_filed_right: bool = True
    copy: str | None = None
    needs_copy: bool = False


@dataclass(frozen=True, slots=True)
class Fault:
    """One finding.

    Attributes:
        wrong: what was done.
        stream, seq: the record; where only a range is known, its first, and ``until_seq`` its last.
        kind: of the record where it can be read, else empty.
        wall_ms: what its device's clock said, or that of the nearest record that stands; UTC ms, or None.
        order: how many records stand before it.
    """

    wrong: Wrong
    stream: str
    seq: int
    until_seq: int | None = None
    kind: str = ""
    wall_ms: int | None = None
    order: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome: how many records were read, where each stream ends, and the findings, first first."""

    records: int
    heads: tuple[Position, ...]
    faults: tuple[Fault, ...]
    witnesses: int

    @property
    def first(self) -> Fault | None:
        """The first record that was tampered with, or None."""
        return self.faults[0] if self.faults else None

    def good_until(self, stream: str) -> int:
        """Return the last sequence number of a stream before anything is wrong in it."""
        end = next(head.seq for head in self.heads if head.stream == stream)
        return min([end, *(fault.seq - 1 for fault in self.faults if fault.stream == stream)])


@dataclass(slots=True)
class _Stream:
    """How far one stream was read."""

    head: Position
    before: str = GENESIS  # ``h`` of the record before the head
    head_kind: str = ""
    wall_ms: int | None = None
    order: int = 0  # of the head
    witnessed: tuple[int, int] = (0, 0)  # the last seq that a witness stands for, and how many records stood before it
    gaps: set[int] = field(default_factory=set)


class Audit:
    """Takes records one after another, then reports."""

    def __init__(self, witnesses: Iterable[Position] = (), streams: Sequence[str] = ()) -> None:
        """Take what is known beforehand.

        Args:
            witnesses: the heads that somebody else vouches for; all at one place must agree with the record there.
            streams: in the order in which they were begun, where it is known.
        """
        self._witnesses: dict[tuple[str, int], set[str]] = {}
        self._last: dict[str, int] = {}
        for head in witnesses:
            self._witnesses.setdefault((head.stream, head.seq), set()).add(head.h)
            self._last[head.stream] = max(head.seq, self._last.get(head.stream, 0))
        self._order = list(streams) or sorted(self._last)
        self._streams: dict[str, _Stream] = {}
        self._current: _Stream | None = None
        self._faults: list[Fault] = []
        self._records = 0

    def take(self, record: Record) -> None:
        """Take the next record."""
        order, self._records = self._records, self._records + 1
        envelope = record.envelope
        if envelope is None or not self._is_placed(envelope):
            self._unreadable(record, order)
            return
        stream = self._current = self._streams.setdefault(envelope.stream, _Stream(Position(envelope.stream)))
        if envelope.seq <= stream.head.seq:
            self._stands_again(envelope, stream, order)
            return
        follows = envelope.seq == stream.head.seq + 1
        if not follows:
            self._gap(envelope, stream, order)
        for wrong in self._own_faults(record, envelope, stream, follows=follows):
            self._found(wrong, envelope, order)
        stream.before, stream.head = stream.head.h, Position(envelope.stream, envelope.seq, envelope.h)
        stream.head_kind, stream.wall_ms, stream.order = envelope.kind, envelope.stamp.wall_ms, order
        self._witness(envelope, stream, order)

    def note(self, wrong: Wrong, head: Position) -> None:
        """Note what was found by other means about the record at a place."""
        self._keep(Fault(wrong, head.stream, head.seq, order=self._records))

    def expect(self, records: int) -> None:
        """Take how many records there must be, by the word of the file itself; fewer means that its end was cut off."""
        if self._records < records and not self._faults and not list(self._cut()):
            last = self._current.head if self._current else Position("", 0)
            self._keep(Fault(Wrong.CUT, last.stream, last.seq + 1, order=self._records))

    def report(self) -> Report:
        """Return the outcome, after the last record."""
        cut = list(self._cut())
        faults = sorted([*self._faults, *cut], key=lambda fault: (fault.order, fault.seq))
        heads = tuple(stream.head for stream in self._streams.values())
        missing = {Position(fault.stream) for fault in cut if fault.stream not in self._streams}
        return Report(self._records, (*heads, *sorted(missing, key=_stream_of)), tuple(faults), len(self._witnesses))

    def _is_placed(self, envelope: Envelope) -> bool:
        """Tell whether a record's own word on its place can be taken: it seals, or it is what should stand there."""
        stream = self._streams.get(envelope.stream)
        is_next = stream is not None and envelope.seq == stream.head.seq + 1
        return is_next or _seals(envelope) or self._expected(envelope.stream) == (envelope.stream, envelope.seq)

    def _expected(self, stream: str) -> tuple[str, int]:
        """Return the place of the record that should stand here; ``stream`` is of the one that does."""
        if self._current is None:
            return (self._order[0] if self._order else stream), 1
        head = self._current.head
        begun = self._order.index(head.stream) + 1 if head.stream in self._order else len(self._order)
        if begun < len(self._order) and head.seq >= self._last.get(head.stream, head.seq + 1):
            return self._order[begun], 1
        return head.stream, head.seq + 1

    def _unreadable(self, record: Record, order: int) -> None:
        """It stands where another should, and tells nothing."""
        name, seq = self._expected(record.stream)
        stream = self._current = self._streams.setdefault(name, _Stream(Position(name)))
        h = "" if record.envelope is None else record.envelope.h
        stream.before, stream.head, stream.order = stream.head.h, Position(name, seq, h), order
        self._keep(Fault(Wrong.CHANGED, name, seq, order=order))

    def _stands_again(self, envelope: Envelope, stream: _Stream, order: int) -> None:
        if envelope.seq not in stream.gaps:
            place = (envelope.stream, envelope.seq)
            if self._witnesses.get(place) == {envelope.h}:  # this is the true one
                self._faults = [f for f in self._faults if (f.stream, f.until_seq or f.seq) != place]
            self._found(Wrong.INSERTED, envelope, order)
            return
        stream.gaps.discard(envelope.seq)
        self._faults = [
            replace(fault, wrong=Wrong.REORDERED, kind=envelope.kind, wall_ms=envelope.stamp.wall_ms, until_seq=None)
            if (fault.wrong, fault.stream, fault.seq) == (Wrong.MISSING, envelope.stream, envelope.seq)
            else fault
            for fault in self._faults
        ]

    def _gap(self, envelope: Envelope, stream: _Stream, order: int) -> None:
        begin, end = stream.head.seq + 1, envelope.seq - 1
        stream.gaps.update(range(begin, min(end, begin + MOST_FAULTS) + 1))
        until = end if end > begin else None
        self._keep(Fault(Wrong.MISSING, envelope.stream, begin, until, "", envelope.stamp.wall_ms, order))

    def _own_faults(self, record: Record, envelope: Envelope, stream: _Stream, *, follows: bool) -> Iterator[Wrong]:
        linked = envelope.prev == stream.head.h or not follows
        if not _seals(envelope):
            if not linked and envelope.prev == stream.before and not _fits(envelope, stream):
                self._blame_head(Wrong.INSERTED, stream)
            yield Wrong.CHANGED
            return
        if not linked and stream.head.seq:
            self._blame_head(Wrong.CHANGED, stream)
        if (not linked and not stream.head.seq) or not record.is_filed_right or record.copy not in {None, envelope.h}:
            yield Wrong.CHANGED
        if record.needs_copy and record.copy is None:
            yield Wrong.INSERTED
        if not _name_fits(envelope):
            yield Wrong.NAME

    def _blame_head(self, wrong: Wrong, stream: _Stream) -> None:
        """The successor stands for another record than the one before it."""
        head = stream.head
        self._faults = [f for f in self._faults if (f.stream, f.until_seq) != (head.stream, head.seq)]  # now exactly
        known = any((fault.stream, fault.seq) == (head.stream, head.seq) for fault in self._faults)
        if not known:
            self._keep(Fault(wrong, head.stream, head.seq, None, stream.head_kind, stream.wall_ms, stream.order))

    def _witness(self, envelope: Envelope, stream: _Stream, order: int) -> None:
        vouched = self._witnesses.get((envelope.stream, envelope.seq))
        if vouched is None:
            return
        since, stood = stream.witnessed
        if vouched == {envelope.h}:
            stream.witnessed = envelope.seq, order
            return
        begin = since + 1
        explained = any(f.stream == envelope.stream and begin <= f.seq <= envelope.seq for f in self._faults)
        if not explained:
            until = envelope.seq if envelope.seq > begin else None
            kind = envelope.kind if until is None else ""
            wall_ms = envelope.stamp.wall_ms
            self._keep(Fault(Wrong.CHANGED, envelope.stream, begin, until, kind, wall_ms, min(stood + 1, order)))

    def _cut(self) -> Iterator[Fault]:
        for name, last in self._last.items():
            stream = self._streams.get(name) or _Stream(Position(name))
            if stream.head.seq < last:
                until = last if last > stream.head.seq + 1 else None
                yield Fault(Wrong.CUT, name, stream.head.seq + 1, until, "", stream.wall_ms, self._records)

    def _found(self, wrong: Wrong, envelope: Envelope, order: int) -> None:
        self._keep(Fault(wrong, envelope.stream, envelope.seq, None, envelope.kind, envelope.stamp.wall_ms, order))

    def _keep(self, fault: Fault) -> None:
        if len(self._faults) < MOST_FAULTS:
            self._faults.append(fault)


def _stream_of(head: Position) -> str:
    return head.stream


def _seals(envelope: Envelope) -> bool:
    """Tell whether an envelope's hash is that of its content."""
    try:
        return envelope.digest() == envelope.h
    except (ProtocolError, ValueError):
        return False


def _fits(envelope: Envelope, stream: _Stream) -> bool:
    """Tell whether all that was changed of an envelope is what it says it follows."""
    return _seals(msgspec.structs.replace(envelope, prev=stream.head.h))


def _name_fits(envelope: Envelope) -> bool:
    if envelope.aside is None:
        return True
    try:
        check(envelope)
    except ProtocolError:
        return False
    return True
