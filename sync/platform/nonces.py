"""The nonces that make a signature fresh: a keyed hash of ten minutes, so that every worker knows every other's.

Upstream: ``store``.
Downstream: ``api``.

Nothing is kept of a nonce. What it names is a slot of :data:`SLOT_MS`; it is good in its own slot and in the next, that
is for 10–20 minutes, and where another worker's clock is a little ahead, in the one before. The secret stands in
``platform_state``, so all workers of one database give and take the same.
"""

from __future__ import annotations

import base64
import hmac
import threading
from dataclasses import dataclass, field
from functools import lru_cache

from sync.platform.ports import Clock, Entropy, unix_ms
from sync.platform.store import Database

SLOT_MS = 10 * 60 * 1000
SECRET_BYTES = 32
NONCE_BYTES = 18  # 24 characters of base64url
OWNER = "nonce secret"


@dataclass(slots=True)
class SharedSecret:
    """The secret of a database's nonces, read once; the first to ask makes it."""

    database: Database
    entropy: Entropy
    _kept: bytes = b""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def is_known(self) -> bool:
        """Whether it can be had without the database."""
        return bool(self._kept)

    def __call__(self) -> bytes:
        """Return the secret."""
        with self._lock:
            if not self._kept:
                self._kept = self._read() or self._make()
            return self._kept

    def _read(self) -> bytes:
        with self.database.reading() as unit:
            return bytes.fromhex(unit.registry.nonce_secret())

    def _make(self) -> bytes:
        made = self.entropy(SECRET_BYTES)
        with self.database.writing(OWNER) as unit:
            return bytes.fromhex(unit.registry.agree_on_nonce_secret(made.hex()))


@dataclass(frozen=True, slots=True)
class Nonces:
    """Gives nonces and tells its own from others."""

    secret: SharedSecret
    clock: Clock

    def fresh(self) -> str:
        """Return the nonce of this moment."""
        return _of_slot(self.secret(), self._slot())

    def accepts(self, nonce: str | None) -> bool:
        """Tell whether a nonce was given here no longer than 20 minutes ago."""
        if nonce is None or not nonce.isascii():
            return False
        secret, now = self.secret(), self._slot()
        good = [hmac.compare_digest(nonce, _of_slot(secret, slot)) for slot in (now - 1, now, now + 1)]
        return any(good)

    def _slot(self) -> int:
        return unix_ms(self.clock()) // SLOT_MS


@lru_cache(maxsize=8)
def _of_slot(secret: bytes, slot: int) -> str:
    return base64.urlsafe_b64encode(hmac.digest(secret, b"lyz-nonce-1 %d" % slot, "sha256")[:NONCE_BYTES]).decode()
