"""Signed checkpoints: the device's key stands for the head of a stream, so that no forger can seal the chain anew.

Upstream: ``envelope``, ``signing.documents``.
Downstream: ``batch`` (carries one), ``audit`` (holds records against them), ``kiosk.store``, ``sync.platform``.

A hash chain alone shows a change, unless whoever changed it seals all that follows anew. Behind a checkpoint that needs
the device's secret key; behind a head that the platform acknowledged, the platform.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, cast

import msgspec
from msgspec import Meta

from sync.protocol.envelope import Digest, Position, Stamp
from sync.protocol.errors import ProtocolError, SignatureError
from sync.protocol.events import Id
from sync.protocol.signing.documents import SignedDocument, open_document, sign_document

if TYPE_CHECKING:
    from sync.protocol.signing.keys import SigningKey

CHECKPOINT = "checkpoint"
Signature = Annotated[str, Meta(pattern="^[0-9a-f]{128}$")]


class Checkpoint(msgspec.Struct, frozen=True):
    """The head of a stream as its device saw it at ``stamp``, signed as a document of kind ``checkpoint``."""

    stream: Id
    seq: Annotated[int, Meta(ge=1, le=2**53 - 1)]
    h: Digest
    stamp: Stamp
    signature: Signature

    @property
    def head(self) -> Position:
        """The head it stands for."""
        return Position(self.stream, self.seq, self.h)


def sign_checkpoint(head: Position, stamp: Stamp, key: SigningKey) -> Checkpoint:
    """Return the checkpoint of a head."""
    document = sign_document(CHECKPOINT, _payload(head, stamp), key)
    return Checkpoint(head.stream, head.seq, head.h, stamp, document.signature)


def is_signed_by(checkpoint: Checkpoint, public: bytes) -> bool:
    """Tell whether the holder of the 32-byte key ``public`` signed exactly this."""
    try:
        payload = _payload(checkpoint.head, checkpoint.stamp)
        open_document(SignedDocument(CHECKPOINT, payload, checkpoint.signature), CHECKPOINT, public)
    except (SignatureError, ProtocolError):
        return False
    return True


def _payload(head: Position, stamp: Stamp) -> dict[str, Any]:
    return cast(
        "dict[str, Any]", msgspec.to_builtins({"stream": head.stream, "seq": head.seq, "h": head.h, "stamp": stamp})
    )
