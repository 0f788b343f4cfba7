"""Ed25519 keys (RFC 8032): sign and verify bytes.

Upstream: ``cryptography``.
Downstream: ``documents``, ``requests``, ``sync.protocol.certificate``.
"""

from __future__ import annotations

from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from sync.protocol.errors import SignatureError
from sync.protocol.vocabulary import KeyAlgorithm

SEED_BYTES = 32
KEYS_KEPT = 256  # the trust list's and, on a platform, the devices'


class SigningKey:
    """An Ed25519 private key made from a 32-byte seed."""

    algorithm = KeyAlgorithm.ED25519

    def __init__(self, seed: bytes) -> None:
        """Take the seed; it is random bytes from the caller's port.

        Raises:
            SignatureError: the seed is not 32 bytes.
        """
        if len(seed) != SEED_BYTES:
            raise SignatureError(f"an Ed25519 seed has {SEED_BYTES} bytes, not {len(seed)}")
        self.private = Ed25519PrivateKey.from_private_bytes(seed)
        self.public: bytes = self.private.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """Return the 64-byte signature of ``message``."""
        return self.private.sign(message)


def verifies(public: bytes, message: bytes, signature: bytes) -> bool:
    """Tell whether ``signature`` over ``message`` was made by the holder of the 32-byte key ``public``."""
    try:
        _public_key(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


@lru_cache(maxsize=KEYS_KEPT)
def _public_key(public: bytes) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(public)
