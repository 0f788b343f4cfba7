"""Verifying under the algorithm that a key's record fixes; key objects are kept, the second algorithm loaded on demand.

Upstream: ``keys``, ``sm2`` (only where a key asks for it).
Downstream: ``kiosk.certificate.verify``, ``sync.platform``.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from sync.protocol.signing.keys import verifies
from sync.protocol.vocabulary import KeyAlgorithm

if TYPE_CHECKING:
    from sync.protocol.signing.sm2 import Sm2Verifier

KEYS_KEPT = 64
PUBLIC_BYTES = {KeyAlgorithm.ED25519: 32, KeyAlgorithm.SM2: 64}


def verifies_as(algorithm: str, public: bytes, message: bytes, signature: bytes) -> bool:
    """Tell whether ``signature`` over ``message`` was made by the holder of ``public``, a key of ``algorithm``."""
    if algorithm == KeyAlgorithm.ED25519:
        return verifies(public, message, signature)
    try:
        return _sm2(public).verify(signature, message)
    except ValueError:
        return False


@lru_cache(maxsize=KEYS_KEPT)
def _sm2(public: bytes) -> Sm2Verifier:
    from sync.protocol.signing.sm2 import Sm2Verifier  # noqa: PLC0415 - loaded only where a key asks for it

    return Sm2Verifier(public)
