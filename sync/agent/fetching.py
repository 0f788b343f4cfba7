"""The way down, in a loop and a thread of its own, so that it never makes an upload wait, nor an upload it.

Upstream: ``changes``, ``plan``.
Downstream: ``commands``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sync.agent.changes import Changes, Told
from sync.agent.plan import TIMER_S, Answer, Plan, after
from sync.agent.wording import Trouble, marked, told

if TYPE_CHECKING:
    from collections.abc import Callable

    from sync.agent.backoff import Backoff
    from sync.agent.enrolment_file import EnrolmentFile, Mark
    from sync.agent.transport import Transport
    from sync.mailbox.agent_inbox import AgentInbox

NO_FEED = marked(
    "this device's enrolment names no platform key: it takes reference data from files alone; enrol it anew"
)
HOW = {Told.BUSY: Answer.BUSY, Told.REFUSED: Answer.REFUSED, Told.FAILED: Answer.FAILED}


@dataclass(slots=True)
class Fetching:
    """Fetches what the platform tells one device.

    Attributes:
        inbox: of its file.
        line: to the platform, of this thread alone.
        enrolment: whose device it is, and which key it believes.
        backoff, chance: how long it waits after a failure.
        every_s: how often it asks, at most the 15-minute timer.
        show: told what is wrong, or None.
    """

    inbox: AgentInbox
    line: Transport
    enrolment: EnrolmentFile
    backoff: Backoff
    chance: Callable[[], float]
    every_s: float = TIMER_S
    show: Callable[[Trouble | None], None] = lambda _trouble: None
    _changes: Changes | None = None
    _mark: Mark | None = None
    _plan: Plan = field(default_factory=Plan)

    def step(self) -> float:
        """Fetch one page; return the seconds to wait."""
        changes = self._current()
        if changes is None:
            self.show(told(NO_FEED))
            return self.every_s
        fetched = changes.step()
        if fetched.told is Told.MORE:
            return 0.0
        if fetched.told is Told.UP_TO_DATE:
            self._plan = Plan()
            self.show(None)
            return min(TIMER_S, self.every_s)
        self.show(fetched.trouble)
        self._plan = after(self._plan, HOW[fetched.told], fetched.retry_after_s, self.chance(), self.backoff)
        return self._plan.wait_s

    def _current(self) -> Changes | None:
        mark = self.enrolment.mark()
        if mark != self._mark:
            found = self.enrolment.read()
            public = found.platform_public
            self._changes = Changes(self.inbox, self.line, found.device, bytes.fromhex(public)) if public else None
            self._mark = mark
        return self._changes
