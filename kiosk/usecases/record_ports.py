"""What own records, star applications and the faces need of the ledger besides ``ports``.

Upstream: ``sync.protocol``.
Downstream: their use cases; ``kiosk.store.records`` implements it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date

    from kiosk.domain.own_roster import OwnAnswer
    from sync.protocol.envelope import Envelope
    from sync.protocol.sessions import Session
    from sync.protocol.vocabulary import Face, KitItem, Matter, Provenance, Quality, SessionState


@dataclass(frozen=True, slots=True)
class RecordRow:
    """One session as the device's list has it, without folding its events.

    Attributes:
        started_on: the local date.
        started_ms, ended_ms: best estimates, UTC ms; ``ended_ms`` is None while open.
        counts_from_ms: where its credited time begins, UTC ms.
        paid: a social worker's paid work.
    """

    session: str
    service: str
    state: SessionState
    provenance: Provenance
    started_on: date
    started_ms: int
    ended_ms: int | None
    original_s: int
    credited_minutes: int
    counts_from_ms: int
    quality: Quality | None
    matters: frozenset[Matter]
    drill: bool
    paid: bool


@dataclass(frozen=True, slots=True)
class SessionHistory:
    """One session whole: what it is now, what was recorded first, and all its events in order of recording."""

    session: Session
    original: Session
    events: Sequence[Envelope]


class RecordsReading(Protocol):
    """What can be asked of the ledger for them."""

    def record_rows_of(self, volunteer: str) -> Sequence[RecordRow]:
        """Return all sessions of a volunteer at this device, latest first, drills left out."""
        ...

    def history(self, session_id: str) -> SessionHistory | None:
        """Return a session with its events, or None."""
        ...

    def faces_of(self, session_id: str) -> Mapping[Face, int]:
        """Return the faces that a session has got from people who were served, by face."""
        ...

    def kit_of(self, volunteer: str) -> Mapping[KitItem, int]:
        """Return what a volunteer holds now."""
        ...

    def stars_applied_for(self, volunteer: str) -> Collection[int]:
        """Return the levels that a volunteer applied for at this device."""
        ...

    def roster_answers_of(self, volunteer: str) -> Sequence[OwnAnswer]:
        """Return the newest answers to the roster that a volunteer gave at this device, earliest first."""
        ...

    def latest_events(self, kinds: Collection[str]) -> Sequence[Envelope]:
        """Return the events of some kinds among the newest few hundred of the ledger, newest first."""
        ...
