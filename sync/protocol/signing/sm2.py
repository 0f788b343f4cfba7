"""SM2 keys (GB/T 32918.2, GM/T 0003.2): SM3 digest, the default user id, the recommended curve of GB/T 32918.5.

Upstream: ``gmalg``; ``verifying`` and the platform import this module only where a key asks for it.
Downstream: ``verifying``, ``sync.platform`` (mints).

The library is pure Python: a verification takes some 35 ms, which a scan can afford. It does not check by itself that a
public key lies on the curve; that is done here. Nonces are derived from the seed and the message, as in RFC 6979, so
that no weak source of chance can give a key away.
"""

from __future__ import annotations

import hashlib
import hmac
from itertools import count

import gmalg

from sync.protocol.errors import SignatureError
from sync.protocol.vocabulary import KeyAlgorithm

DEFAULT_USER_ID = b"1234567812345678"  # GM/T 0009 §10
UNCOMPRESSED = b"\x04"
NUMBER_BYTES = 32
ORDER = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123  # of the base point, GB/T 32918.5


class Sm2SigningKey:
    """An SM2 private key: a number from 1 to n − 2 in 32 bytes."""

    algorithm = KeyAlgorithm.SM2

    def __init__(self, seed: bytes) -> None:
        """Take the number; it is random bytes from the caller's port.

        Raises:
            SignatureError: the seed is not 32 bytes, or outside the range (of random ones, one in four thousand
                million is: take another).
        """
        if len(seed) != NUMBER_BYTES or not 1 <= int.from_bytes(seed, "big") <= ORDER - 2:
            raise SignatureError(f"an SM2 key is a number from 1 to n − 2 in {NUMBER_BYTES} bytes")
        self._seed = seed
        self.public: bytes = bytes(gmalg.SM2(seed).generate_pk(seed))[1:]

    def sign(self, message: bytes) -> bytes:
        """Return the 64-byte signature r‖s of ``message``."""
        rounds = count()

        def nonce(bits: int) -> int:
            counted = next(rounds).to_bytes(4, "big") + message
            return int.from_bytes(hmac.digest(self._seed, counted, hashlib.sha512), "big") % (1 << bits)

        key = gmalg.SM2(self._seed, DEFAULT_USER_ID, UNCOMPRESSED + self.public, rnd_fn=nonce)
        r, s = key.sign(message)
        return bytes(r).rjust(NUMBER_BYTES, b"\0") + bytes(s).rjust(NUMBER_BYTES, b"\0")


class Sm2Verifier:
    """An SM2 public key, the point x‖y in 64 bytes."""

    def __init__(self, public: bytes) -> None:
        """Take the point.

        Raises:
            ValueError: it is not a point of the curve.
        """
        point = UNCOMPRESSED + public
        if len(public) != 2 * NUMBER_BYTES or not gmalg.SM2().verify_pk(point):
            raise ValueError("not a public key of SM2")
        self._key = gmalg.SM2(uid=DEFAULT_USER_ID, pk=point)

    def verify(self, signature: bytes, message: bytes) -> bool:
        """Tell whether ``signature`` (r‖s, 64 bytes) over ``message`` was made by the holder of this key."""
        if len(signature) != 2 * NUMBER_BYTES:
            return False
        return bool(self._key.verify(message, signature[:NUMBER_BYTES], signature[NUMBER_BYTES:]))
