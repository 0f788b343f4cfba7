"""Certificates of every kind that no honest issuer makes: rightly signed, wrongly built."""

from __future__ import annotations

from typing import Any

import base45
import cbor2

from sync.protocol.certificate.codec import ALG_LABEL, EDDSA, KID_LABEL, PREFIX, sig_structure
from tests.support.community import CLAIMS, KID, Community

PROTECTED: dict[Any, Any] = {ALG_LABEL: EDDSA, KID_LABEL: KID}
PAYLOAD: dict[Any, Any] = {
    1: CLAIMS.issuer,
    2: CLAIMS.volunteer_number,
    4: int(CLAIMS.expires_at.timestamp()),
    6: int(CLAIMS.issued_at.timestamp()),
    7: CLAIMS.serial,
    -1: CLAIMS.display_name,
    -2: 0,
}


def text_of(data: bytes) -> str:
    """Return bytes as the text of a QR with our prefix."""
    encoded: bytes = base45.b45encode(data)
    return PREFIX + encoded.decode("ascii")


def bytes_of(text: str) -> bytes:
    """Return the bytes of such a text."""
    decoded: bytes = base45.b45decode(text.removeprefix(PREFIX))
    return decoded


def cbor(value: Any) -> bytes:
    """Return the deterministic CBOR of a value."""
    return cbor2.dumps(value, canonical=True)


def signed(protected: bytes, payload: bytes, *, unprotected: Any = None, community: Community | None = None) -> bytes:
    """Return a COSE_Sign1 array over any protected header and payload, signed by the community's issuer."""
    key = (community or Community()).issuer
    signature = key.sign(sig_structure(protected, payload))
    return cbor([protected, {} if unprotected is None else unprotected, payload, signature])


def built(protected: Any = None, payload: Any = None, **more: Any) -> str:
    """Return a rightly signed text of any header and claims."""
    header = cbor(PROTECTED if protected is None else protected)
    return text_of(signed(header, cbor(PAYLOAD if payload is None else payload), **more))
