"""Wires the agent from its settings and from what the program hands in: clocks, ids, chance, randomness.

Upstream: everything the agent is made of.
Downstream: the commands.
"""

from __future__ import annotations

import logging
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from sync.agent.backoff import Backoff
from sync.agent.contacting import Contact
from sync.agent.enrolment_file import EnrolmentError, EnrolmentFile
from sync.agent.errands import Errands
from sync.agent.fetching import Fetching
from sync.agent.lines import EnrolledLine, Lines
from sync.agent.reconciling import Reconciler
from sync.agent.relay import Relay, Try
from sync.agent.rotating import Rotator, is_wanted
from sync.agent.status import StatusFile, status_file_of
from sync.agent.transport import Limits
from sync.agent.wording import NOT_READY, both
from sync.mailbox.agent_inbox import AgentInbox
from sync.mailbox.agent_side import AgentMailbox, MailboxError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from sync.agent.asking import World
    from sync.agent.plan import Plan
    from sync.agent.settings import AgentSettings
    from sync.protocol.enrolment import Enrolment

MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Outside:
    """What the program hands in: the world, the wall clock for people and signatures, 32 random bytes for a key."""

    world: World
    now: Callable[[], datetime]
    new_seed: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class DeviceKeys:
    """The port ``Keys`` over the enrolment file: changed when a change was begun, or when a key grew too old."""

    rotator: Rotator
    days: int | None

    def is_due(self, now_ms: int | None) -> bool:
        """Tell whether the key is to be changed."""
        try:
            return is_wanted(self.rotator.file.read(), self.days, now_ms)
        except EnrolmentError:
            return False

    def step(self, plan: Plan, now_ms: int | None) -> Try:
        """Change it."""
        return self.rotator.step(plan, now_ms)

    def remind(self, plan: Plan) -> Try:
        """Name it again to a platform that has forgotten it."""
        return self.rotator.remind(plan)


@dataclass(frozen=True, slots=True)
class Wiring:
    """The agent's parts for one set of settings."""

    settings: AgentSettings
    outside: Outside

    @property
    def device_file(self) -> Path:
        """The device's file."""
        return self.settings.device_file.expanduser()

    @property
    def enrolment_file(self) -> EnrolmentFile:
        """The enrolment file."""
        return EnrolmentFile(self.settings.enrolment.expanduser())

    @property
    def limits(self) -> Limits:
        """How patient a call is."""
        return Limits(self.settings.connect_s, self.settings.read_s, self.settings.whole_s)

    @property
    def lines(self) -> Lines:
        """What makes lines to the platform."""
        return Lines(self.outside.now, self.limits, self.outside.world.new_id, self.settings.platform_url)

    def backoff(self) -> Backoff:
        """How long to wait after failures."""
        return Backoff(self.settings.backoff_first_s, self.settings.backoff_most_s)

    def enrolment(self) -> Enrolment:
        """Return the device's enrolment, or end with a sentence."""
        try:
            return self.enrolment_file.read()
        except EnrolmentError as error:
            raise click.ClickException(str(error)) from error

    def mailbox(self) -> AgentMailbox:
        """Return the device's mailbox, or end with a sentence where the kiosk has not made it."""
        mailbox = AgentMailbox(self.device_file)
        if not is_ready(mailbox):
            raise click.ClickException(both(NOT_READY, file=self.device_file))
        return mailbox

    def relay(self, mailbox: AgentMailbox) -> Relay:
        """Return what sends batches."""
        line = EnrolledLine(self.enrolment_file, self.lines)
        return Relay(mailbox, line, self.enrolment().device, self.backoff(), self.outside.world)

    def rotator(self) -> Rotator:
        """Return what changes the key."""
        return Rotator(self.enrolment_file, self.lines, self.backoff(), self.outside.world, self.outside.new_seed)

    def errands(self, mailbox: AgentMailbox, status: StatusFile) -> Errands:
        """Return the way up."""
        relay = self.relay(mailbox)
        parts = (mailbox, relay.transport, relay.device, relay.backoff, relay.world)
        return Errands(
            relay,
            Contact(*parts, free_mb=self._free_mb),
            Reconciler(*parts),
            self.settings.poll_s,
            DeviceKeys(self.rotator(), self.settings.rotate_key_days),
            status.show,
        )

    def fetching(self, status: StatusFile) -> Fetching:
        """Return the way down."""
        file = self.enrolment_file
        return Fetching(
            inbox=AgentInbox(self.device_file),
            line=EnrolledLine(file, self.lines),
            enrolment=file,
            backoff=self.backoff(),
            chance=self.outside.world.chance,
            every_s=self.settings.fetch_s,
            show=status.show_download,
        )

    def status_file(self, mailbox: AgentMailbox) -> StatusFile:
        """Return where the agent shows what it does."""
        return StatusFile(status_file_of(self.device_file), mailbox, self.outside.now, self.outside.world.boottime_ns)

    def _free_mb(self) -> int | None:
        try:
            return shutil.disk_usage(self.device_file.parent).free // MB
        except OSError:
            return None


def is_ready(mailbox: AgentMailbox) -> bool:
    """Tell whether the kiosk has made the device's file."""
    try:
        return mailbox.is_ready()
    except MailboxError as error:
        logging.getLogger(__name__).warning("the device's file cannot be used now: %s", error)
        return False
