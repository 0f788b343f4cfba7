"""What ten years of records cost: a check-in, one's own records, the file, and checking its chain.

What it compares, in one run on one machine:

* a check-in through the real use case and store (certificate verified, committed with ``synchronous=FULL``) on files
  with 1 day, 1 year and 10 years of records, in turn, so that drift of the machine hits all alike; the limit beside
  them is a bare 4 KiB append + fsync to the same disk;
* opening a regular volunteer's own records on the file of ten years;
* the size of the file a year, and how long ``kiosk ledger verify`` needs for 100,000 records.

The records (20 duties a day, 40 regulars, each confirmed and rated, an anchor every few duties, a restart a month) are
sealed as the ledger seals them and put in whole; every projection is then made from them by the ledger itself.

    .venv/bin/python bench/ledger.py [--rounds N] [--years N] [--folder DIR]

The last line is one JSON object: ten_years_ratio (p50 of the last to the first, aim ≤ 1.2), check_in_p50_ms (by age),
fsync_p50_ms, own_records_p50_ms (aim < 50), mb_per_year, verify_s_per_100k, records.
"""

from __future__ import annotations

import json
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click
from sqlalchemy import insert

sys.path.insert(0, str(Path(__file__).parents[1]))  # tests.support, also when run as a script

from kiosk.store.mapping import ledger_values
from kiosk.store.tables import AsideRow, LedgerRow
from kiosk.usecases.outcomes import CheckedIn
from kiosk.usecases.record_outcomes import OwnRecords
from sync.mailbox import engine as sqlite
from sync.mailbox import heads
from sync.protocol.envelope import Position, Stamp, seal
from sync.protocol.events import Anchor, Aside, CheckIn, CheckOut, Presented
from sync.protocol.judgements import Confirmation, Rating
from sync.protocol.vocabulary import ClockQuality, Quality, ServiceKind
from tests.support.clock import STARTING_S
from tests.support.station import Booth

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from io import FileIO

    from sync.protocol.envelope import Envelope
    from sync.protocol.events import Body

DAY_S, DAYTIME_S = 86_400, 50_400
DUTIES_A_DAY, REGULARS, ANCHOR_EVERY = 20, 40, 5
TURN_S = 2_400
CAPTAIN = "4103020000009999"
BLOCK = b"\0" * 4096
RESTART_EVERY = 30  # days
NS_PER_MS, NS_PER_S = 1e6, 1_000_000_000
SHOWN = Presented("410302", "0001", "0102030405060708")


@dataclass
class Aged:
    """One booth whose file has the records of some days, the last of which is today."""

    name: str
    booth: Booth
    records: int = 0
    scanned: int = 0

    def grow(self, days: int) -> None:
        """Record the given number of days, the last of which is today, as acknowledged long ago."""
        booth, clocks = self.booth, self.booth.clocks
        today_ns = clocks.true_ns
        clocks.true_ns -= days * DAY_S * NS_PER_S
        with booth.station.device.ledger.writing() as writing:
            self._head = writing.head()
        for first in range(0, days, RESTART_EVERY):
            sealed = [each for day in range(first, min(days, first + RESTART_EVERY)) for each in self._live(day)]
            with sqlite.writing(booth.station.device.engine) as connection:
                connection.execute(insert(LedgerRow), [ledger_values(each) for each in sealed])
                named = [(each.id, each.aside) for each in sealed if each.aside]
                asides = [{"event_id": id_, "name": aside.name, "salt": aside.salt} for id_, aside in named]
                connection.execute(insert(AsideRow), asides)
                heads.acknowledge(connection, [self._head], clocks.true_ms)
            self.records += len(sealed)
            clocks.reboot(off_s=DAY_S - DAYTIME_S - STARTING_S)
        with booth.station.device.ledger.writing() as writing:
            writing.rebuild()
        clocks.true_ns = today_ns
        booth.restart()

    def _live(self, day: int) -> Iterator[Envelope]:
        """One day at the booth: duties one after another, an anchor now and then; all confirmed and rated."""
        clocks, ids = self.booth.clocks, self.booth.station.present.ids
        for turn in range(DUTIES_A_DAY):
            session, aside = ids.new_id(), Aside("张晓明", f"{turn:032x}")
            volunteer, service = regular((day + turn) % REGULARS), list(ServiceKind)[turn % len(ServiceKind)]
            if turn % ANCHOR_EVERY == 0:
                now = clocks.read()
                yield self._seal(Anchor(now.boot_id, clocks.boot, now.bt_ns // 1000, clocks.true_ms, 20_000))
            yield self._seal(CheckIn(session, volunteer, SHOWN, aside.digest(), service.value, "point-1"), aside)
            clocks.elapse(TURN_S)
            ended = self._seal(CheckOut(session, volunteer, SHOWN))
            yield ended
            yield self._seal(Confirmation(session, ended.id, CAPTAIN))
            yield self._seal(Rating(session, Quality.GOOD, CAPTAIN))
        clocks.elapse(DAYTIME_S - DUTIES_A_DAY * TURN_S)
        if day % RESTART_EVERY != RESTART_EVERY - 1:
            clocks.elapse(DAY_S - DAYTIME_S)

    def _seal(self, body: Body, aside: Aside | None = None) -> Envelope:
        now = self.booth.clocks.read()
        stamp = Stamp(now.boot_id, self.booth.clocks.boot, now.bt_ns // 1000, now.wall_ms, ClockQuality.ANCHORED)
        id_ = self.booth.station.present.ids.new_id()
        sealed = seal(body, id_=id_, at=self._head, stamp=stamp, aside=aside)
        self._head = Position(sealed.stream, sealed.seq, sealed.h)
        return sealed

    def check_in_ms(self) -> float:
        """Show the card of a volunteer who is not on duty; return how long until the record was durable."""
        number = regular(self.scanned) if self.scanned < REGULARS else f"41030300{self.scanned:08d}"
        self.scanned += 1
        card = self.booth.card(number)
        return _timed_ms(lambda: _expect(CheckedIn, self.booth.station.present(card)))

    def own_records_ms(self, turn: int) -> float:
        """Show a regular's card to see the own records; return how long until they are values to draw."""
        card = self.booth.card(regular(turn % REGULARS))
        return _timed_ms(lambda: _expect(OwnRecords, self.booth.station.records.open(card)))


def regular(number: int) -> str:
    """Return the number of a volunteer who comes often."""
    return f"41030200{number:08d}"


def measure(folder: Path, ages: dict[str, int], rounds: int) -> dict[str, object]:
    """Make a file of every age and measure them in turn."""
    aged = []
    for name, days in ages.items():
        place = folder / name.replace(" ", "-")
        place.mkdir()
        one = Aged(name, Booth(place, duty={"closes_at": "never"}))
        began_s = time.perf_counter()
        one.grow(days)
        print(f"{name}: {one.records} records in {time.perf_counter() - began_s:.0f} s", flush=True)
        aged.append(one)
    took: dict[str, list[float]] = {one.name: [] for one in aged}
    syncing = []
    with (folder / "append.bin").open("ab", buffering=0) as log:
        for turn in range(rounds):
            for one in aged[:: 1 if turn % 2 else -1]:
                took[one.name].append(one.check_in_ms())
            syncing.append(_timed_ms(lambda: _append(log)))
    oldest = aged[-1]
    own = [oldest.own_records_ms(turn) for turn in range(rounds)]
    p50 = {name: statistics.median(times) for name, times in took.items()}
    years = max(ages.values()) / 365
    size_mb = _size_mb(oldest.booth)
    verify_s = _verify_s(oldest.booth)
    for one in aged:
        one.booth.station.close()
    names = list(ages)
    return {
        "ten_years_ratio": round(p50[names[-1]] / p50[names[0]], 3),
        "check_in_p50_ms": {name: round(value, 2) for name, value in p50.items()},
        "fsync_p50_ms": round(statistics.median(syncing), 3),
        "own_records_p50_ms": round(statistics.median(own), 1),
        "mb_per_year": round(size_mb / years, 1),
        "verify_s_per_100k": round(verify_s / oldest.records * 100_000, 2),
        "records": oldest.records,
    }


def _verify_s(booth: Booth) -> float:
    began_s = time.perf_counter()
    settings = booth.folder / "kiosk.toml"
    enrolment = booth.folder / "enrolment.json"
    settings.write_text(f'[device]\nfile = "{booth.file}"\nenrolment = "{enrolment}"\n', encoding="utf-8")
    command = [sys.executable, "-m", "kiosk", "--config", str(settings), "ledger", "verify"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began_s


def _size_mb(booth: Booth) -> float:
    with closing(sqlite3.connect(booth.file)) as plain:
        plain.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return booth.file.stat().st_size / 1e6


def _append(log: FileIO) -> None:
    log.write(BLOCK)
    os.fsync(log.fileno())


def _expect(kind: type, outcome: object) -> None:
    assert isinstance(outcome, kind), outcome


def _timed_ms(work: Callable[[], object]) -> float:
    began_ns = time.perf_counter_ns()
    work()
    return (time.perf_counter_ns() - began_ns) / NS_PER_MS


@click.command()
@click.option("--rounds", default=200, show_default=True, help="Check-ins measured on each file.")
@click.option("--years", default=10, show_default=True, help="Age of the oldest file.")
@click.option("--folder", type=click.Path(path_type=Path), help="On the disk to measure; a temporary one else.")
def main(rounds: int, years: int, folder: Path | None) -> None:
    """Measure what years of records cost, beside the bare disk."""
    ages = {"1 day": 1, "1 year": 365, f"{years} years": 365 * years}
    with tempfile.TemporaryDirectory(dir=folder or Path.cwd()) as place:
        figures = measure(Path(place), ages, rounds)
    for name, value in figures.items():
        print(f"{name}: {value}")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
