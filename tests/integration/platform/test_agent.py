"""The whole agent against a real platform: contact, a platform that lost its memory, keys, enrolment by code."""

from __future__ import annotations

import stat
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from sync.agent.asking import World
from sync.agent.backoff import Backoff
from sync.agent.commands.wiring import DeviceKeys
from sync.agent.contacting import Contact
from sync.agent.enrolling import Enroller, address_and_code
from sync.agent.enrolment_file import EnrolmentError, EnrolmentFile
from sync.agent.errands import Errands
from sync.agent.lines import EnrolledLine, Lines
from sync.agent.plan import Answer, Plan
from sync.agent.reconciling import Reconciler
from sync.agent.relay import Relay
from sync.agent.rotating import Rotator
from sync.agent.transport import HttpAnswer, Limits, TransportError
from sync.agent.wording import Wrong, trouble
from sync.mailbox import outbox, reconciling
from sync.mailbox.agent_side import AgentMailbox
from sync.mailbox.engine import open_engine, reading, writing
from sync.mailbox.link import exchanges
from sync.mailbox.outbox import Counts
from sync.mailbox.reconciling import DAY_MS, offering
from sync.platform.enrolling import new_code
from sync.platform.ports import Ports
from sync.platform.records import Device
from sync.platform.store import Database
from sync.protocol.contact import DeviceReport
from sync.protocol.enrolling import KEYS_PATH
from sync.protocol.enrolment import Enrolment
from sync.protocol.signing.keys import SigningKey
from tests.integration.platform.conftest import POINT, SQLITE, START_MS, Running
from tests.support.community import Community
from tests.support.envelopes import chain_of
from tests.support.outboxes import device_file_with

US = Community()
KEY = SigningKey(US.device_seed)
CHAIN = chain_of(30)


@pytest.fixture
def stored_in() -> str:
    """What is promised here touches no database's peculiarity."""
    return SQLITE


@dataclass
class Clock:
    """Boot time that goes on as a test says."""

    ns: int = 0

    def __call__(self) -> int:
        self.ns += 1_000_000
        return self.ns


@dataclass
class Device1:
    """A device with its agent, wired as the command wires it."""

    folder: Path
    url: str
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        self.file = EnrolmentFile(US.write_enrolment(self.folder / "enrolment.json", self.url))
        self.mailbox = AgentMailbox(device_file_with(self.folder / "device.sqlite", CHAIN[:10]))
        self.world = World(lambda: str(uuid.uuid4()), "boot-1", self.clock, lambda: 0.5)
        self.lines = Lines(lambda: datetime.now(UTC), Limits(), lambda: str(uuid.uuid4()))
        self.errands = self.started()

    def started(self) -> Errands:
        """Start an agent, as after a reboot."""
        parts = (self.mailbox, EnrolledLine(self.file, self.lines), US.device, Backoff(), self.world)
        rotator = Rotator(self.file, self.lines, Backoff(), self.world, lambda: b"n" * 32)
        return Errands(
            Relay(*parts), Contact(*parts, free_mb=lambda: 7), Reconciler(*parts), 2.0, DeviceKeys(rotator, None)
        )

    @property
    def keys(self) -> DeviceKeys:
        keys = self.errands.keys
        assert isinstance(keys, DeviceKeys)
        return keys

    def settle_down(self) -> None:
        """Go on until nothing is left to do for now."""
        for _ in range(60):
            if self.errands.step():
                return
        raise AssertionError("it never came to rest")

    def later(self, seconds: float) -> None:
        self.clock.ns += round(seconds * 1e9)
        self.settle_down()

    def counts(self) -> Counts:
        return self.mailbox.overview().counts


def known_to(platform: Running) -> None:
    with platform.database.writing("registry") as unit:
        if unit.devices.find(US.device) is None:
            unit.devices.add(Device(US.device, "east", POINT.id, KEY.public, START_MS))


@pytest.fixture
def device(platform: Running, tmp_path: Path) -> Iterator[Device1]:
    """A device that the platform knows, with ten events waiting."""
    known_to(platform)
    made = Device1(tmp_path / "device", platform.url)
    yield made
    made.mailbox.close()


def held(database: Database) -> set[str]:
    with database.reading() as unit:
        return {event.id for event in unit.events.all()}


ALL = {envelope.id for envelope in CHAIN[:10]}


# Contact


def test_an_agent_that_starts_makes_itself_heard_and_sends_all(platform: Running, device: Device1) -> None:
    device.settle_down()
    assert device.counts() == Counts(0, 0, 10)
    assert held(platform.database) == ALL
    report = reported(platform)
    assert (report.waiting, report.free_mb) == (10, 7)  # told before it sent


def test_fifteen_minutes_later_it_is_heard_again_and_the_kiosks_clock_has_another_exchange(
    platform: Running, device: Device1
) -> None:
    device.settle_down()
    before = len(noted(device))
    device.later(14 * 60)
    assert len(noted(device)) == before
    device.later(61)
    assert len(noted(device)) == before + 1
    assert reported(platform).waiting == 0


def reported(platform: Running) -> DeviceReport:
    ((report,),) = platform.sql("SELECT report FROM device_reports")
    return msgspec.json.decode(report, type=DeviceReport)


def noted(device: Device1) -> list[int]:
    engine = open_engine(device.folder / "device.sqlite")
    with reading(engine) as connection:
        found = [each.server_ms for each in exchanges(connection)]
    engine.dispose()
    return found


# A platform that lost its memory


OF_BEFORE = {"alembic_version", "platform_state", "service_points", "devices", "device_keys", "sqlite_sequence"}


def forget_everything(platform: Running, *, epoch: str | None = "epoch-2") -> None:
    """Bring back a backup of before the device sent anything."""
    for (name,) in platform.sql("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
        platform.sql(f"DROP TRIGGER {name}")
    for (name,) in platform.sql("SELECT name FROM sqlite_master WHERE type = 'table'"):
        if name not in OF_BEFORE:
            platform.sql(f"DELETE FROM {name}")  # noqa: S608 - the file's own names
    if epoch is not None:
        with platform.database.writing("registry") as unit:
            unit.registry.begin_epoch(epoch)


def test_a_platform_restored_from_a_backup_is_complete_again_though_nothing_new_is_recorded(
    platform: Running, device: Device1
) -> None:
    device.settle_down()
    forget_everything(platform)
    device.later(15 * 60 + 1)  # only the contact tells of it
    assert held(platform.database) == ALL
    assert device.counts() == Counts(0, 0, 10)


def test_what_was_purged_long_ago_is_asked_of_the_kiosk(platform: Running, device: Device1) -> None:
    device.settle_down()
    forget_everything(platform)
    device.later(15 * 60 + 1)
    engine = open_engine(device.folder / "device.sqlite")
    with reading(engine) as connection:
        asked = offering(connection)
    engine.dispose()
    assert asked is not None
    assert (asked.upto, asked.whole) == (0, False)


def test_what_the_kiosk_brings_back_is_asked_about_and_sent(platform: Running, device: Device1) -> None:
    device.settle_down()
    engine = open_engine(device.folder / "device.sqlite")
    with writing(engine) as connection:
        outbox.purge(connection, noted(device)[-1] + outbox.KEEP_MS + 10**6)
    assert device.counts() == Counts(0, 0, 0)
    forget_everything(platform)
    device.later(15 * 60 + 1)
    assert held(platform.database) == set()
    with writing(engine) as connection:
        reconciling.offer(connection, CHAIN[:10], 10, whole=True)
    engine.dispose()
    device.later(15 * 60 + 1)
    assert held(platform.database) == ALL
    assert device.mailbox.look().offering is None


def test_once_a_day_it_is_asked_though_the_epoch_is_the_same(platform: Running, device: Device1) -> None:
    device.settle_down()
    forget_everything(platform, epoch=None)
    device.later(15 * 60 + 1)
    assert held(platform.database) == set()
    engine = open_engine(device.folder / "device.sqlite")
    with writing(engine) as connection:
        connection.exec_driver_sql("UPDATE reconciling SET done_ms = done_ms - ?", (DAY_MS,))
    engine.dispose()
    device.later(15 * 60 + 1)
    assert held(platform.database) == ALL


# Keys


@dataclass
class Cut:
    """A line on which the answer to a key is lost."""

    line: EnrolledLine

    def exchange(self, method: str, target: str, body: bytes | None) -> HttpAnswer:
        answer = self.line.exchange(method, target, body)
        if target == KEYS_PATH:
            raise TransportError(trouble(Wrong.SILENT))
        return answer


def public_of(device: Device1) -> str:
    return SigningKey(bytes.fromhex(device.file.read().seed)).public.hex()


def test_a_new_key_is_written_down_before_it_is_named_and_used_once_it_is_taken(
    platform: Running, device: Device1
) -> None:
    assert device.keys.step(Plan(), 5).answer is Answer.RECEIPT
    enrolled = device.file.read()
    assert enrolled.seed == (b"n" * 32).hex()
    assert (enrolled.next_seed, enrolled.earlier_public, enrolled.key_since_ms) == (None, [KEY.public.hex()], 5)
    assert stat.S_IMODE(device.file.path.stat().st_mode) == 0o600
    device.settle_down()
    assert held(platform.database) == ALL


@pytest.mark.parametrize("moment", ["before it is written", "before it is asked", "the answer is lost", "promoting"])
def test_a_crash_at_any_moment_leaves_a_device_that_works_and_the_change_is_finished(
    platform: Running, device: Device1, moment: str
) -> None:
    crash_at(device, moment)
    device.errands = device.started()
    device.settle_down()
    assert held(platform.database) == ALL
    device.later(15 * 60 + 1)
    if moment != "before it is written":
        assert public_of(device) == SigningKey(b"n" * 32).public.hex()
        assert device.file.read().next_seed is None


def crash_at(device: Device1, moment: str) -> None:
    rotator = device.keys.rotator
    if moment == "before it is written":
        device.file.path.with_name("enrolment.json.new").write_bytes(b"half of")
    elif moment == "before it is asked":
        rotator._prepared()
    elif moment == "the answer is lost":
        lost = replace(rotator, lines=CutLines(device.lines.now, device.lines.limits, device.lines.new_nonce))
        assert lost.step(Plan()).answer is Answer.FAILED
        assert device.file.read().next_seed is not None
    else:
        rotator._asked(rotator._prepared())


@dataclass(frozen=True, slots=True)
class CutLines(Lines):
    """Lines on which the answer to a key is lost."""

    def signed_by(self, enrolment: Enrolment, seed: str, key_id: str) -> Cut:
        return Cut(super(CutLines, self).signed_by(enrolment, seed, key_id))  # type: ignore[arg-type]


def test_a_platform_restored_to_before_the_change_learns_the_key_again(platform: Running, device: Device1) -> None:
    assert device.keys.step(Plan(), 5).answer is Answer.RECEIPT
    platform.sql("DELETE FROM device_keys")
    device.settle_down()
    assert held(platform.database) == ALL
    assert public_of(device) == SigningKey(b"n" * 32).public.hex()


def test_a_key_that_grew_old_is_changed_by_itself(device: Device1) -> None:
    device.errands.keys = DeviceKeys(device.keys.rotator, 730)
    device.settle_down()
    enrolled = device.file.read()
    assert enrolled.earlier_public == [KEY.public.hex()]
    device.later(15 * 60 + 1)
    assert device.file.read() == enrolled


# Enrolment


@pytest.fixture
def code(platform: Running, ports: Ports) -> str:
    """A fresh code for the service point."""
    with platform.database.writing("registry") as unit:
        return new_code(unit, ports, POINT, "west").code


def enroller(folder: Path, seeds: Callable[[], bytes] = lambda: b"m" * 32) -> Enroller:
    return Enroller(EnrolmentFile(folder / "enrolment.json"), Limits(), lambda: datetime.now(UTC), seeds)


def test_a_code_makes_a_device_that_works_at_once(platform: Running, tmp_path: Path, code: str) -> None:
    enrolment = enroller(tmp_path).enrol(platform.url, code.lower(), replace=False)
    file = tmp_path / "enrolment.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert msgspec.json.decode(file.read_bytes(), type=Enrolment) == enrolment
    assert [path.name for path in tmp_path.glob("*.pending")] == []
    line = EnrolledLine(EnrolmentFile(file), Lines(lambda: datetime.now(UTC), Limits(), lambda: str(uuid.uuid4())))
    world = World(lambda: str(uuid.uuid4()), "boot-1", Clock(), lambda: 0.5)
    mailbox = AgentMailbox(device_file_with(tmp_path / "device.sqlite", CHAIN[:3]))
    assert Relay(mailbox, line, enrolment.device, Backoff(), world).step(Plan()).moved == 3
    mailbox.close()


def test_a_code_whose_answer_was_lost_gives_the_same_device(platform: Running, tmp_path: Path, code: str) -> None:
    first = enroller(tmp_path)
    lost = first._answered(platform.url, first._pending(code.replace("-", "")))
    seeds = iter([b"o" * 32])
    again = enroller(tmp_path, lambda: next(seeds)).enrol(platform.url, code, replace=False)
    assert (again.device, again.seed) == (lost.device, lost.seed)


def test_an_enrolment_that_is_there_is_not_overwritten_unless_told(
    platform: Running, tmp_path: Path, code: str
) -> None:
    file = US.write_enrolment(tmp_path / "enrolment.json")
    before = file.read_bytes()
    with pytest.raises(EnrolmentError, match="--replace"):
        enroller(tmp_path).enrol(platform.url, code, replace=False)
    assert file.read_bytes() == before
    assert enroller(tmp_path).enrol(platform.url, code, replace=True).device != US.device


@pytest.mark.parametrize(
    ("typed", "sentence"), [("ABCD", "twelve characters"), ("0000-0000-0000", "does not take this code")]
)
def test_a_code_that_is_none_is_a_sentence_and_writes_nothing(
    platform: Running, tmp_path: Path, typed: str, sentence: str
) -> None:
    with pytest.raises(EnrolmentError, match=sentence):
        enroller(tmp_path).enrol(platform.url, typed, replace=False)
    assert not (tmp_path / "enrolment.json").exists()


@pytest.mark.parametrize(
    ("url", "code", "found"),
    [
        ("https://a.example/#enrol=ABCD-EFGH-JKMN", None, ("https://a.example", "ABCD-EFGH-JKMN")),
        ("https://a.example", "ABCD", ("https://a.example", "ABCD")),
        ("https://a.example", None, ("https://a.example", "")),
    ],
)
def test_the_link_of_the_qr_code_is_enough(url: str, code: str | None, found: tuple[str, str]) -> None:
    assert address_and_code(url, code) == found
