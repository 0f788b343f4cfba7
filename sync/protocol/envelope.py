"""The envelope of an event and the hash chain that ties each to the one before it.

Upstream: ``canonical``, ``events``.
Downstream: ``batch``, ``sessions``, ``kiosk.store`` (seals), ``sync.platform`` (checks).

``h = SHA-256(prev || canonical(id, stream, seq, kind, body, stamp))``; the first envelope of a stream follows 32 zero
bytes. The aside (a name) is not hashed: only its digest, inside the body, is.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Annotated, Any, cast

import msgspec
from msgspec import Meta

from sync.protocol.canonical import canonical_bytes, canonical_fields
from sync.protocol.errors import ChainError, ProtocolError
from sync.protocol.events import Aside, Body, CheckIn, Id, Word
from sync.protocol.judgements import CaptainEntry
from sync.protocol.kinds import BODY_OF_KIND, KIND_OF_BODY

if TYPE_CHECKING:
    from collections.abc import Iterable

NS_PER_US = 1000
GENESIS = "00" * 32  # ``prev`` of the first envelope of every stream
Digest = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
Microseconds = Annotated[int, Meta(ge=0, le=2**53 - 1)]


class Stamp(msgspec.Struct, frozen=True):
    """What the device's clocks said, raw and never edited later (clock.md).

    Attributes:
        boot_id: the kernel's id of this boot.
        boot_n: this device's own count of boots.
        bt_us: CLOCK_BOOTTIME in microseconds (counts suspend, never jumps); in nanoseconds a booth would run out of
            exact JSON numbers after 104 days.
        wall_ms: the wall clock, UTC milliseconds since 1970; may say anything, before 1970 too.
        clk: what the device knew of the time (:class:`~sync.protocol.vocabulary.ClockQuality`).
    """

    boot_id: Word
    boot_n: Annotated[int, Meta(ge=0, le=2**31)]
    bt_us: Microseconds
    wall_ms: Annotated[int, Meta(ge=-(2**53) + 1, le=2**53 - 1)]
    clk: Word

    @property
    def bt_ns(self) -> int:
        """CLOCK_BOOTTIME in nanoseconds, to the microsecond."""
        return self.bt_us * NS_PER_US


class Envelope(msgspec.Struct, frozen=True, omit_defaults=True):
    """One event of one stream. ``id`` is a UUIDv4 without meaning; order within a stream is ``seq``, from 1."""

    id: Id
    stream: Id
    seq: Annotated[int, Meta(ge=1, le=2**53 - 1)]
    kind: Word
    body: dict[str, Any]
    stamp: Stamp
    prev: Digest
    h: Digest
    aside: Aside | None = None

    def digest(self) -> str:
        """Return the SHA-256 this envelope must carry in ``h``, hex.

        Raises:
            ProtocolError: the body has no canonical form.
        """
        return self.digest_with(canonical_bytes(self.body))

    def digest_with(self, body: bytes) -> str:
        """Return the same where the canonical bytes of its body are at hand."""
        return _digest_over(self.prev, body, _Beside(self.id, self.kind, self.seq, self.stamp, self.stream))


class _Beside(msgspec.Struct, frozen=True):
    """The hashed parts but the body, each of which has one spelling by its type."""

    id: str
    kind: str
    seq: int
    stamp: Stamp
    stream: str


def chain_digest(  # noqa: PLR0913, PLR0917 - the seven hashed parts, named once
    prev: str, id_: str, stream: str, seq: int, kind: str, body: object, stamp: Stamp
) -> str:
    """Return ``SHA-256(prev || canonical bytes of the hashed parts)``, hex."""
    return _digest_over(prev, canonical_bytes(body), _Beside(id_, kind, seq, stamp, stream))


def _digest_over(prev: str, body: bytes, beside: _Beside) -> str:
    """Hash the parts in their canonical order, in which the body comes first, so that it is written once."""
    rest = canonical_fields(beside)
    return hashlib.sha256(b"".join((bytes.fromhex(prev), b'{"body":', body, b",", rest[1:]))).hexdigest()


class Position(msgspec.Struct, frozen=True):
    """The head of a stream: the last sequence number and its hash; ``(0, GENESIS)`` where nothing stands yet."""

    stream: str
    seq: int = 0
    h: str = GENESIS


def seal(body: Body, *, id_: str, at: Position, stamp: Stamp, aside: Aside | None = None) -> Envelope:
    """Return the envelope that follows ``at`` in its stream.

    Raises:
        ProtocolError: a field of the body is outside its range; what no end would take is never made.
    """
    plain = cast("dict[str, Any]", msgspec.to_builtins(body))
    kind, seq = KIND_OF_BODY[type(body)], at.seq + 1
    h = chain_digest(at.h, id_, at.stream, seq, kind, plain, stamp)
    sealed = Envelope(id_, at.stream, seq, kind, plain, stamp, at.h, h, aside)
    open_body(sealed)
    return sealed


def open_body(envelope: Envelope) -> Body | None:
    """Return the typed body, or ``None`` for a kind this version does not know.

    Raises:
        ProtocolError: a known kind with a body that does not have its fields.
    """
    body_type = BODY_OF_KIND.get(envelope.kind)
    if body_type is None:
        return None
    try:
        return msgspec.convert(envelope.body, body_type)
    except msgspec.ValidationError as error:
        raise ProtocolError(f"the body of a {envelope.kind} event is not valid: {error}") from error


def check(envelope: Envelope) -> None:
    """Check an envelope by itself: its hash, its body, and that the aside is the one the chain names.

    Raises:
        ProtocolError: with a sentence saying what does not fit.
    """
    if envelope.digest() != envelope.h:
        raise ProtocolError("the hash does not match the content: the record was changed after it was made")
    check_aside(envelope, open_body(envelope))


def check_aside(envelope: Envelope, body: Body | None) -> None:
    """Check that what stands beside an envelope with this body is what the chain names.

    Raises:
        ProtocolError: with a sentence saying what does not fit.
    """
    if envelope.aside is None:
        return
    if not isinstance(body, CheckIn | CaptainEntry):
        raise ProtocolError("only a check-in or an entry of hours may carry a name")
    try:
        digest = envelope.aside.digest()
    except ValueError as error:
        raise ProtocolError("the salt of the name is not hexadecimal") from error
    if digest != body.name_digest:
        raise ProtocolError("the name beside the record is not the one that was recorded")


def verify_chain(envelopes: Iterable[Envelope], after: Position) -> Position:
    """Walk a stream in order and return its head.

    Raises:
        ChainError: naming the first envelope that was changed, removed, reordered or belongs to another stream.
    """
    head = after
    for envelope in envelopes:
        if envelope.stream != head.stream:
            raise ChainError(envelope.seq, "belongs to another stream")
        if envelope.seq != head.seq + 1:
            raise ChainError(head.seq + 1, f"is missing; {envelope.seq} stands in its place")
        if envelope.prev != head.h:
            raise ChainError(envelope.seq, "does not follow from the record before it")
        if envelope.digest() != envelope.h:
            raise ChainError(envelope.seq, "was changed after it was made")
        head = Position(head.stream, envelope.seq, envelope.h)
    return head
