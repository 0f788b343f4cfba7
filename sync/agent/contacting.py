"""A sign of life: how the device is and how far its records reach; brings back the platform's time, epoch, alarms.

Upstream: ``asking``, ``sync.mailbox``.
Downstream: ``errands``.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sync.agent.asking import Unanswered, ask
from sync.agent.plan import Answer, Plan, after
from sync.agent.relay import Try
from sync.mailbox.agent_side import Heard
from sync.protocol.contact import CONTACT_PATH, ContactAnswer, ContactRequest, DeviceReport

if TYPE_CHECKING:
    from collections.abc import Callable

    from sync.agent.asking import World
    from sync.agent.backoff import Backoff
    from sync.agent.transport import Transport
    from sync.mailbox.agent_side import AgentMailbox

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Contact:
    """Makes itself heard for one device; ``free_mb`` tells the room on the disk of its file, None where unknown."""

    mailbox: AgentMailbox
    transport: Transport
    device: str
    backoff: Backoff
    world: World
    free_mb: Callable[[], int | None]

    def step(self, plan: Plan) -> Try:
        """Tell how the device is.

        Raises:
            MailboxError: the device's file cannot be used now.
        """
        question = ContactRequest(self.device, self._report(), self.mailbox.reached())
        told = ask(self.transport, CONTACT_PATH, question, ContactAnswer, self.world.boottime_ns)
        if isinstance(told, Unanswered):
            self.mailbox.note_trouble(told.trouble)
            following = after(plan, told.answer, told.retry_after_s, self.world.chance(), self.backoff)
            return Try(told.answer, following, told.trouble)
        content = told.content
        exchange = self.world.exchange(told.sent_bt_ns, told.received_bt_ns, content.server_ms)
        self.mailbox.contacted(Heard(content.server_ms, content.epoch, exchange), content.alarms)
        for alarm in content.alarms:
            log.warning("the platform raises an alarm: %s", alarm)
        return Try(Answer.RECEIPT, Plan())

    def _report(self) -> DeviceReport:
        kiosk, counts = self.mailbox.kiosk_report()
        return DeviceReport(
            version=kiosk.version,
            waiting=counts.waiting,
            parked=counts.parked,
            clock=kiosk.clock,
            camera=kiosk.camera,
            seen_ms=kiosk.seen_ms,
            free_mb=self.free_mb(),
            boots=kiosk.boots,
        )
