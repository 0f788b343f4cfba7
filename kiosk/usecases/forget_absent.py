"""What the device still knows by name of people who have not come for long is removed; ledger facts stay, by number.

Upstream: ``privacy_ports``.
Downstream: ``kiosk.composition`` runs it once a day.

Nothing goes before the platform has acknowledged every record of the person, and only by the platform's time: a clock
that is years ahead erases nobody. One bounded piece at a time, so that no scan waits for it.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kiosk.usecases.errors import NotEnrolledError, RecordingError

if TYPE_CHECKING:
    from collections.abc import Callable

    from kiosk.usecases.ports import Clock, ReferenceShelf
    from kiosk.usecases.privacy_ports import Memory

log = logging.getLogger(__name__)
DAY_MS = 24 * 3600 * 1000
APART_US = DAY_MS * 1000
MOST = 200  # people in one piece: some ten milliseconds


@dataclass(slots=True)
class ForgetAbsent:
    """Forgets people who were not seen for ``after_days``; 0: nobody.

    ``expire_exports`` removes exports that were never finished, by seconds since 1970.
    """

    clock: Clock
    memory: Memory
    shelf: ReferenceShelf
    after_days: int
    expire_exports: Callable[[float], None]
    _rested: tuple[str, int] | None = field(default=None, init=False)  # boot and its microseconds when all was done

    def __call__(self) -> int:
        """Return how many people were forgotten in this piece; 0 also when the file cannot be written now."""
        now = self.clock.now()
        stamp = now.stamp
        if not self.after_days or self._rests(stamp.boot_id, stamp.bt_us):
            return 0
        self.expire_exports(now.at.timestamp())
        try:
            operators = frozenset(each.volunteer for each in self.shelf.current().data.appointments)
            done = self.memory.forget(self.after_days * DAY_MS, operators, MOST)
        except (RecordingError, NotEnrolledError) as error:
            log.warning("nobody could be forgotten now: %s", error)
            return 0
        if done < MOST:
            self._rested = stamp.boot_id, stamp.bt_us
        return done

    def _rests(self, boot_id: str, bt_us: int) -> bool:
        return self._rested is not None and self._rested[0] == boot_id and bt_us - self._rested[1] < APART_US
