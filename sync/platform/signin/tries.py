"""How long one has to wait after wrong passwords: a rule over a count, pure.

Upstream: nothing.
Downstream: ``door``, ``store.accounts`` (keeps the counts).

A try is counted before the password is looked at, so that pulling a plug gives none for free. Waiting grows instead of
locking for ever: else whoever knows a name could keep its owner out. The same counts are kept for names that no account
has, so that nothing tells the two apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

MINUTE_MS = 60_000
FORGOTTEN_AFTER_MS = 24 * 60 * MINUTE_MS
KEPT_AT_MOST = 20_000  # counts in the database; the oldest go first


class Kind(StrEnum):
    """What tries are counted of."""

    ACCOUNT = "account"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class Allowance:
    """So many tries are free; each later one waits twice as long as the one before, up to a limit."""

    free: int
    first_ms: int
    most_ms: int


ALLOWANCES = {  # at the limit 96 tries a day: below the 100 in a row of NIST SP 800-63B (rev. 4), 3.2.2
    Kind.ACCOUNT: Allowance(free=5, first_ms=MINUTE_MS // 2, most_ms=15 * MINUTE_MS),
    Kind.ADDRESS: Allowance(free=30, first_ms=MINUTE_MS // 2, most_ms=15 * MINUTE_MS),  # an office shares an address
}


@dataclass(frozen=True, slots=True)
class Tries:
    """How often it went wrong since the last success, and when the last try was (UTC ms)."""

    count: int = 0
    last_ms: int = 0


def wait_ms(tries: Tries, kind: Kind, now_ms: int) -> int:
    """Return how long to wait from an instant (UTC ms) until the next try is looked at; 0: not at all."""
    allowance = ALLOWANCES[kind]
    beyond = tries.count - allowance.free
    if beyond < 0 or now_ms - tries.last_ms >= FORGOTTEN_AFTER_MS:
        return 0
    whole = min(allowance.most_ms, allowance.first_ms << min(beyond, 16))
    passed = max(0, now_ms - tries.last_ms)  # a clock set back must not lengthen the wait
    return max(0, whole - passed)


def after_another(tries: Tries, now_ms: int) -> Tries:
    """Return the count with one try more; a day without any begins anew."""
    begun = 0 if now_ms - tries.last_ms >= FORGOTTEN_AFTER_MS else tries.count
    return Tries(begun + 1, now_ms)
