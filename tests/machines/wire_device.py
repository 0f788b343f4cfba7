"""A device and its agent: a real station on a real file, the real agent, and what may befall card, disk and process.

Upstream: ``wire_way``, ``sync.agent``; the real station of ``tests.support.station``.
Downstream: ``wire_machine``, ``wire_promises``.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import event

from sync.agent.asking import World
from sync.agent.commands.wiring import Outside, Wiring
from sync.agent.errands import Errands
from sync.agent.settings import AgentSettings
from sync.mailbox.agent_side import AgentMailbox
from sync.protocol.envelope import Envelope
from sync.protocol.events import Body
from sync.protocol.reconciling import MISSING_PATH
from tests.machines.wire_platform import Platform
from tests.machines.wire_way import NEVER, Fate, KilledError, LinesOnTheWay, Way
from tests.support.clock import FakeClocks
from tests.support.community import Community
from tests.support.station import Booth

BOOTS_APART = 1000  # machines do not share the kernel's ids of their boots


@dataclass
class CountedIds:
    """The port ``Ids``: the same in every run."""

    whose: str
    count: int = 0

    def new_id(self) -> str:
        """Return an id."""
        self.count += 1
        drawn = sha256(f"{self.whose} {self.count}".encode()).hexdigest()
        return f"{drawn[:8]}-{drawn[8:12]}-4{drawn[12:15]}-8{drawn[15:18]}-{drawn[18:30]}"

    def new_salt(self) -> str:
        """Return 16 bytes as hex."""
        return sha256(self.new_id().encode()).hexdigest()[:32]


@dataclass(frozen=True)
class Row:
    """A row of the outbox."""

    state: str
    reason: str | None


@dataclass(frozen=True)
class WiringOnTheWay(Wiring):
    """The agent's own wiring, over the way of one machine."""

    way: Way | None = None

    @property
    def lines(self) -> LinesOnTheWay:
        """What makes lines to the platform."""
        return LinesOnTheWay(self.outside.now, self.limits, self.outside.world.new_id, None, self.way)


@dataclass
class WireDevice:
    """One machine with one card.

    Attributes:
        id: of the device that its enrolment says it is; two machines may say the same.
        number: of the machine.
        folder: what is on its card.
        key_days: how old its key may grow; None: it stays.
        copies: cards as they were once.
    """

    id: str
    number: int
    folder: Path
    platform: Platform
    clocks: FakeClocks
    key_days: int | None = None
    copies: list[Path] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Start the program and the agent on what is on the card."""
        self.folder.mkdir(exist_ok=True)
        community = Community(device=self.id, device_seed=sha256(self.id.encode()).digest())
        self.ids = CountedIds(f"machine {self.number}")
        self.booth = Booth(self.folder, community, self.clocks, ids=self.ids)
        self.way = Way(self.platform)
        self.mailbox, self.errands = self._agent()

    def record(self, body: Body) -> None:
        """Record something that this machine knows of a session, wherever that began."""
        stamp = self.booth.station.clock.now().stamp
        with self.booth.station.device.ledger.writing() as writing:
            writing.append(body, stamp)

    def work(self, fates: Sequence[Fate] = ()) -> float:
        """Let the agent do what is its turn; return the seconds it would wait; a killed one is started again."""
        self.way.fates = list(fates)
        try:
            return self.errands.step()
        except KilledError:
            self.restart_agent()
            return 0.0

    def is_busy(self) -> bool:
        """Tell whether there is something to send, or to ask."""
        look = self.mailbox.look()
        return look.fresh or look.again or (look.asks and MISSING_PATH not in self.way.without)

    def restart_agent(self) -> None:
        """Start the agent's process anew."""
        self.mailbox.close()
        self.mailbox, self.errands = self._agent()

    def reboot(self) -> None:
        """Cut the power of the machine."""
        self.booth.reboot()
        self.restart_agent()

    def copy(self) -> Path:
        """Copy the card as it is."""
        target = self.folder.with_name(f"{self.folder.name}-copy-{len(self.copies)}")
        shutil.copytree(self.folder, target, ignore=shutil.ignore_patterns("*-shm"))
        self.copies.append(target)
        return target

    def go_back_to(self, copy: Path) -> None:
        """Put an older copy of the card in place of the card."""
        self.booth.station.close()
        self.mailbox.close()
        shutil.rmtree(self.folder)
        shutil.copytree(copy, self.folder)
        self.clocks.reboot()
        self.booth.station = self.booth.opened()
        self.mailbox, self.errands = self._agent()

    def clone(self, number: int) -> WireDevice:
        """Put a copy of the card into another machine and start that."""
        folder = self.folder.with_name(f"machine-{number}")
        shutil.copytree(self.copy(), folder)
        clocks = replace(self.clocks, boot=number * BOOTS_APART)
        clocks.reboot()
        clocks.true_ns = self.clocks.true_ns
        return WireDevice(self.id, number, folder, self.platform, clocks, self.key_days)

    def damage(self, which: int) -> str | None:
        """Let the disk change a byte of a waiting row; return its event's id, or None where none waits."""
        waiting = [event_id for event_id, row in self.outbox().items() if row.state == "pending"]
        if not waiting:
            return None
        chosen = waiting[which % len(waiting)]
        with closing(sqlite3.connect(self.booth.file)) as connection, connection:
            changed = "UPDATE outbox SET envelope = replace(envelope, '\"seq\":', '\"sEq\":') WHERE event_id = ?"
            connection.execute(changed, (chosen,))
        return chosen

    def outbox(self) -> dict[str, Row]:
        """Return the rows of the outbox, by event id."""
        rows = self.booth.rows("SELECT event_id, state, reason FROM outbox ORDER BY position")
        return {event_id: Row(state, reason) for event_id, state, reason in rows}

    def recorded(self) -> dict[str, tuple[str, int]]:
        """Return where every record of the ledger stands, by id: stream and sequence."""
        return {id_: (stream, seq) for id_, stream, seq in self.booth.rows("SELECT id, stream, seq FROM ledger")}

    def envelopes(self) -> Sequence[Envelope]:
        """Return every record of the ledger."""
        with self.booth.station.device.ledger.reading() as reading:
            return list(reading.events())

    def stream(self) -> str:
        """Return the stream that is written to."""
        return str(self.booth.rows("SELECT stream FROM streams ORDER BY number DESC LIMIT 1")[0][0])

    def close(self) -> None:
        """End it for good."""
        with suppress(Exception):
            self.mailbox.close()
        self.booth.station.close()

    def _agent(self) -> tuple[AgentMailbox, Errands]:
        mailbox, now = AgentMailbox(self.booth.file), self.clocks.read()
        self.way.dies_settling = _dies_at_commit(mailbox)
        world = World(self.ids.new_id, now.boot_id, lambda: self.clocks.bt_ns, lambda: 0.5)
        outside = Outside(world, lambda: NEVER, lambda: sha256(self.ids.new_id().encode()).digest())
        enrolment = self.folder / "enrolment.json"
        settings = AgentSettings(device_file=self.booth.file, enrolment=enrolment, rotate_key_days=self.key_days)
        wiring = WiringOnTheWay(settings, outside, self.way)
        return mailbox, wiring.errands(mailbox, wiring.status_file(mailbox))


def _dies_at_commit(mailbox: AgentMailbox) -> Callable[[], None]:
    """Return what makes the agent die within the next transaction that it would commit."""
    doomed: list[bool] = []

    def at_commit(_connection: Any) -> None:
        if doomed:
            raise KilledError

    event.listen(mailbox._engine, "commit", at_commit)
    return lambda: doomed.append(True)


def first_devices(folder: Path, platform: Platform, names: Sequence[str], key_days: int | None) -> list[WireDevice]:
    """Put up one machine for each device."""
    machines = []
    for number, name in enumerate(names):
        clocks = FakeClocks(boot=number * BOOTS_APART + 1)
        machines.append(WireDevice(name, number, folder / f"machine-{number}", platform, clocks, key_days))
    return machines
