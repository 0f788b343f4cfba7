"""Who is taken when: few at once, in the order of asking, and an appointment for each who finds no room."""

from __future__ import annotations

import asyncio
import heapq
from contextlib import suppress
from dataclasses import dataclass, field

from sync.agent.backoff import Backoff
from sync.agent.plan import Answer, Plan, after
from sync.platform.api.turns import FIRST_GUESS_S, LATEST_S, SMALL_BYTES, SOONEST_S, Lane, Limits, Turns


@dataclass
class FakeTime:
    """Seconds that pass when a test says so."""

    now_s: float = 1000.0

    def __call__(self) -> float:
        return self.now_s


def test_a_lane_has_room_for_those_within_their_turn_and_those_that_wait_and_no_more() -> None:
    lane = Lane(Limits(at_once=1, waiting=2), FakeTime())
    assert [lane.enter() for _ in range(4)] == [True, True, True, False]
    lane.leave()
    assert lane.enter()


def test_turns_come_in_the_order_of_asking_and_few_at_a_time() -> None:
    async def story() -> tuple[list[int], int]:
        lane, began, within, most = Lane(Limits(at_once=2, waiting=9), FakeTime()), list[int](), set[int](), 0

        async def one(number: int) -> None:
            nonlocal most
            async with lane.turn():
                began.append(number)
                within.add(number)
                most = max(most, len(within))
                await asyncio.sleep(0)
                within.discard(number)

        await asyncio.gather(*(one(number) for number in range(8)))
        return began, most

    assert asyncio.run(story()) == (list(range(8)), 2)


def test_a_turn_that_fails_is_given_on() -> None:
    async def story() -> bool:
        lane = Lane(Limits(at_once=1, waiting=0), FakeTime())
        for _ in range(2):
            with suppress(KeyError):
                async with lane.turn():
                    dict[str, str]()["nothing"]
        return True

    assert asyncio.run(story())


def test_those_who_find_no_room_come_again_one_after_another_as_fast_as_the_lane_is() -> None:
    lane = Lane(Limits(at_once=1, waiting=0), FakeTime())
    assert lane.enter()
    appointments = [lane.appointment_s() for _ in range(600)]
    assert appointments[0] == SOONEST_S
    assert appointments == sorted(appointments)
    assert appointments[-1] == round(600 * FIRST_GUESS_S)


def test_a_slower_lane_gives_later_appointments_and_none_too_late() -> None:
    async def story() -> list[int]:
        clock = FakeTime()
        lane = Lane(Limits(at_once=1, waiting=0), clock)
        for _ in range(100):
            async with lane.turn():
                clock.now_s += 4
        return [lane.appointment_s() for _ in range(500)]

    found = asyncio.run(story())
    assert found[10] - found[0] in range(39, 42)
    assert found[-1] == LATEST_S


def test_yesterday_s_rush_delays_nobody_today() -> None:
    clock = FakeTime()
    lane = Lane(Limits(at_once=1, waiting=0), clock)
    for _ in range(500):
        lane.appointment_s()
    clock.now_s += 86_400
    assert lane.appointment_s() == SOONEST_S


def test_small_bodies_have_a_lane_of_their_own() -> None:
    turns = Turns()
    assert turns.lane_of(str(SMALL_BYTES)) is turns.small
    for declared in (str(SMALL_BYTES + 1), None, "", "x", "-1"):
        assert turns.lane_of(declared) is turns.wide


@dataclass
class Rush:
    """Devices that come back together to two workers, each as the agent's plan says; time is a heap of events."""

    devices: int
    turn_s: float
    drawn: int = 0
    clock: FakeTime = field(default_factory=lambda: FakeTime(0.0))
    due: list[tuple[float, int, int]] = field(default_factory=list)  # when, device, worker whose turn ends or -1
    turned_away: int = 0

    def __post_init__(self) -> None:
        self.lanes = [Lane(Limits(at_once=1, waiting=9), self.clock) for _ in range(2)]
        self.free_s = [0.0, 0.0]
        self.plans = [Plan()] * self.devices

    def chance(self) -> float:
        """Return the next of numbers that fill [0, 1) evenly and in no order."""
        self.drawn += 1
        return self.drawn**2 * 0.6180339887 % 1

    def last_s(self) -> float:
        """Return when the last was taken."""
        self.due = [(self.chance() * 10, device, -1) for device in range(self.devices)]
        heapq.heapify(self.due)
        while self.due:
            self.clock.now_s, device, worker = heapq.heappop(self.due)
            if worker < 0:
                self._come(device)
            else:
                self.lanes[worker].leave()
        return self.clock.now_s

    def _come(self, device: int) -> None:
        worker, now_s = int(self.chance() * 2), self.clock.now_s
        if self.lanes[worker].enter():
            self.free_s[worker] = max(self.free_s[worker], now_s) + self.turn_s
            heapq.heappush(self.due, (self.free_s[worker], device, worker))
            return
        self.turned_away += 1
        wait_s = float(self.lanes[worker].appointment_s())
        self.plans[device] = after(self.plans[device], Answer.BUSY, wait_s, self.chance(), Backoff())
        heapq.heappush(self.due, (now_s + self.plans[device].wait_s, device, -1))


def test_a_rush_lasts_hardly_longer_than_its_work_and_nearly_everybody_knocks_twice() -> None:
    rush = Rush(devices=1500, turn_s=FIRST_GUESS_S)
    assert rush.last_s() < 1.15 * 1500 * FIRST_GUESS_S / 2
    assert rush.turned_away < 1.3 * 1500
