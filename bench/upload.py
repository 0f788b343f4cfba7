"""How fast the platform takes batches on PostgreSQL, beside what the same database does with the same rows at best.

What it compares, in turn, in one run, into one table of one PostgreSQL with ``fsync`` on, every batch a commit of its
own (events of ordinary duty, 500 a batch, but for the one that says otherwise):

* ``copy``: COPY of the rows of events into ``events`` and nothing else, by one connection: the ceiling;
* ``executemany``: the same rows by ``INSERT`` with psycopg's ``executemany``;
* ``single``: one record a request over signed HTTP, as a naive platform does;
* ``db``: the database's part of a batch, idempotent: the device's and the streams' locks, what is known of its ids and
  places, whether its stream was forked, its rows in by COPY under a savepoint, commit;
* ``take``: all of it in one process: read, judge, store, names and times and faces, fold sessions, log, commit;
* ``http``: all of it over signed HTTP, several devices at a time, at so many worker processes; the client's work
  (signatures too) is done by the same processors.

Rounds alternate, figures are medians, ratios are medians of the rounds' own ratios: what else the machine does hits all
alike. ``load`` is its load average at the end.

    .venv/bin/python bench/upload.py [--rounds N] [--batches N] [--workers N] [--devices N]

The last line is one JSON object: copy_events_s, executemany_events_s, single_events_s, db_events_s, db_ratio_to_copy
(aim ≥ 0.5), take_events_s, http_events_s, http_ratio_to_copy (aim ≥ 0.3), bytes_per_event (aim ≤ 120), load.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import time
from collections import defaultdict
from contextlib import closing
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click
import psycopg

sys.path.insert(0, str(Path(__file__).parents[1]))  # tests.support, also when run as a script

from sync.platform.ingest import Known, sort_out
from sync.platform.store import Database, Kind, mapping
from sync.platform.taking import take
from sync.protocol.batch import MAX_EVENTS, body_sha256, decode_batch
from tests.support import postgres
from tests.support.calling import Line, enlist, rest_of_machine, served
from tests.support.duty_traffic import Traveller

if TYPE_CHECKING:
    from collections.abc import Callable

    from sync.platform.ingest import Verdict
    from sync.platform.store.bulk import Cells
    from sync.protocol.envelope import Envelope

EVENTS_PATH = "/v1/events"
COLUMNS = ", ".join(mapping.EVENT_COLUMNS)
COPY = f"COPY events ({COLUMNS}) FROM STDIN"
INSERT = f"INSERT INTO events ({COLUMNS}) VALUES ({', '.join(['%s'] * len(mapping.EVENT_COLUMNS))})"  # noqa: S608
NOTHING = Known({}, {})
T = TypeVar("T")
SINGLES = 40  # requests of one record, a device and round


@dataclass(slots=True)
class Batches:
    """What one device brings in one round: its events, judged ones, and request bodies, made before the clock runs."""

    device: Traveller
    events: list[list[Envelope]]
    verdicts: list[list[Verdict]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    @property
    def size(self) -> int:
        return sum(len(each) for each in self.events)


@dataclass(slots=True)
class Bench:
    """One database, one platform, and devices that were never used before."""

    database: Database
    plain: psycopg.Connection
    url: str
    devices: int
    batches: int
    numbers: count[int] = field(default_factory=lambda: count(1))
    sent_bytes: list[float] = field(default_factory=list)

    def fresh(self, batches: int, size: int = MAX_EVENTS) -> Batches:
        """Enlist a device and make its batches."""
        device = Traveller(next(self.numbers))
        enlist(self.database, [device])
        events = [list(device.events(size)) for _ in range(batches)]
        made = Batches(device, events)
        made.verdicts = [list(sort_out(each, NOTHING)) for each in events]
        made.bodies = [device.body(each) for each in events]
        if size == MAX_EVENTS:
            self.sent_bytes += [len(body) / size for body in made.bodies]
        return made

    def copy(self) -> float:
        made = self.fresh(self.batches)
        rows = [[mapping.event_cells(each, made.device.id, 1) for each in batch] for batch in made.verdicts]
        return _rate(made.size, self._copy, rows)

    def _copy(self, rows: list[Cells]) -> None:
        with self.plain.transaction(), self.plain.cursor() as cursor, cursor.copy(COPY) as copying:
            for row in rows:
                copying.write_row(row)

    def executemany(self) -> float:
        made = self.fresh(self.batches)
        rows = [[mapping.event_cells(each, made.device.id, 1) for each in batch] for batch in made.verdicts]
        return _rate(made.size, self._many, rows)

    def _many(self, rows: list[Cells]) -> None:
        with self.plain.transaction(), self.plain.cursor() as cursor:
            cursor.executemany(INSERT, rows)

    def db(self) -> float:
        made = self.fresh(self.batches)
        return _rate(made.size, lambda batch: self._db(made.device.id, batch), made.verdicts)

    def _db(self, device: str, verdicts: list[Verdict]) -> None:
        events = [verdict.envelope for verdict in verdicts]
        streams = frozenset(event.stream for event in events)
        with self.database.writing(device) as unit:
            unit.locks.hold(Kind.STREAM, streams)
            known = unit.events.known(events, unit.heads.forked(device, streams))
            new = [verdict for verdict in verdicts if verdict.envelope.id not in known.hashes]
            unit.events.add(new, device, 1)

    def take(self) -> float:
        made = self.fresh(self.batches)
        return _rate(made.size, lambda body: self._take(made.device.id, body), made.bodies)

    def _take(self, device: str, body: bytes) -> None:
        delivery = decode_batch(body)
        with self.database.writing(device) as unit:
            take(delivery, body_sha256(body), unit, 1)

    def http(self) -> float:
        share = max(1, self.batches * 2 // self.devices)
        made = [self.fresh(share) for _ in range(self.devices)]
        return _rate(sum(each.size for each in made), lambda all_: asyncio.run(self._send(all_)), [made])

    def single(self) -> float:
        made = [self.fresh(SINGLES, 1) for _ in range(self.devices)]
        return _rate(sum(each.size for each in made), lambda all_: asyncio.run(self._send(all_)), [made])

    async def _send(self, made: list[Batches]) -> None:
        async with asyncio.TaskGroup() as all_at_once:
            for each in made:
                all_at_once.create_task(self._send_one(each))

    async def _send_one(self, made: Batches) -> None:
        async with Line(self.url, made.device) as line:
            for body, events in zip(made.bodies, made.events, strict=True):
                answer = await line.post(EVENTS_PATH, body)
                assert answer.status == 200, answer
                assert [one.outcome for one in answer.receipt.events] == ["accepted"] * len(events)


def _rate(events: int, work: Callable[[T], None], parts: list[T]) -> float:
    began_s = time.perf_counter()
    for part in parts:
        work(part)
    return events / (time.perf_counter() - began_s)


def measure(bench: Bench, rounds: int) -> dict[str, float]:
    """Return the figures; a first round warms everything up and is not counted."""
    ways = {"copy": bench.copy, "executemany": bench.executemany, "db": bench.db, "take": bench.take}
    ways |= {"http": bench.http, "single": bench.single}
    found: dict[str, list[float]] = defaultdict(list)
    for turn in range(rounds + 1):
        for name, way in ways.items():
            rate = way()
            if turn:
                found[name].append(rate)
        said = ", ".join(f"{name} {rates[-1]:.0f}" for name, rates in found.items())
        print(f"round {turn}: {said or 'warming up'}", flush=True)
    figures: dict[str, float] = {f"{name}_events_s": round(statistics.median(rates)) for name, rates in found.items()}
    for name in ("db", "http"):
        ratios = [ours / ceiling for ours, ceiling in zip(found[name], found["copy"], strict=True)]
        figures[f"{name}_ratio_to_copy"] = round(statistics.median(ratios), 3)
    figures["bytes_per_event"] = round(statistics.mean(bench.sent_bytes), 1)
    figures["load"] = round(rest_of_machine(), 1)
    return figures


@click.command()
@click.option("--rounds", default=7, show_default=True, help="Rounds that count.")
@click.option("--batches", default=12, show_default=True, help="Batches of 500 a way and round; twice as many by HTTP.")
@click.option("--workers", default=2, show_default=True, help="Processes of the platform.")
@click.option("--devices", default=6, show_default=True, help="Devices that send at the same time.")
def main(rounds: int, batches: int, workers: int, devices: int) -> None:
    """Measure taking of batches beside COPY."""
    with postgres.server({}) as server:
        address = server.new_database()
        plain_address = address.replace("+psycopg", "")
        with (
            closing(Database.open(address)) as database,
            served(address, workers) as platform,
            closing(psycopg.connect(plain_address)) as plain,
        ):
            figures = measure(Bench(database, plain, platform.url, devices, batches), rounds)
    for name, value in figures.items():
        print(f"{name}: {value}")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
