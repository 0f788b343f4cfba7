"""Hours entered by hand: what may be proposed (duty-rules.md, Words).

Upstream: ``operator_refusal``.
Downstream: ``kiosk.usecases.enter_hours``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from kiosk.domain.operator_refusal import EntryRefusal
from sync.protocol.vocabulary import SessionState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sync.protocol.sessions import Session
    from sync.protocol.vocabulary import EntryReason


@dataclass(frozen=True, slots=True)
class HoursEntry:
    """What an operator says of a duty that no scan recorded; instants aware UTC."""

    volunteer: str
    service: str
    starts_at: datetime
    ends_at: datetime
    reason: EntryReason
    team: str | None = None


def fault_of(entry: HoursEntry, now: datetime, cap_min: int, recorded: Iterable[Session]) -> EntryRefusal | None:
    """Return why hours cannot be proposed, or None.

    Args:
        entry: the hours.
        now: the present, aware UTC.
        cap_min: the longest duty, minutes.
        recorded: what this device has of the same volunteer around that time.
    """
    if entry.starts_at >= entry.ends_at:
        return EntryRefusal.BACKWARDS
    if entry.ends_at > now:
        return EntryRefusal.NOT_YET_OVER
    if entry.ends_at - entry.starts_at > timedelta(minutes=cap_min):
        return EntryRefusal.TOO_LONG
    return EntryRefusal.OVERLAPS if any(_overlaps(entry, session) for session in recorded) else None


def _overlaps(entry: HoursEntry, session: Session) -> bool:
    if session.state is SessionState.VOID:
        return False
    starts_ms, ends_ms = entry.starts_at.timestamp() * 1000, entry.ends_at.timestamp() * 1000
    ended = session.ended
    return session.started.est_ms < ends_ms and (ended is None or starts_ms < ended.est_ms)
