"""Signed HTTP requests: RFC 9421 with Ed25519 and Content-Digest (RFC 9530).

Upstream: ``keys``, the ``http_message_signatures`` library.
Downstream: ``sync.agent.transport`` signs, ``sync.platform.api`` verifies.

``@authority`` is not covered, so that a station's own proxy may stand between; method, path and body are. The date in a
signature is not checked: a booth's clock may say anything, and a replay is harmless because events are idempotent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from http_message_signatures import (
    HTTPMessageSignaturesException,
    HTTPMessageSigner,
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
    InvalidSignature,
    algorithms,
)

from sync.protocol.errors import SignatureError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sync.protocol.signing.keys import SigningKey

COVERED = ("@method", "@path", "content-digest")
LABEL = "lyz"
TAG = "lyz-device-1"
_SIGNATURE_HEADERS = frozenset({"content-digest", "signature-input", "signature"})
_ANY_CLOCK = timedelta(days=365_000)


@dataclass(slots=True)
class HttpRequest:
    """The parts of a request that are signed, in the form the signature library reads."""

    method: str
    url: str
    headers: dict[str, str]
    body: bytes


class _Resolver(HTTPSignatureKeyResolver):
    """Keys by key id for one call."""

    def __init__(self, private: Ed25519PrivateKey | None, public_of: Callable[[str], bytes | None]) -> None:
        self._private = private
        self._public_of = public_of

    def resolve_private_key(self, key_id: str) -> Ed25519PrivateKey | None:  # noqa: ARG002 - the library's signature
        return self._private

    def resolve_public_key(self, key_id: str) -> Ed25519PublicKey | None:
        public = self._public_of(key_id)
        return None if public is None else Ed25519PublicKey.from_public_bytes(public)


def sign_request(request: HttpRequest, key: SigningKey, key_id: str, at: datetime) -> Mapping[str, str]:
    """Return the headers to add to a request: Content-Digest, Signature-Input, Signature."""
    signer = HTTPMessageSigner(
        signature_algorithm=algorithms.ED25519,
        key_resolver=_Resolver(key.private, lambda _: None),
    )
    signer.sign(
        request, key_id=key_id, created=at, label=LABEL, tag=TAG, covered_component_ids=COVERED, body=request.body
    )
    return {name: request.headers[name] for name in request.headers if name.lower() in _SIGNATURE_HEADERS}


def verify_request(request: HttpRequest, public_of: Callable[[str], bytes | None]) -> str:
    """Return the key id that signed a request.

    Args:
        request: as received; ``headers`` with every name in lower case.
        public_of: the 32-byte public key of a key id, or None where it is unknown.

    Raises:
        SignatureError: unsigned, signed by an unknown key, or another body or path than was signed.
    """
    verifier = HTTPMessageVerifier(signature_algorithm=algorithms.ED25519, key_resolver=_Resolver(None, public_of))
    verifier.require_created = False
    verifier.max_clock_skew = _ANY_CLOCK
    try:
        results = verifier.verify(request, max_age=None, expect_tag=TAG, require_components=COVERED, body=request.body)
        return str(results[0].parameters["keyid"])
    except (HTTPMessageSignaturesException, InvalidSignature, KeyError, ValueError) as error:
        raise SignatureError("the request is not signed by a device this platform knows") from error
