"""Passwords of the console: what is kept of one is Argon2id, and which ones are taken.

Upstream: argon2-cffi, whose second home this is (the first is the kiosk's PIN).
Downstream: ``signin``.

No I/O: salts are handed in. The costs are RFC 9106's second choice, for machines with little memory; what was kept
under other costs is still matched by those it names.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import Type, hash_secret, verify_secret

SALT_BYTES = 16  # RFC 9106, section 3.1
HASH_BYTES = 32
LEAST = 12  # characters: NIST SP 800-63B asks for 8 (rev. 3, 5.1.1.1) or 15 (rev. 4, 3.1.1.2); tries are few here
MOST = 128  # rev. 4, 3.1.1.2 asks for 64 at least
LEAST_DIFFERENT = 5
OFTEN = ("password", "12345678", "qwertyui", "1q2w3e4r", "woaini", "luoyang", "wenming", "admin")


@dataclass(frozen=True, slots=True)
class Costs:
    """What one try costs: passes, memory in KiB, lanes."""

    passes: int = 3
    memory_kib: int = 65_536
    lanes: int = 4


def normal(password: str) -> str:
    """Return a password as it is compared: NFKC, since keyboards type one text in several ways."""
    return unicodedata.normalize("NFKC", password)


def is_good(password: str, name: str) -> bool:
    """Tell whether a password is taken: long enough, of several characters, not the name, not among the first tried."""
    text = normal(password).casefold()
    if not LEAST <= len(text) <= MOST or len(set(text)) < LEAST_DIFFERENT:
        return False
    bare = text.replace(name.casefold(), "") if name else text
    for often in OFTEN:
        bare = bare.replace(often, "")
    return len(bare) >= LEAST // 2


def hashed(password: str, salt: bytes, costs: Costs) -> str:
    """Return what is kept of a password; ``salt`` is :data:`SALT_BYTES` random bytes."""
    secret = normal(password)[: MOST * 2].encode()
    return hash_secret(secret, salt, costs.passes, costs.memory_kib, costs.lanes, HASH_BYTES, Type.ID).decode()


def matches(kept: str, password: str) -> bool:
    """Tell whether a password is the one that was kept; what was kept wrongly matches nothing."""
    if len(password) > MOST * 2:
        return False
    try:
        return verify_secret(kept.encode(), normal(password).encode(errors="replace"), Type.ID)
    except (VerificationError, InvalidHashError):
        return False
