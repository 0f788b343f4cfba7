"""Who may write what at the same time: locks that end with their transaction, always taken in one order.

Upstream: ``dialect``.
Downstream: ``taking``.

PostgreSQL runs at READ COMMITTED: each statement sees what was committed when it began. Two devices that write of one
session at once would both fold it without the other's event, and the later commit would win. So::

    device (or another owner)  ──▶  streams  ──▶  sessions
    at the transaction's begin      by key        by key

Whoever folds a session holds its lock, and reads its history after it got the lock: the last one sees everything. Time
and forks are matters of a stream, which several devices may bring (a relaying platform, a card that was enrolled anew):
its lock makes what is judged of it true until the commit.

No deadlock by construction: an owner's lock is the first thing a transaction asks for, it has one; streams come before
sessions; within each kind by ascending key, all in one statement; and nothing is asked for twice. So along any chain of
transactions that wait for each other keys only grow. Rows with unique keys (event ids) are written after that, table
after table, each sorted by key, which keeps the same order. Two names with one key only wait for each other in vain.

A lock takes a place in the server's memory (about 6,400 by default, for all). Whoever needs more than :data:`MOST` of a
kind, say the first anchor after a year, takes that kind whole: everybody else holds it shared. SQLite has one writer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from enum import IntEnum

from sqlalchemy.orm import Session

from sync.platform.store import dialect

MOST = 1000
_KEYS = 2**31 - 1


class Kind(IntEnum):
    """What is locked by name, in the order in which it may be asked for."""

    STREAM = 1
    SESSION = 2
    VOLUNTEER = 3  # by ``tallying``, just before the commit


class Locks:
    """The locks of one transaction; ask for each kind once."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def hold(self, kind: Kind, names: Iterable[str]) -> None:
        """Wait until no other transaction writes what has one of these names; hold them until this one ends."""
        keys = sorted({_key_of(name) for name in names})
        if keys:
            alone = len(keys) > MOST
            dialect.hold_keys(self._session.connection(), kind, [] if alone else keys, alone=alone)


def _key_of(name: str) -> int:
    """A number in 1 … 2**31 − 1."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest()) % _KEYS + 1
