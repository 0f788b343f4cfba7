"""Signed documents: a JSON value signed over its canonical bytes (trust lists, reference data, bundles).

Upstream: ``canonical``, ``keys``.
Downstream: ``kiosk.certificate`` (trust list), ``kiosk.usecases`` (reference data), ``sync.platform`` (makes them).
"""

from __future__ import annotations

from typing import Any

import msgspec

from sync.protocol.canonical import canonical_bytes
from sync.protocol.errors import ProtocolError, SignatureError
from sync.protocol.signing.keys import SigningKey, verifies


class SignedDocument(msgspec.Struct, frozen=True):
    """A JSON value signed over its canonical bytes: trust lists, reference data, bundles."""

    kind: str
    payload: dict[str, Any]
    signature: str


def sign_document(kind: str, payload: dict[str, Any], key: SigningKey) -> SignedDocument:
    """Return ``payload`` signed as a document of ``kind`` (the kind is part of what is signed)."""
    return SignedDocument(kind, payload, key.sign(canonical_bytes({"kind": kind, "payload": payload})).hex())


def open_document(document: SignedDocument, kind: str, public: bytes) -> dict[str, Any]:
    """Return the payload of a document of ``kind`` signed by ``public``.

    Raises:
        SignatureError: another kind, another key, or other content than was signed.
    """
    if document.kind != kind:
        raise SignatureError(f"a {document.kind} document stands where a {kind} document belongs")
    try:
        signature = bytes.fromhex(document.signature)
        signed = canonical_bytes({"kind": kind, "payload": document.payload})
    except ValueError as error:
        raise SignatureError("the signature is not hexadecimal") from error
    except ProtocolError as error:
        raise SignatureError(f"the {kind} document holds what is never signed: {error}") from error
    if not verifies(public, signed, signature):
        raise SignatureError(f"the {kind} document was not signed by the key this device trusts, or was changed")
    return document.payload
