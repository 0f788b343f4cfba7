"""Fetches what the platform tells this device: one page a step, revocations first, and only what its key has signed.

Upstream: ``transport``, ``sync.mailbox.agent_inbox``, ``sync.protocol.changes``.
Downstream: the agent's loop; it never makes an upload wait.

::

    200, a page for this question  ──▶ kept with its cursor; another waits: MORE
    410                            ──▶ asked again at once without a cursor: the snapshot
    401, 403                       ──▶ REFUSED      429, 503 ──▶ BUSY      no whole answer ──▶ FAILED: the round is over
    anything else                  ──▶ nothing is kept; the next scope has its turn all the same
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from sync.agent.transport import TransportError
from sync.agent.wording import Trouble, Wrong, marked, told, trouble
from sync.mailbox.inbox import UnfitPageError
from sync.protocol.changes import CHANGES_PATH, DEFAULT_ENTRIES, Scope, read_page, read_seal
from sync.protocol.errors import SignatureError

if TYPE_CHECKING:
    from sync.agent.transport import HttpAnswer, Transport
    from sync.mailbox.agent_inbox import AgentInbox

log = logging.getLogger(__name__)
OK, GONE, REFUSED, BUSY = 200, 410, (401, 403), (429, 503)
UNBELIEVED = marked("what the platform tells cannot be believed ({detail}); it is asked for again")
IN_ORDER = tuple(Scope)


class Told(StrEnum):
    """How a step went."""

    MORE = "more"  # the next page or scope can be asked for at once
    UP_TO_DATE = "up_to_date"  # the round is over
    BUSY = "busy"  # the round is over; come again as it was asked
    REFUSED = "refused"  # the platform refuses this device
    FAILED = "failed"  # no whole answer, or none that can be believed


@dataclass(frozen=True, slots=True)
class Fetched:
    """One step.

    Attributes:
        told: how it went.
        is_new: whether a new whole set stands.
        trouble: one sentence on what was wrong, or None.
        retry_after_s: what a busy platform asked for, if it did.
    """

    told: Told
    is_new: bool = False
    trouble: Trouble | None = None
    retry_after_s: float | None = None


@dataclass(slots=True)
class Changes:
    """The way down for one device; one thread calls it."""

    inbox: AgentInbox
    transport: Transport
    device: str
    platform_public: bytes
    limit: int = DEFAULT_ENTRIES
    _turn: int = field(default=0, init=False)
    _trouble: Trouble | None = field(default=None, init=False)  # of this round
    _mended: set[Scope] = field(default_factory=set, init=False)

    def step(self) -> Fetched:
        """Fetch one page.

        Raises:
            MailboxError: the device's file cannot be used now; nothing was kept, try again.
        """
        scope = IN_ORDER[self._turn]
        if scope not in self._mended:
            self.inbox.mend(scope, lambda seal: read_seal(seal, self.platform_public, self.device, scope))
            self._mended.add(scope)
        after = self.inbox.after(scope)
        try:
            answer = self.transport.exchange("GET", self._target(scope, after), None)
            if answer.status == GONE and after is not None:
                after = None
                answer = self.transport.exchange("GET", self._target(scope, after), None)
        except TransportError as error:
            return self._over(Told.FAILED, error.trouble)
        if answer.status in (*REFUSED, *BUSY):
            return self._turned_away(answer)
        if answer.status != OK:
            return self._next(trouble(Wrong.STATUS, answer.status))
        return self._taken(scope, after, answer)

    def _taken(self, scope: Scope, after: str | None, answer: HttpAnswer) -> Fetched:
        try:
            page = read_page(answer.body, self.platform_public, self.device, scope, after)
            seal = read_seal(page.seal, self.platform_public, self.device, scope) if page.seal else None
            is_new = self.inbox.keep(page, seal)
        except SignatureError as error:
            return self._next(told(UNBELIEVED, detail=error))
        except UnfitPageError as error:
            self.inbox.begin_anew(scope)
            return self._next(told(UNBELIEVED, detail=error))
        if is_new:
            log.info("%s: version %d of what the platform tells", scope.value, page.version)
        return Fetched(Told.MORE, is_new) if page.more else self._next(None, is_new=is_new)

    def _next(self, wrong: Trouble | None, *, is_new: bool = False) -> Fetched:
        """Give the next scope its turn, whatever was wrong with this one."""
        if wrong is not None:
            log.warning("%s was not taken: %s", IN_ORDER[self._turn].value, wrong)
            self._trouble = wrong
        self._turn += 1
        if self._turn < len(IN_ORDER):
            return Fetched(Told.MORE, is_new, wrong)
        if self._trouble is None:
            self._turn = 0
            return Fetched(Told.UP_TO_DATE, is_new)
        return self._over(Told.FAILED, self._trouble, is_new=is_new)

    def _turned_away(self, answer: HttpAnswer) -> Fetched:
        if answer.status in REFUSED:
            return self._over(Told.REFUSED, trouble(Wrong.REFUSED, answer.status), retry_after_s=answer.retry_after_s)
        return self._over(Told.BUSY, trouble(Wrong.STATUS, answer.status), retry_after_s=answer.retry_after_s)

    def _over(self, how: Told, wrong: Trouble, *, is_new: bool = False, retry_after_s: float | None = None) -> Fetched:
        self._turn, self._trouble = 0, None
        return Fetched(how, is_new, wrong, retry_after_s)

    def _target(self, scope: Scope, after: str | None) -> str:
        cursor = {} if after is None else {"cursor": after}
        return f"{CHANGES_PATH}?{urlencode({'scope': scope.value, **cursor, 'limit': self.limit})}"
