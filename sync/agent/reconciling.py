"""Asks the platform which of the events that it acknowledged it lacks now, a page a step; those are sent again.

Upstream: ``asking``, ``sync.mailbox``.
Downstream: ``errands``.

A page that the platform does not understand is halved; a single id that it does not understand is passed over: it can
only be that of a record it never took.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sync.agent.asking import Unanswered, ask
from sync.agent.plan import Answer, Plan, after
from sync.agent.relay import Try
from sync.mailbox.agent_side import Heard
from sync.protocol.batch import MAX_EVENTS
from sync.protocol.reconciling import MAX_IDS, MISSING_PATH, MissingAnswer, MissingRequest

if TYPE_CHECKING:
    from sync.agent.asking import World
    from sync.agent.backoff import Backoff
    from sync.agent.transport import Transport
    from sync.mailbox.agent_side import AgentMailbox
    from sync.mailbox.reconciling import HeldPage

log = logging.getLogger(__name__)
IDS_AN_EVENT = MAX_IDS // MAX_EVENTS  # a plan counts events; so many ids are as much work as one
NOT_UNDERSTOOD = 400


@dataclass(frozen=True, slots=True)
class Reconciler:
    """Asks for one device."""

    mailbox: AgentMailbox
    transport: Transport
    device: str
    backoff: Backoff
    world: World

    def step(self, plan: Plan) -> Try:
        """Ask about one page; ``answer`` is None where a round ended.

        Raises:
            MailboxError: the device's file cannot be used now.
        """
        page = self.mailbox.next_held(max(1, plan.batch_size * IDS_AN_EVENT if plan.batch_size > 1 else 1))
        if page is None:
            return Try(None, Plan())
        question = MissingRequest(self.device, list(page.ids))
        told = ask(self.transport, MISSING_PATH, question, MissingAnswer, self.world.boottime_ns)
        if isinstance(told, Unanswered):
            return self._unanswered(page, plan, told)
        content = told.content
        exchange = self.world.exchange(told.sent_bt_ns, told.received_bt_ns, content.server_ms)
        self.mailbox.reconciled(page, content.missing, Heard(content.server_ms, content.epoch, exchange))
        if content.missing:
            log.warning("the platform lacks %d events that it had; they are sent again", len(content.missing))
        return Try(Answer.RECEIPT, after(plan, Answer.RECEIPT, None, 0.0, self.backoff))

    def _unanswered(self, page: HeldPage, plan: Plan, told: Unanswered) -> Try:
        kind = Answer.UNFIT if told.status == NOT_UNDERSTOOD else told.answer
        if kind in {Answer.UNFIT, Answer.TOO_LARGE}:
            plan = replace(plan, batch_size=min(plan.batch_size, -(-len(page.ids) // IDS_AN_EVENT)))
            if len(page.ids) == 1:
                self.mailbox.skip_held(page)
        return Try(kind, after(plan, kind, told.retry_after_s, self.world.chance(), self.backoff), told.trouble)
