"""Whatever happens between devices and the platform, in whatever order: nothing is lost and nothing is doubled.

The same few lives in every run; `make wire` lives many more, each time others, and shrinks what fails.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, Phase, settings

from tests.machines.wire_machine import DAY_S, HOUR_S, PEOPLE, DeafMachine, WireMachine
from tests.machines.wire_promises import KEEP_MS
from tests.machines.wire_way import Fate

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

TestWire = WireMachine.TestCase
TestWire.settings = settings(
    max_examples=4,
    stateful_step_count=20,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
MONTH_S = KEEP_MS // 1000


Begin = Callable[..., WireMachine]


@pytest.fixture
def begin() -> Iterator[Begin]:
    """Begin lives with some devices and a few scans; they end by the promises, or by ``end`` where they are broken."""
    lives: list[WireMachine] = []

    def begun(kind: type[WireMachine] = WireMachine, devices: int = 2) -> WireMachine:
        life = kind()
        life.open(devices=devices, stays=[(which, PEOPLE[which], HOUR_S) for which in range(devices)])
        lives.append(life)
        return life

    yield begun
    for life in lives:
        life.teardown()


def serve(life: WireMachine) -> None:
    """At every booth somebody comes and goes."""
    for which in range(len(life.machines)):
        life.scan(which, PEOPLE[2], HOUR_S)
        life.scan(which, PEOPLE[2], HOUR_S)


def drain(life: WireMachine) -> None:
    for machine in life.machines:
        life.drain(machine)
    life.nothing_is_lost_on_the_way()


def test_every_fate_meets_every_call_and_nothing_is_lost(begin: Begin) -> None:
    life = begin(devices=1)
    for fate in Fate:
        for calls in ([fate], [Fate.SOUND, fate]):
            life.say(0, 0, "tally")
            life.pass_time(HOUR_S)
            life.work(0, [calls, calls])
            life.nothing_is_lost_on_the_way()
        if life.machines[0].way.late:
            life.arrive(0, 0, again=False)
            life.nothing_is_lost_on_the_way()


def test_one_event_that_is_refused_stops_no_other_and_says_why(begin: Begin) -> None:
    life = begin()
    life.say(0, 0, "poison")
    serve(life)
    life.damage(1, 0)
    drain(life)
    refused, damaged = (
        [row for row in machine.outbox().values() if row.state == "parked"] for machine in life.machines
    )
    assert len(refused) == len(damaged) == 1
    assert len(life.platform.held().apart) == 1


def test_what_was_set_apart_is_not_forgotten_by_a_restored_platform(begin: Begin) -> None:
    life = begin(devices=1)
    life.say(0, 0, "poison")
    drain(life)
    life.restore(0, new_epoch=True)
    assert not life.platform.held().apart
    life.pass_time(HOUR_S)
    drain(life)
    assert len(life.platform.held().apart) == 1


def test_two_machines_with_one_card_lose_nothing_and_part(begin: Begin) -> None:
    life = begin(devices=1)
    drain(life)
    life.clone(0)
    for _ in range(2):
        serve(life)
        drain(life)
        life.tend(0)
        life.tend(1)
    drain(life)
    assert life.machines[0].stream() != life.machines[1].stream()
    both = life.machines[0].recorded().keys() | life.machines[1].recorded().keys()
    assert both == life.platform.held().all


def test_an_older_card_put_back_loses_nothing_that_arrived_and_begins_a_stream(begin: Begin) -> None:
    life = begin(devices=1)
    drain(life)
    serve(life)
    drain(life)
    arrived, before = life.platform.held().all, life.machines[0].stream()
    life.go_back(0, 0)
    serve(life)
    drain(life)
    life.tend(0)
    assert life.platform.held().all > arrived
    assert life.machines[0].stream() != before


def test_old_requests_that_come_again_change_nothing(begin: Begin) -> None:
    life = begin(devices=1)
    life.work(0, [[Fate.LATER]])
    serve(life)
    drain(life)
    before, ledger = life.platform.held(), life.platform.sessions()
    life.arrive(0, 0, again=False)
    for number in range(len(life.machines[0].way.old)):
        life.arrive(0, number, again=True)
    assert (life.platform.held(), life.platform.sessions()) == (before, ledger)


def test_an_end_recorded_elsewhere_may_arrive_before_its_beginning(begin: Begin) -> None:
    life = begin(devices=2)
    life.say(1, 1, "end")
    life.drain(life.machines[1])
    life.say(1, 1, "tally")
    life.drain(life.machines[1])
    life.drain(life.machines[0])
    assert len(life.platform.sessions()) == 2


def test_a_restored_platform_gets_back_what_came_after_its_backup(begin: Begin) -> None:
    life = begin()
    drain(life)
    life.back_up()
    serve(life)
    drain(life)
    before = life.platform.held()
    life.restore(0, new_epoch=True)
    assert life.platform.held().all < before.all
    life.pass_time(HOUR_S)
    drain(life)
    assert life.platform.held().accepted.items() >= before.accepted.items()


def test_its_keeper_may_forget_the_new_epoch_a_day_later_it_is_the_same(begin: Begin) -> None:
    life = begin()
    drain(life)
    life.back_up()
    serve(life)
    drain(life)
    before = life.platform.held()
    life.restore(0, new_epoch=False)
    life.pass_time(DAY_S)
    drain(life)
    assert life.platform.held().accepted.items() >= before.accepted.items()


def test_a_booth_that_was_offline_during_all_that_misses_nothing(begin: Begin) -> None:
    life = begin()
    life.back_up()
    serve(life)
    life.drain(life.machines[0])
    life.restore(0, new_epoch=True)
    life.pass_time(7 * DAY_S)
    serve(life)
    drain(life)
    life.back_up()
    life.restore(0, new_epoch=True)


def test_what_was_acknowledged_more_than_a_month_ago_comes_back_too(begin: Begin) -> None:
    life = begin()
    drain(life)
    before = life.platform.held()
    life.pass_time(MONTH_S + DAY_S)
    serve(life)
    drain(life)
    (machine, *_) = life.machines
    assert len(machine.outbox()) < len(machine.recorded()), "old rows are gone from the outbox"
    life.restore(-1, new_epoch=True)  # the backup of before anything arrived
    assert not life.platform.held().all
    life.heal()
    assert life.platform.held().accepted.items() >= before.accepted.items()


def test_without_asking_a_restored_platform_lacks_exactly_what_came_after_its_backup(begin: Begin) -> None:
    life = begin(DeafMachine)
    drain(life)
    life.back_up()
    serve(life)
    drain(life)
    lost = life.platform.held().all
    life.restore(0, new_epoch=True)
    lost -= life.platform.held().all
    life.heal()
    assert lost
    assert lost.isdisjoint(life.platform.held().all)
    recorded = {event for machine in life.machines for event in machine.recorded()}
    assert recorded - life.platform.held().all == lost
    with pytest.raises(AssertionError, match="nothing is lost"):
        life.end()
    life.over = True
