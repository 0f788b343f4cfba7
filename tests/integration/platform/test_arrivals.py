"""A reader that takes events up bit by bit gets every one, once, however transactions overlap."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sync.platform.records import Device
from sync.platform.store import Database
from sync.platform.store.arrivals import Cursor
from sync.platform.taking import take
from sync.protocol.batch import Delivery
from sync.protocol.signing.keys import SigningKey
from tests.integration.platform.conftest import POINT, POSTGRESQL, START_MS, run_sql
from tests.integration.platform.fleet import FakeDevice

KEY = SigningKey(b"\x01" * 32)
NAMES = ("slow", "swift")


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A platform with two devices."""
    database = Database.open(database_url)
    with database.writing("registry") as unit:
        unit.registry.begin_epoch("epoch-1")
        unit.registry.add_service_point(POINT)
        for name in NAMES:
            unit.devices.add(Device(name, name, POINT.id, KEY.public, 0))
    yield database
    database.close()


def device_of(name: str) -> FakeDevice:
    return FakeDevice(name, KEY, POINT.id, START_MS, f"of {name}")


def bring(database: Database, device: FakeDevice, count: int) -> set[str]:
    """Have a device record and bring some duties; return the ids of its events."""
    begun = len(device.log)
    for place in range(count):
        device.check_in(f"LY{place}", "张晓明", START_MS + place)
    events = device.log[begun:]
    with database.writing(device.id) as unit:
        take(Delivery(device.batch(events)), "0" * 64, unit, START_MS)
    return {event.id for event in events}


def read_on(database: Database, cursor: Cursor, limit: int = 100) -> tuple[Cursor, set[str]]:
    """What a reader that stopped at a cursor gets next."""
    with database.reading() as unit:
        found = unit.arrivals.after(cursor, limit)
    assert sorted(found, key=lambda each: each.cursor) == list(found)
    return (found[-1].cursor if found else cursor), {each.envelope.id for each in found}


def test_events_are_read_in_the_order_of_arrival_whole_and_bit_by_bit(database: Database) -> None:
    swift, slow = device_of("swift"), device_of("slow")
    brought = [bring(database, swift, 3), bring(database, slow, 2), bring(database, swift, 2)]
    with database.reading() as unit:
        found = unit.arrivals.after(Cursor(), 100)
    assert [each.device for each in found] == ["swift"] * 3 + ["slow"] * 2 + ["swift"] * 2
    assert swift.log[0] in [each.envelope for each in found[:3]]  # whole, its name beside it
    cursor = Cursor()
    for expected in brought:
        taken: set[str] = set()
        for _ in expected:
            cursor, ids = read_on(database, Cursor.read(str(cursor)), limit=1)
            taken |= ids
        assert taken == expected
    assert read_on(database, cursor) == (cursor, set())


def test_an_erased_name_does_not_travel(database: Database, database_url: str) -> None:
    bring(database, device_of("swift"), 1)
    run_sql(database_url, "DELETE FROM names")
    with database.reading() as unit:
        (found,) = unit.arrivals.after(Cursor(), 9)
    assert found.envelope.aside is None


@pytest.mark.parametrize("stored_in", [POSTGRESQL], indirect=True)
def test_a_slow_transaction_holds_readers_up_and_makes_them_miss_nothing(database: Database) -> None:
    swift, slow = device_of("swift"), device_of("slow")
    before = bring(database, swift, 1)
    slow.check_in("LY9", "李㛃", START_MS)
    with database.writing("slow") as unit:
        take(Delivery(slow.batch()), "0" * 64, unit, START_MS)  # stored under the lower number, not yet committed
        after = bring(database, swift, 2)
        cursor, ids = read_on(database, Cursor())
        assert ids == before
        assert read_on(database, cursor) == (cursor, set())
    _, late = read_on(database, cursor)
    assert late == {slow.log[0].id, *after}


@pytest.mark.parametrize("stored_in", [POSTGRESQL], indirect=True)
def test_what_arrives_after_a_restore_stands_behind_all_that_was_restored(
    database: Database, database_url: str
) -> None:
    swift = device_of("swift")
    old = bring(database, swift, 2)
    # a dump read into a server that has counted fewer transactions
    run_sql(database_url, "SET session_replication_role = replica; UPDATE events SET arrived_in = arrived_in + 1000000")
    assert read_on(database, Cursor())[1] == set()
    with database.writing("registry") as unit:
        unit.arrivals.begin_again()
    cursor, ids = read_on(database, Cursor())
    assert ids == old
    new = bring(database, swift, 2)
    assert read_on(database, cursor)[1] == new


def test_what_is_no_cursor_is_refused() -> None:
    assert Cursor.read("") == Cursor()
    for written in ("x", "1.x", "1"):
        with pytest.raises(ValueError, match="invalid literal"):
            Cursor.read(written)
