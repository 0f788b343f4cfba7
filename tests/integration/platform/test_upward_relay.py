"""What one platform knows the next one comes to know: every event, once, whatever happens between."""

from __future__ import annotations

import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from sync.mailbox.relaying import RelayMailbox
from sync.platform.ingest import Alarm
from sync.platform.upward.feeding import FeedingError
from sync.platform.upward.statuses import statuses
from sync.platform.upward.targets import Target, TargetKind
from sync.protocol.events import Drill
from tests.integration.platform.conftest import SQLITE, START_MS, run_sql
from tests.integration.platform.relayed import RELAY, Platform, Relayed
from tests.support.postgres import migrate

HOUR_MS = 3_600_000
FORGET = "DELETE FROM outbox WHERE state = 'acknowledged'"  # as the agent does after 30 days
NAMES = ("east", "west", "north")


@pytest.fixture
def relayed(tmp_path: Path, another_url: Callable[[], str]) -> Iterator[Relayed]:
    """A lower and an upper platform, both on one make of database."""
    world = Relayed(tmp_path, Platform(another_url(), NAMES), Platform(another_url(), (RELAY,)))
    yield world
    world.lower.database.close()
    world.upper.database.close()


def serve(world: Relayed, name: str, number: str, at_ms: int) -> None:
    device = world.device(name)
    session = device.check_in(number, "张晓明", at_ms)
    device.check_out(session, number, at_ms + HOUR_MS, tea=2)


def test_ledger_and_sums_above_are_those_below_with_the_names(relayed: Relayed) -> None:
    for place, name in enumerate(NAMES):
        relayed.device(name).anchor(START_MS - 1000)
        serve(relayed, name, "LY1", START_MS + place * HOUR_MS // 2)
        relayed.bring(name)
    relayed.settle_down()
    below, above = relayed.lower.ledger(), relayed.upper.ledger()
    assert above == below
    assert len(above["events"]) == 12
    assert {each["name"] for each in above["sessions"]} == {"张晓明"}
    with relayed.lower.database.reading() as lower, relayed.upper.database.reading() as upper:
        pages = [unit.ledger.of_volunteer("LY1")[0] for unit in (lower, upper)]
        assert pages[0] == pages[1]


@pytest.mark.parametrize("stored_in", [SQLITE], indirect=True)
def test_no_alarm_is_raised_above_that_was_not_raised_below(relayed: Relayed) -> None:
    for name in NAMES:
        serve(relayed, name, "LY1", START_MS)
        relayed.bring(name)
    relayed.settle_down()
    forked = relayed.device("east")
    del forked.log[2:]
    forked.record(Drill(on=True), START_MS + 5 * HOUR_MS)
    relayed.lower.take("west", forked.log[-1:])
    relayed.settle_down()
    for platform in (relayed.lower, relayed.upper):
        assert [word for (word,) in run_sql(platform.url, "SELECT DISTINCT word FROM alarms")] == [Alarm.STREAM_FORKED]
    assert relayed.upper.ledger() == relayed.lower.ledger()


@pytest.mark.parametrize("stored_in", [SQLITE], indirect=True)
def test_without_a_ground_names_stay_below(relayed: Relayed) -> None:
    relayed.names = False
    serve(relayed, "east", "LY1", START_MS)
    relayed.bring("east")
    relayed.settle_down()
    assert {each["name"] for each in relayed.upper.ledger()["sessions"]} == {None}
    assert "张晓明".encode() not in relayed.mailbox_file.read_bytes()


@pytest.mark.parametrize("stored_in", [SQLITE], indirect=True)
def test_a_backlog_stays_below_until_the_next_platform_answers(relayed: Relayed) -> None:
    for hour in range(30):
        serve(relayed, "east", f"LY{hour}", START_MS + hour * HOUR_MS)
    relayed.bring("east")
    while relayed.feed():
        pass
    waiting = relayed.agent().waiting()
    assert relayed.most_waiting <= waiting < relayed.most_waiting + relayed.page
    feeder = relayed.feeder()
    assert feeder.step().is_full
    with relayed.lower.database.writing("registry") as unit:
        unit.targets.put(Target("relay", TargetKind.RELAY, names=True, basis="x", made_ms=0))
    with relayed.lower.database.reading() as unit:
        (status,) = statuses(unit, relayed.folder)
    assert (status.waiting, status.unfed, status.is_through) == (waiting, 90 - waiting, False)
    relayed.settle_down()
    with relayed.lower.database.reading() as unit:
        (status,) = statuses(unit, relayed.folder)
    assert (status.waiting, status.unfed, status.told, status.is_through) == (0, 0, 90, True)


@pytest.mark.parametrize("stored_in", [SQLITE], indirect=True)
def test_what_the_next_platform_sets_apart_is_shown_with_its_reason(relayed: Relayed) -> None:
    serve(relayed, "east", "LY1", START_MS)
    relayed.bring("east")
    run_sql(relayed.lower.url, "DROP TRIGGER events_no_UPDATE")
    run_sql(relayed.lower.url, "UPDATE events SET h = replace(h, substr(h, 1, 1), 'f') WHERE kind = 'tally'")
    relayed.feed()
    assert relayed.carry() == 2, "the damaged one is not sent"
    with relayed.lower.database.writing("registry") as unit:
        unit.targets.put(Target("relay", TargetKind.RELAY, names=True, basis="x", made_ms=0))
    with relayed.lower.database.reading() as unit:
        (status,) = statuses(unit, relayed.folder)
    assert status.set_aside_count == 1
    assert "damaged" in status.set_aside[0].reason


@pytest.mark.parametrize("stored_in", [SQLITE], indirect=True)
def test_of_two_feeders_at_once_one_moves_the_cursor(relayed: Relayed) -> None:
    serve(relayed, "east", "LY1", START_MS)
    relayed.bring("east")
    mailbox = relayed.feeder().mailbox
    before = mailbox.fed()
    assert relayed.feed() == 3
    assert not mailbox.put([], before, before)
    assert mailbox.fed() != before


@pytest.mark.parametrize("stored_in", [SQLITE], indirect=True)
def test_a_mailbox_of_an_earlier_version_is_brought_up_to_date_and_of_a_later_one_refused(relayed: Relayed) -> None:
    serve(relayed, "east", "LY1", START_MS)
    relayed.bring("east")
    relayed.feed()
    file = f"sqlite:///{relayed.mailbox_file}"
    run_sql(file, "DROP INDEX outbox_waiting")
    run_sql(file, "ALTER TABLE outbox DROP COLUMN set_back")
    run_sql(file, "CREATE INDEX outbox_waiting ON outbox (position)")
    run_sql(file, "DROP TABLE inbox")
    assert relayed.carry() == 3
    assert "set_back" in str(run_sql(file, "SELECT sql FROM sqlite_master WHERE name = 'outbox_waiting'"))
    assert relayed.mailbox_file.stat().st_mode & 0o077 == 0
    run_sql(file, "PRAGMA user_version = 2")
    with pytest.raises(FeedingError, match="newer version"):
        relayed.feed()
    mailbox = RelayMailbox(relayed.folder / "no folder" / "x.sqlite")
    assert not mailbox.is_made()


@pytest.mark.parametrize("stored_in", [SQLITE], indirect=True)
def test_a_platform_that_was_restored_skips_nothing_that_arrives_in_another_order_now(relayed: Relayed) -> None:
    serve(relayed, "east", "LY1", START_MS)
    relayed.bring("east")
    relayed.lower.back_up(relayed.folder / "backup")
    serve(relayed, "west", "LY2", START_MS)
    relayed.bring("west")
    relayed.settle_down()
    relayed.lower.restore(relayed.folder / "backup")
    serve(relayed, "north", "LY3", START_MS)
    relayed.bring("north")
    relayed.settle_down()
    assert relayed.upper.ledger() == relayed.lower.ledger()
    assert len(relayed.upper.ledger()["sessions"]) == 3


@pytest.mark.parametrize("stored_in", [SQLITE], indirect=True)
def test_a_next_platform_that_was_restored_gets_back_what_left_the_mailbox_long_ago(relayed: Relayed) -> None:
    relayed.upper.back_up(relayed.folder / "backup")
    serve(relayed, "east", "LY1", START_MS)
    relayed.bring("east")
    relayed.settle_down()
    run_sql(f"sqlite:///{relayed.mailbox_file}", FORGET)
    relayed.upper.restore(relayed.folder / "backup")
    assert relayed.upper.ledger()["events"] == []
    relayed.settle_down()
    assert relayed.upper.ledger() == relayed.lower.ledger()


class Between(RuleBasedStateMachine):
    """Arrivals, feeder steps, agents' tries, lost calls, lost files and restored databases, in any order."""

    template: Path

    @initialize()
    def found(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="relay-"))
        self.world = Relayed(self.folder, self._platform("lower", NAMES), self._platform("upper", (RELAY,)))
        self.backups: dict[str, Path] = {}
        self.hour = 0

    def _platform(self, name: str, uploaders: tuple[str, ...]) -> Platform:
        file = self.folder / f"{name}.sqlite"
        shutil.copyfile(self.template, file)
        return Platform(f"sqlite:///{file}", uploaders)

    @rule(name=st.sampled_from(NAMES), number=st.sampled_from(["LY1", "LY2"]))
    def a_device_brings_a_duty(self, name: str, number: str) -> None:
        self.hour += 1
        serve(self.world, name, number, START_MS + self.hour * HOUR_MS // 2)
        self.world.bring(name)

    @rule(name=st.sampled_from(NAMES))
    def a_device_brings_the_time(self, name: str) -> None:
        self.hour += 1
        self.world.device(name).anchor(START_MS + self.hour * HOUR_MS // 2)
        self.world.bring(name)

    @rule()
    def the_feeder_steps(self) -> None:
        self.world.feed()

    @rule()
    def the_feeder_dies_before_it_commits(self) -> None:
        feeder = self.world.feeder()
        with self.world.lower.database.reading() as unit:
            unit.registry.epoch()
        feeder.mailbox.close()

    @rule(request=st.booleans(), reply=st.booleans())
    def the_agent_tries(self, request: bool, reply: bool) -> None:
        self.world.carry(request=request, reply=reply)

    @rule()
    def the_agent_asks_what_is_lacking(self) -> None:
        self.world.contact()
        self.world.reconcile()

    @rule()
    def the_mailbox_is_lost(self) -> None:
        for end in ("", "-wal", "-shm"):
            Path(f"{self.world.mailbox_file}{end}").unlink(missing_ok=True)

    @rule()
    def a_month_goes_by(self) -> None:
        self.world.agent()
        run_sql(f"sqlite:///{self.world.mailbox_file}", FORGET)

    @rule(which=st.sampled_from(["lower", "upper"]))
    def somebody_backs_up(self, which: str) -> None:
        self.backups[which] = self.folder / f"{which}-{uuid.uuid4()}.backup"
        self._of(which).back_up(self.backups[which])

    @precondition(lambda self: self.backups)
    @rule(data=st.data())
    def a_platform_is_restored(self, data: st.DataObject) -> None:
        which = data.draw(st.sampled_from(sorted(self.backups)))
        self._of(which).restore(self.backups[which])

    def _of(self, which: str) -> Platform:
        return self.world.lower if which == "lower" else self.world.upper

    @invariant()
    def nothing_is_above_that_was_never_below(self) -> None:
        if hasattr(self, "world"):
            recorded = {event.id for device in self.world.devices.values() for event in device.log}
            assert {event["id"] for event in self.world.upper.ledger()["events"]} <= recorded

    def teardown(self) -> None:
        if not hasattr(self, "world"):
            return
        try:
            self.world.settle_down()
            assert self.world.upper.ledger() == self.world.lower.ledger()
            recorded = sum(len(device.log) for device in self.world.devices.values())
            assert len(self.world.upper.ledger()["events"]) == recorded
        finally:
            self.world.lower.database.close()
            self.world.upper.database.close()
            shutil.rmtree(self.folder)


def test_whatever_happens_between_the_ledgers_come_to_be_one(tmp_path: Path) -> None:
    Between.template = tmp_path / "template.sqlite"
    migrate(f"sqlite:///{Between.template}")
    chosen = settings(
        max_examples=5, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck), database=None
    )
    Between.TestCase.settings = chosen
    test = Between.TestCase("runTest")
    test.runTest()
