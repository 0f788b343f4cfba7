"""What an operator may say of a session: corrections, withdrawals, ratings; pure (duty-rules.md, States).

Upstream: ``operator_refusal``, ``sync.protocol.sessions``.
Downstream: the operators' use cases.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from kiosk.domain.operator_refusal import DeskRefusal
from sync.protocol.sessions import COUNTING_NOTHING, DRILL
from sync.protocol.vocabulary import Provenance, SessionState

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from sync.protocol.sessions import Session

MOST_COUNTED = 9999  # as a tally's (sync.protocol.events.Count)
MOST_WORDS = 16  # kinds of things counted in one rating
LONGEST_WORD = 64  # sync.protocol.events.Word
_UNRATED: Mapping[SessionState, DeskRefusal] = {
    SessionState.VOID: DeskRefusal.WITHDRAWN,
    SessionState.OPEN: DeskRefusal.STILL_OPEN,
    SessionState.PROVISIONAL: DeskRefusal.UNDECIDED_HOURS,
}


@dataclass(frozen=True, slots=True)
class Corrected:
    """What would be true after a correction; UTC ms, ``ends_ms`` None where nobody knows. ``timed``: times change."""

    starts_ms: int
    ends_ms: int | None
    service: str
    timed: bool


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a correction is held against.

    Attributes:
        now: aware UTC.
        cap_min: the longest duty, minutes.
        services: ids of the service kinds known here.
        others: what this device has of the same volunteer around that time, the session itself left out.
    """

    now: datetime
    cap_min: int
    services: Collection[str]
    others: Iterable[Session]


def correction_of(session: Session, starts_ms: int | None, ends_ms: int | None, service: str | None) -> Corrected:
    """Return what would be true of a session; the end that the rules set is no end that anybody knows."""
    started = session.started.est_ms if starts_ms is None else starts_ms
    unknown = session.ended is None or session.provenance is Provenance.ONE_SCAN_AUTO
    known_ms = None if session.ended is None or unknown else session.ended.est_ms
    ended = known_ms if ends_ms is None else ends_ms
    timed = started != session.started.est_ms or ended != known_ms
    return Corrected(started, ended, service or session.service, timed)


def correction_fault(session: Session, corrected: Corrected, around: Surroundings) -> DeskRefusal | None:
    """Return why a session cannot be corrected to this, or None."""
    if session.state is SessionState.VOID:
        return DeskRefusal.WITHDRAWN
    if DRILL in session.flags:
        return DeskRefusal.COUNTS_NOTHING
    if not corrected.timed and corrected.service == session.service:
        return DeskRefusal.NO_CHANGE
    if corrected.service != session.service and corrected.service not in around.services:
        return DeskRefusal.UNKNOWN_SERVICE
    return _time_fault(corrected, around) if corrected.timed else None


def _time_fault(corrected: Corrected, around: Surroundings) -> DeskRefusal | None:
    starts_ms, ends_ms = corrected.starts_ms, corrected.ends_ms
    if ends_ms is None:
        return DeskRefusal.END_NEEDED
    if starts_ms >= ends_ms:
        return DeskRefusal.BACKWARDS
    if ends_ms > around.now.timestamp() * 1000:
        return DeskRefusal.NOT_YET_OVER
    if timedelta(milliseconds=ends_ms - starts_ms) > timedelta(minutes=around.cap_min):
        return DeskRefusal.TOO_LONG
    overlapping = any(_overlaps(starts_ms, ends_ms, each) for each in around.others)
    return DeskRefusal.OVERLAPS if overlapping else None


def void_fault(session: Session) -> DeskRefusal | None:
    """Return why a session cannot be withdrawn, or None."""
    return DeskRefusal.WITHDRAWN if session.state is SessionState.VOID else None


def rating_fault(session: Session, counts: Mapping[str, int]) -> DeskRefusal | None:
    """Return why a session cannot be rated so, or None."""
    if session.flags & COUNTING_NOTHING:
        return DeskRefusal.COUNTS_NOTHING
    if session.state in _UNRATED:
        return _UNRATED[session.state]
    words = all(0 < len(word) <= LONGEST_WORD and 0 <= count <= MOST_COUNTED for word, count in counts.items())
    return None if words and len(counts) <= MOST_WORDS else DeskRefusal.BAD_COUNT


def _overlaps(starts_ms: int, ends_ms: int, other: Session) -> bool:
    if other.state is SessionState.VOID or DRILL in other.flags:
        return False
    return other.started.est_ms < ends_ms and (other.ended is None or starts_ms < other.ended.est_ms)
