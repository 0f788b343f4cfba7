"""When a session that nobody ended is closed by the rules, as provisional.

Upstream: ``policy``, ``sync.protocol.vocabulary``.
Downstream: ``kiosk.usecases.close_overdue``.

A station that closes at night closes its sessions too: at closing time plus grace, and for a session that began after
that, at the end of the local day plus grace. So no scan of the next morning can ever end a session of the evening
before (duty-rules.md 3), while a station that never closes has only the cap. A minor's day ends earlier (requirements,
Minors), with a quarter of an hour to come back to the kiosk and no more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from typing import TYPE_CHECKING

from sync.protocol.vocabulary import AutoCloseReason

if TYPE_CHECKING:
    from kiosk.domain.policy import DutyPolicy


@dataclass(frozen=True, slots=True)
class Limit:
    """The instant (aware UTC) at which an open session becomes provisional, and why."""

    at: datetime
    reason: AutoCloseReason


def limit_of(started_at: datetime, policy: DutyPolicy, zone: tzinfo, *, minor: bool = False) -> Limit:
    """Return the earliest limit after ``started_at`` (aware UTC); ``zone`` is the station's."""
    limits = [Limit(started_at + timedelta(minutes=policy.cap_min), AutoCloseReason.CAP)]
    if policy.closes_at is not None:
        grace = timedelta(minutes=policy.grace_min)
        ends = (next_local(started_at - grace, at, zone) + grace for at in (policy.closes_at, time(0, 0)))
        limits.append(Limit(min(ends), AutoCloseReason.CLOSING_TIME))
    if minor:
        grace = timedelta(minutes=policy.minors_grace_min)
        day_ends = next_local(started_at - grace, policy.minors_until, zone) + grace
        limits.append(Limit(day_ends, AutoCloseReason.DAYTIME))
    return min(limits, key=lambda limit: limit.at)


def next_local(after: datetime, at: time, zone: tzinfo) -> datetime:
    """Return the first instant after ``after`` (aware UTC) at which clocks in ``zone`` say ``at``; aware UTC."""
    today = after.astimezone(zone).date()
    same_day, next_day = (
        datetime.combine(day, at, zone).astimezone(after.tzinfo) for day in (today, today + timedelta(days=1))
    )
    return same_day if same_day > after else next_day
