"""The trust list: whose certificates a device accepts, signed by the root key it got at enrolment.

Upstream: ``signing.documents``.
Downstream: ``kiosk.certificate`` (looks keys up), ``sync.platform`` (publishes it).

Every entry fixes its algorithm and its own validity; rotation is two entries that overlap.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from sync.protocol.errors import SignatureError
from sync.protocol.events import UnixMs, Word
from sync.protocol.signing.documents import SignedDocument, open_document
from sync.protocol.signing.verifying import PUBLIC_BYTES
from sync.protocol.vocabulary import KeyAlgorithm

TRUST_LIST = "trust_list"
Hex32 = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
PublicKey = Annotated[str, Meta(pattern="^(?:[0-9a-f]{64}){1,2}$")]
Kid = Annotated[str, Meta(pattern="^[0-9a-f]{4}$")]


class TrustedKey(msgspec.Struct, frozen=True):
    """One issuer's key: id (4 hex digits), region code, algorithm, public key, and when it may have signed.

    Attributes:
        algorithm: how its holder signs; a certificate that names another is forged.
        public: hex; 32 bytes of Ed25519, or the point x‖y of SM2 in 64 bytes.
        valid_from_ms, valid_until_ms: UTC ms; certificates issued in [from, until) are trusted.
    """

    kid: Kid
    issuer: Word
    algorithm: Literal["ed25519", "sm2"]
    public: PublicKey
    valid_from_ms: UnixMs
    valid_until_ms: UnixMs

    def __post_init__(self) -> None:
        """Hold the key's length to its algorithm.

        Raises:
            ValueError: it has another; of a received list, a ``ValidationError``.
        """
        if len(self.public) != 2 * PUBLIC_BYTES[KeyAlgorithm(self.algorithm)]:
            raise ValueError(f"a public key of {self.algorithm} has {PUBLIC_BYTES[KeyAlgorithm(self.algorithm)]} bytes")


class TrustList(msgspec.Struct, frozen=True):
    """All keys a device trusts; a higher version replaces a lower one, never the other way."""

    version: Annotated[int, Meta(ge=1)]
    issued_ms: UnixMs
    keys: list[TrustedKey]


def read_trust_list(document: SignedDocument, root_public: bytes) -> TrustList:
    """Return the trust list of a document signed by the root key.

    Raises:
        SignatureError: signed by another key, changed, or without the fields of a trust list.
    """
    payload: dict[str, Any] = open_document(document, TRUST_LIST, root_public)
    try:
        return msgspec.convert(payload, TrustList)
    except msgspec.ValidationError as error:
        raise SignatureError(f"the trust list is signed, but is not a trust list: {error}") from error
