"""Records on a stick: by wire and by stick in any order, twice, partly: nothing is lost, nothing is doubled."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sync.agent.bundling import Exporter, import_receipt
from sync.mailbox import outbox
from sync.mailbox.agent_side import AgentMailbox
from sync.mailbox.engine import open_engine, writing
from sync.mailbox.link import Exchange
from sync.mailbox.outbox import Counts
from sync.platform.bundling import BundleReceiver, BundleTaken
from sync.platform.errors import PlatformError
from sync.platform.receiving import Receiver
from sync.platform.records import Device
from sync.platform.store import Database
from sync.protocol.batch import Batch, Receipt, encode_batch
from sync.protocol.enrolment import Enrolment
from sync.protocol.errors import StickError
from sync.protocol.signing.keys import SigningKey
from tests.integration.platform.conftest import PLATFORM_KEY, POINT, SQLITE, START_MS
from tests.support.community import Community
from tests.support.envelopes import chain_of
from tests.support.outboxes import device_file_with

US = Community()
KEY = SigningKey(US.device_seed)
CHAIN = chain_of(40)


@pytest.fixture
def stored_in() -> str:
    """What is promised here touches no database's peculiarity."""
    return SQLITE


@dataclass
class Ways:
    """A device, its platform, and the two ways between them."""

    folder: Path
    database: Database
    mailbox: AgentMailbox
    enrolment: Enrolment
    recorded: int = 0
    sticks: list[Path] = field(default_factory=list)
    receipts: list[Path] = field(default_factory=list)
    seconds: Iterator[int] = field(default_factory=count)

    @property
    def receiver(self) -> Receiver:
        return Receiver(self.database, lambda: US.issued + timedelta(seconds=next(self.seconds)), lambda _: "why")

    def record(self, number: int) -> None:
        engine = open_engine(self.folder / "device.sqlite")
        with writing(engine) as connection:
            for envelope in CHAIN[self.recorded : self.recorded + number]:
                outbox.append(connection, envelope)
        engine.dispose()
        self.recorded = min(len(CHAIN), self.recorded + number)

    def wire(self, limit: int) -> None:
        """Send one batch over the network."""
        claimed = self.mailbox.claim("lease", limit)
        if claimed:
            receipt = self.receiver.receive(self.device, encode_batch(Batch(new_id(), US.device, list(claimed))))
            assert isinstance(receipt, Receipt)
            self.mailbox.settle(receipt, claimed, Exchange("boot-1", 1, receipt.server_ms, 1))

    def export(self, at_once: int = 500) -> None:
        written = Exporter(self.mailbox, self.enrolment, new_id, at_once=at_once).export(self.folder)
        if written.file is not None:
            self.sticks.append(written.file)

    def take(self, stick: Path) -> BundleTaken:
        receipt = stick.with_suffix(".lyzr")
        taken = BundleReceiver(self.database, self.receiver, PLATFORM_KEY).take(stick, receipt)
        self.receipts.append(receipt)
        return taken

    @property
    def device(self) -> Device:
        return Device(US.device, "east", POINT.id, KEY.public, START_MS)

    def held(self) -> list[str]:
        with self.database.reading() as unit:
            return [event.id for event in unit.events.all()]

    def counts(self) -> Counts:
        return self.mailbox.overview().counts


def new_id() -> str:
    return str(uuid.uuid4())


def ways_in(folder: Path, database_url: str) -> Ways:
    folder.mkdir(exist_ok=True)
    database = Database.open(database_url)
    with database.writing("registry") as unit:
        if unit.registry.epoch() is None:
            unit.registry.begin_epoch("epoch-1")
            unit.registry.add_service_point(POINT)
            unit.devices.add(Device(US.device, "east", POINT.id, KEY.public, START_MS))
    file = device_file_with(folder / "device.sqlite", [])
    enrolment = Enrolment(
        US.device, US.device_seed.hex(), US.root.public.hex(), "http://x", US.reference(), PLATFORM_KEY.public.hex()
    )
    return Ways(folder, database, AgentMailbox(file), enrolment)


@pytest.fixture
def ways(tmp_path: Path, database_url: str) -> Iterator[Ways]:
    """A device with ten events waiting, and its platform."""
    opened = ways_in(tmp_path / "device", database_url)
    opened.record(10)
    yield opened
    opened.mailbox.close()
    opened.database.close()


def test_what_waits_goes_by_stick_and_its_receipt_comes_back(ways: Ways) -> None:
    ways.export()
    assert ways.counts() == Counts(10, 0, 0)  # a stick may never arrive
    taken = ways.take(ways.sticks[0])
    assert (taken.batches, taken.outcomes["accepted"], taken.is_whole) == (1, 10, True)
    settled = import_receipt(ways.mailbox, ways.enrolment, ways.receipts[0])
    assert (settled.acknowledged, settled.parked) == (10, 0)
    assert ways.counts() == Counts(0, 0, 10)
    assert sorted(ways.held()) == sorted(each.id for each in CHAIN[:10])


def test_nothing_waits_and_nothing_is_written(ways: Ways) -> None:
    ways.wire(500)
    ways.export()
    assert ways.sticks == []
    assert not list(ways.folder.glob("*.lyzb*"))


def test_a_stick_that_was_pulled_out_is_gone_on_with(ways: Ways) -> None:

    class PulledError(OSError):
        """The stick is gone."""

    def pull(events: int) -> None:
        if events >= 6:
            raise PulledError

    with pytest.raises(PulledError):
        Exporter(ways.mailbox, ways.enrolment, new_id, pull, at_once=3).export(ways.folder)
    (part,) = ways.folder.glob("*.lyzb.part")
    with part.open("ab") as file:
        file.write(b'{"kind": "lyz-bundle-1", "torn')
    ways.record(2)
    ways.export(at_once=3)
    assert len(list(ways.folder.glob("*.lyzb"))) == 1
    assert not part.exists()
    taken = ways.take(ways.sticks[0])
    assert (taken.batches, sum(taken.outcomes.values()), taken.is_whole) == (4, 12, True)
    assert len(ways.held()) == 12


def test_of_a_bundle_that_is_cut_off_the_whole_lines_are_taken(ways: Ways) -> None:
    ways.export(at_once=4)
    whole = ways.sticks[0].read_bytes()
    lines = whole.splitlines(keepends=True)
    ways.sticks[0].write_bytes(b"".join(lines[:2]) + lines[2][:50])
    taken = ways.take(ways.sticks[0])
    assert (taken.batches, taken.is_whole, len(ways.held())) == (2, False, 8)
    import_receipt(ways.mailbox, ways.enrolment, ways.receipts[0])
    assert ways.counts() == Counts(2, 0, 8)


@pytest.mark.parametrize("at", [0, 40, -2])
def test_a_changed_bundle_is_refused_with_a_sentence(ways: Ways, at: int) -> None:
    ways.export()
    stick = ways.sticks[0]
    data = bytearray(stick.read_bytes())
    data[at] ^= 1
    stick.write_bytes(data)
    with pytest.raises(PlatformError):
        ways.take(stick)
    assert not stick.with_suffix(".lyzr").exists()


def test_a_revoked_device_is_told_to_keep_its_stick(ways: Ways) -> None:
    ways.export()
    with ways.database.writing("registry") as unit:
        unit.devices.revoke(US.device, START_MS)
    with pytest.raises(PlatformError, match="nothing in it is lost"):
        ways.take(ways.sticks[0])
    assert ways.held() == []


def receipt_of(ways: Ways) -> Path:
    ways.export()
    ways.take(ways.sticks[0])
    return ways.receipts[0]


def test_a_receipt_that_is_foreign_cut_or_none_changes_nothing(ways: Ways) -> None:
    receipt = receipt_of(ways)
    whole = receipt.read_bytes()
    stranger = Enrolment(
        US.device, US.device_seed.hex(), US.root.public.hex(), "http://x", US.reference(), US.stranger.public.hex()
    )
    another = Enrolment("device-2", "00" * 32, US.root.public.hex(), "x", US.reference(), PLATFORM_KEY.public.hex())
    unsure = Enrolment(US.device, US.device_seed.hex(), US.root.public.hex(), "http://x", US.reference())
    for enrolment, content, sentence in (
        (stranger, whole, "not signed by this device's platform"),
        (another, whole, "for another device"),
        (unsure, whole, "no platform key"),
        (ways.enrolment, whole[: len(whole) // 2], "cut off"),
        (ways.enrolment, whole.splitlines(keepends=True)[0], "cut off"),
        (ways.enrolment, b"", "cut off"),
        (ways.enrolment, b"\x89PNG\r\n\x1a\n" + b"\x00" * 99, "no receipt"),
        (ways.enrolment, ways.sticks[0].read_bytes(), "no receipt"),
    ):
        receipt.write_bytes(content)
        with pytest.raises(StickError, match=sentence):
            import_receipt(ways.mailbox, enrolment, receipt)
    assert ways.counts() == Counts(10, 0, 0)


def test_a_restored_platform_is_given_everything_by_stick_too(ways: Ways) -> None:
    ways.wire(500)
    assert ways.counts() == Counts(0, 0, 10)
    with ways.database.writing("registry") as unit:
        unit.registry.begin_epoch("epoch-2")
    ways.record(1)
    ways.export()
    ways.take(ways.sticks[-1])
    import_receipt(ways.mailbox, ways.enrolment, ways.receipts[-1])
    ways.export()
    taken = ways.take(ways.sticks[-1])
    assert sum(taken.outcomes.values()) == 11


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("record"), st.integers(1, 6)),
        st.tuples(st.just("wire"), st.integers(1, 6)),
        st.tuples(st.just("export"), st.just(0)),
        st.tuples(st.just("take"), st.integers(0, 5)),
        st.tuples(st.just("settle"), st.integers(0, 5)),
    ),
    max_size=14,
)


@given(steps=STEPS)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_by_wire_and_by_stick_in_any_order_twice_and_partly(
    steps: list[tuple[str, int]], tmp_path: Path, migrated_file: Path
) -> None:
    folder = tmp_path / new_id()
    folder.mkdir()
    copy = folder / "platform.sqlite"
    copy.write_bytes(migrated_file.read_bytes())
    copy.chmod(0o600)
    ways = ways_in(folder, f"sqlite:///{copy}")
    for what, number in steps:
        if what == "record":
            ways.record(number)
        elif what == "wire":
            ways.wire(number)
        elif what == "export":
            ways.export()
        elif what == "take" and ways.sticks:
            ways.take(ways.sticks[number % len(ways.sticks)])
        elif what == "settle" and ways.receipts:
            import_receipt(ways.mailbox, ways.enrolment, ways.receipts[number % len(ways.receipts)])
        held = ways.held()
        assert len(held) == len(set(held))
        assert ways.counts().acknowledged <= len(held)
    while ways.mailbox.waiting():
        ways.wire(500)
    assert sorted(ways.held()) == sorted(each.id for each in CHAIN[: ways.recorded])
    ways.mailbox.close()
    ways.database.close()
