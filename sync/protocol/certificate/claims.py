"""What a certificate says of its volunteer, and nothing else about the person.

Upstream: ``vocabulary``.
Downstream: ``codec``, ``kiosk.certificate``.

On the wire the claims are a CBOR map with integer keys. The keys of RFC 8392 are used where one fits; the ID number is
never part of it (REQ 2.3c)::

    1 iss   issuer's region code, text, e.g. "410302"       (GB/T 2260)
    2 sub   volunteer number 志愿者编号, text
    4 exp   expires, Unix seconds, excluded
    6 iat   issued, Unix seconds
    7 cti   serial, 4–16 bytes
   -1       display name at the time of issue, text
   -2       kind: 0 card, 1 dynamic, 2 day
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from sync.protocol.vocabulary import CertificateKind, KeyAlgorithm


@dataclass(frozen=True, slots=True)
class Claims:
    """The signed content of a certificate.

    Attributes:
        issuer: the issuing region's code, digits.
        volunteer_number: 志愿者编号, 1–32 characters.
        display_name: the name at the time of issue, 1–40 characters, any script.
        serial: 4–16 bytes, unique per issuer.
        issued_at, expires_at: aware UTC instants in whole seconds; good while ``now < expires_at``.
        kind: card, dynamic, or a visitor's card for one day.
    """

    issuer: str
    volunteer_number: str
    display_name: str
    serial: bytes
    issued_at: datetime
    expires_at: datetime
    kind: CertificateKind


@dataclass(frozen=True, slots=True)
class SignedCertificate:
    """A strictly parsed certificate whose signature has not been checked yet.

    Attributes:
        algorithm: what its header says of the key; the trust list decides, and must say the same.
        kid: the key id of its header, 2 bytes.
        claims: what it says, if the signature holds.
        signed_bytes: the COSE Sig_structure that the signature is over (RFC 9052 §4.4).
        signature: 64 bytes.
    """

    algorithm: KeyAlgorithm
    kid: bytes
    claims: Claims
    signed_bytes: bytes
    signature: bytes
