"""What can be believed of a damaged device file: records by their own hash, the rest by its shape.

Upstream: ``carving``.
Downstream: ``recovery``.

An envelope stands twice, in the ledger and in the outbox, and proves itself: whoever's copy has the right SHA-256 is
the record. Names are believed when the chain holds their digest. Names, PINs, taken codes, states of sending and
reference data may have been changed or erased, so that only the newest version of each page is asked for them.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec

from kiosk.store.carving import Record, Value, committed, frames_of, page_size_of, records_on
from sync.mailbox.tables import OutboxState
from sync.protocol.changes import Scope
from sync.protocol.envelope import NS_PER_US, Envelope, Stamp, check
from sync.protocol.errors import ProtocolError
from sync.protocol.events import Aside
from sync.protocol.signing.documents import SignedDocument

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

LEDGER_COLUMNS, OUTBOX_COLUMNS = 14, 8
PIN_MARK = "$argon2"
SCOPES = frozenset(Scope)
MOST_WAL_BYTES = 64 * 1024 * 1024  # sixteen times what SQLite lets it grow to
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
DIGEST = re.compile(r"[0-9a-f]{64}")
_plain = msgspec.json.Decoder(dict[str, Any])
_envelopes = msgspec.json.Decoder(Envelope)
_documents = msgspec.json.Decoder(SignedDocument)


@dataclass(frozen=True, slots=True)
class Sending:
    """How far an event was on its way: acknowledged at a time of the platform's (UTC ms), or parked with a reason."""

    state: OutboxState
    acknowledged_ms: int | None = None
    reason: str | None = None


@dataclass(slots=True)
class Salvaged:
    """What was found.

    Attributes:
        envelopes: by event id, without names; ``places`` are their row numbers in the ledger.
        asides: names by event id; ``travelling`` are those beside envelopes that still wait to be sent.
        sendings: by event id; an event that is not named here is taken to wait.
        boots: the number of each boot by its id; ``last_boot`` is the highest number seen anywhere.
        beats: the last sign of life of each boot, by its number; rows as they stand.
        pins: operator → (Argon2id or None, tries).
        codes: rows of ``seen_codes``.
        document: the signed reference data, as it came.
        checkpoints: the device's signed heads, rows as they stand; ``heads``: what the platform says it holds, by
            stream, rows too; ``alarms``: what it raised.
        told: entries of the feed by scope, topic and key; ``scopes``: how far each was read, rows as they stand; their
            seal tells whether they are whole.
    """

    envelopes: dict[str, Envelope] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)
    asides: dict[str, Aside] = field(default_factory=dict)
    travelling: dict[str, Aside] = field(default_factory=dict)
    sendings: dict[str, Sending] = field(default_factory=dict)
    boots: dict[str, int] = field(default_factory=dict)
    last_boot: int = 0
    beats: dict[int, tuple[Value, ...]] = field(default_factory=dict)
    pins: dict[str, tuple[str | None, int]] = field(default_factory=dict)
    codes: set[tuple[str, int, str, int]] = field(default_factory=set)
    document: bytes | None = None
    checkpoints: dict[int, tuple[Value, ...]] = field(default_factory=dict)
    heads: dict[str, tuple[str, int, str, int]] = field(default_factory=dict)
    alarms: set[tuple[str, str, int]] = field(default_factory=set)
    told: dict[tuple[str, str, str], bytes] = field(default_factory=dict)
    scopes: dict[str, tuple[Value, ...]] = field(default_factory=dict)

    def in_order(self) -> list[Envelope]:
        """Return the envelopes stream by stream, as they were recorded."""
        first: dict[str, int] = defaultdict(lambda: 2**62)
        for event_id, place in self.places.items():
            stream = self.envelopes[event_id].stream
            first[stream] = min(first[stream], place)
        return sorted(self.envelopes.values(), key=lambda each: (first[each.stream], each.stream, each.seq))

    def lost(self) -> int:
        """Return how many records are missing up to the last that is known of; later ones nobody can know of."""
        found = Counter(envelope.stream for envelope in self.envelopes.values())
        heads: dict[str, int] = defaultdict(int)
        known = [(envelope.stream, envelope.seq) for envelope in self.envelopes.values()]
        known += [(stream, head[1]) for stream, head in self.heads.items()]
        known += [(str(row[1]), int(row[2])) for row in self.checkpoints.values() if isinstance(row[2], int)]
        for stream, seq in known:
            heads[stream] = max(heads[stream], seq)
        return sum(head - found[stream] for stream, head in heads.items())


def salvage(file: Path, wal: Path) -> Salvaged:
    """Read what can be believed out of a device file and its ``-wal``; either may be missing or hold anything.

    Not to be called while this process has the file open: closing it here would let go of SQLite's locks.
    """
    tail = _content(wal)
    pages = _Pages(file, tail)
    found = Salvaged()
    for number in pages.numbers():
        for record in pages.records(number):
            _take(found, record)
    for frame in pages.older:
        for record in records_on(frame.content, frame.page, pages.read):
            _take_envelope(found, record)
    pages.close()
    return _consistent(found)


def seen_only_in(wal: bytes, page_size: int) -> Salvaged:
    """Return what a ``-wal`` alone holds, in its newest generation up to the last commit."""
    found = Salvaged()
    for frame in committed(wal, frames_of(wal, page_size)):
        for record in records_on(frame.content, frame.page, lambda _number: None):
            _take(found, record)
    return _consistent(found)


class _Pages:
    """The newest version of every page, and the older ones of the ``-wal``."""

    def __init__(self, file: Path, wal: bytes) -> None:
        self._file = file.open("rb", buffering=0) if file.is_file() else None
        self._bytes = file.stat().st_size if self._file else 0
        self.size = page_size_of(self._piece(0, 100) or b"", wal)
        frames = frames_of(wal, self.size)
        self._newest = {frame.page: frame.content for frame in committed(wal, frames)}
        self.older = frames

    def numbers(self) -> Iterator[int]:
        last = -(-self._bytes // self.size)
        yield from range(1, last + 1)
        yield from sorted(number for number in self._newest if number > last)

    def read(self, number: int) -> bytes | None:
        return self._newest.get(number) or self._stored(number)

    def records(self, number: int) -> Iterator[Record]:
        """The rows of a page; behind them, for the envelopes, the rows of the version that the ``-wal`` replaced."""
        newest = self.read(number)
        if newest is not None:
            yield from records_on(newest, number, self.read)
        if number in self._newest and (before := self._stored(number)) is not None:
            yield from (record for record in records_on(before, number, self.read) if _is_envelope(record))

    def close(self) -> None:
        if self._file:
            self._file.close()

    def _stored(self, number: int) -> bytes | None:
        return self._piece((number - 1) * self.size, self.size)

    def _piece(self, at: int, size: int) -> bytes | None:
        """Bytes of the file; None where the disk cannot read them or the file has ended."""
        if self._file is None:
            return None
        try:
            self._file.seek(at)
            return self._file.read(size) or None
        except OSError:
            return None


def _content(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(MOST_WAL_BYTES)
    except OSError:
        return b""


def _is_envelope(record: Record) -> bool:
    return len(record.values) >= OUTBOX_COLUMNS


def _take(found: Salvaged, record: Record) -> None:
    if _is_envelope(record):
        _take_envelope(found, record)
        _take_sending(found, record)
    _take_kept(found, record)
    _take_heads(found, record)
    _take_told(found, record)


def _take_kept(found: Salvaged, record: Record) -> None:
    """Take what only this device keeps: names, PINs, codes that were taken, boots, reference data."""
    match record.values:
        case (str(event_id), str(name), str(salt)):
            found.asides[event_id] = Aside(name, salt)
        case (str(operator), None | str() as kept, int(tries)) if kept is None or kept.startswith(PIN_MARK):
            found.pins[operator] = (kept, tries)
        case (str(issuer), int(issued_s), str(serial), int(expires_s)):
            found.codes.add((issuer, issued_s, serial, expires_s))
        case (None, str(boot_id)) if UUID.fullmatch(boot_id) and record.rowid:
            found.boots[boot_id] = record.rowid
        case (None, str(boot_id), int(), int(), None | str()) if UUID.fullmatch(boot_id) and record.rowid:
            found.boots[boot_id] = record.rowid
            found.beats[record.rowid] = record.values
        case (None, bytes(document)):
            found.document = _document(document) or found.document


def _take_told(found: Salvaged, record: Record) -> None:
    match record.values:
        case (str(scope), str(topic), str(key), bytes(value)) if scope in SCOPES:
            found.told[scope, topic, key] = value
        case (str(scope), None | str(), None | str(), int(), int(), None | bytes()) if scope in SCOPES:
            found.scopes[scope] = record.values


def _take_heads(found: Salvaged, record: Record) -> None:
    match record.values:
        case (None, str(), int(), str(), str(), int(), int(), int(), str(), str()) if record.rowid:
            found.checkpoints[record.rowid] = record.values
        case (str(stream), int(seq), str(h), int(at_ms)) if UUID.fullmatch(stream) and DIGEST.fullmatch(h):
            found.codes.discard((stream, seq, h, at_ms))
            found.heads[stream] = (stream, seq, h, at_ms)
        case (str(stream), str(word), int(raised_ms)) if UUID.fullmatch(stream):
            found.alarms.add((stream, word, raised_ms))


def _take_envelope(found: Salvaged, record: Record) -> None:
    envelope, place = _of_ledger(record.values), record.rowid
    if envelope is None:
        envelope, place = _of_outbox(record.values), None
    if envelope is None:
        return
    bare = msgspec.structs.replace(envelope, aside=None)
    if not _proves_itself(bare):
        return
    if envelope.aside is not None and record.values[3] != OutboxState.ACKNOWLEDGED.value:
        found.travelling.setdefault(envelope.id, envelope.aside)
    if place is not None:
        found.places[envelope.id] = place
    found.envelopes[envelope.id] = bare


def _of_ledger(values: tuple[object, ...]) -> Envelope | None:
    match values[:LEDGER_COLUMNS]:
        case (
            None, str(id_), str(stream), int(seq), str(kind), _, bytes(body),
            str(boot_id), int(boot_n), int(bt_ns), int(wall_ms), str(clk), str(prev), str(h),
        ):  # fmt: skip
            stamp = Stamp(boot_id, boot_n, bt_ns // NS_PER_US, wall_ms, clk)
            try:
                return Envelope(id_, stream, seq, kind, _plain.decode(body), stamp, prev, h)
            except (msgspec.MsgspecError, UnicodeDecodeError):
                return None
    return None


def _of_outbox(values: tuple[object, ...]) -> Envelope | None:
    match values[:OUTBOX_COLUMNS]:
        case (None, str(), bytes(envelope), *_):
            try:
                return _envelopes.decode(envelope)
            except (msgspec.MsgspecError, UnicodeDecodeError):
                return None
    return None


def _proves_itself(envelope: Envelope) -> bool:
    try:
        check(envelope)
    except (ProtocolError, ValueError):
        return False
    return True


def _take_sending(found: Salvaged, record: Record) -> None:
    match record.values[:OUTBOX_COLUMNS]:
        case (None, str(event_id), bytes(), OutboxState.ACKNOWLEDGED.value, _, _, _, int(at_ms)):
            found.sendings[event_id] = Sending(OutboxState.ACKNOWLEDGED, acknowledged_ms=at_ms)
        case (None, str(event_id), bytes(), OutboxState.PARKED.value, _, _, str(reason), _):
            found.sendings.setdefault(event_id, Sending(OutboxState.PARKED, reason=reason))


def _document(content: bytes) -> bytes | None:
    try:
        _documents.decode(content)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None
    return content


def _consistent(found: Salvaged) -> Salvaged:
    """Drop what belongs to nothing that was found, and learn the boots from the records' own stamps."""
    streams = {envelope.stream for envelope in found.envelopes.values()}
    stamps = {envelope.stamp.boot_id: envelope.stamp.boot_n for envelope in found.envelopes.values()}
    found.last_boot = max((*found.boots.values(), *stamps.values(), 0))
    boots = {boot_id: number for boot_id, number in found.boots.items() if boot_id not in streams}
    taken = set(stamps.values())
    found.boots = {**{boot_id: number for boot_id, number in boots.items() if number not in taken}, **stamps}
    found.asides = {
        event_id: aside
        for names in (found.travelling, found.asides)
        for event_id, aside in names.items()
        if _is_name_of(found.envelopes, event_id, aside)
    }
    return found


def _is_name_of(envelopes: Mapping[str, Envelope], event_id: str, aside: Aside) -> bool:
    envelope = envelopes.get(event_id)
    return envelope is not None and _proves_itself(msgspec.structs.replace(envelope, aside=aside))
