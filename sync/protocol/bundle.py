"""Batches on a stick: the same batches as on the wire, each line signed, and the platform's answer to them.

Upstream: ``batch``, ``signing.documents``.
Downstream: ``sync.agent.bundling`` writes and reads back, ``sync.platform.bundling`` takes and answers.

JSON Lines; every line is a signed document of its own, numbered from 1, so that a file can be written, read and taken
up again line by line, and nothing beyond one line is ever held::

    lyz-bundle-1           {"bundle", "device", "key_id", "n", "upto", "events", "body"}   by the device
    lyz-bundle-receipt-1   {"bundle", "device", "n", "receipt"}                            by the platform

The last line has no ``body`` and no ``receipt``: a file without it is cut off. There is no nonce: nobody answers while
it is signed, and a replay is harmless, since the platform knows every event by its id.
"""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, cast

import msgspec
from msgspec import Meta

from sync.protocol.batch import Receipt
from sync.protocol.errors import CutOffError, ForeignError, SignatureError, StickError
from sync.protocol.events import Id
from sync.protocol.signing.documents import SignedDocument, open_document, sign_document

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from sync.protocol.signing.keys import SigningKey

BUNDLE = "lyz-bundle-1"
BUNDLE_RECEIPT = "lyz-bundle-receipt-1"
SUFFIX = ".lyzb"
RECEIPT_SUFFIX = ".lyzr"
MOST_LINE_BYTES = 1024 * 1024  # a body of 256 KiB in base 64, or a receipt of 500 events with their reasons
Number = Annotated[int, Meta(ge=1, le=2**53 - 1)]
KeyId = Annotated[str, Meta(min_length=1, max_length=100)]


class BundlePart(msgspec.Struct, frozen=True, omit_defaults=True):
    """One batch of a bundle, or its end.

    Attributes:
        bundle: the id of the whole.
        device, key_id: whose, and which of its keys signs.
        n: the number of the line.
        upto: how far the device's outbox is in it; the device's own affair.
        events: how many are in this batch.
        body: the request body of ``POST /v1/events`` in base 64; None at the end.
    """

    bundle: Id
    device: Id
    key_id: KeyId
    n: Number
    upto: Annotated[int, Meta(ge=0)] = 0
    events: Annotated[int, Meta(ge=0)] = 0
    body: str | None = None

    def body_bytes(self) -> bytes:
        """Return the body of a batch.

        Raises:
            StickError: it is not base 64.
        """
        try:
            return base64.b64decode(self.body or "", validate=True)
        except (binascii.Error, ValueError) as error:
            raise StickError("a batch of the bundle is not base 64") from error


class ReceiptPart(msgspec.Struct, frozen=True, omit_defaults=True):
    """The platform's receipt for one batch of a bundle, or the end."""

    bundle: Id
    device: Id
    n: Number
    receipt: Receipt | None = None


Part = TypeVar("Part", BundlePart, ReceiptPart)
_lines = msgspec.json.Decoder(SignedDocument)


def body_text(body: bytes) -> str:
    """Return a body as it stands in a line."""
    return base64.b64encode(body).decode("ascii")


def line_of(part: BundlePart | ReceiptPart, key: SigningKey) -> bytes:
    """Return a signed line with its end."""
    kind = BUNDLE if isinstance(part, BundlePart) else BUNDLE_RECEIPT
    payload = cast("dict[str, Any]", msgspec.to_builtins(part))
    return msgspec.json.encode(sign_document(kind, payload, key)) + b"\n"


def read_bundle_line(line: bytes, public_of: Callable[[str], bytes | None]) -> BundlePart:
    """Return a line of a bundle.

    Args:
        line: with its end.
        public_of: the public key of a key id, or None where it is unknown.

    Raises:
        ForeignError: it is not signed by the key that it names.
        StickError: it is no such line.
    """
    document, named = _read(line, BUNDLE, BundlePart)
    public = public_of(named.key_id)
    if public is None:
        raise ForeignError("the bundle was signed by a device that is not known here")
    return _opened(document, BUNDLE, public, BundlePart)


def read_receipt_line(line: bytes, platform_public: bytes) -> ReceiptPart:
    """Return a line of a receipt.

    Raises:
        ForeignError: it is not signed by the platform.
        StickError: it is no such line.
    """
    document, _ = _read(line, BUNDLE_RECEIPT, ReceiptPart)
    return _opened(document, BUNDLE_RECEIPT, platform_public, ReceiptPart)


def in_order(parts: Iterable[Part]) -> Iterator[Part]:
    """Yield the parts before the end of one whole file.

    Raises:
        StickError: parts of several files, or out of order.
        CutOffError: there is no end; what was yielded before holds.
    """
    first: Part | None = None
    for number, part in enumerate(parts, 1):
        first = first or part
        if part.n != number or (part.bundle, part.device) != (first.bundle, first.device):
            raise StickError("the lines of the file do not follow each other")
        if _is_end(part):
            return
        yield part
    raise CutOffError("the file is cut off")


def _is_end(part: BundlePart | ReceiptPart) -> bool:
    return part.body is None if isinstance(part, BundlePart) else part.receipt is None


def _read(line: bytes, kind: str, part: type[Part]) -> tuple[SignedDocument, Part]:
    if not line.endswith(b"\n") and line.startswith(b'{"kind":'):
        raise CutOffError("the file is cut off")
    try:
        document = _lines.decode(line)
        named = msgspec.convert(document.payload, part)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise StickError("a line of the file is none of ours") from error
    if document.kind != kind:
        raise StickError("the file is of another kind")
    return document, named


def _opened(document: SignedDocument, kind: str, public: bytes, part: type[Part]) -> Part:
    try:
        return msgspec.convert(open_document(document, kind, public), part)
    except (SignatureError, msgspec.ValidationError) as error:
        raise ForeignError("a line of the file is not signed by whom it names, or was changed") from error
