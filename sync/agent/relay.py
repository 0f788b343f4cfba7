"""The loop that brings the outbox to the platform: claim, send, believe only a valid receipt, settle.

Upstream: ``sync.mailbox``, ``plan``, ``transport``.
Downstream: ``__main__`` runs it.

It may be killed at any instant: a claim marks the attempt before it is made, the platform knows every event by its id,
and only a receipt moves a row on. One try is in flight at a time.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sync.agent.plan import Answer, Plan, after
from sync.agent.transport import EVENTS_PATH, TransportError
from sync.mailbox.agent_side import MailboxError
from sync.mailbox.link import Exchange
from sync.protocol.batch import Batch, encode_batch, read_receipt
from sync.protocol.errors import BatchTooLargeError, ReceiptError
from sync.protocol.vocabulary import EventOutcome

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sync.agent.backoff import Backoff
    from sync.agent.transport import HttpAnswer, Transport
    from sync.mailbox.agent_side import AgentMailbox
    from sync.protocol.batch import Receipt
    from sync.protocol.envelope import Envelope

log = logging.getLogger(__name__)
OK, REFUSED, TOO_LARGE, BUSY = range(200, 300), (401, 403), 413, (429, 503)


@dataclass(frozen=True, slots=True)
class World:
    """What the relay takes from outside: ids, boot id and boot-time clock (ns), chance in [0, 1)."""

    new_id: Callable[[], str]
    boot_id: str
    boottime_ns: Callable[[], int]
    chance: Callable[[], float]


@dataclass(frozen=True, slots=True)
class Try:
    """One try: the answer, the plan after it, and a sentence for the status when it was no receipt."""

    answer: Answer | None
    plan: Plan
    trouble: str | None = None


@dataclass(frozen=True, slots=True)
class Relay:
    """Sends one batch at a time for one device."""

    mailbox: AgentMailbox
    transport: Transport
    device: str
    backoff: Backoff
    world: World

    def step(self, plan: Plan) -> Try:
        """Try to send one batch; ``answer`` is None where nothing waits.

        Raises:
            MailboxError: the device's file cannot be used now; nothing was lost, try again.
        """
        claimed = self.mailbox.claim(self.world.new_id(), plan.batch_size)
        if not claimed:
            return Try(None, Plan(plan.batch_size))
        batch = Batch(self.world.new_id(), self.device, list(claimed), self.mailbox.newest_checkpoint())
        sent_bt_ns = self.world.boottime_ns()
        try:
            body = encode_batch(batch)
            answer = self.transport.exchange("POST", EVENTS_PATH, body)
        except BatchTooLargeError as error:
            return self._missed(claimed, plan, Answer.TOO_LARGE, str(error))
        except TransportError as error:
            return self._missed(claimed, plan, Answer.FAILED, str(error))
        received_bt_ns = self.world.boottime_ns()
        if answer.status not in OK:
            return self._turned_away(claimed, plan, answer)
        try:
            receipt = read_receipt(answer.body, batch, body)
        except ReceiptError as error:
            return self._missed(claimed, plan, Answer.FAILED, str(error))
        self._settle(receipt, claimed, received_bt_ns, received_bt_ns - sent_bt_ns)
        kind = Answer.RECEIPT if _moves_on(receipt, claimed) else Answer.STALLED
        return Try(kind, after(plan, kind, None, self.world.chance(), self.backoff))

    def _settle(self, receipt: Receipt, claimed: Sequence[Envelope], bt_recv_ns: int, rtt_ns: int) -> None:
        exchange = Exchange(self.world.boot_id, bt_recv_ns, receipt.server_ms, rtt_ns)
        self.mailbox.settle(receipt, claimed, exchange)
        for alarm in receipt.alarms:
            log.warning("the platform raises an alarm: %s", alarm)

    def _turned_away(self, claimed: Sequence[Envelope], plan: Plan, answer: HttpAnswer) -> Try:
        if answer.status == TOO_LARGE:
            return self._missed(claimed, plan, Answer.TOO_LARGE, "the platform finds the batch too large")
        if answer.status in REFUSED:
            sentence = f"the platform refuses this device ({answer.status}); ask its keeper, records are kept"
            return self._missed(claimed, plan, Answer.REFUSED, sentence)
        kind = Answer.BUSY if answer.status in BUSY else Answer.FAILED
        return self._missed(claimed, plan, kind, f"the platform answered {answer.status}", answer.retry_after_s)

    def _missed(
        self,
        claimed: Sequence[Envelope],
        plan: Plan,
        answer: Answer,
        trouble: str,
        retry_after_s: float | None = None,
    ) -> Try:
        log.warning("%d events still wait: %s", len(claimed), trouble)
        self.mailbox.release(claimed, trouble)
        return Try(answer, after(plan, answer, retry_after_s, self.world.chance(), self.backoff), trouble)


def _moves_on(receipt: Receipt, claimed: Sequence[Envelope]) -> bool:
    mine = {envelope.id for envelope in claimed}
    return any(each.id in mine and each.outcome is not EventOutcome.RETRY for each in receipt.events)


def run(relay: Relay, *, poll_s: float, wait: Callable[[float], bool]) -> None:
    """Send until told to stop.

    Args:
        relay: what sends.
        poll_s: how often the outbox is looked at while nothing waits, seconds.
        wait: waits so many seconds and returns True when it is time to stop.
    """
    plan = Plan()
    while True:
        try:
            tried = relay.step(plan)
            plan, wait_s = tried.plan, (poll_s if tried.answer is None else tried.plan.wait_s)
        except MailboxError as error:
            log.warning("the device's file cannot be used now: %s", error)
            wait_s = poll_s
        except Exception:
            log.exception("an unexpected fault in the relay; it goes on")
            wait_s = max(poll_s, relay.backoff.first_s)
        if wait(wait_s):
            return
