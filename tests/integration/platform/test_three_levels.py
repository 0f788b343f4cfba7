"""Station, city and province, as programs over HTTP: one ledger at all three, through kills and a restored city."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from sync.platform import accounts, keeping, keys
from sync.platform.api.routes import Trust
from sync.platform.app import Appearance, build_app
from sync.platform.keys import Keyring
from sync.platform.ports import Ports
from sync.platform.records import Device
from sync.platform.registry import DevicePlan, Office, write_enrolment
from sync.platform.store import Database
from sync.protocol.judgements import Confirmation
from sync.protocol.reference import ServicePoint
from tests.integration.platform.conftest import START_MS
from tests.integration.platform.fleet import FakeDevice, send
from tests.integration.platform.relayed import KEY
from tests.support.console import CHEAP
from tests.support.postgres import Postgres
from tests.support.programs import eventually, finish, running
from tests.support.served import served

HOUR = 3600_000
OFFICE = ServicePoint("office", "西工区文明办", "410303", "08:00", "18:00")
PORTS = Ports(lambda: datetime.now(UTC), lambda: str(uuid.uuid4()), os.urandom)
HURRY = {"SYNC_AGENT_POLL_S": "0.2", "SYNC_AGENT_BACKOFF_FIRST_S": "0.05", "SYNC_AGENT_BACKOFF_MOST_S": "0.2"}


@dataclass(slots=True)
class Level:
    """One platform: its folder with settings and keys, its database, and while it is up its address."""

    folder: Path
    url: str
    database: Database | None = None
    address: str = ""
    up: ExitStack = field(default_factory=ExitStack)

    def found(self) -> None:
        """Make it: settings, keys, a first epoch, its office as a place."""
        self.folder.mkdir()
        (self.folder / "platform.toml").write_text(f'database = "{self.url}"\n')
        for name in (keys.ROOT, keys.PLATFORM):
            keys.create_key(self.folder / "keys", name, os.urandom)
        self.start()
        with self.opened.writing("registry") as unit:
            unit.registry.begin_epoch(str(uuid.uuid4()))
            unit.registry.add_service_point(OFFICE)

    @property
    def opened(self) -> Database:
        assert self.database is not None
        return self.database

    def start(self) -> None:
        self.database = Database.open(self.url)
        self.database.migrate()
        trust = Trust(Keyring.of(self.folder / "keys"))
        app = build_app(self.database, PORTS, Appearance(costs=CHEAP), trust=trust)
        port = int(self.address.rsplit(":", 1)[1]) if self.address else 0
        self.address = self.up.enter_context(served(app, port))

    def stop(self) -> None:
        self.up.close()
        if self.database is not None:
            self.database.close()
            self.database = None

    def relays_to(self, upper: Level) -> None:
        """Become a device of the next platform, and tell it everything."""
        enrolment = self.folder / "enrolment.json"
        with upper.opened.writing("registry") as unit:
            root, own = (keys.load_key(upper.folder / "keys", name) for name in (keys.ROOT, keys.PLATFORM))
            plan = DevicePlan(self.folder.name, OFFICE, upper.address)
            write_enrolment(enrolment, Office(unit, PORTS, "410303").enrol(plan, root, own))
        asked = ("--enrolment", str(enrolment), "--names", "--basis", "条例 Art 22")
        done = finish(*self.command("relay", "next", *asked))
        assert done.code == 0, done.err

    def command(self, *more: str) -> list[str]:
        config = ("--config", str(self.folder / "platform.toml"))
        return [sys.executable, "-m", "sync.platform", "upward", more[0], *config, *more[1:]]

    def feeder(self) -> list[str]:
        return self.command("run", "next", "--poll", "0.2")

    def agent(self, verb: str = "run") -> list[str]:
        return [sys.executable, "-m", "sync.agent", "--config", str(self.folder / "upward" / "next.toml"), verb]

    def size(self) -> int:
        """Return how many events are here."""
        with self.opened.reading() as unit:
            return unit.events._session.scalar(sa.text("SELECT count(*) FROM events")) or 0

    def ledger(self) -> Any:
        with self.opened.reading() as unit:
            document = accounts.ledger_document(unit.ledger.all(), unit.events.all())
            totals = unit.ledger.of_volunteer("LY1")[0]
        return document, sorted(totals, key=lambda line: line.session)


@pytest.fixture
def station_city_province(tmp_path: Path, postgres: Postgres) -> Iterator[tuple[Level, Level, Level]]:
    city_url = postgres.new_database(migrated=False)
    urls = (f"sqlite:///{tmp_path / 'a.sqlite'}", city_url, f"sqlite:///{tmp_path / 'c.sqlite'}")
    levels = [Level(tmp_path / name, url) for name, url in zip(("station", "city", "province"), urls, strict=True)]
    try:
        for level in levels:
            level.found()
        levels[0].relays_to(levels[1])
        levels[1].relays_to(levels[2])
        yield levels[0], levels[1], levels[2]
    finally:
        for level in levels:
            level.stop()
        postgres.drop(city_url)


@dataclass(slots=True)
class Booth:
    """A device at the station that serves and sends."""

    station: Level
    device: FakeDevice
    hour: int = 0

    def serve(self, count: int) -> None:
        for _ in range(count):
            self.hour += 3
            at = START_MS + self.hour * HOUR
            session = self.device.check_in("LY1", "张晓明", at)
            self.device.check_out(session, "LY1", at + 2 * HOUR)
            self.device.record(Confirmation(session, self.device.log[-1].id, "LY9"), at + 2 * HOUR + 1000)
        assert send(self.station.address, self.device, self.device.log[-3 * count :]).response.status_code == 200


def booth_at(station: Level) -> Booth:
    device = FakeDevice("booth", KEY, OFFICE.id, START_MS)
    with station.opened.writing("registry") as unit:
        unit.devices.add(Device(device.id, "booth", OFFICE.id, KEY.public, START_MS))
    device.anchor(START_MS + 1000)
    send(station.address, device)
    return Booth(station, device)


@contextmanager
def at_work(*programs: list[str], **variables: str) -> Iterator[list[subprocess.Popen[bytes]]]:
    with ExitStack() as stack:
        yield [stack.enter_context(running(*program, variables={**HURRY, **variables})) for program in programs]


def copied(postgres: Postgres, source: str, target: str) -> None:
    """Copy a database nobody is connected to, as a backup does."""
    postgres._run(_named('DROP DATABASE IF EXISTS "{0}" WITH (FORCE)', target))
    postgres._run(_named('CREATE DATABASE "{0}" TEMPLATE "{1}"', target, source))


def _named(statement: str, *names: str) -> Any:
    from psycopg import sql  # noqa: PLC0415 - one use

    return sql.SQL(statement.format(*names))  # names of our own making


def alike(*levels: Level) -> Callable[[], bool]:
    """Tell whether all levels say the same; asked often, so they are counted first."""
    return lambda: (
        len({each.size() for each in levels}) == 1 and all(level.ledger() == levels[0].ledger() for level in levels[1:])
    )


def test_three_levels_hold_one_ledger_through_kills_and_a_restored_city(
    station_city_province: tuple[Level, Level, Level], postgres: Postgres
) -> None:
    station, city, province = station_city_province
    name = city.url.rsplit("/", 1)[1]
    booth = booth_at(station)
    booth.serve(2)
    assert finish(*station.command("once")).code == 0
    assert finish(*station.agent("once")).code == 0
    assert city.size() == station.size()
    city.stop()
    copied(postgres, name, f"{name}_backup")
    city.start()

    with at_work(city.feeder(), city.agent(), station.agent()) as programs:
        with at_work(station.feeder()) as (feeder,):
            booth.serve(8)
            before = city.size()
            eventually(lambda: city.size() > before)
            feeder.send_signal(signal.SIGKILL)
        booth.serve(2)
        with at_work(station.feeder()):
            eventually(alike(station, city, province))
            assert len(province.ledger()[0]["sessions"]) == 12
            city.stop()
            copied(postgres, f"{name}_backup", name)
            city.start()
            keeping.begin_epoch(city.opened, PORTS.ids)
            assert len(city.ledger()[0]["sessions"]) == 2
            booth.serve(2)
            eventually(alike(station, city, province))
        assert all(program.poll() is None for program in programs), "whoever lost the city's database went on"
    assert len(province.ledger()[0]["sessions"]) == 14
    assert {each["name"] for each in province.ledger()[0]["sessions"]} == {"张晓明"}
    postgres.drop(city.url.replace(name, f"{name}_backup"))
