"""What a poll of the changes feed costs a platform, beside what it cannot be cheaper than, in one run.

A service point with volunteers who are rostered, listed and have a standing each; one device polls.

* nothing new, within the freshness: one query, two signatures; beside one bare query and two signatures.
* nothing new, held against what is so again: everything is read and compared, nothing written but when that was.
* one thing new: the same, and one entry told.
* the snapshot: how many bytes a device that knows nothing is told.
* the device: keeping one change and holding the whole set against its seal; and a kiosk's start, which checks it again.

    .venv/bin/python bench/feed.py [--volunteers 500] [--rounds 30] [--sqlite]

The last line is one JSON object, times in ms (median): sqlite_poll, sqlite_recompute, sqlite_change, the same of
postgresql, floor (of each), poll_ratio_to_floor, snapshot_bytes, snapshot_bytes_an_entry, device_keep, device_read.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec
import sqlalchemy as sa

sys.path.insert(0, str(Path(__file__).parents[1]))  # tests.support, also when run as a script

from kiosk.store.shelf import DeviceShelf
from kiosk.usecases.combined_reference import Trusted
from sync.agent.changes import Changes
from sync.mailbox.agent_inbox import AgentInbox
from sync.mailbox.engine import open_engine
from sync.platform.feed import Question
from sync.platform.records import Circumstances, Volunteer
from sync.platform.rostering.agreed import write_down
from sync.platform.store import Database
from sync.platform.store.rosters import By
from sync.protocol.changes import Scope
from sync.protocol.reference import RosteredShift
from sync.protocol.signing.documents import SignedDocument
from tests.support import postgres
from tests.support.clock import FakeClocks
from tests.support.station import empty_device_file
from tests.support.told_town import PLACE, PLATFORM, US, Town, poll

if TYPE_CHECKING:
    from collections.abc import Callable

    from sync.protocol.changes import ChangesPage, SetSeal

MINUTE_S = 61
FRESH_MS = 60_000


def fill(town: Town, volunteers: int) -> None:
    """Give the point so many volunteers."""
    numbers = [f"4103022026{number:06d}" for number in range(volunteers)]
    with town.database.writing("registry") as unit:
        unit.registry.add_volunteers(Volunteer(number, "欧阳文博", None, 0) for number in numbers)
        shifts = (
            RosteredShift(f"s-{number}", number, "", "directions", town.now_ms, town.now_ms + 10**10)
            for number in numbers
        )
        write_down(unit, PLACE.id, shifts, By("captain", town.now_ms, "page"))
        for number in numbers:
            unit.standings.put(number, Circumstances(star=2))


def median_ms(rounds: int, deed: Callable[[], object], before: Callable[[], object] = lambda: None) -> float:
    """Return the median of a deed's time; ``before`` each is not measured."""
    taken = []
    for _ in range(rounds):
        before()
        begin = time.perf_counter()
        deed()
        taken.append((time.perf_counter() - begin) * 1000)
    return round(statistics.median(taken), 2)


def ask(town: Town, cursor: str | None) -> SignedDocument:
    """Ask for one page of everything."""
    page = town.feed.page(town.device, Question(Scope.STATION, cursor, 1000))
    assert isinstance(page, SignedDocument), page
    return page


def measure(name: str, town: Town, rounds: int) -> dict[str, float]:
    """Return what polls cost on one database."""
    town.fresh_ms = FRESH_MS
    page, total = ask(town, None), 0
    while True:
        total += len(msgspec.json.encode(page))
        if not page.payload["more"]:
            break
        page = ask(town, str(page.payload["cursor"]))
    cursor, texts = str(page.payload["cursor"]), iter(range(10_000))

    def bare() -> None:
        with town.database.reading() as unit:
            unit.registry.service_point(PLACE.id)
        PLATFORM.sign(b"x" * 400)
        PLATFORM.sign(b"x" * 800)

    def later() -> None:
        town.clocks.elapse(MINUTE_S)

    def changed() -> None:
        later()
        town.notices(f"通知{next(texts)}")

    found = {
        "floor": median_ms(rounds, bare),
        "poll": median_ms(rounds, lambda: ask(town, cursor)),
        "recompute": median_ms(rounds, lambda: ask(town, cursor), later),
        "change": median_ms(rounds, lambda: ask(town, cursor), changed),
    }
    print(f"{name}: " + ", ".join(f"{what} {took} ms" for what, took in found.items()) + f"; snapshot {total} bytes")
    return {f"{name}_{what}": took for what, took in found.items()} | {"snapshot_bytes": total}


class TimedInbox(AgentInbox):
    """An inbox that notes how long each page took."""

    def __init__(self, file: Path) -> None:
        """Take the device's file."""
        super().__init__(file)
        self.taken: list[float] = []

    def keep(self, page: ChangesPage, seal: SetSeal | None) -> bool:
        """Keep a page."""
        begin = time.perf_counter()
        kept = super().keep(page, seal)
        self.taken.append((time.perf_counter() - begin) * 1000)
        return kept


def measure_device(town: Town, folder: Path, rounds: int) -> dict[str, float]:
    """Return what it costs a device to keep a change, and to read all that it was told."""
    file = folder / "device.sqlite"
    file.write_bytes(empty_device_file())
    inbox, town.fresh_ms = TimedInbox(file), 0
    changes = Changes(inbox, town.line(), US.device, PLATFORM.public)
    poll(changes)
    inbox.taken.clear()
    for number in range(rounds):
        town.notices(f"第{number}条")
        changes.step()  # revocations: nothing new
        changes.step()
    keeping = round(statistics.median(inbox.taken[1::2]), 2)
    engine = open_engine(file)
    trusted = Trusted(US.root.public, PLATFORM.public, US.device)
    reading = median_ms(rounds, lambda: DeviceShelf(engine, trusted).current())
    engine.dispose()
    print(f"device: a change kept {keeping} ms, all of it read and checked {reading} ms")
    return {"device_keep": keeping, "device_read": reading}


@click.command()
@click.option("--volunteers", default=500, show_default=True)
@click.option("--rounds", default=30, show_default=True)
@click.option("--sqlite", is_flag=True, help="SQLite alone.")
def main(volunteers: int, rounds: int, *, sqlite: bool) -> None:
    """Measure."""
    found: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as room:
        folder = Path(room)
        database = Database.open(f"sqlite:///{folder / 'platform.sqlite'}")
        database.migrate()
        town = Town(database, FakeClocks())
        fill(town, volunteers)
        found |= measure("sqlite", town, rounds) | measure_device(town, folder, rounds)
        database.close()
    if not sqlite:
        with postgres.server({}) as server:
            database = Database.open(server.new_database())
            town = Town(database, FakeClocks())
            fill(town, volunteers)
            found |= measure("postgresql", town, rounds)
            with database._engine.connect() as connection:  # noqa: SLF001 - how many entries there are
                entries = connection.execute(sa.text("SELECT count(*) FROM feed_entries")).scalar_one()
            found["snapshot_bytes_an_entry"] = round(found["snapshot_bytes"] / entries)
            found["poll_ratio_to_floor"] = round(found["postgresql_poll"] / found["postgresql_floor"], 2)
            database.close()
    print(json.dumps(found))


if __name__ == "__main__":
    main()
