"""How far a device's records are known complete: never further than what is here, whatever is lost, late or copied."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.platform import watermark
from sync.platform.completeness import FORGOTTEN_MS, MOST_GAPS, Gap, Line, Reach, reach_of, with_gaps
from sync.platform.records import Device
from sync.platform.store import Database
from sync.platform.taking import take
from sync.protocol.batch import Delivery
from sync.protocol.checkpoint import sign_checkpoint
from sync.protocol.contact import Reached
from sync.protocol.envelope import Envelope, Position
from sync.protocol.events import DeviceNote, Heartbeat
from sync.protocol.signing.keys import SigningKey
from tests.integration.platform.conftest import POINT, START_MS
from tests.integration.platform.emptied import DEVICES, fresh_file
from tests.integration.platform.fleet import FakeDevice

MINUTE_MS, HOUR_MS = 60_000, 3_600_000
KEY = SigningKey(b"\x01" * 32)
LATER_MS = START_MS + 20 * HOUR_MS
CLOSE_MS = 2 * MINUTE_MS  # settling, drift and a round trip


@dataclass(slots=True)
class World:
    """A platform, and what a device does to it."""

    database: Database

    def bring(self, device: FakeDevice, events: Sequence[Envelope], now_ms: int = LATER_MS) -> None:
        """Bring some events."""
        with self.database.writing(device.id) as unit:
            take(Delivery(device.batch(events), ()), "00" * 32, unit, now_ms)

    def say(self, device: FakeDevice, said: Reached, now_ms: int = LATER_MS) -> None:
        """Bring a statement."""
        with self.database.writing(device.id) as unit:
            watermark.hear(device.id, said, unit, now_ms)

    def reach(self, now_ms: int = LATER_MS) -> Reach:
        """How far the device is known."""
        with self.database.reading() as unit:
            return reach_of(unit.marks.of((DEVICES[0],)).get(DEVICES[0], {}).values(), now_ms)


@pytest.fixture
def world() -> Iterator[World]:
    """A platform that knows a device."""
    with fresh_file() as database:
        yield World(database)


@pytest.fixture
def device() -> FakeDevice:
    """A device that has learnt the time and recorded six hours."""
    made = booth()
    for hour in range(1, 7):
        made.record(DeviceNote(f"hour {hour}"), START_MS + hour * HOUR_MS)
    return made


def booth(stream: str = "first", boot: str = "boot-1") -> FakeDevice:
    """A device that has learnt the time."""
    made = FakeDevice(DEVICES[0], KEY, POINT.id, START_MS - HOUR_MS, stream, boot)
    made.anchor(START_MS)
    return made


def at(hour: float) -> int:
    """An instant of the day."""
    return START_MS + round(hour * HOUR_MS)


def test_who_says_nothing_is_never_complete(world: World, device: FakeDevice) -> None:
    world.bring(device, device.log)
    assert world.reach() == Reach()


def test_a_statement_that_is_met_reaches_to_its_stamp(world: World, device: FakeDevice) -> None:
    world.bring(device, device.log)
    world.say(device, device.reached(at(8)))
    assert at(8) - CLOSE_MS < world.reach().to_ms < at(8)
    assert world.reach().holes == ()


def test_a_kiosk_that_died_says_the_same_again_and_gains_nothing(world: World, device: FakeDevice) -> None:
    world.bring(device, device.log)
    world.say(device, device.reached(at(8)))
    before = world.reach()
    world.say(device, device.reached(at(8)), LATER_MS + 9 * HOUR_MS)
    assert world.reach() == before


def test_a_booth_that_only_sends_sticks_is_known_by_its_checkpoints(world: World, device: FakeDevice) -> None:
    key = SigningKey(b"\x02" * 32)
    with world.database.writing("registry") as unit:
        unit.devices.add(Device("sticks", "sticks", POINT.id, key.public, 0))
    device.id = "sticks"
    head, stamp = device.log[-2], device.reached(at(8)).stamp
    signed = sign_checkpoint(Position(head.stream, head.seq, head.h), stamp, key)
    for events, checkpoint in ((device.log[:3], signed), (device.log[3:-1], signed), (device.log[-1:], None)):
        brought = msgspec.structs.replace(device.batch(events), checkpoint=checkpoint)
        with world.database.writing(device.id) as unit:
            take(Delivery(brought, ()), "00" * 32, unit, LATER_MS)
            reach = reach_of(unit.marks.of((device.id,))[device.id].values(), LATER_MS)
        assert (reach.to_ms > at(8) - CLOSE_MS) == (events[0] is not device.log[0])


def test_nothing_is_gained_before_the_head_is_here_and_the_batch_that_brings_it_gains(
    world: World, device: FakeDevice
) -> None:
    world.bring(device, device.log[:2])
    world.say(device, device.reached(at(3), before=()), LATER_MS)
    assert world.reach().to_ms == 0
    world.bring(device, device.log[2:-1])
    assert world.reach().to_ms == 0
    world.bring(device, device.log[-1:])
    assert world.reach().to_ms > at(3) - CLOSE_MS


def test_what_is_missing_hides_its_time_until_it_comes(world: World, device: FakeDevice) -> None:
    world.bring(device, [each for each in device.log if each.seq not in {3, 4}])
    world.say(device, device.reached(at(8)))
    ((lo_ms, hi_ms),) = world.reach().holes
    assert world.reach().to_ms > at(8) - CLOSE_MS
    assert at(1) - CLOSE_MS < lo_ms <= at(1) < at(4) <= hi_ms < at(4) + CLOSE_MS
    world.bring(device, device.log[2:3])
    ((lo_ms, _),) = world.reach().holes
    assert lo_ms > at(2) - CLOSE_MS
    world.bring(device, device.log[3:4])
    assert world.reach().holes == ()


def test_before_the_first_event_nothing_bounds_what_is_missing(world: World, device: FakeDevice) -> None:
    world.bring(device, device.log[1:])
    world.say(device, device.reached(at(8)))
    assert world.reach().to_ms == 0  # without the anchor nobody knows when
    world.bring(device, device.log[:1])
    world.say(device, device.reached(at(8)))
    assert world.reach().to_ms > at(8) - CLOSE_MS


def test_the_wall_clock_moves_nothing_and_without_an_exchange_nothing_is_known(world: World) -> None:
    never = FakeDevice(DEVICES[0], KEY, POINT.id, START_MS, "first", "boot-1")
    never.record(DeviceNote("alone"), at(1))
    world.bring(never, never.log)
    world.say(never, never.reached(at(8)))
    assert world.reach().to_ms == 0
    never.anchor(at(9))
    world.bring(never, never.log)
    said = never.reached(at(9))
    wrong = msgspec.structs.replace(said, stamp=msgspec.structs.replace(said.stamp, wall_ms=10**14))
    world.say(never, wrong)
    assert at(9) - CLOSE_MS < world.reach().to_ms < at(9)


def test_no_statement_reaches_beyond_the_moment_it_came(world: World, device: FakeDevice) -> None:
    world.bring(device, device.log)
    world.say(device, device.reached(at(30)), at(9))
    assert world.reach().to_ms < at(9)


def copied(device: FakeDevice) -> FakeDevice:
    """Another machine with a copy of the disk as it is now."""
    return replace(device, boot_id="of the copy", log=list(device.log))


def moved_on(device: FakeDevice, stream: str, at_ms: int) -> tuple[FakeDevice, Envelope]:
    """The same machine in a stream of its own, and the head of the one it left."""
    fresh = replace(device, stream=stream, log=[])
    fresh.anchor(at_ms)
    return fresh, device.log[-1]


def test_a_copied_disk_is_complete_when_both_machines_are(world: World, device: FakeDevice) -> None:
    copy = copied(device)
    device.record(DeviceNote("here"), at(7))
    copy.anchor(at(7))
    world.bring(device, device.log)
    world.say(device, device.reached(at(7.5)), at(7.6))
    alone = world.reach().to_ms
    assert alone > at(7.5) - CLOSE_MS
    world.say(copy, copy.reached(at(8)), at(8))  # its head is another than the one at that place
    world.say(device, device.reached(at(9)), at(9))
    assert world.reach().to_ms == alone
    world.bring(copy, copy.log)
    mine, left = moved_on(device, "mine", at(10))
    world.bring(mine, mine.log)
    world.say(mine, mine.reached(at(10), [left]), at(10))
    assert world.reach().to_ms == alone  # the other has not said where it went on
    theirs, parted = moved_on(copy, "theirs", at(11))
    world.bring(theirs, theirs.log)
    world.say(theirs, theirs.reached(at(11), [parted]), at(11))
    assert at(10) - CLOSE_MS < world.reach().to_ms < at(10)
    world.say(mine, mine.reached(at(12), [left]), at(12))
    assert at(11) - CLOSE_MS < world.reach().to_ms < at(11)
    assert world.reach().holes == ()


def test_a_branch_of_a_copied_disk_must_be_whole(world: World, device: FakeDevice) -> None:
    copy = copied(device)
    for _ in range(3):  # what the one wrote at a place is not what the other did
        device.record(DeviceNote("here"), at(7))
        copy.anchor(at(7))
    world.bring(device, device.log)
    world.bring(copy, copy.log[-1:])
    world.bring(copy, copy.log[-3:-2])
    mine, left = moved_on(device, "mine", at(10))
    theirs, parted = moved_on(copy, "theirs", at(10))
    for each, head in ((mine, left), (theirs, parted)):
        world.bring(each, each.log)
        world.say(each, each.reached(at(10), [head]), at(10))
    assert world.reach().to_ms < at(8)
    world.bring(copy, copy.log)
    assert world.reach().to_ms > at(10) - CLOSE_MS


def test_a_copy_silent_for_a_month_is_gone_and_leaves_its_time_unknown(world: World, device: FakeDevice) -> None:
    older = copied(device)
    device.record(DeviceNote("here"), at(7))
    world.bring(device, device.log)
    world.say(device, device.reached(at(7)), at(7))
    older.anchor(at(8))  # the same machine, set back to an older disk
    world.bring(older, older.log)
    fresh, left = moved_on(older, "fresh", at(9))
    world.bring(fresh, fresh.log)
    world.say(fresh, fresh.reached(at(9), [left]), at(9))
    assert world.reach(at(10)).to_ms < at(7)
    later = world.reach(at(9) + FORGOTTEN_MS)
    assert later.to_ms > at(9) - CLOSE_MS
    assert [hole for hole in later.holes if hole[0] < at(7) < at(8) < hole[1]]


def test_a_new_disk_leaves_the_time_between_unknown(world: World, device: FakeDevice) -> None:
    world.bring(device, device.log)
    world.say(device, device.reached(at(6)), at(6))
    fresh = booth("second", "boot-2")
    fresh.started_ms = at(8)
    fresh.log.clear()
    fresh.anchor(at(9))
    world.bring(fresh, fresh.log)
    world.say(fresh, fresh.reached(at(10)), at(10))
    assert world.reach().to_ms > at(10) - CLOSE_MS
    ((lo_ms, hi_ms),) = world.reach().holes
    assert lo_ms < at(6) < at(9) - CLOSE_MS < hi_ms <= at(10)
    world.say(device, device.reached(at(7)), at(11))  # the old disk lives after all
    assert world.reach().to_ms < at(7)


def test_what_a_damaged_disk_lost_stays_unknown(world: World, device: FakeDevice) -> None:
    world.bring(device, device.log[:-1])
    world.say(device, device.reached(at(6.5)), at(6.5))  # six events and an anchor, of which one is never seen again
    fresh, _ = moved_on(device, "recovered", at(8))
    world.bring(fresh, fresh.log)
    world.say(fresh, fresh.reached(at(9), device.log[-2:-1]), at(9))
    assert world.reach().to_ms > at(9) - CLOSE_MS
    assert [hole for hole in world.reach().holes if hole[0] <= at(6) < hole[1]]


def test_nothing_is_unknown_where_the_file_goes_on_in_another_stream(world: World, device: FakeDevice) -> None:
    world.bring(device, device.log[:-1])
    world.say(device, device.reached(at(6.5)), at(6.5))
    fresh, left = moved_on(device, "next", at(8))
    world.bring(fresh, [*device.log[-1:], *fresh.log])
    world.say(fresh, fresh.reached(at(9), [left]), at(9))
    world.say(fresh, fresh.reached(at(9.5), [left]), at(9.5))
    assert world.reach().holes == ()
    assert world.reach().to_ms > at(9.5) - CLOSE_MS


def test_a_new_stream_takes_nothing_away_before_it_has_learnt_the_time(world: World, device: FakeDevice) -> None:
    world.bring(device, device.log)
    world.say(device, device.reached(at(6.5)), at(6.5))
    before = world.reach()
    fresh = replace(device, stream="next", log=[])
    fresh.record(DeviceNote("goes on"), at(8))
    world.bring(fresh, fresh.log)
    world.say(fresh, fresh.reached(at(9), device.log[-1:]), at(9))
    assert world.reach() == before


def test_when_a_machine_surely_did_not_run(world: World, device: FakeDevice) -> None:
    world.bring(device, device.log)
    world.say(device, device.reached(at(6.5)), at(6.5))
    device.boot_id, device.boot_n, boot, started_ms = "boot-2", 2, device.boot_id, device.started_ms
    device.started_ms = at(9)
    device.record(Heartbeat(boot, 1, (at(7) - started_ms) * 1000), at(9) + 1)
    device.anchor(at(9.1))
    world.bring(device, device.log)
    world.say(device, device.reached(at(10)), at(10))
    ((from_ms, until_ms),) = world.reach().off
    assert at(7) <= from_ms < at(7) + CLOSE_MS
    assert at(9) - CLOSE_MS < until_ms <= at(9)


def test_many_gaps_become_fewer_and_hide_no_less() -> None:
    gaps = [Gap(number, number, number * 10, number * 10 + 1) for number in range(1, 2 * MOST_GAPS)]
    line = with_gaps(Line("s"), gaps)
    assert len(line.gaps) == MOST_GAPS
    assert (line.gaps[0].first, line.gaps[0].lo_ms, line.gaps[-1].last) == (1, 10, 2 * MOST_GAPS - 1)
    assert all(any(one.lo_ms <= each.lo_ms and each.hi_ms <= one.hi_ms for one in line.gaps) for each in gaps)


def test_of_two_copies_one_silent_for_a_month_is_gone() -> None:
    copies = [Line("a", complete_to_ms=9, follows=("s",), first_ms=5, last_ms=10)]
    copies.append(replace(copies[0], stream="b", complete_to_ms=20, first_ms=15, last_ms=30))
    assert reach_of(copies, 40).to_ms == 9
    gone = reach_of(copies, 10 + FORGOTTEN_MS)
    assert (gone.to_ms, gone.holes) == (20, ((9, 10),))


acts = st.lists(
    st.tuples(st.sampled_from(["note", "note", "anchor", "bring", "bring", "say", "say", "boot"]), st.integers(0, 63)),
    min_size=4,
    max_size=30,
)


@settings(max_examples=40, deadline=None)
@given(acts)
def test_whatever_comes_in_whatever_order_nothing_is_missing_below_the_watermark(
    history: list[tuple[str, int]],
) -> None:
    with fresh_file() as database:
        world, device, now_ms = World(database), booth(), START_MS
        truth, here = {device.log[0].id: START_MS}, set[str]()
        said = device.reached(now_ms)
        for act, number in history:
            now_ms += (number % 8 + 1) * 20 * MINUTE_MS
            if act == "boot":
                ended = Heartbeat(device.boot_id, device.boot_n, (now_ms - device.started_ms) * 1000 - 1)
                device.boot_n, device.boot_id, device.started_ms = device.boot_n + 1, str(uuid.uuid4()), now_ms
                device.record(ended, now_ms)
            elif act == "anchor":
                device.anchor(now_ms)
            elif act == "note":
                device.record(DeviceNote("x"), now_ms)
            elif act == "bring":
                chosen = [each for each in device.log if number >> (each.seq % 6) & 1 or number > 40]
                world.bring(device, chosen, now_ms)
                here |= {each.id for each in chosen}
            else:
                said = said if number % 5 == 0 else device.reached(now_ms)  # the kiosk is dead at times
                world.say(device, said, now_ms)
            truth.update({each.id: now_ms for each in device.log if each.id not in truth})
            reach = world.reach(now_ms)
            assert reach.to_ms <= now_ms
            for id_, at_ms in truth.items():
                hidden = any(lo_ms <= at_ms <= hi_ms for lo_ms, hi_ms in reach.holes)
                assert id_ in here or at_ms > reach.to_ms or hidden
