"""What the platform asks of the world: the time, ids and randomness, handed in by ``__main__``.

Upstream: nothing.
Downstream: every part of ``sync.platform`` that stamps, names or mints.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

Clock = Callable[[], datetime]
Ids = Callable[[], str]
Entropy = Callable[[int], bytes]

MS_PER_SECOND = 1000


@dataclass(frozen=True, slots=True)
class Ports:
    """The three ports of the platform.

    Attributes:
        clock: the present instant, aware, UTC.
        ids: a fresh UUIDv4 as text.
        entropy: that many unguessable bytes.
    """

    clock: Clock
    ids: Ids
    entropy: Entropy


def unix_ms(instant: datetime) -> int:
    """Return an aware instant as UTC milliseconds since 1970."""
    return round(instant.timestamp() * MS_PER_SECOND)
