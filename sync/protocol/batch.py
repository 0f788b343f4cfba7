"""Batches of envelopes and the receipts that answer them, with their limits.

Upstream: ``envelope``, ``vocabulary``.
Downstream: ``sync.agent``, ``sync.platform.api``.

A batch is gzip JSON, at most 500 envelopes and 256 KiB compressed; its decompressed size is capped before parsing.
A receipt names its batch, the SHA-256 of the very bytes received, and an outcome for every event.
"""

from __future__ import annotations

import gzip
import hashlib
import zlib
from typing import Annotated

import msgspec
from msgspec import Meta

from sync.protocol.envelope import Digest, Envelope
from sync.protocol.errors import BatchError, BatchTooLargeError, ReceiptError
from sync.protocol.events import Id, UnixMs
from sync.protocol.vocabulary import EventOutcome

MAX_EVENTS = 500
MAX_COMPRESSED_BYTES = 256 * 1024
MAX_PLAIN_BYTES = 4 * 1024 * 1024
CONTENT_TYPE = "application/json"


class Batch(msgspec.Struct, frozen=True):
    """``POST /v1/events``: some envelopes of one device, in order of sequence."""

    id: Id
    device: Id
    events: Annotated[list[Envelope], Meta(min_length=1, max_length=MAX_EVENTS)]


class EventReceipt(msgspec.Struct, frozen=True, omit_defaults=True):
    """What became of one event; ``reason`` is a sentence a person can act on, for ``quarantined``."""

    id: Id
    outcome: EventOutcome
    reason: str | None = None


class Receipt(msgspec.Struct, frozen=True):
    """The platform's answer, sent after its commit is durable.

    Attributes:
        batch: the id of the batch answered.
        body_sha256: of the request body as received (compressed), hex.
        events: one outcome for every event of the batch.
        server_ms: the platform's time when it answered, UTC ms.
        epoch: changes when the platform's database was restored from a backup.
        alarms: words for what a person must look at (``stream_forked`` …).
    """

    batch: Id
    body_sha256: Digest
    events: list[EventReceipt]
    server_ms: UnixMs
    epoch: Id
    alarms: list[str] = []


_batch_decoder = msgspec.json.Decoder(Batch)
_receipt_decoder = msgspec.json.Decoder(Receipt)


def encode_batch(batch: Batch) -> bytes:
    """Return the request body: gzip JSON, the same bytes for the same batch.

    Raises:
        BatchTooLargeError: the compressed body exceeds :data:`MAX_COMPRESSED_BYTES`; send half of it.
    """
    body = gzip.compress(msgspec.json.encode(batch), compresslevel=6, mtime=0)
    if len(body) > MAX_COMPRESSED_BYTES:
        raise BatchTooLargeError(f"{len(body)} bytes compressed, at most {MAX_COMPRESSED_BYTES} are taken")
    return body


def decode_batch(body: bytes) -> Batch:
    """Return the batch of a request body.

    Raises:
        BatchTooLargeError: more bytes than the wire allows, compressed or decompressed.
        BatchError: not whole gzip, not JSON, or not the fields of a batch.
    """
    if len(body) > MAX_COMPRESSED_BYTES:
        raise BatchTooLargeError(f"{len(body)} bytes compressed, at most {MAX_COMPRESSED_BYTES} are taken")
    try:
        return _batch_decoder.decode(_gunzip(body))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise BatchError(f"not a batch of events: {error}") from error


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
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise ReceiptError("the answer is not a receipt (a captive portal or another server?)") from error
    if receipt.batch != batch.id or receipt.body_sha256 != body_sha256(sent_body):
        raise ReceiptError("the answer is the receipt of another batch")
    return receipt


def _gunzip(body: bytes) -> bytes:
    inflater = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        plain = inflater.decompress(body, MAX_PLAIN_BYTES)
    except zlib.error as error:
        raise BatchError("the body is not gzip") from error
    if inflater.unconsumed_tail:
        raise BatchTooLargeError(f"more than {MAX_PLAIN_BYTES} bytes when decompressed")
    if not inflater.eof or inflater.unused_data:
        raise BatchError("the gzip body is cut or has bytes after its end")
    return plain
