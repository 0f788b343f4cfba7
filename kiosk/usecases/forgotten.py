"""An earlier duty that nobody ended, as it can be asked about: when it can have been over (duty-rules.md 3).

Upstream: ``kiosk.domain.closing``, ``kiosk.domain.unended``.
Downstream: ``record_scan`` (the question), ``state_end`` (the answer).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.domain.closing import limit_of
from kiosk.domain.standing import is_minor
from kiosk.domain.unended import Unended
from kiosk.timekeeping.moment import instant_of
from sync.protocol.vocabulary import BoundsQuality, ClockQuality

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from kiosk.domain.policy import DutyPolicy
    from kiosk.timekeeping.moment import Moment
    from kiosk.usecases.ports import RecordedSession
    from sync.protocol.reference import Standing


def began_at(recorded: RecordedSession, moment: Moment) -> datetime:
    """Return when a session began, on the reckoning of ``moment``, aware UTC."""
    return moment.instant_when(recorded.check_in.stamp, recorded.session.started.est_ms)


def unended(
    recorded: RecordedSession, moment: Moment, standing: Standing | None, policy: DutyPolicy, zone: tzinfo
) -> Unended:
    """Return what is known of a session that nobody ended; ``zone`` is the station's."""
    starts_at, shift = began_at(recorded, moment), recorded.session.shift
    limit = limit_of(starts_at, policy, zone, minor=is_minor(standing, starts_at))
    return Unended(
        starts_at=starts_at,
        until=min(limit.at, moment.at),
        shift_ends_at=None if shift is None else instant_of(shift.ends_ms),
        dated=_is_dated(recorded, moment, starts_at),
    )


def _is_dated(recorded: RecordedSession, moment: Moment, starts_at: datetime) -> bool:
    """Tell whether the time of day of the check-in is known, and not only how long ago it was."""
    quality, stamp = recorded.session.started.quality, recorded.check_in.stamp
    if quality is BoundsQuality.ANCHORED:
        return True
    if stamp.boot_id == moment.stamp.boot_id:
        return moment.calibrated
    known = quality is BoundsQuality.BRACKETED and stamp.clk != ClockQuality.FLOOR
    return known and starts_at < moment.at
