"""Sends one batch: claim, send, believe only a valid receipt, settle.

Upstream: ``sync.mailbox``, ``plan``, ``transport``.
Downstream: ``errands``.

It may be killed at any instant: a claim marks the attempt before it is made, the platform knows every event by its id,
and only a receipt moves a row on. One try is in flight at a time. An event that breaks every call it is in is found by
halving and then waits behind all others; one that the platform cannot read at all is set aside, and may be tried again.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sync.agent.asking import World, trouble_of
from sync.agent.plan import OK, Answer, Plan, after, answer_to, isolates, narrowed, sets_aside
from sync.agent.transport import EVENTS_PATH, TransportError
from sync.agent.wording import LARGE_EVENT, UNFIT_EVENT, Trouble, Wrong, both, retold, trouble
from sync.mailbox.outbox import Queue
from sync.protocol.batch import Batch, encode_batch, read_receipt
from sync.protocol.errors import BatchTooLargeError, ReceiptError
from sync.protocol.problems import NOT_A_BATCH
from sync.protocol.vocabulary import EventOutcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sync.agent.backoff import Backoff
    from sync.agent.transport import HttpAnswer, Transport
    from sync.mailbox.agent_side import AgentMailbox
    from sync.protocol.batch import Receipt
    from sync.protocol.envelope import Envelope

log = logging.getLogger(__name__)
__all__ = ["Relay", "Try", "World"]


@dataclass(frozen=True, slots=True)
class Try:
    """How a deed went.

    Attributes:
        answer: None where there was nothing to do.
        plan: what comes next of this deed.
        trouble: a sentence for the status where it went wrong.
        moved: events that a receipt moved on.
        put_back: events that wait behind the others now.
    """

    answer: Answer | None
    plan: Plan
    trouble: Trouble | None = None
    moved: int = 0
    put_back: int = 0


@dataclass(frozen=True, slots=True)
class Relay:
    """Sends one batch at a time for one device."""

    mailbox: AgentMailbox
    transport: Transport
    device: str
    backoff: Backoff
    world: World

    def step(self, plan: Plan, queue: Queue = Queue.ANY) -> Try:
        """Try to send one batch; ``answer`` is None where nothing waits.

        Raises:
            MailboxError: the device's file cannot be used now; nothing was lost, try again.
        """
        claimed = self.mailbox.claim(self.world.new_id(), plan.batch_size, queue)
        if not claimed:
            return Try(None, Plan(plan.batch_size))
        batch = Batch(self.world.new_id(), self.device, list(claimed), self.mailbox.newest_checkpoint())
        try:
            body = encode_batch(batch)
        except BatchTooLargeError:
            return self._too_large(claimed, plan)
        sent_bt_ns = self.world.boottime_ns()
        try:
            answer = self.transport.exchange("POST", EVENTS_PATH, body)
        except TransportError as error:
            return self._missed(claimed, plan, Answer.FAILED, error.trouble)
        received_bt_ns = self.world.boottime_ns()
        if answer.status not in OK:
            return self._turned_away(claimed, plan, answer)
        try:
            receipt = read_receipt(answer.body, batch, body)
        except ReceiptError as error:
            return self._missed(claimed, plan, Answer.FAILED, retold(str(error)))
        exchange = self.world.exchange(sent_bt_ns, received_bt_ns, receipt.server_ms)
        self.mailbox.settle(receipt, claimed, exchange)
        for alarm in receipt.alarms:
            log.warning("the platform raises an alarm: %s", alarm)
        return self._settled(plan, _moved(receipt, claimed), len(claimed))

    def _settled(self, plan: Plan, moved: int, claimed: int) -> Try:
        kind = Answer.RECEIPT if moved else Answer.STALLED
        following = after(plan, kind, None, self.world.chance(), self.backoff)
        return Try(kind, following, None if moved else trouble(Wrong.LATER), moved, claimed - moved)

    def _turned_away(self, claimed: Sequence[Envelope], plan: Plan, answer: HttpAnswer) -> Try:
        kind = answer_to(answer.status)
        if answer.problem == NOT_A_BATCH.type:
            kind = Answer.UNFIT
        sentence = trouble_of(kind, answer.status)
        if len(claimed) > 1 or kind in {Answer.BUSY, Answer.REFUSED}:
            tried = self._missed(claimed, plan, kind, sentence, answer.retry_after_s)
            return Try(kind, narrowed(tried.plan), sentence) if kind is Answer.FAILED else tried
        return self._alone(claimed, plan, kind, sentence)

    def _alone(self, claimed: Sequence[Envelope], plan: Plan, kind: Answer, sentence: Trouble) -> Try:
        """Deal with a single event that was turned away, so that none waits behind it."""
        if kind is Answer.UNFIT and not sets_aside(plan):
            kind = Answer.FAILED
        following = after(Plan(1, plan.failures), kind, None, self.world.chance(), self.backoff)
        if kind is Answer.UNFIT:
            return self._set_aside(claimed, following, UNFIT_EVENT, sentence)
        if kind is Answer.FAILED and not isolates(following):
            return self._missed(claimed, plan, kind, sentence)
        self.mailbox.set_back(claimed, sentence)
        log.warning("one event waits behind the others: %s", sentence)
        return Try(kind, following, sentence, 0, 1)

    def _too_large(self, claimed: Sequence[Envelope], plan: Plan) -> Try:
        """Halve a batch that the wire does not take; a single event that it does not take is set aside."""
        sentence = trouble(Wrong.TOO_LARGE)
        if len(claimed) > 1:
            return self._missed(claimed, plan, Answer.TOO_LARGE, sentence)
        return self._set_aside(claimed, Plan(1, plan.failures), LARGE_EVENT, sentence)

    def _set_aside(self, claimed: Sequence[Envelope], following: Plan, why: str, sentence: Trouble) -> Try:
        self.mailbox.park(claimed, both(why))
        log.warning("an event was set aside: %s", why)
        return Try(Answer.UNFIT, following, sentence, 0, 0)

    def _missed(
        self,
        claimed: Sequence[Envelope],
        plan: Plan,
        answer: Answer,
        sentence: Trouble,
        retry_after_s: float | None = None,
    ) -> Try:
        log.warning("%d events still wait: %s", len(claimed), sentence)
        self.mailbox.release(claimed, sentence)
        if answer in {Answer.TOO_LARGE, Answer.UNFIT}:
            plan = replace(plan, batch_size=min(plan.batch_size, len(claimed)))
        return Try(answer, after(plan, answer, retry_after_s, self.world.chance(), self.backoff), sentence)


def _moved(receipt: Receipt, claimed: Sequence[Envelope]) -> int:
    mine = {envelope.id for envelope in claimed}
    return len({each.id for each in receipt.events if each.outcome is not EventOutcome.RETRY} & mine)
