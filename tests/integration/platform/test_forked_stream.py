"""A device's card is copied: two machines write to one stream. Nothing is lost, it is noticed, and both go on."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from sync.agent.backoff import Backoff
from sync.agent.plan import Plan
from sync.agent.relay import Relay, World
from sync.agent.transport import HttpTransport, Limits
from sync.mailbox import heads
from sync.mailbox.agent_side import AgentMailbox
from sync.mailbox.engine import reading
from sync.platform.records import Device
from sync.protocol.checkpoint import sign_checkpoint
from sync.protocol.envelope import Position
from sync.protocol.signing.keys import SigningKey
from sync.protocol.vocabulary import SessionState
from tests.integration.platform.conftest import POINT, START_MS, Running
from tests.integration.platform.fleet import FakeDevice, send
from tests.support.community import Community
from tests.support.station import Booth, booth_in

HOUR = 3600
US = Community()
KEY = SigningKey(US.device_seed)


@dataclass
class Machine:
    """A booth and its agent."""

    booth: Booth
    relay: Relay

    def upload(self) -> None:
        """Send all that waits, and let the station tend itself as it does every minute."""
        while self.relay.mailbox.waiting():
            assert self.relay.step(Plan()).trouble is None
        self.booth.station.tend()

    def streams(self) -> list[str]:
        return [stream for (stream,) in self.booth.rows("SELECT stream FROM streams ORDER BY number")]

    def recorded(self) -> set[str]:
        return {event for (event,) in self.booth.rows("SELECT id FROM ledger")}

    def acknowledged(self) -> dict[str, Position]:
        with reading(self.booth.station.device.engine) as connection:
            return {head.stream: head for head in heads.acknowledged(connection)}


Start = Callable[[Path], Machine]


@pytest.fixture
def start(platform: Running) -> Iterator[Start]:
    """Start a machine on a folder, with an agent that reaches the platform over HTTP."""
    with platform.database.writing("registry") as unit:
        unit.devices.add(Device(US.device, "copied", POINT.id, KEY.public, START_MS))
    with ExitStack() as machines:

        def started(folder: Path) -> Machine:
            booth = machines.enter_context(booth_in(folder))
            transport = HttpTransport(platform.url, US.device, KEY, lambda: datetime.now(UTC), Limits())
            now = booth.clocks.read
            world = World(lambda: str(uuid.uuid4()), now().boot_id, lambda: now().bt_ns, lambda: 0.5)
            mailbox = AgentMailbox(booth.file)
            machines.callback(mailbox.close)
            return Machine(booth, Relay(mailbox, transport, US.device, Backoff(0.01, 0.1), world))

        yield started


def copied(machine: Machine, folder: Path, start: Start) -> Machine:
    """Copy a machine's card, as somebody does who wants a second booth: its files are all it has."""
    machine.booth.station.close()
    shutil.copytree(machine.booth.folder, folder)
    machine.booth.station = machine.booth.opened()
    other = start(folder)
    other.booth.clocks.bt_ns, other.booth.clocks.true_ns = machine.booth.clocks.bt_ns, machine.booth.clocks.true_ns
    return other


def test_two_machines_with_one_card_lose_nothing_and_part(platform: Running, start: Start, tmp_path: Path) -> None:
    first = start(tmp_path / "first")
    began = first.booth.check_in("A-1")
    first.upload()
    second = copied(first, tmp_path / "second", start)
    for machine, number in ((first, "B-1"), (second, "C-1")):
        machine.booth.clocks.elapse(HOUR)
        machine.booth.check_in(number)
        machine.upload()
    assert len(first.streams()) == 1  # it came first, nothing contradicts it yet
    assert second.streams()[:-1] == first.streams()

    second.booth.clocks.elapse(HOUR)
    second.booth.check_out("A-1")  # opened before the copy, ended in the new stream
    for machine in (first, second, first, second):
        machine.booth.clocks.elapse(HOUR)
        machine.booth.station.present(machine.booth.card("D-1" if machine is first else "E-1"))
        machine.upload()

    for machine in (first, second):
        machine.upload()  # what it noted of the new stream
    assert len(first.streams()) == len(second.streams()) == 2
    assert first.streams()[-1] != second.streams()[-1]
    with platform.database.reading() as unit:
        held = {event.id for event in unit.events.all()}
    assert held == first.recorded() | second.recorded()
    assert second.booth.session(began.session_id).session.state is SessionState.CLOSED


def test_both_are_told_once_and_then_no_more(platform: Running, start: Start, tmp_path: Path) -> None:
    first = start(tmp_path / "first")
    first.booth.check_in("A-1")
    first.upload()
    second = copied(first, tmp_path / "second", start)
    for turn in range(4):
        for machine, letter in ((first, "B"), (second, "C")):
            machine.booth.clocks.elapse(60)
            machine.booth.check_in(f"{letter}-{turn}")
            machine.upload()
    for machine in (first, second):
        assert len(machine.streams()) == 2
        notes = machine.booth.rows("SELECT count(*) FROM ledger WHERE kind = 'device_note'")
        assert notes == [(1,)]
        for stream, head in machine.acknowledged().items():
            assert (stream, head.seq, head.h) in machine.booth.rows("SELECT stream, seq, h FROM ledger")
    with platform.database.reading() as unit:
        (standing,) = [each for each in unit.devices.standings() if each.device.id == US.device]
    words = {alarm.word: alarm.times for alarm in standing.alarms}
    assert words == {"stream_forked": 1}


def forged(device: FakeDevice) -> None:
    """Seal a device's last record anew with other content, and go on from there."""
    last = device.log.pop()
    other = msgspec.structs.replace(last, body={**last.body, "service": "culture_sports"})
    device.log.append(msgspec.structs.replace(other, h=other.digest()))


def alarms_of(platform: Running, device: str) -> set[str]:
    with platform.database.reading() as unit:
        (standing,) = [each for each in unit.devices.standings() if each.device.id == device]
    return {alarm.word for alarm in standing.alarms}


def test_a_chain_that_was_sealed_anew_is_noticed_when_it_goes_on(platform: Running) -> None:
    device = platform.device()
    device.check_in("V1", "张晓明", START_MS)
    send(platform.url, device)
    forged(device)
    device.check_in("V2", "李四", START_MS + 1000)
    assert send(platform.url, device, device.log[-1:]).receipt.events[0].alarm == "chain_broken"
    assert alarms_of(platform, device.id) == {"chain_broken"}


@pytest.mark.parametrize("early", [True, False], ids=["before its record", "with its record"])
def test_a_checkpoint_that_disagrees_with_what_arrived_is_noticed(platform: Running, *, early: bool) -> None:
    device = platform.device()
    for number in range(3):
        device.check_in(f"V{number}", "张晓明", START_MS + number)
    true = device.log[1]
    wrong = sign_checkpoint(Position(device.stream, 2, "ab" * 32), true.stamp, device.key)
    send(platform.url, device, device.log[:1] if early else device.log[:2], wrong)
    assert alarms_of(platform, device.id) == (set() if early else {"chain_broken"})
    send(platform.url, device, device.log[1:])
    assert alarms_of(platform, device.id) == {"chain_broken"}


def test_a_good_checkpoint_is_kept_and_a_forged_one_is_not(platform: Running) -> None:
    device = platform.device()
    for number in range(3):
        device.check_in(f"V{number}", "张晓明", START_MS + number)
    heads_of = [Position(each.stream, each.seq, each.h) for each in device.log]
    newest, older = (sign_checkpoint(heads_of[at], device.log[at].stamp, device.key) for at in (2, 0))
    stolen = sign_checkpoint(heads_of[2], device.log[2].stamp, SigningKey(b"x" * 32))
    for checkpoint in (newest, older, None):
        assert send(platform.url, device, None, checkpoint).receipt.heads == [heads_of[2]]
    assert alarms_of(platform, device.id) == set()
    with platform.database.reading() as unit:
        assert unit.heads.kept(device.id, [device.stream]) == [newest]
    send(platform.url, device, None, stolen)
    assert alarms_of(platform, device.id) == {"chain_broken"}
