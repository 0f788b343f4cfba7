"""Carries out what the plan says, one deed at a time, for as long as it runs.

Upstream: ``plan``, ``relay``, ``contacting``, ``reconciling``, ``rotating``, ``sync.mailbox``.
Downstream: ``commands``; what is fetched has a loop and a thread of its own (``fetching``).
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from sync.agent.drain import Drain
from sync.agent.plan import NEW, Answer, Deed, Known, Plan, Turns, choose, held_off, let_in, turned
from sync.agent.relay import Try
from sync.mailbox.outbox import Queue

if TYPE_CHECKING:
    from collections.abc import Callable

    from sync.agent.contacting import Contact
    from sync.agent.reconciling import Reconciler
    from sync.agent.relay import Relay
    from sync.agent.wording import Trouble
    from sync.mailbox.agent_side import Outlook

log = logging.getLogger(__name__)
NS_PER_S = 1_000_000_000


class Keys(Protocol):
    """What is done about the device's key."""

    def is_due(self, now_ms: int | None) -> bool:
        """Tell whether it is to be changed; ``now_ms`` is the platform's time, UTC ms."""
        ...

    def step(self, plan: Plan, now_ms: int | None) -> Try:
        """Change it."""
        ...

    def remind(self, plan: Plan) -> Try:
        """Name it to a platform that has forgotten it; ``answer`` is None where there is no earlier key to do so."""
        ...


class NoKeys:
    """Keeps the key as it is."""

    def is_due(self, now_ms: int | None) -> bool:  # noqa: ARG002 - the port's
        """Never."""
        return False

    def step(self, plan: Plan, now_ms: int | None) -> Try:  # noqa: ARG002 - the port's
        """Do nothing."""
        return Try(None, plan)

    def remind(self, plan: Plan) -> Try:
        """Do nothing."""
        return Try(None, plan)


@dataclass(frozen=True, slots=True)
class Progress:
    """What is shown of the way up.

    Attributes:
        deed: what is being done, None while waiting.
        wait_s: seconds until the next look.
        drain: how fast the backlog goes away.
        refused: the platform refuses this device.
        trouble: what is wrong, by deed.
    """

    deed: Deed | None = None
    wait_s: float = 0.0
    drain: Drain = field(default_factory=Drain)
    refused: bool = False
    trouble: Trouble | None = None


@dataclass(slots=True)
class Errands:
    """The way up of one device.

    Attributes:
        relay, contact, reconciler, keys: what can be done.
        poll_s: how often the outbox is looked at while nothing waits, seconds.
        show: told what is being done, before and after.
    """

    relay: Relay
    contact: Contact
    reconciler: Reconciler
    poll_s: float
    keys: Keys = field(default_factory=NoKeys)
    show: Callable[[Progress], None] = lambda _progress: None
    turns: Turns = field(default_factory=lambda: NEW)
    _contacted_s: float | None = field(default=None, init=False)
    _drain: Drain = field(default_factory=Drain, init=False)
    _wrong: dict[Deed, Try] = field(default_factory=dict, init=False)

    def step(self) -> float:
        """Do the deed whose turn it is, if any; return the seconds to wait.

        Raises:
            MailboxError: the device's file cannot be used now; nothing was lost, try again.
        """
        look = self.relay.mailbox.look()
        now_s = self._now_s()
        known = Known(
            now_s, look.fresh, look.again, look.asks, self.keys.is_due(look.link.last_contact_ms), self._contacted_s
        )
        following = choose(known, self.turns, self.poll_s)
        if not (look.fresh or look.again):
            self._drain = Drain()
        self._shown(following.deed, following.wait_s)
        if following.deed is None:
            return following.wait_s
        tried = self._do(following.deed, look)
        self._learn(following.deed, tried, now_s)
        return 0.0

    def failed(self, sentence: Trouble) -> None:
        """Show what went wrong outside of any deed."""
        self.show(Progress(None, self.poll_s, Drain(), refused=False, trouble=sentence))

    def _do(self, deed: Deed, look: Outlook) -> Try:
        plan = self.turns[deed].plan
        if deed is Deed.SEND:
            return self.relay.step(plan, Queue.FRESH)
        if deed is Deed.SEND_AGAIN:
            return self.relay.step(plan, Queue.AGAIN)
        if deed is Deed.RECONCILE:
            return self.reconciler.step(plan)
        if deed is Deed.ROTATE:
            return self.keys.step(plan, look.link.last_contact_ms)
        return self._make_contact(plan)

    def _make_contact(self, plan: Plan) -> Try:
        tried = self.contact.step(plan)
        if tried.answer is Answer.REFUSED and self.keys.remind(plan).answer is Answer.RECEIPT:
            log.warning("the platform had forgotten this device's key; the one before it named it again")
            return self.contact.step(plan)
        return tried

    def _learn(self, deed: Deed, tried: Try, began_s: float) -> None:
        now_s, world = self._now_s(), self.relay.world
        self.turns = turned(self.turns, deed, tried.plan, now_s)
        if tried.put_back and deed is Deed.SEND:
            tries = self.turns[Deed.SEND_AGAIN].plan.failures + 1
            wait_s = self.relay.backoff.wait_s(tries, world.chance())
            self.turns = held_off(self.turns, Deed.SEND_AGAIN, wait_s, now_s)
        if deed is Deed.CONTACT and tried.answer is Answer.RECEIPT:
            self._contacted_s = now_s
            refused = [each for each, wrong in self._wrong.items() if wrong.answer is Answer.REFUSED]
            self.turns = let_in(self.turns, refused, now_s)
        if deed in {Deed.SEND, Deed.SEND_AGAIN}:
            self._drain = self._drain.after(tried.moved, began_s, now_s)
        self._wrong.pop(deed, None)
        if tried.trouble is not None:
            self._wrong[deed] = tried
        self._shown(None, tried.plan.wait_s)

    def _shown(self, deed: Deed | None, wait_s: float) -> None:
        wrong = next(iter(self._wrong.values()), None)
        refused = any(each.answer is Answer.REFUSED for each in self._wrong.values())
        self.show(Progress(deed, wait_s, self._drain, refused, wrong.trouble if wrong else None))

    def _now_s(self) -> float:
        return self.relay.world.boottime_ns() / NS_PER_S
