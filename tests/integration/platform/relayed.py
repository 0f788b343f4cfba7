"""Two platforms and the relay between them, within one process, where anything may go wrong in between.

Upstream: ``sync.platform``, ``sync.mailbox``.
Downstream: the tests of the relay.
"""

from __future__ import annotations

import shutil
import sqlite3
import uuid
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sync.mailbox.agent_side import AgentMailbox, Heard
from sync.mailbox.link import Exchange
from sync.platform import accounts, wording
from sync.platform.receiving import Receiver
from sync.platform.records import Device
from sync.platform.store import Database
from sync.platform.upward.feeding import Feeder, open_mailbox
from sync.platform.upward.targets import Target, TargetKind
from sync.protocol.batch import Batch, Receipt, encode_batch
from sync.protocol.envelope import Envelope
from sync.protocol.signing.keys import SigningKey
from tests.integration.platform.conftest import POINT, START_MS
from tests.integration.platform.fleet import FakeDevice

KEY = SigningKey(b"\x01" * 32)
NOW = datetime.fromtimestamp(START_MS / 1000, UTC)
EXCHANGE = Exchange("boot", 0, START_MS, 0)
RELAY = "relay"


def device_row(id_: str) -> Device:
    """Return a registered device."""
    return Device(id_, id_, POINT.id, KEY.public, 0)


@dataclass(slots=True)
class Platform:
    """One level: a database in which devices and relays may upload, and who uploads to it."""

    url: str
    uploaders: tuple[str, ...]
    database: Database = field(init=False)

    def __post_init__(self) -> None:
        """Open it; a new one gets an epoch, its place and its devices."""
        self.open()
        with self.database.writing("registry") as unit:
            unit.registry.begin_epoch(str(uuid.uuid4()))
            unit.registry.add_service_point(POINT)
            for each in self.uploaders:
                unit.devices.add(device_row(each))

    def open(self) -> None:
        """Open the database."""
        self.database = Database.open(self.url)

    def take(self, uploader: str, events: list[Envelope]) -> Receipt:
        """Receive a batch as over the wire."""
        body = encode_batch(Batch(str(uuid.uuid4()), uploader, events))
        receiver = Receiver(self.database, lambda: NOW, lambda refusal: wording.REFUSALS[refusal])
        received = receiver.receive(device_row(uploader), body)
        assert isinstance(received, Receipt), received
        return received

    def ledger(self) -> Any:
        """Return all that the ledger says: sessions and events, whoever brought them."""
        with self.database.reading() as unit:
            return accounts.ledger_document(unit.ledger.all(), unit.events.all())

    def lacking(self, ids: tuple[str, ...]) -> list[str]:
        """Return which of some events are not here."""
        with self.database.reading() as unit:
            return [each for each in ids if each not in unit.holdings.held(ids)]

    def epoch(self) -> str:
        """Return its epoch."""
        with self.database.reading() as unit:
            return unit.registry.epoch() or ""

    def back_up(self, to: Path) -> None:
        """Copy a SQLite database whole."""
        file = self.url.removeprefix("sqlite:///")
        with closing(sqlite3.connect(file)) as open_, closing(sqlite3.connect(to)) as copy:
            open_.backup(copy)

    def restore(self, backup: Path) -> None:
        """Put a backup in its place, with a new epoch."""
        self.database.close()
        file = Path(self.url.removeprefix("sqlite:///"))
        for part in (file, Path(f"{file}-wal"), Path(f"{file}-shm")):
            part.unlink(missing_ok=True)
        shutil.copyfile(backup, file)
        self.open()
        with self.database.writing("registry") as unit:
            unit.registry.begin_epoch(str(uuid.uuid4()))


@dataclass(slots=True)
class Relayed:
    """A lower and an upper platform, devices at the lower, and a relay's mailbox file."""

    folder: Path
    lower: Platform
    upper: Platform
    page: int = 3
    most_waiting: int = 20
    names: bool = True
    devices: dict[str, FakeDevice] = field(default_factory=dict)

    @property
    def mailbox_file(self) -> Path:
        """The relay's mailbox."""
        return self.folder / "relay.sqlite"

    def device(self, name: str) -> FakeDevice:
        """Return a device of the lower platform."""
        started_ms = START_MS - 3_600_000
        return self.devices.setdefault(name, FakeDevice(name, KEY, POINT.id, started_ms, f"stream of {name}"))

    def bring(self, name: str) -> None:
        """Have a device send all that it ever recorded; what is held already is a duplicate."""
        if self.device(name).log:
            self.lower.take(name, self.device(name).log)

    def feeder(self) -> Feeder:
        """Return a feeder that has just started."""
        target = Target("upper", TargetKind.RELAY, self.names, "", 0)
        mailbox = open_mailbox(self.mailbox_file)
        return Feeder(self.lower.database, mailbox, target, self.page, self.most_waiting)

    def feed(self) -> int:
        """Start a feeder, let it do one step, and kill it; return how many events it went through."""
        feeder = self.feeder()
        try:
            return feeder.step().events
        finally:
            feeder.mailbox.close()

    def agent(self) -> AgentMailbox:
        """Return the agent's hold on the mailbox."""
        open_mailbox(self.mailbox_file).close()
        return AgentMailbox(self.mailbox_file)

    def carry(self, *, request: bool = True, reply: bool = True) -> int:
        """Have an agent send one batch, of which the request or the reply may be lost; return what it claimed."""
        agent = self.agent()
        claimed = list(agent.claim(str(uuid.uuid4()), 500))
        if claimed and request:
            receipt = self.upper.take(RELAY, claimed)
            if reply:
                agent.settle(receipt, claimed, EXCHANGE)
        return len(claimed)

    def contact(self) -> None:
        """Have the agent hear of the upper platform."""
        self.agent().contacted(Heard(START_MS, self.upper.epoch(), EXCHANGE), ())

    def reconcile(self) -> None:
        """Have the agent ask for all that the upper platform lacks of what the mailbox holds."""
        agent = self.agent()
        while (page := agent.next_held(4)) is not None:
            agent.reconciled(page, self.upper.lacking(page.ids), Heard(START_MS, self.upper.epoch(), EXCHANGE))

    def settle_down(self) -> None:
        """Let everything come through: devices bring what they have, the feeder and the agent do their work."""
        for name in self.devices:
            self.bring(name)
        self.contact()
        for _ in range(2):
            self.reconcile()
            while self.feed() or self.carry():
                pass
        assert self.agent().waiting() == 0
