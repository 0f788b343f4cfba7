"""Two workers on PostgreSQL take at the same time what belongs together: nothing is lost, doubled or said wrongly."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from typing import TypeAlias

import psycopg
import pytest
import sqlalchemy as sa

from sync.platform.errors import DatabaseAwayError
from sync.platform.records import Device
from sync.platform.store import Database, Kind, Unit, locks, settled
from sync.platform.store.locks import MOST
from sync.platform.store.settling import TRIES
from sync.platform.store.tables import AlarmRow, CheckpointRow, NameRow, QuarantineRow
from sync.platform.taking import Taken, take
from sync.protocol.batch import Batch, Delivery
from sync.protocol.checkpoint import sign_checkpoint
from sync.protocol.envelope import Envelope, Position, Stamp, seal
from sync.protocol.events import CheckOut, Choice, DeviceNote
from sync.protocol.signing.keys import SigningKey
from sync.protocol.vocabulary import SessionState
from tests.integration.platform.conftest import POINT, POSTGRESQL, START_MS
from tests.integration.platform.fleet import CARD, FakeDevice

MINUTE_MS = 60_000
PATIENCE_S = 20.0
ROUNDS = 10
Work: TypeAlias = Callable[[Unit], Taken]
Brought: TypeAlias = tuple[FakeDevice, list[Envelope]]


@pytest.fixture
def stored_in() -> str:
    """SQLite has one writer: nothing happens at once there."""
    return POSTGRESQL


@dataclass
class Workers:
    """Two processes' worth of connections to one database, and a look at who waits for whom."""

    one: Database
    other: Database
    url: str
    pool: ThreadPoolExecutor

    def device(self, name: str) -> FakeDevice:
        """Register a device."""
        device = FakeDevice(name, SigningKey(name.encode().ljust(32, b"-")), POINT.id, START_MS - 60 * MINUTE_MS)
        with self.one.writing("registry") as unit:
            unit.devices.add(Device(name, name, POINT.id, device.key.public, START_MS))
        return device

    def bring(self, device: FakeDevice, events: list[Envelope]) -> Taken:
        """Take a batch alone."""
        return settled(self.one, device.id, lambda unit: taken(unit, device, events))

    def other_takes(self, device: FakeDevice, events: list[Envelope]) -> Taken:
        """Take a batch at the other worker."""
        return settled(self.other, device.id, lambda unit: taken(unit, device, events))

    def while_open(self, first: Work, second: Work, owners: tuple[str, str]) -> tuple[Taken, Taken]:
        """Begin the second transaction while the first has done everything but commit."""
        with self.one.writing(owners[0]) as unit:
            early = first(unit)
            late = self.pool.submit(settled, self.other, owners[1], second)
            self.wait_until_stuck(late)
        return early, late.result(PATIENCE_S)

    def at_once(self, early: Brought, late: Brought) -> tuple[Taken, Taken]:
        """Take two batches of which the second comes before the first is committed."""
        owners = early[0].id, late[0].id
        return self.while_open(lambda unit: taken(unit, *early), lambda unit: taken(unit, *late), owners)

    def wait_until_stuck(self, running: Future[Taken]) -> None:
        """Wait until it waits for another transaction, or has ended."""
        deadline = time.monotonic() + PATIENCE_S
        with closing(psycopg.connect(self.url.replace("+psycopg", ""), autocommit=True)) as watcher:
            while not running.done() and not self.stuck(watcher):
                assert time.monotonic() < deadline
                time.sleep(0.005)

    def stuck(self, watcher: psycopg.Connection) -> bool:
        asked = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        return watcher.execute(asked).fetchone() is not None

    def state(self, session: str) -> SessionState | None:
        with self.one.reading() as unit:
            entry = unit.ledger.find(session)
        return None if entry is None else entry.session.state

    def count(self, row: type) -> int:
        with self.one.reading() as unit:
            return unit.events._session.scalar(sa.select(sa.func.count()).select_from(row)) or 0


def taken(unit: Unit, device: FakeDevice, events: list[Envelope]) -> Taken:
    return take(Delivery(device.batch(events)), "0" * 64, unit, START_MS)


def _stamp(device: FakeDevice) -> Stamp:
    return Stamp(device.boot_id, 1, 1, START_MS, "unknown")


def _key_of(owner: str) -> int:
    """The key by which ``dialect.hold_writers_of`` knows an owner."""
    return int.from_bytes(hashlib.sha256(owner.encode()).digest()[:8], signed=True)


def outcomes(both: tuple[Taken, ...]) -> list[str]:
    return [verdict.outcome.value for each in both for verdict in each.verdicts]


@pytest.fixture
def workers(database_url: str) -> Iterator[Workers]:
    one, other = Database.open(database_url), Database.open(database_url)
    with one.writing("registry") as unit:
        unit.registry.begin_epoch("epoch-1")
        unit.registry.add_service_point(POINT)
    with ThreadPoolExecutor(2) as pool:
        yield Workers(one, other, database_url, pool)
    one.close()
    other.close()


def test_the_last_fold_sees_what_two_devices_say_of_one_session(workers: Workers) -> None:
    east, west = workers.device("east"), workers.device("west")
    session = east.check_in("LY1", "张晓明", START_MS)
    west.record(CheckOut(session, "LY1", CARD), START_MS + 60 * MINUTE_MS)
    workers.at_once((east, east.log), (west, west.log))
    assert workers.state(session) is SessionState.CLOSED


def test_news_of_time_and_a_judgement_from_elsewhere_are_both_in_the_last_fold(workers: Workers) -> None:
    east, west = workers.device("east"), workers.device("west")
    session = east.check_in("LY1", "张晓明", START_MS)
    east.check_out(session, "LY1", START_MS + 60 * MINUTE_MS)
    workers.bring(east, east.log)
    held = len(east.log)
    east.anchor(START_MS + 61 * MINUTE_MS)
    west.record(Choice(session, "culture_sports"), START_MS)
    workers.at_once((east, east.log[held:]), (west, west.log))
    with workers.one.reading() as unit:
        entry = unit.ledger.find(session)
    assert entry is not None
    assert (entry.session.service, entry.session.started.quality) == ("culture_sports", "anchored")


def test_one_event_that_two_devices_bring_is_accepted_once(workers: Workers) -> None:
    east, relay = workers.device("east"), workers.device("relay")
    session = east.check_in("LY1", "张晓明", START_MS)
    east.check_out(session, "LY1", START_MS + 60 * MINUTE_MS)
    both = workers.at_once((east, east.log), (relay, east.log))
    assert outcomes(both) == ["accepted"] * 2 + ["duplicate"] * 2
    assert workers.count(NameRow) == 1
    assert workers.state(session) is SessionState.CLOSED


def test_a_batch_that_is_tried_again_at_another_worker_is_taken_once(workers: Workers) -> None:
    east = workers.device("east")
    east.check_in("LY1", "张晓明", START_MS)
    east.record(DeviceNote("stream_started"), START_MS)
    spoilt = seal(DeviceNote("x"), id_="spoilt", at=Position(east.stream, 2), stamp=east.log[0].stamp)
    changed = Envelope(spoilt.id, spoilt.stream, 3, "device_note", {"note": "y"}, spoilt.stamp, spoilt.prev, spoilt.h)
    head = Position(east.stream, 2, east.log[1].h)
    batch = Batch("b", east.id, [*east.log, changed], sign_checkpoint(head, east.log[1].stamp, east.key))

    def work(unit: Unit) -> Taken:
        return take(Delivery(batch), "0" * 64, unit, START_MS)

    both = workers.while_open(work, work, (east.id, east.id))
    assert outcomes(both) == ["accepted", "accepted", "quarantined", "duplicate", "duplicate", "quarantined"]
    assert (workers.count(QuarantineRow), workers.count(CheckpointRow), workers.count(AlarmRow)) == (1, 1, 0)


def test_of_two_contents_under_one_id_the_first_is_kept_and_the_other_set_apart(workers: Workers) -> None:
    east, west = workers.device("east"), workers.device("west")
    events = [
        seal(DeviceNote(each.id), id_="same", at=Position(each.stream), stamp=_stamp(each)) for each in (east, west)
    ]
    west.record(DeviceNote("fine"), START_MS)
    both = workers.at_once((east, [events[0]]), (west, [*west.log, events[1]]))
    assert outcomes(both) == ["accepted", "accepted", "quarantined"]
    assert [word.value for word, _ in both[1].alarms] == ["id_conflict"]


def test_what_was_taken_back_is_no_duplicate(workers: Workers) -> None:
    east, west = workers.device("east"), workers.device("west")
    events = [
        seal(DeviceNote(each.id), id_="same", at=Position(each.stream), stamp=_stamp(each)) for each in (east, west)
    ]
    with pytest.raises(RuntimeError), workers.one.writing("east") as unit:  # noqa: PT012 - the transaction is the point
        taken(unit, east, [events[0]])
        late = workers.pool.submit(workers.other_takes, west, [events[1]])
        workers.wait_until_stuck(late)
        raise RuntimeError
    assert outcomes((late.result(PATIENCE_S),)) == ["accepted"]


def test_two_events_at_one_place_are_noticed_whoever_brings_them(workers: Workers) -> None:
    east, relay = workers.device("east"), workers.device("relay")
    east.record(DeviceNote("one"), START_MS)
    copied = seal(DeviceNote("two"), id_="copied", at=Position(east.stream), stamp=east.log[0].stamp)
    both = workers.at_once((east, east.log), (relay, [copied]))
    assert outcomes(both) == ["accepted", "accepted"]
    assert [word.value for word, _ in both[1].alarms] == ["stream_forked"]


def test_batches_that_name_the_same_sessions_the_other_way_round_never_deadlock(workers: Workers) -> None:
    east, west = workers.device("east"), workers.device("west")
    sessions = [east.check_in(f"LY{number}", "张晓明", START_MS + number) for number in range(60)]
    workers.bring(east, east.log)
    start = threading.Barrier(2)

    def go(database: Database, device: FakeDevice, order: int) -> None:
        for turn in range(ROUNDS):
            events = [device.record(Choice(each, f"kind-{turn}"), START_MS + turn) for each in sessions[::order]]
            start.wait(PATIENCE_S)
            with database.writing(device.id) as unit:
                taken(unit, device, events)

    going = [workers.pool.submit(go, workers.one, east, 1), workers.pool.submit(go, workers.other, west, -1)]
    for each in going:
        each.result(PATIENCE_S)
    with workers.one.reading() as unit:
        assert len(list(unit.events.all())) == 60 + 2 * ROUNDS * 60


@pytest.mark.parametrize("kind", [Kind.STREAM, Kind.SESSION])
def test_who_waits_for_a_name_holds_none_that_comes_after_it(workers: Workers, kind: Kind) -> None:
    names = sorted((f"name {number}" for number in range(20)), key=locks._key_of)
    held = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND classid = :kind AND objid > 0"

    def all_of_them(unit: Unit) -> Taken:
        unit.locks.hold(kind, names[::-1])
        return Taken((), (), ())

    with workers.one.writing("east") as unit:
        unit.locks.hold(kind, names[:1])
        late = workers.pool.submit(settled, workers.other, "west", all_of_them)
        workers.wait_until_stuck(late)
        assert unit.events._session.scalar(sa.text(held), {"kind": int(kind)}) == 1
    late.result(PATIENCE_S)


def test_who_needs_a_thousand_sessions_has_all_of_them(workers: Workers) -> None:
    def whole(unit: Unit) -> Taken:
        unit.locks.hold(Kind.SESSION, [f"s{number}" for number in range(MOST + 1)])
        return Taken((), (), ())

    def one(unit: Unit) -> Taken:
        unit.locks.hold(Kind.SESSION, ["another"])
        return Taken((), (), ())

    for first, second in ((whole, one), (one, whole)):
        with workers.one.writing("east") as unit:
            first(unit)
            late = workers.pool.submit(settled, workers.other, "west", second)
            workers.wait_until_stuck(late)
            assert not late.done()
        late.result(PATIENCE_S)


def test_who_was_given_up_for_another_is_run_again(workers: Workers) -> None:
    east = workers.device("east")
    session = east.check_in("LY1", "张晓明", START_MS)
    with workers.one.writing("anybody") as unit:
        unit.locks.hold(Kind.SESSION, [session])
        unit.events._session.execute(sa.text("SET LOCAL deadlock_timeout = '60s'"))  # the other one is given up
        late = workers.pool.submit(workers.other_takes, east, east.log)
        workers.wait_until_stuck(late)
        unit.events._session.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": _key_of(east.id)})
    assert outcomes((late.result(PATIENCE_S),)) == ["accepted"]


def test_who_is_always_given_up_is_told_to_come_again(workers: Workers) -> None:
    tried = []

    def work(unit: Unit) -> None:
        tried.append(1)
        unit.events._session.execute(sa.text("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40001'; END $$"))

    with pytest.raises(DatabaseAwayError):
        settled(workers.one, "east", work)
    assert len(tried) == TRIES
