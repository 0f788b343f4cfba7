"""The chain as one text file that a stranger can check: a signed heading, what vouches for it, then every record.

Upstream: ``checkpoint``, ``envelope``, ``signing.documents``.
Downstream: ``kiosk.export`` (writes it), ``kiosk.commands.verify`` (reads it).

JSON Lines, one object a line, named by its one key::

    {"heading": …}        signed: device, its public key, how many lines of each follow, the head of every stream
    {"checkpoint": …}     the device's earlier checkpoints
    {"acknowledged": …}   the heads that the platform acknowledged
    {"event": …}          the envelopes, as they travel, in the order in which they were recorded
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import msgspec

from sync.protocol.audit import Record
from sync.protocol.checkpoint import Checkpoint
from sync.protocol.envelope import Envelope, Position, Stamp
from sync.protocol.errors import ProtocolError
from sync.protocol.events import Id
from sync.protocol.signing.documents import SignedDocument, open_document, sign_document
from sync.protocol.trust import Hex32

if TYPE_CHECKING:
    from sync.protocol.signing.keys import SigningKey

LEDGER_EXPORT = "ledger_export"
MOST_LINE_BYTES = 256 * 1024  # an envelope is far below; what is longer is none


class Heading(msgspec.Struct, frozen=True):
    """What the device stands for: its streams, and how far they reached when the file was made.

    ``stamp`` is that of the newest checkpoint; None where nothing is recorded yet. ``earlier`` are the public keys that
    the device had before this one: what they signed stays signed.
    """

    device: Id
    public: Hex32
    stamp: Stamp | None
    heads: list[Position]
    checkpoints: int
    events: int
    earlier: list[Hex32] = []


class Line(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line; exactly one of these stands in it."""

    heading: SignedDocument | None = None
    checkpoint: Checkpoint | None = None
    acknowledged: Position | None = None
    event: Envelope | None = None


class _AnyEvent(msgspec.Struct, frozen=True):
    event: dict[str, Any]


_line_decoder = msgspec.json.Decoder(Line)
_event_decoder = msgspec.json.Decoder(_AnyEvent)
_UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)


def encode_line(line: Line) -> bytes:
    """Return a line with its end."""
    return msgspec.json.encode(line) + b"\n"


def sign_heading(heading: Heading, key: SigningKey) -> Line:
    """Return the first line."""
    return Line(heading=sign_document(LEDGER_EXPORT, cast("dict[str, Any]", msgspec.to_builtins(heading)), key))


def read_heading(line: bytes, public: bytes | None) -> Heading:
    """Return what the first line says.

    Args:
        line: the first line.
        public: the device's key where it is known; None to take the one that stands in the line itself.

    Raises:
        ProtocolError: it is no heading, or the key did not sign it.
    """
    try:
        document = _line_decoder.decode(line).heading
        if document is None:
            raise ProtocolError("the file does not begin with the heading of a ledger")
        heading = msgspec.convert(document.payload, Heading)
    except _UNREADABLE as error:
        raise ProtocolError("the file does not begin with the heading of a ledger") from error
    open_document(document, LEDGER_EXPORT, bytes.fromhex(heading.public) if public is None else public)
    return heading


def read_line(line: bytes) -> Checkpoint | Position | Record:
    """Return what a line after the first holds; one that cannot be read is a record that was changed."""
    try:
        read = _line_decoder.decode(line)
    except _UNREADABLE:
        return _unreadable(line)
    if read.event is not None:
        return Record(read.event.stream, read.event.seq, read.event)
    return read.checkpoint or read.acknowledged or Record("", 0, None)


def _unreadable(line: bytes) -> Record:
    try:
        event = _event_decoder.decode(line).event
    except _UNREADABLE:
        return Record("", 0, None)
    stream, seq = event.get("stream"), event.get("seq")
    return Record(stream if isinstance(stream, str) else "", seq if isinstance(seq, int) else 0, None)
