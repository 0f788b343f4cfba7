"""From a presented text to a verified certificate: strict reading, signature, revocation, validity. No I/O.

Upstream: ``sync.protocol.certificate``, ``sync.protocol.trust``, ``sync.protocol.revocation``, ``foreign``.
Downstream: ``identify``, ``kiosk certificate check``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from kiosk.certificate.foreign import recognise
from sync.protocol.certificate.codec import PREFIX, decode_text
from sync.protocol.errors import (
    ExpiredError,
    ForgedError,
    NotACertificateError,
    NotYetValidError,
    RevokedError,
    UnknownIssuerError,
)
from sync.protocol.revocation import RevocationList
from sync.protocol.signing.verifying import verifies_as

if TYPE_CHECKING:
    from sync.protocol.certificate.claims import Claims, SignedCertificate
    from sync.protocol.trust import TrustedKey, TrustList

EARLY_TOLERANCE = timedelta(minutes=5)  # certificate.md, Expiry
NOTHING_REVOKED = RevocationList()


@dataclass(frozen=True, slots=True)
class Now:
    """The present as a pair of aware UTC bounds; ``latest`` is None where nothing bounds it (clock.md)."""

    earliest: datetime
    latest: datetime | None


@dataclass(frozen=True, slots=True)
class VerifiedCertificate:
    """A genuine certificate.

    Attributes:
        claims: what it says.
        kid: the key id it was signed under, 4 hex digits.
        validity_unchecked: the clock is too uncertain to tell whether it is within its dates; settled later.
    """

    claims: Claims
    kid: str
    validity_unchecked: bool


def verify(text: str, trust: TrustList, now: Now, revocations: RevocationList = NOTHING_REVOKED) -> VerifiedCertificate:
    """Return the certificate of a presented text.

    Raises:
        NotACertificateError: another world's code; ``kind`` says which.
        MalformedError: our prefix, but not strictly our format.
        UnknownIssuerError: the trust list has no key of this id for the day it was issued.
        ForgedError: the signature is not the issuer's, or made by another algorithm than the trust list fixes.
        RevokedError: the issuer took it back.
        NotYetValidError, ExpiredError: surely outside its dates, whatever the clock's error.
    """
    if not text.startswith(PREFIX):
        raise NotACertificateError(recognise(text))
    certificate = decode_text(text)
    key = _signer(certificate, trust)
    if revocations.holds(certificate.claims.issuer, certificate.claims.serial):
        raise RevokedError("the issuer took it back")
    unchecked = _check_dates(certificate.claims, now)
    return VerifiedCertificate(certificate.claims, key.kid, unchecked)


def _signer(certificate: SignedCertificate, trust: TrustList) -> TrustedKey:
    """Return the trusted key that signed; while keys rotate, two entries of an issuer may have one id."""
    kid, claims = certificate.kid.hex(), certificate.claims
    issued_ms = int(claims.issued_at.timestamp() * 1000)
    candidates = [
        key
        for key in trust.keys
        if key.kid == kid and key.issuer == claims.issuer and key.valid_from_ms <= issued_ms < key.valid_until_ms
    ]
    if not candidates:
        raise UnknownIssuerError("no key of this issuer in the trust list")
    for key in candidates:
        if key.algorithm == certificate.algorithm and verifies_as(
            key.algorithm, bytes.fromhex(key.public), certificate.signed_bytes, certificate.signature
        ):
            return key
    raise ForgedError("the signature is not the issuer's")


def _check_dates(claims: Claims, now: Now) -> bool:
    if now.earliest >= claims.expires_at:
        raise ExpiredError("past its end")
    if now.latest is not None and now.latest + EARLY_TOLERANCE < claims.issued_at:
        raise NotYetValidError("issued in the future")
    return now.latest is None or now.latest >= claims.expires_at or now.earliest < claims.issued_at - EARLY_TOLERANCE
