"""The revocation list: certificates taken back, by issuer and serial; exact, small, signed by the root key.

Upstream: ``signing.documents``, ``events``.
Downstream: ``kiosk.certificate`` (looks serials up), ``sync.platform`` (publishes it).

A serial is the unsigned integer of its bytes. The serials of one issuer travel in rising order as the gaps between
them, each gap a varint (7 bits a byte, lowest first, the high bit says that more follow), the whole in base64: 10,000
of 1,100,000 fit in 18 kB. A list has one spelling; it is replaced whole, and never by an older one.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from msgspec import Meta

from sync.protocol.errors import SignatureError
from sync.protocol.events import UnixMs, Word
from sync.protocol.signing.documents import SignedDocument, open_document, sign_document

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sync.protocol.signing.keys import SigningKey

REVOCATION_LIST = "revocation_list"
MAX_SERIAL_BITS = 128  # 16 bytes, as in ``certificate.claims``
MORE = 0x80  # the high bit of a varint's byte
LOW_BITS = 0x7F


class RevokedSerials(msgspec.Struct, frozen=True):
    """The serials of one issuer: how many, and their gaps in base64."""

    issuer: Word
    count: Annotated[int, Meta(ge=1)]
    gaps: str


class RevocationPayload(msgspec.Struct, frozen=True):
    """The payload of the signed document."""

    version: Annotated[int, Meta(ge=1)]
    issued_ms: UnixMs
    issuers: list[RevokedSerials]


@dataclass(frozen=True, slots=True)
class RevocationList:
    """What a device looks up; version 0 is the empty list of a device that has received none."""

    version: int = 0
    issued_ms: int = 0
    serials: Mapping[str, frozenset[int]] = field(default_factory=dict)

    def holds(self, issuer: str, serial: bytes) -> bool:
        """Tell whether the issuer took this certificate back."""
        return int.from_bytes(serial, "big") in self.serials.get(issuer, ())


def sign_revocation_list(
    version: int, issued_ms: int, revoked: Mapping[str, Iterable[bytes]], root: SigningKey
) -> SignedDocument:
    """Return the signed document of the revoked serials by issuer; issuers without any are left out."""
    issuers = []
    for issuer, serials in sorted(revoked.items()):
        numbers = sorted({int.from_bytes(serial, "big") for serial in serials})
        if numbers:
            issuers.append(RevokedSerials(issuer, len(numbers), base64.b64encode(encode_gaps(numbers)).decode()))
    return sign_document(REVOCATION_LIST, msgspec.to_builtins(RevocationPayload(version, issued_ms, issuers)), root)


def read_revocation_list(document: SignedDocument | None, root_public: bytes) -> RevocationList:
    """Return the list of a document signed by the root key; without a document, the empty list of version 0.

    Raises:
        SignatureError: signed by another key, changed, or not a revocation list.
    """
    if document is None:
        return RevocationList()
    return parse_revocation_list(open_document(document, REVOCATION_LIST, root_public))


def parse_revocation_list(payload: dict[str, Any]) -> RevocationList:
    """Return the list of a document's payload, whose signature somebody else has checked.

    Raises:
        SignatureError: it is not a revocation list, or a second spelling of one.
    """
    try:
        wire = msgspec.convert(payload, RevocationPayload)
        serials = {each.issuer: _serials_of(each) for each in wire.issuers}
    except (msgspec.ValidationError, ValueError) as error:
        raise SignatureError(f"the revocation list is signed, but is not a revocation list: {error}") from error
    if len(serials) != len(wire.issuers):
        raise SignatureError("the revocation list is signed, but an issuer stands in it twice")
    return RevocationList(wire.version, wire.issued_ms, serials)


def encode_gaps(numbers: Iterable[int]) -> bytes:
    """Return rising numbers ≥ 0 as varints of their gaps, the first counted from −1."""
    encoded, before = bytearray(), -1
    for number in numbers:
        gap, before = number - before, number
        while gap > LOW_BITS:
            encoded.append(gap & LOW_BITS | MORE)
            gap >>= 7
        encoded.append(gap)
    return bytes(encoded)


def decode_gaps(data: bytes) -> frozenset[int]:
    """Return the numbers whose gaps these varints are.

    Raises:
        ValueError: the last varint is torn, a gap is zero or not in its shortest form, or a number has over 128 bits.
    """
    numbers, before, gap, shift = [], -1, 0, 0
    for byte in data:
        gap |= (byte & LOW_BITS) << shift
        shift += 7
        if byte & MORE:
            continue
        before += gap
        if byte == 0 or before.bit_length() > MAX_SERIAL_BITS:
            raise ValueError("a gap is zero, not in its shortest form, or too wide")
        numbers.append(before)
        gap = shift = 0
    if shift:
        raise ValueError("the last gap is torn")
    return frozenset(numbers)


def _serials_of(wire: RevokedSerials) -> frozenset[int]:
    data = base64.b64decode(wire.gaps, validate=True)
    serials = decode_gaps(data)
    if len(serials) != wire.count or base64.b64encode(data).decode() != wire.gaps:
        raise ValueError("it does not hold as many serials as it says, or is not in plain base64")
    return serials
