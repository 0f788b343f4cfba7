"""A visiting team's group is complete: by a tap on its screen, or by itself when nobody came for a while.

Upstream: ``read_group``, the ports.
Downstream: ``kiosk.composition``: the group's screen, and every minute.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.usecases.errors import RecordingError
from kiosk.usecases.fresh_scan import is_fresh
from kiosk.usecases.outcomes import GroupEnded, NotRecorded
from kiosk.usecases.read_group import scans_of
from sync.protocol.events import GroupClosed

if TYPE_CHECKING:
    from kiosk.domain.policy import DutyPolicy
    from kiosk.usecases.ports import Clock, Ledger, Writing
    from sync.protocol.envelope import Stamp

log = logging.getLogger(__name__)
S_PER_MIN = 60


@dataclass(frozen=True, slots=True)
class CloseGroup:
    """The use case behind 「完成」 on the group's screen."""

    clock: Clock
    ledger: Ledger
    policy: DutyPolicy

    def __call__(self, group: str) -> GroupEnded | NotRecorded:
        """Close this group; one that is closed already records nothing again.

        The record names the operator who opened it: the tap is made at their word, and they answer for the group.
        """
        try:
            with self.ledger.writing() as writing:
                opened = writing.current_group()
                if opened is not None and opened.body.group == group:
                    writing.append(GroupClosed(group, opened.body.opened_by), self.clock.now().stamp)
        except RecordingError as error:
            log.warning("a group could not be closed now: %s", error.fault)
            return NotRecorded(error.fault)
        return GroupEnded(group)

    def idle(self) -> bool:
        """Close a group in which nobody was recorded for ``DutyPolicy.group_idle_min``, and tell whether there was one.

        A group of an earlier boot is idle too. False also where the file cannot be written now (tried again later).
        """
        now = self.clock.now().stamp
        try:
            with self.ledger.reading() as reading:
                if reading.current_group() is None:
                    return False
            with self.ledger.writing() as writing:
                return self._close_idle(writing, now)
        except RecordingError as error:
            log.warning("an idle group could not be closed now: %s", error.fault)
            return False

    def _close_idle(self, writing: Writing, now: Stamp) -> bool:
        opened = writing.current_group()
        if opened is None:
            return False
        newest = [opened.opening, *scans_of(writing, opened)][-1].stamp
        if is_fresh(newest, now, self.policy.group_idle_min * S_PER_MIN):
            return False
        writing.append(GroupClosed(opened.body.group), now)
        return True
