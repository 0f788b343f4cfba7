"""Signed HTTP requests: RFC 9421 with Ed25519, Content-Digest (RFC 9530) and the platform's nonce.

Upstream: ``keys``, the ``http_message_signatures`` library.
Downstream: ``sync.agent.transport`` signs, ``sync.platform.api`` verifies.

``@authority`` is not covered, so that a station's own proxy may stand between; method, path and body or query are. The
date in a signature is not checked: a booth's clock may say anything. What makes a signature fresh is the nonce that the
platform gave with its last answer (header ``Lyz-Nonce``); what makes a replay within its life harmless is that every
call can be repeated.
"""

from __future__ import annotations

import re
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
COVERED_WITHOUT_BODY = ("@method", "@path", "@query")
WITHOUT_BODY = frozenset({"GET", "HEAD"})
NONCE_HEADER = "Lyz-Nonce"
LABEL = "lyz"
TAG = "lyz-device-1"
_SIGNATURE_HEADERS = frozenset({"content-digest", "signature-input", "signature"})
_ANY_CLOCK = timedelta(days=365_000)
_NONCE = re.compile(r"[A-Za-z0-9_-]{8,128}")


@dataclass(slots=True)
class HttpRequest:
    """The parts of a request that are signed, in the form the signature library reads."""

    method: str
    url: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class RequestSignature:
    """Who signed a request (a key id), and with which nonce of the platform; None: with none."""

    key_id: str
    nonce: str | None


class _Resolver(HTTPSignatureKeyResolver):
    """Keys by key id for one call."""

    def __init__(self, private: Ed25519PrivateKey | None, public_of: Callable[[str], bytes | None]) -> None:
        self._private = private
        self._public_of = public_of
        self.is_asking = False

    def resolve_private_key(self, key_id: str) -> Ed25519PrivateKey | None:  # noqa: ARG002 - the library's signature
        return self._private

    def resolve_public_key(self, key_id: str) -> Ed25519PublicKey | None:
        self.is_asking = True
        public = self._public_of(key_id)
        self.is_asking = False
        return None if public is None else Ed25519PublicKey.from_public_bytes(public)


def nonce_of(headers: Mapping[str, str]) -> str | None:
    """Return the nonce that an answer's headers give, or None where there is none that could be signed with."""
    found = next((value for name, value in headers.items() if name.lower() == NONCE_HEADER.lower()), "")
    return found if _NONCE.fullmatch(found) else None


def sign_request(
    request: HttpRequest, key: SigningKey, key_id: str, at: datetime, nonce: str | None = None
) -> Mapping[str, str]:
    """Sign a request once; return the headers added: Content-Digest (with a body), Signature-Input, Signature.

    Args:
        request: GET covers its query, any other method its body; to sign again, begin with a new one.
        key: the device's.
        key_id: the device's id; with ``/`` and 16 hex digits of the public key, for a key after its first.
        at: for the (unchecked) date of the signature.
        nonce: of the platform's last answer, as :func:`nonce_of` gives it; None before the first.
    """
    signer = HTTPMessageSigner(
        signature_algorithm=algorithms.ED25519,
        key_resolver=_Resolver(key.private, lambda _: None),
    )
    bodiless = request.method in WITHOUT_BODY
    signer.sign(
        request,
        key_id=key_id,
        created=at,
        nonce=nonce,
        label=LABEL,
        tag=TAG,
        covered_component_ids=COVERED_WITHOUT_BODY if bodiless else COVERED,
        body=None if bodiless else request.body,
    )
    return {name: request.headers[name] for name in request.headers if name.lower() in _SIGNATURE_HEADERS}


def verify_request(request: HttpRequest, public_of: Callable[[str], bytes | None]) -> str:
    """Return the key id that signed a request; as :func:`read_signature`, for those who need no nonce."""
    return read_signature(request, public_of).key_id


def read_signature(request: HttpRequest, public_of: Callable[[str], bytes | None]) -> RequestSignature:
    """Return who signed a request and with which nonce; whether the nonce is good is the caller's to say.

    Args:
        request: as received; ``headers`` with every name in lower case.
        public_of: the 32-byte public key of a key id, or None where it is unknown.

    Raises:
        SignatureError: unsigned, signed by an unknown key, or another body, path or query than was signed.
        Exception: what ``public_of`` raises where it cannot look a key up now; that is no word on the signature.
    """
    resolver = _Resolver(None, public_of)
    verifier = HTTPMessageVerifier(signature_algorithm=algorithms.ED25519, key_resolver=resolver)
    verifier.require_created = False
    verifier.max_clock_skew = _ANY_CLOCK
    bodiless = request.method in WITHOUT_BODY
    if bodiless and request.body:
        raise SignatureError(f"a {request.method} request has no body")
    required = COVERED_WITHOUT_BODY if bodiless else COVERED
    body = None if bodiless else request.body
    try:
        results = verifier.verify(request, max_age=None, expect_tag=TAG, require_components=required, body=body)
        parameters = results[0].parameters
        nonce = parameters.get("nonce")
        return RequestSignature(str(parameters["keyid"]), None if nonce is None else str(nonce))
    except (HTTPMessageSignaturesException, InvalidSignature, KeyError, ValueError) as error:
        if resolver.is_asking and error.__cause__ is not None:  # the library takes every failure for a bad signature
            raise error.__cause__ from None
        raise SignatureError("the request is not signed by a device this platform knows") from error
