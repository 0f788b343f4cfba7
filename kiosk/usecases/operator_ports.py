"""What the operators' use cases need of the ledger besides ``ports``.

Upstream: ``sync.protocol``.
Downstream: ``ports`` (``Reading`` holds all of it), the operators' use cases; ``kiosk.store`` implements it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from sync.protocol.vocabulary import Matter, SessionState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sync.protocol.envelope import Envelope
    from sync.protocol.vocabulary import KitItem, Provenance, Quality

DRILL_MODE = "drill"


@dataclass(frozen=True, slots=True)
class KeptPin:
    """What the device keeps of an operator's PIN.

    Attributes:
        kept: the Argon2id text; None where no PIN was set, or it was reset.
        tries: tries since the last good one, each counted and committed before it is looked at.
    """

    kept: str | None = None
    tries: int = 0


@dataclass(frozen=True, slots=True)
class KeptSession:
    """A session as the device's list of sessions has it, without its events; times UTC ms since 1970.

    ``name`` is the one at the time, empty where it was erased.
    """

    id: str
    volunteer: str
    name: str
    service: str
    team: str | None
    started_ms: int
    ended_ms: int | None
    original_s: int
    credited_minutes: int
    state: SessionState
    provenance: Provenance
    quality: Quality | None
    matters: frozenset[Matter]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which waiting sessions are asked for: of these teams (None: all), with this matter (None: any)."""

    teams: frozenset[str] | None = None
    matter: Matter | None = None


@dataclass(frozen=True, slots=True)
class QueueCounts:
    """How many sessions wait: ``total`` each once, ``of`` by matter, every matter a key; ``due``: not complete yet."""

    total: int
    due: int
    of: Mapping[Matter, int]


@dataclass(frozen=True, slots=True)
class HeldKit:
    """So many of an item that a volunteer has not brought back; the name is the latest this device knows."""

    volunteer: str
    name: str
    item: KitItem
    count: int


def is_due(matters: frozenset[Matter], state: SessionState) -> bool:
    """Tell whether working days count down for a session that has ended: not for what is complete or counts nothing."""
    entry = state is SessionState.PROVISIONAL and Matter.SECOND_PERSON in matters
    return entry or bool(matters & {Matter.END_UNKNOWN, Matter.CONFIRM, Matter.RATE})


class DeskReading(Protocol):
    """What the desk asks of the ledger."""

    def queue(self, wanted: Wanted, offset: int, limit: int) -> Sequence[KeptSession]:
        """Return sessions that wait for a person, earliest first."""
        ...

    def queue_counts(self, teams: frozenset[str] | None) -> QueueCounts:
        """Return how many wait, of these teams (None: of all)."""
        ...

    def due_since(self, teams: frozenset[str] | None, ended_from_ms: int) -> int:
        """Return how many are not complete and ended at or after an instant, UTC ms."""
        ...

    def mode(self, name: str) -> Envelope | None:
        """Return the event that began what the station is in the middle of (``drill``, ``group``), or None."""
        ...

    def kit_held(self) -> Sequence[HeldKit]:
        """Return all caps and armbands that are out, by volunteer."""
        ...

    def bursts_of(self, session_id: str) -> int:
        """Return how many faces of a session came in a burst."""
        ...
