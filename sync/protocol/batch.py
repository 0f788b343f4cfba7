"""Batches of envelopes and the receipts that answer them, with their limits.

Upstream: ``envelope``, ``checkpoint``, ``vocabulary``.
Downstream: ``sync.agent``, ``sync.platform.api``.

A batch is gzip JSON, at most 500 envelopes and 256 KiB compressed; its decompressed size is capped before parsing.
An event that is no envelope is set beside the others under its own id, so that it never blocks them; one whose id
cannot be read could never be answered, and the batch is refused.
A receipt names its batch, the SHA-256 of the very bytes received, and an outcome for every event. With a batch goes the
device's newest checkpoint, with a receipt come the heads that the platform holds; both may be absent.
"""

from __future__ import annotations

import hashlib
from typing import Annotated

import msgspec
from msgspec import Meta

from sync.protocol.checkpoint import Checkpoint
from sync.protocol.envelope import Digest, Envelope, Position
from sync.protocol.errors import BatchError, BatchTooLargeError, ReceiptError
from sync.protocol.events import Id, UnixMs, Word
from sync.protocol.packing import pack, unzip
from sync.protocol.vocabulary import EventOutcome

MAX_EVENTS = 500
MAX_COMMAS = 200 * MAX_EVENTS  # an event has 20, at most some 90; values in memory are bounded by what separates them
CONTENT_TYPE = "application/json"


class Batch(msgspec.Struct, frozen=True, omit_defaults=True):
    """``POST /v1/events``: some envelopes of one device, in order of sequence, and its newest checkpoint."""

    id: Id
    device: Id
    events: Annotated[list[Envelope], Meta(min_length=1, max_length=MAX_EVENTS)]
    checkpoint: Checkpoint | None = None


class MalformedEvent(msgspec.Struct, frozen=True):
    """One event of a batch that does not have the parts of an envelope.

    Attributes:
        id: as it names itself; a receipt answers it under this id.
        kind: as far as it can be read, else empty.
        raw: its JSON as it came.
        why: what is wrong with it, without any of its values.
    """

    id: Id
    kind: str
    raw: str
    why: str


class Delivery(msgspec.Struct, frozen=True):
    """A request body as it was read: the batch of its envelopes (it may be empty), and what were none."""

    batch: Batch
    malformed: tuple[MalformedEvent, ...] = ()


class _LooseBatch(msgspec.Struct, frozen=True):
    id: Id
    device: Id
    events: Annotated[list[msgspec.Raw], Meta(min_length=1, max_length=MAX_EVENTS)]
    checkpoint: msgspec.Raw = msgspec.Raw(b"null")


class _Named(msgspec.Struct, frozen=True):
    id: Id


class _OfKind(msgspec.Struct, frozen=True):
    kind: Word


class EventReceipt(msgspec.Struct, frozen=True, omit_defaults=True):
    """What became of one event.

    ``reason`` is a sentence a person can act on, for ``quarantined``; ``alarm`` what its stream gives cause for.
    """

    id: Id
    outcome: EventOutcome
    reason: str | None = None
    alarm: Word | None = None


class Receipt(msgspec.Struct, frozen=True, omit_defaults=True):
    """The platform's answer, sent after its commit is durable.

    Attributes:
        batch: the id of the batch answered.
        body_sha256: of the request body as received (compressed), hex.
        events: one outcome for every event of the batch.
        server_ms: the platform's time when it answered, UTC ms.
        epoch: changes when the platform's database was restored from a backup.
        alarms: words for what a person must look at (``stream_forked`` …).
        heads: of each stream of the batch, the last record that the platform holds.
    """

    batch: Id
    body_sha256: Digest
    events: list[EventReceipt]
    server_ms: UnixMs
    epoch: Id
    alarms: list[str] = []
    heads: list[Position] = []


_batch_decoder = msgspec.json.Decoder(Batch)
_loose_decoder = msgspec.json.Decoder(_LooseBatch)
_event_decoder = msgspec.json.Decoder(Envelope)
_checkpoint_decoder: msgspec.json.Decoder[Checkpoint | None] = msgspec.json.Decoder(Checkpoint | None)
_name_decoder = msgspec.json.Decoder(_Named)
_kind_decoder = msgspec.json.Decoder(_OfKind)
_UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
_receipt_decoder = msgspec.json.Decoder(Receipt)


def encode_batch(batch: Batch) -> bytes:
    """Return the request body: gzip JSON, the same bytes for the same batch.

    Raises:
        BatchTooLargeError: the compressed body exceeds ``packing.MAX_COMPRESSED_BYTES``; send half of it.
    """
    return pack(batch)


def decode_batch(body: bytes) -> Delivery:
    """Return the batch of a request body, with every event that is no envelope set apart.

    Raises:
        BatchTooLargeError: more than the wire allows: bytes, compressed or decompressed, or commas.
        BatchError: not whole gzip, not JSON, not the fields of a batch, or an event without a readable id.
    """
    plain = unzip(body)
    if plain.count(b",") > MAX_COMMAS:
        raise BatchTooLargeError(f"more than {MAX_COMMAS} commas")
    try:
        return Delivery(_batch_decoder.decode(plain))
    except _UNREADABLE:
        return _decode_apart(plain)


def body_sha256(body: bytes) -> str:
    """Return the SHA-256 of a request body, hex, as a receipt names it."""
    return hashlib.sha256(body).hexdigest()


def encode_receipt(receipt: Receipt) -> bytes:
    """Return the response body of a receipt."""
    return msgspec.json.encode(receipt)


def read_receipt(answer: bytes, batch: Batch, sent_body: bytes) -> Receipt:
    """Return the receipt of exactly this batch and these bytes.

    Raises:
        ReceiptError: the answer is something else: HTML of a captive portal, another batch, a cut reply.
    """
    try:
        receipt = _receipt_decoder.decode(answer)
    except _UNREADABLE as error:
        raise ReceiptError("the answer is not a receipt (a captive portal or another server?)") from error
    if receipt.batch != batch.id or receipt.body_sha256 != body_sha256(sent_body):
        raise ReceiptError("the answer is the receipt of another batch")
    return receipt


def _decode_apart(plain: bytes) -> Delivery:
    """Read event by event: the way of a batch that does not read as a whole."""
    try:
        loose = _loose_decoder.decode(plain)
    except _UNREADABLE as error:
        raise BatchError(f"not a batch of events: {error}") from error
    envelopes, malformed = [], []
    for raw in loose.events:
        try:
            envelopes.append(_event_decoder.decode(raw))
        except _UNREADABLE as error:
            malformed.append(_malformed(bytes(raw), str(error)))
    return Delivery(Batch(loose.id, loose.device, envelopes, _checkpoint(loose.checkpoint)), tuple(malformed))


def _checkpoint(raw: msgspec.Raw) -> Checkpoint | None:
    """Return the checkpoint of a batch; one that is none says nothing, as its absence does."""
    try:
        return _checkpoint_decoder.decode(raw)
    except _UNREADABLE:
        return None


def _malformed(raw: bytes, why: str) -> MalformedEvent:
    try:
        named = _name_decoder.decode(raw)
    except _UNREADABLE as error:
        raise BatchError(f"an event has no id to answer it under: {why}") from error
    try:
        kind = _kind_decoder.decode(raw).kind
    except _UNREADABLE:
        kind = ""
    return MalformedEvent(named.id, kind, raw.decode(errors="backslashreplace"), why)
