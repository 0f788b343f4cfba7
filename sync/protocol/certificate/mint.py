"""Minting: the one place where a certificate is signed, for demo volunteers and real ones alike.

Upstream: ``codec``, ``sync.protocol.signing``.
Downstream: ``sync.platform`` (issue, demo community), tests.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from sync.protocol.certificate.codec import KID_BYTES, encode_claims, encode_protected, encode_text, sig_structure
from sync.protocol.errors import MalformedError

if TYPE_CHECKING:
    from sync.protocol.certificate.claims import Claims
    from sync.protocol.vocabulary import KeyAlgorithm


class CertificateKey(Protocol):
    """An issuer's private key: ``signing.keys.SigningKey``, or ``signing.sm2.Sm2SigningKey``."""

    @property
    def algorithm(self) -> KeyAlgorithm:
        """What its entry on the trust list says."""
        ...

    def sign(self, message: bytes) -> bytes:
        """Return the 64-byte signature of ``message``."""
        ...


def mint(claims: Claims, kid: bytes, key: CertificateKey) -> str:
    """Return the text of a signed certificate, about 217 characters of the QR alphanumeric alphabet.

    Raises:
        MalformedError: a claim is outside its range, or the key id does not have 2 bytes.
    """
    if len(kid) != KID_BYTES:
        raise MalformedError("the key id does not have 2 bytes")
    protected, payload = encode_protected(kid, key.algorithm), encode_claims(claims)
    return encode_text(protected, payload, key.sign(sig_structure(protected, payload)))
