"""The strict codec of ``LYZ1:`` texts: one certificate has one spelling, and nothing else is let through.

Upstream: ``claims``, cbor2 (CBOR), base45 (RFC 9285).
Downstream: ``mint``, ``kiosk.certificate.verify``.

Refuse first, parse later: length, prefix, alphabet, decoded length, CBOR of known types only; then the decoded value
must encode back to the very same bytes, which refuses trailing bytes, duplicate keys, tags, indefinite lengths and
every other second spelling. The CBOR library alone accepts several of those (measured, certificate.md).
"""

from __future__ import annotations

from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

import base45
import cbor2

from sync.protocol.certificate.claims import Claims, SignedCertificate
from sync.protocol.errors import MalformedError, NotACertificateError
from sync.protocol.vocabulary import CertificateKind, KeyAlgorithm

PREFIX = "LYZ1:"
MAX_TEXT = 600  # characters, that hold 396 bytes; a certificate has about 217
MAX_DEPTH = 4
PLAIN_INTEGERS = range(-(2**64), 2**64)  # beyond, an integer is a tag (RFC 8949 §3.4.3)
ALPHABET = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")  # RFC 9285 §4.2
ALG_LABEL, KID_LABEL, EDDSA = 1, 4, -8  # RFC 9052 §3.1, RFC 9053 §2.2
SM2 = -65537  # SM2 with SM3: no value is registered, so the first for private use (RFC 9053 §11.1); docs/adr/0011
COSE_OF = MappingProxyType({KeyAlgorithm.ED25519: EDDSA, KeyAlgorithm.SM2: SM2})
_ALGORITHMS = {value: algorithm for algorithm, value in COSE_OF.items()}
KID_BYTES, SIGNATURE_BYTES = 2, 64
SERIAL_BYTES = range(4, 17)
ISS, SUB, EXP, IAT, CTI, NAME, KIND = 1, 2, 4, 6, 7, -1, -2
MAX_NUMBER, MAX_NAME, MAX_ISSUER = 32, 40, 12
LAST_SECOND = 253_402_300_799  # 9999-12-31T23:59:59Z
_KINDS = (CertificateKind.CARD, CertificateKind.DYNAMIC, CertificateKind.DAY)


def sig_structure(protected: bytes, payload: bytes) -> bytes:
    """Return the bytes a COSE_Sign1 signature is over, with empty external data (RFC 9052 §4.4)."""
    return cbor2.dumps(["Signature1", protected, b"", payload], canonical=True)


def encode_protected(kid: bytes, algorithm: KeyAlgorithm = KeyAlgorithm.ED25519) -> bytes:
    """Return the protected header: the algorithm and the key id, in deterministic CBOR."""
    return cbor2.dumps({ALG_LABEL: COSE_OF[algorithm], KID_LABEL: kid}, canonical=True)


def encode_claims(claims: Claims) -> bytes:
    """Return the payload bytes of some claims.

    Raises:
        MalformedError: a claim is outside its range; a certificate that could not be read back is never made.
    """
    payload = {
        ISS: claims.issuer,
        SUB: claims.volunteer_number,
        EXP: int(claims.expires_at.timestamp()),
        IAT: int(claims.issued_at.timestamp()),
        CTI: claims.serial,
        NAME: claims.display_name,
        KIND: _KINDS.index(claims.kind),
    }
    _read_claims(payload)
    return cbor2.dumps(payload, canonical=True)


def encode_text(protected: bytes, payload: bytes, signature: bytes) -> str:
    """Return the text of a QR: ``LYZ1:`` + base45(COSE_Sign1 with an empty unprotected map).

    Raises:
        MalformedError: the text would be longer than what is read.
    """
    encoded: bytes = base45.b45encode(cbor2.dumps([protected, {}, payload, signature], canonical=True))
    text = PREFIX + encoded.decode("ascii")
    if len(text) > MAX_TEXT:
        raise MalformedError(f"longer than {MAX_TEXT} characters")
    return text


def decode_text(text: str) -> SignedCertificate:
    """Parse a presented text strictly; its signature is not checked here.

    Raises:
        NotACertificateError: the text does not begin with ``LYZ1:``.
        MalformedError: it does, and is not exactly one of our certificates.
    """
    if not text.startswith(PREFIX):
        raise NotACertificateError("other")
    protected, unprotected, payload, signature = _decode_array(_decode_base45(text))
    if type(unprotected) is not dict or unprotected:
        raise MalformedError("the unprotected header is not empty")
    if type(signature) is not bytes or len(signature) != SIGNATURE_BYTES:
        raise MalformedError("the signature does not have 64 bytes")
    if type(protected) is not bytes or type(payload) is not bytes:
        raise MalformedError("header or payload is not a byte string")
    algorithm, kid = _read_protected(_decode_strictly(protected))
    claims = _read_claims(_decode_strictly(payload))
    return SignedCertificate(algorithm, kid, claims, sig_structure(protected, payload), signature)


def _decode_base45(text: str) -> bytes:
    if len(text) > MAX_TEXT:
        raise MalformedError(f"longer than {MAX_TEXT} characters")
    encoded = text.removeprefix(PREFIX)
    if not ALPHABET.issuperset(encoded):
        raise MalformedError("a character outside the alphabet of RFC 9285")
    try:
        data: bytes = base45.b45decode(encoded)
    except ValueError as error:
        raise MalformedError("not base45") from error
    return data


def _decode_array(data: bytes) -> list[Any]:
    value = _decode_strictly(data)
    if type(value) is not list or len(value) != 4:  # noqa: PLR2004 - COSE_Sign1 has four parts, RFC 9052 §4.2
        raise MalformedError("not a COSE_Sign1 array of four")
    return value


def _decode_strictly(data: bytes) -> Any:
    try:
        value = cbor2.loads(data, max_depth=MAX_DEPTH, allow_indefinite=False, allow_duplicate_keys=False)
    except (cbor2.CBORDecodeError, ValueError, TypeError, OverflowError, RecursionError) as error:
        raise MalformedError("not CBOR") from error
    _refuse_other_types(value, MAX_DEPTH)
    if cbor2.dumps(value, canonical=True) != data:
        raise MalformedError("not in deterministic encoding, or bytes follow its end")
    return value


def _refuse_other_types(value: object, depth: int) -> None:
    if depth == 0:
        raise MalformedError("nested too deeply, or a tag that refers to what holds it")
    if type(value) is list:
        for item in value:
            _refuse_other_types(item, depth - 1)
    elif type(value) is dict:
        for key, item in value.items():
            if type(key) is not int:
                raise MalformedError("a map key is not an integer")
            _refuse_other_types(item, depth - 1)
    elif type(value) not in {int, str, bytes} or (type(value) is int and value not in PLAIN_INTEGERS):
        raise MalformedError("a CBOR type that certificates do not use")


def _read_protected(header: object) -> tuple[KeyAlgorithm, bytes]:
    if type(header) is not dict or header.keys() != {ALG_LABEL, KID_LABEL}:
        raise MalformedError("the protected header is not {alg, kid}")
    value = header[ALG_LABEL]
    if type(value) is not int or value not in _ALGORITHMS:
        raise MalformedError("an algorithm this format does not have")
    kid = header[KID_LABEL]
    if type(kid) is not bytes or len(kid) != KID_BYTES:
        raise MalformedError("the key id does not have 2 bytes")
    return _ALGORITHMS[value], kid


def _read_claims(claims: object) -> Claims:
    if type(claims) is not dict or claims.keys() != {ISS, SUB, EXP, IAT, CTI, NAME, KIND}:
        raise MalformedError("the claims are not those of a certificate")
    serial, kind = claims[CTI], claims[KIND]
    if type(serial) is not bytes or len(serial) not in SERIAL_BYTES:
        raise MalformedError("the serial does not have 4 to 16 bytes")
    if type(kind) is not int or kind not in range(len(_KINDS)):
        raise MalformedError("a kind of certificate this version does not know")
    issued_at, expires_at = _instant(claims[IAT]), _instant(claims[EXP])
    if issued_at >= expires_at:
        raise MalformedError("it expires before it is issued")
    return Claims(
        issuer=_text(claims[ISS], MAX_ISSUER),
        volunteer_number=_text(claims[SUB], MAX_NUMBER),
        display_name=_text(claims[NAME], MAX_NAME),
        serial=serial,
        issued_at=issued_at,
        expires_at=expires_at,
        kind=_KINDS[kind],
    )


def _text(value: object, longest: int) -> str:
    if type(value) is not str or not 1 <= len(value) <= longest or not value.isprintable() or value != value.strip():
        raise MalformedError("a text claim is empty, too long or holds control characters")
    return value


def _instant(value: object) -> datetime:
    if type(value) is not int or not 0 <= value <= LAST_SECOND:
        raise MalformedError("an instant is not whole seconds since 1970")
    return datetime.fromtimestamp(value, UTC)
