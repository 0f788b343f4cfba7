"""The agent's way to a real platform, where everything on the way may go wrong.

Upstream: ``sync.mailbox.agent_side``, ``sync.platform``.
Downstream: ``duty_machine``, ``promises``.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Any, cast

from sync.mailbox.agent_side import AgentMailbox
from sync.mailbox.link import Exchange
from sync.platform.records import Device
from sync.platform.store import Database
from sync.platform.taking import take
from sync.protocol.batch import Batch, Delivery, EventReceipt, Receipt
from sync.protocol.envelope import Envelope
from sync.protocol.reference import ServicePoint
from sync.protocol.sessions import Session
from sync.protocol.vocabulary import EventOutcome
from tests.support.clock import FakeClocks
from tests.support.community import REGION

DEVICE, POINT = "device-1", ServicePoint("point-1", "王城公园东门岗亭", REGION, "08:00", "22:00")
SHA = "0" * 64


class Fate(StrEnum):
    """What becomes of one batch."""

    RECEIPT = "receipt"
    REQUEST_LOST = "request_lost"
    REPLY_LOST = "reply_lost"
    AGENT_DIES = "agent_dies"
    RETRY = "retry"
    QUARANTINED = "quarantined"
    SENT_TWICE = "sent_twice"


@dataclass
class Settled:
    """What a receipt said, if one came: ids of what the platform has, and of what it set apart."""

    answered: bool = False
    acknowledged: set[str] = field(default_factory=set)
    parked: set[str] = field(default_factory=set)


@lru_cache(maxsize=1)
def _empty() -> bytes:
    database = Database.open("sqlite://")
    database.migrate()
    with database.writing("registry") as unit:
        unit.registry.add_service_point(POINT)
        unit.devices.add(Device(DEVICE, DEVICE, POINT.id, b"\x01" * 32, 0))
    return _driver_of(database).serialize()


def _driver_of(database: Database) -> sqlite3.Connection:
    connection: Any = database._engine.raw_connection().driver_connection
    return cast("sqlite3.Connection", connection)


class FarSide:
    """A platform in memory that knows the device."""

    def __init__(self) -> None:
        """Open it, empty."""
        self.database = Database.open("sqlite://")
        _driver_of(self.database).deserialize(_empty())
        self.batches = 0

    def take(self, events: Sequence[Envelope], now_ms: int) -> dict[str, EventOutcome]:
        """Take a batch, and return what became of each event; no event of a sound device is refused or alarming."""
        self.batches += 1
        with self.database.writing(DEVICE) as unit:
            taken = take(Delivery(Batch(f"b{self.batches}", DEVICE, list(events))), SHA, unit, now_ms)
        assert not taken.alarms, taken.alarms
        outcomes = {verdict.envelope.id: verdict.outcome for verdict in taken.verdicts}
        assert set(outcomes.values()) <= {EventOutcome.ACCEPTED, EventOutcome.DUPLICATE}, taken.verdicts
        return outcomes

    def holds(self) -> set[str]:
        """Return the ids of all events that are here."""
        with self.database.reading() as unit:
            return {event.id for event in unit.events.all()}

    def sessions(self) -> dict[str, Session]:
        """Return the ledger by session id."""
        with self.database.reading() as unit:
            return {entry.session.id: entry.session for entry in unit.ledger.all()}

    def close(self) -> None:
        """Forget it."""
        self.database.close()


def deliver(mailbox: AgentMailbox, far: FarSide, clocks: FakeClocks, fate: Fate, most: int) -> Settled:
    """Let the agent send one batch, and return what a receipt said of it; nothing where none came."""
    claimed = mailbox.claim("agent", most)
    if not claimed or fate is Fate.AGENT_DIES:
        return Settled()
    taken = {} if fate in {Fate.REQUEST_LOST, Fate.RETRY} else _taken(far, claimed, fate, clocks.true_ms)
    if fate in {Fate.REQUEST_LOST, Fate.REPLY_LOST}:
        mailbox.release(claimed, "no answer came")
        return Settled()
    refused = EventOutcome.RETRY if fate is Fate.RETRY else EventOutcome.QUARANTINED
    outcomes = {each.id: taken.get(each.id, refused) for each in claimed}
    events = [EventReceipt(event, outcome) for event, outcome in outcomes.items()]
    now = clocks.read()
    exchange = Exchange(now.boot_id, now.bt_ns, clocks.true_ms, 0)
    mailbox.settle(Receipt("b", SHA, events, clocks.true_ms, "epoch"), claimed, exchange)
    parked = {each.id for each in claimed if outcomes[each.id] is EventOutcome.QUARANTINED}
    return Settled(True, set(taken), parked)


def _taken(far: FarSide, claimed: Sequence[Envelope], fate: Fate, now_ms: int) -> dict[str, EventOutcome]:
    if fate is Fate.QUARANTINED:
        claimed = claimed[1:]
    outcomes = far.take(claimed, now_ms) if claimed else {}
    if fate is Fate.SENT_TWICE:
        outcomes = far.take(claimed, now_ms)
        assert set(outcomes.values()) == {EventOutcome.DUPLICATE}
    return outcomes


def platform_after(batches: Iterable[Sequence[Envelope]], now_ms: int) -> dict[str, Session]:
    """Return the ledger of a fresh platform after these batches."""
    far = FarSide()
    for batch in batches:
        far.take(batch, now_ms)
    found = far.sessions()
    far.close()
    return found
