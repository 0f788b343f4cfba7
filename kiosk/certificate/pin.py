"""An operator's PIN: six digits, kept as Argon2id only. No I/O: the salt is handed in.

Upstream: argon2-cffi, whose one home this is.
Downstream: ``kiosk.usecases.sign_in_operator``, ``kiosk.usecases.set_pin``.

A million PINs are few: the hash slows whoever has stolen the device's file, and the ten tries stop whoever stands at
the kiosk. The costs are RFC 9106's second choice, for machines with little memory.
"""

from __future__ import annotations

import re

from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import Type, hash_secret, verify_secret

MOST_TRIES = 10
_TIME_COST, _MEMORY_KIB, _LANES, _HASH_BYTES = 3, 65_536, 4, 32  # RFC 9106, section 4
_SHAPE = re.compile(r"[0-9]{6}", re.ASCII)
_RUNS = "01234567890 09876543210"


def is_pin(pin: str) -> bool:
    """Tell whether a text is six ASCII digits."""
    return _SHAPE.fullmatch(pin) is not None


def is_easy(pin: str) -> bool:
    """Tell whether a PIN is among the first anyone tries: one digit six times, two in turn, or digits in a row."""
    return pin == pin[:2] * 3 or pin == pin[:3] * 2 or pin in _RUNS


def hashed(pin: str, salt: bytes) -> str:
    """Return what is kept of a PIN; ``salt`` is 16 random bytes."""
    return hash_secret(pin.encode(), salt, _TIME_COST, _MEMORY_KIB, _LANES, _HASH_BYTES, Type.ID).decode()


def matches(kept: str, pin: str) -> bool:
    """Tell whether a PIN is the one that was kept; what is no PIN, or was kept wrongly, is not."""
    if not is_pin(pin):
        return False
    try:
        return verify_secret(kept.encode(), pin.encode(), Type.ID)
    except (VerificationError, InvalidHashError):
        return False
