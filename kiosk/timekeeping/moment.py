"""One reading of the clocks and what it is worth.

Upstream: ``sync.protocol.envelope`` (stamps).
Downstream: ``trusted``, ``kiosk.usecases``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sync.protocol.envelope import Stamp

NS_PER_US = 1000
FAR_MS = 221_845_392_000_000  # the year 9000; a clock beyond is shown as this, so that a limit can be added to it


@dataclass(frozen=True, slots=True)
class Moment:
    """Now, as the device knows it.

    Attributes:
        stamp: the raw readings that go into the record and are never edited.
        at: the best guess of the true instant, aware UTC; for the screen and for local dates.
        earliest: no true instant is earlier (last anchor, reference data or build of this program), aware UTC.
        latest: no true instant is later; None where nothing bounds it.
        calibrated: False shows 「时钟未校准」: the wall clock is behind what is known to have passed.
    """

    stamp: Stamp
    at: datetime
    earliest: datetime
    latest: datetime | None
    calibrated: bool

    def instant_when(self, stamp: Stamp, estimate_ms: int) -> datetime:
        """Return the instant of an earlier stamp, on the same reckoning as ``at``, aware UTC.

        Within this boot it lies as long before ``at`` as boot time says, so that a wall clock that was wrong then or is
        wrong now makes no session look old; of another boot the estimate (UTC ms) is all there is.
        """
        if stamp.boot_id != self.stamp.boot_id:
            return instant_of(estimate_ms)
        return self.at - timedelta(microseconds=(self.stamp.bt_ns - stamp.bt_ns) // NS_PER_US)


def instant_of(ms: int) -> datetime:
    """Return UTC milliseconds since 1970 as an aware instant, kept within 1970 and 9000."""
    return datetime.fromtimestamp(min(max(ms, 0), FAR_MS) / 1000, UTC)
