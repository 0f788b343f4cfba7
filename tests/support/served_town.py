"""A town whose plan was served, more or less: points, posts, people, duties and devices straight into a platform.

Upstream: ``sync.platform``, ``tests.integration.platform.fleet``.
Downstream: tests of plan against service, its pictures; ``python -m tests.support.served_town 40 28`` times a page.
"""

from __future__ import annotations

import os
import sys
import time
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from sync.platform import watermark
from sync.platform.records import Device, Volunteer
from sync.platform.rostering.hours import instant_of, is_by_day
from sync.platform.rostering.model import Assignment, Post, PostState
from sync.platform.rostering.reviewing import review
from sync.platform.store import Database, Unit
from sync.platform.store.rosters import By
from sync.platform.taking import take
from sync.protocol.batch import Batch, Delivery
from sync.protocol.events import Shift
from sync.protocol.reference import ServicePoint
from sync.protocol.signing.keys import SigningKey
from sync.protocol.vocabulary import AssignmentState
from tests.integration.platform.fleet import FakeDevice

MINUTE_MS, HOUR_MS = 60_000, 3_600_000
PLANNER = By("planner", 0, "page")
PLACES = ("王城公园东门岗亭", "周王城广场服务点", "牡丹桥社区服务站", "龙门大道岗亭", "西苑路服务点", "隋唐城遗址南门")
NAMES = ("张晓明", "李桂兰", "王建国", "赵秀英", "陈志强", "刘玉梅", "杨海燕", "周振华", "吴春生", "郑丽娟")
STAYS_AWAY, COMES_LATE, GOES_EARLY, STANDS_IN = 3, 7, 11, 13  # of 23 fates
SHIFTS = ((9 * 60, 12 * 60, "directions"), (14 * 60, 17 * 60, "tea_charging"))


@dataclass(frozen=True, slots=True)
class Duty:
    """One duty to be recorded."""

    number: str
    begin_ms: int
    end_ms: int
    service: str = "directions"
    shift: Shift | None = None


@dataclass(slots=True)
class Town:
    """A platform's database, and what stands in it."""

    database: Database
    points: list[ServicePoint] = field(default_factory=list)
    people: list[str] = field(default_factory=list)
    devices: dict[str, list[FakeDevice]] = field(default_factory=dict)

    def found(self, points: int, people: int, begun_ms: int, *, devices: int = 1) -> None:
        """Make service points with devices that stand there since an instant (UTC ms), and volunteers."""
        with self.database.writing("registry") as unit:
            for number in range(points):
                name = PLACES[number] if number < len(PLACES) else f"服务点{number + 1:02d}"
                self.points.append(ServicePoint(f"p{number:02d}", name, "410302", "09:00", "17:00"))
                unit.registry.add_service_point(self.points[-1])
                self.devices[self.points[-1].id] = [
                    self._device(unit, self.points[-1].id, f"{name[:2]}触摸机{each + 1}", begun_ms)
                    for each in range(devices)
                ]
            self.people = [f"LY{number:05d}" for number in range(people)]
            unit.registry.add_volunteers(
                Volunteer(number, NAMES[place % len(NAMES)], None, begun_ms) for place, number in enumerate(self.people)
            )

    def plan(
        self, point: str, on: date, who: Sequence[str | None], shift: tuple[int, int, str], needed: int = 2
    ) -> Post:
        """Write a published post with places that were accepted; None: nobody was found."""
        starts_ms, ends_ms = instant_of(on, shift[0]), instant_of(on, shift[1])
        id_ = f"{point}-{on}-{shift[0]}"
        by_day = is_by_day(starts_ms, ends_ms)
        post = Post(id_, point, shift[2], starts_ms, ends_ms, on, needed, daytime=by_day, state=PostState.PUBLISHED)
        with self.database.writing("roster") as unit:
            unit.rosters.put_post(post, PLANNER)
            for place, volunteer in enumerate(who):
                if volunteer is not None:
                    held = Assignment(f"{id_}-{place}", id_, volunteer, AssignmentState.ACCEPTED)
                    unit.rosters.put_assignment(held, PLANNER)
        return post

    def serve(self, device: FakeDevice, duties: Iterable[Duty], now_ms: int) -> None:
        """Record duties on a device in the order of their scans, as far as they have come by an instant."""
        scans = [(at_ms, end, duty) for duty in duties for end, at_ms in enumerate((duty.begin_ms, duty.end_ms))]
        sessions: dict[Duty, str] = {}
        for at_ms, end, duty in sorted(scans, key=lambda scan: (scan[0], scan[1], scan[2].number)):
            if at_ms > now_ms:
                continue
            if end:
                device.check_out(sessions[duty], duty.number, at_ms)
            else:
                name = NAMES[self.people.index(duty.number) % len(NAMES)]
                sessions[duty] = device.check_in(duty.number, name, at_ms, duty.service, duty.shift)

    def tell(self, device: FakeDevice, at_ms: int) -> None:
        """Let a device bring all it has, and say that it reaches up to an instant."""
        with self.database.writing(device.id) as unit:
            for first in range(0, len(device.log), 500):
                events = device.log[first : first + 500]
                take(Delivery(Batch(str(uuid.uuid4()), device.id, events)), "00" * 32, unit, at_ms)
            watermark.hear(device.id, device.reached(at_ms), unit, at_ms)

    @staticmethod
    def _device(unit: Unit, point: str, name: str, begun_ms: int) -> FakeDevice:
        device = FakeDevice(str(uuid.uuid4()), SigningKey(os.urandom(32)), point, begun_ms)
        unit.devices.add(Device(device.id, name, point, device.key.public, begun_ms))
        device.anchor(begun_ms + 1000)
        return device


def live(town: Town, from_on: date, until_on: date, now_ms: int) -> None:
    """Plan and serve some days: most as planned, some late, some not at all, a few stood in for."""
    count = 0
    for on in [from_on + timedelta(days=each) for each in range((until_on - from_on).days + 1)]:
        for point in town.points:
            device, duties = town.devices[point.id][0], list[Duty]()
            for shift in SHIFTS:
                count += 1
                who = [town.people[(count * 2 + each) % len(town.people)] for each in range(2)]
                post = town.plan(point.id, on, [who[0], who[1] if count % 9 else None], shift)
                duties += _served(town, post, [number for number in who if number != who[1] or count % 9], count)
            town.serve(device, duties, now_ms)
            device.anchor(min(now_ms, instant_of(on, 18 * 60)))


def _served(town: Town, post: Post, who: Sequence[str], count: int) -> Iterator[Duty]:
    """What becomes of the places of a post."""
    for place, number in enumerate(who):
        fate, named = (count * 7 + place * 5) % 23, Shift(f"{post.id}-{place}", post.starts_ms, post.ends_ms)
        begin_ms, end_ms = post.starts_ms - (2 + place) * MINUTE_MS, post.ends_ms + (1 + place) * MINUTE_MS
        if fate == STANDS_IN:
            yield Duty(town.people[-1 - count % 5], begin_ms, end_ms, post.service)
        elif fate != STAYS_AWAY:
            begin_ms += 55 * MINUTE_MS * (fate == COMES_LATE)
            yield Duty(number, begin_ms, end_ms - 50 * MINUTE_MS * (fate == GOES_EARLY), post.service, named)


def main(points: int, days: int) -> None:
    """Say how long plan against service of a district takes to read, in memory."""
    database = Database.open("sqlite://")
    database.migrate()
    from_on = date(2026, 11, 1)
    until_on = from_on + timedelta(days=days - 1)
    now_ms = instant_of(until_on, 23 * 60)
    town = Town(database)
    town.found(points, points * 15, instant_of(from_on, 0), devices=2)
    live(town, from_on, until_on, now_ms)
    for devices in town.devices.values():
        for device in devices:
            town.tell(device, now_ms)
    for _ in range(3):
        began = time.perf_counter()
        with database.reading() as unit:
            found = review(unit, [point.id for point in town.points], from_on, until_on, now_ms)
        took = time.perf_counter() - began
        sys.stdout.write(f"{points} points, {days} days: {len(found.outcomes)} places in {took:.2f} s\n")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
