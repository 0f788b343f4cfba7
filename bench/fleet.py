"""A city's booths come back after a week without network, all at once: how long, how much memory, and who has to wait.

What it does, in one run, on PostgreSQL with ``fsync`` on and so many worker processes (``serve --workers``):

* one device that is not in the rush sends a single record now and then, from a process of its own, alone:
  ``calm_alone``;
* all others begin within ten seconds, each as the real agent does (its plan and its backoff, one batch at a time, up to
  500 events in it, Retry-After honoured), signed, over a connection of its own, until every event is acknowledged;
  meanwhile the calm device goes on: ``calm``;
* the ledger is counted: every event once;
* a registered device turns hostile: the largest bodies that the wire lets in, made to be large in memory, and batches
  of which nothing fits; the workers' peak memory is told before and after.

Everything is sealed before the clock runs and kept as compressed bodies. The client's work (signatures too) is done by
the same processors. ``load`` is the machine's load average at the end.

    .venv/bin/python bench/fleet.py [--devices N] [--events N] [--workers N]

The last line is one JSON object: devices, events, seconds, events_s, worker_peak_mb (aim < 300), calm_p99_ms,
calm_alone_p99_ms, calm_p50_ms, calm_alone_p50_ms, calm_records, turned_away (answers 503), hostile_peak_mb, load.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import random
import signal
import statistics
import sys
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import click
import msgspec
import psycopg

sys.path.insert(0, str(Path(__file__).parents[1]))  # tests.support, also when run as a script

from sync.agent.backoff import Backoff
from sync.agent.plan import Answer as Outcome
from sync.agent.plan import Plan, after
from sync.platform.store import Database
from sync.protocol.batch import MAX_EVENTS
from sync.protocol.packing import MAX_PLAIN_BYTES, pack
from tests.support import postgres
from tests.support.calling import Answer, Line, Served, enlist, rest_of_machine, served
from tests.support.duty_traffic import Traveller

EVENTS_PATH = "/v1/events"
SPREAD_S = 10.0  # within which all come back
CALM_EVERY_S, CALM_ALONE = 0.2, 150
BUSY = (429, 503)
TELL_S, CALL_S = 20.0, 60.0
HOSTILE_ROUNDS = 12
CHANCE = random.Random(7)  # noqa: S311 - when simulated devices try again


class Stop(Protocol):
    """An event of another process."""

    def is_set(self) -> bool: ...


class Said(Protocol):
    """A way to another process."""

    def put(self, took: list[float], /) -> None: ...


@dataclass(slots=True)
class Booth:
    """One device and what it has to send: bodies and how many events each holds."""

    device: Traveller
    bodies: list[tuple[bytes, int]] = field(default_factory=list)

    @classmethod
    def after_a_week(cls, number: int, events: int) -> Booth:
        """Seal a week's events."""
        booth = cls(Traveller(number))
        made = booth.device.events(events)
        while batch := [event for _, event in zip(range(MAX_EVENTS), made, strict=False)]:
            booth.bodies.append((booth.device.body(batch), len(batch)))
        return booth


@dataclass(slots=True)
class Rush:
    """What happened to a fleet."""

    url: str
    turned_away: int = 0
    failed: int = 0
    accepted: int = 0

    async def come_back(self, fleet: list[Booth]) -> float:
        """Let all devices send all they have; return how many seconds that took."""
        began_s = time.perf_counter()
        async with asyncio.TaskGroup() as all_at_once:
            telling = asyncio.create_task(self._tell(began_s))
            for booth in fleet:
                all_at_once.create_task(self._drain(booth))
        telling.cancel()
        return time.perf_counter() - began_s

    async def _tell(self, began_s: float) -> None:
        while True:
            await asyncio.sleep(TELL_S)
            seconds = time.perf_counter() - began_s
            print(
                f"{seconds:4.0f} s: {self.accepted} events, {self.turned_away} turned away, {self.failed} failed",
                flush=True,
            )

    async def _drain(self, booth: Booth) -> None:
        await asyncio.sleep(CHANCE.uniform(0, SPREAD_S))
        async with Line(self.url, booth.device) as line:
            for body, count in booth.bodies:
                await self.until_taken(line, body, count)

    async def until_taken(self, line: Line, body: bytes, count: int) -> None:
        """Send a body until its receipt is here, when the agent's own plan says so."""
        plan, backoff = Plan(), Backoff()
        while True:
            outcome, retry_after_s, taken = await self._try(line, body)
            self.accepted += taken
            plan = after(plan, outcome, retry_after_s, CHANCE.random(), backoff)
            if outcome is Outcome.RECEIPT:
                assert taken in {0, count}  # 0: what was answered had been lost, and these are duplicates
                return
            await asyncio.sleep(plan.wait_s)

    async def _try(self, line: Line, body: bytes) -> tuple[Outcome, float | None, int]:
        try:
            async with asyncio.timeout(CALL_S):
                answer = await line.post(EVENTS_PATH, body)
        except (OSError, asyncio.IncompleteReadError):
            line.close()
            self.failed += 1
            return Outcome.FAILED, None, 0
        if answer.status in BUSY:
            self.turned_away += 1
            return Outcome.BUSY, float(answer.headers["retry-after"]), 0
        assert answer.status == 200, answer
        return Outcome.RECEIPT, None, sum(one.outcome == "accepted" for one in answer.receipt.events)

    async def rage(self, device: Traveller) -> None:
        """Send what is made to be large in memory, several at a time."""
        bodies = [*_bombs(device), _nothing_fits(device)]
        async with asyncio.TaskGroup() as all_at_once:
            for turn in range(HOSTILE_ROUNDS):
                all_at_once.create_task(self._once(device, bodies[turn % len(bodies)]))

    async def _once(self, device: Traveller, body: bytes) -> Answer:
        async with Line(self.url, device) as line:
            return await line.post(EVENTS_PATH, body)


def _bombs(device: Traveller) -> list[bytes]:
    """Bodies that decompress to the most that is taken: empty lists, short texts, one deep nest."""
    (event,) = device.events(1)
    found = []
    for odd in ("[]", '"x"', "1.5", '{"":[]}'):
        many = (MAX_PLAIN_BYTES - 4096) // (len(odd) + 1)
        raw = msgspec.Raw(b"[" + b",".join([odd.encode()] * many) + b"]")
        wide = {**msgspec.to_builtins(event), "body": {"odd": raw}}
        found.append(pack({"id": device.uuid(), "device": device.id, "events": [wide]}))
    return found


def _nothing_fits(device: Traveller) -> bytes:
    spoilt = [msgspec.structs.replace(event, h="0" * 64) for event in device.events(MAX_EVENTS)]
    return device.body(spoilt)


class Calm:
    """A device that is not in the rush, in a process of its own: it sends a record now and then."""

    def __init__(self, url: str, device: int, most: int) -> None:
        spawning = multiprocessing.get_context("spawn")
        self._over, self._took = spawning.Event(), spawning.SimpleQueue()
        given = (url, device, most, self._over, self._took)
        self._process = spawning.Process(target=_stay_calm, args=given, daemon=True)
        self._process.start()

    async def until_over(self) -> list[float]:
        """Return how long each answer took, ms, once as many were given as were asked for."""
        took = await asyncio.to_thread(self._took.get)
        self._process.join()
        return list(took)

    async def stop(self) -> list[float]:
        """Return the same now."""
        self._over.set()
        return await self.until_over()


def _stay_calm(url: str, device: int, most: int, over: Stop, took: Said) -> None:
    took.put(asyncio.run(_send_now_and_then(Rush(url), Traveller(device), most, over)))


async def _send_now_and_then(rush: Rush, device: Traveller, most: int, over: Stop) -> list[float]:
    took: list[float] = []
    async with Line(rush.url, device) as line:
        while len(took) < most and not over.is_set():
            body = device.body(list(device.events(1)))
            began_s = time.perf_counter()
            await rush.until_taken(line, body, 1)
            took.append((time.perf_counter() - began_s) * 1000)
            await asyncio.sleep(CALM_EVERY_S)
    return took


async def run(platform: Served, fleet: list[Booth], calm: Traveller, hostile: Traveller) -> dict[str, float]:
    """Let the fleet come back, and return the figures."""
    rush = Rush(platform.url)
    alone = await Calm(platform.url, calm.number, CALM_ALONE).until_over()
    going = Calm(platform.url, calm.number + 1, sys.maxsize)
    seconds = await rush.come_back(fleet)
    meanwhile = await going.stop()
    peak_mb = platform.peak_mb()
    await rush.rage(hostile)
    figures: dict[str, float] = {"devices": len(fleet), "events": rush.accepted}
    figures |= {"seconds": round(seconds, 1), "events_s": round(rush.accepted / seconds)}
    figures |= {"worker_peak_mb": round(peak_mb), "calm_p99_ms": _p99(meanwhile), "calm_alone_p99_ms": _p99(alone)}
    figures |= {"calm_p50_ms": _p50(meanwhile), "calm_alone_p50_ms": _p50(alone), "calm_records": len(meanwhile)}
    figures |= {"turned_away": rush.turned_away, "hostile_peak_mb": round(platform.peak_mb())}
    return {**figures, "load": round(rest_of_machine(), 1)}


def _p50(took: list[float]) -> float:
    return round(statistics.median(took), 1)


def _p99(took: list[float]) -> float:
    return round(sorted(took)[max(0, -(-len(took) * 99 // 100) - 1)], 1)


@click.command()
@click.option("--devices", default=2000, show_default=True, help="Devices that come back.")
@click.option("--events", default=0, help="Events of all of them; default is 287.5 a device, a week's.")
@click.option("--workers", default=2, show_default=True, help="Processes of the platform.")
@click.option("--most-s", default=3600, show_default=True, help="Give up after so many seconds.")
def main(devices: int, events: int, workers: int, most_s: int) -> None:
    """Measure the return of a city's devices."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that what it started ends with it
    began_s, each = time.perf_counter(), (events or devices * 575 // 2) / devices
    fleet = [
        Booth.after_a_week(number, round(each * number) - round(each * (number - 1)))
        for number in range(1, devices + 1)
    ]
    calm, calm_too, hostile = (Traveller(devices + number) for number in (1, 2, 3))
    print(f"sealed in {time.perf_counter() - began_s:.0f} s", flush=True)
    with postgres.server({"max_wal_size": "4GB"}) as server:
        address = server.new_database()
        with closing(Database.open(address)) as database:
            enlist(database, [*(booth.device for booth in fleet), calm, calm_too, hostile])
        with served(address, workers) as platform:
            figures = asyncio.run(asyncio.wait_for(run(platform, fleet, calm, hostile), most_s))
        with closing(psycopg.connect(address.replace("+psycopg", ""))) as plain:
            devices_of = [booth.device.id for booth in fleet]
            held = plain.execute("SELECT count(*) FROM events WHERE device = ANY (%s)", (devices_of,))
            assert held.fetchone() == (sum(count for booth in fleet for _, count in booth.bodies),)
    for name, value in figures.items():
        print(f"{name}: {value}")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
