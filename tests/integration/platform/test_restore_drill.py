"""The drill: back up, go on, lose the platform, restore, and let the booths bring back what is missing.

Real stations, their agents over HTTP, the commands an operator types, SQLite and PostgreSQL.
"""

from __future__ import annotations

import subprocess
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner

from sync.agent.asking import World
from sync.agent.commands.wiring import Outside, Wiring
from sync.agent.errands import Errands
from sync.agent.settings import AgentSettings
from sync.mailbox.agent_side import AgentMailbox
from sync.platform.__main__ import main
from sync.platform.app import build_app
from sync.platform.ports import Ports
from sync.platform.records import Device
from sync.platform.store import Database
from sync.protocol.sessions import Session
from sync.protocol.signing.keys import SigningKey
from tests.integration.platform.conftest import POINT, POSTGRESQL, START_MS
from tests.machines.wire_promises import sessions_of
from tests.support.community import Community
from tests.support.postgres import Postgres, programs
from tests.support.served import served
from tests.support.station import Booth, booth_in

HOUR_S, MONTH_S = 3600, 31 * 86_400
TURNS = 60


@dataclass
class Machine:
    """A booth with its agent, wired as the command wires it."""

    booth: Booth
    mailbox: AgentMailbox
    errands: Errands

    def drain(self) -> None:
        """Let the agent work, the booth tend itself, and the agent tell what came of that."""
        for _ in range(2):
            for _ in range(TURNS):
                look = self.mailbox.look()
                if self.errands.step() and not (look.fresh or look.again or look.asks):
                    break
            self.booth.station.tend()

    def serve(self, number: str) -> None:
        """Somebody serves for two hours."""
        self.booth.check_in(number)
        self.booth.clocks.elapse(2 * HOUR_S)
        self.booth.check_out(number)

    def recorded(self) -> set[str]:
        return {event for (event,) in self.booth.rows("SELECT id FROM ledger")}


def seed_of(device: str) -> bytes:
    return sha256(device.encode()).digest()


def machine_in(folder: Path, device: str, url: str, opened: ExitStack) -> Machine:
    """Put up a booth that finds the platform at an address."""
    folder.mkdir()
    community = Community(device=device, device_seed=seed_of(device))
    community.write_enrolment(folder / "enrolment.json", url)
    booth = opened.enter_context(booth_in(folder, community=community))
    mailbox = AgentMailbox(booth.file)
    opened.callback(mailbox.close)
    clocks = booth.clocks
    world = World(lambda: str(uuid.uuid4()), clocks.read().boot_id, lambda: clocks.bt_ns, lambda: 0.5)
    settings = AgentSettings(device_file=booth.file, enrolment=folder / "enrolment.json")
    wiring = Wiring(settings, Outside(world, lambda: datetime.now(UTC), lambda: b"n" * 32))
    return Machine(booth, mailbox, wiring.errands(mailbox, wiring.status_file(mailbox)))


def run(*arguments: str | Path) -> None:
    done = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert done.exit_code == 0, done.stderr


@dataclass
class Keeper:
    """What the platform's keeper does, by the database's kind."""

    folder: Path
    url: str
    new_database: Callable[[], str]

    def back_up(self) -> None:
        if self.url.startswith(POSTGRESQL):
            plain = self.url.replace("+psycopg", "")
            dump = [str(programs() / "pg_dump"), "-Fc", "-f", str(self.folder / "backup"), plain]
            subprocess.run(dump, check=True, timeout=60)
        else:
            run("backup", self.folder / "backup", "--database", self.url)

    def restore(self) -> None:
        if self.url.startswith(POSTGRESQL):
            self.url = self.new_database()
            load = [str(programs() / "pg_restore"), "--no-owner", "-d", self.url.replace("+psycopg", "")]
            subprocess.run([*load, str(self.folder / "backup")], check=True, timeout=60)
            run("epoch", "new", "--database", self.url)
        else:
            for file in Path(self.url.removeprefix("sqlite:///")).parent.glob("platform.sqlite*"):
                file.unlink()
            run("restore", self.folder / "backup", "--database", self.url)


@pytest.fixture
def keeper(database_url: str, stored_in: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Keeper]:
    """A keeper of a platform that knows two devices."""
    database = Database.open(database_url)
    with database.writing("registry") as unit:
        unit.registry.begin_epoch("epoch-1")
        unit.registry.add_service_point(POINT)
        for device in ("east", "west"):
            unit.devices.add(Device(device, device, POINT.id, SigningKey(seed_of(device)).public, START_MS))
    database.close()
    made: list[str] = []

    def new_database() -> str:
        server: Postgres = request.getfixturevalue("postgres")
        made.append(server.new_database(migrated=False))
        return made[-1]

    yield Keeper(tmp_path, database_url, new_database)
    for url in made:
        request.getfixturevalue("postgres").drop(url)


def held(keeper: Keeper) -> tuple[dict[str, str], dict[str, Session]]:
    database = Database.open(keeper.url)
    with database.reading() as unit:
        events = {event.id: event.h for event in unit.events.all()}
        sessions = {entry.session.id: entry.session for entry in unit.ledger.all()}
    database.close()
    return events, sessions


@contextmanager
def serving(keeper: Keeper, ports: Ports, port: int = 0, after_s: int = 0) -> Iterator[str]:
    """Serve the keeper's database, by a clock that is so many seconds ahead; yield the address."""
    database = Database.open(keeper.url)
    ahead = Ports(lambda: datetime.now(UTC) + timedelta(seconds=after_s), ports.ids, ports.entropy)
    try:
        with served(build_app(database, ahead), port) as url:
            yield url
    finally:
        database.close()


def port_of(url: str) -> int:
    return int(url.rsplit(":", 1)[1])


@pytest.fixture
def machines() -> Iterator[ExitStack]:
    """What closes the machines at the end."""
    with ExitStack() as opened:
        yield opened


def test_after_the_drill_the_platform_is_complete_again_and_nothing_is_doubled(
    keeper: Keeper, machines: ExitStack, tmp_path: Path, ports: Ports
) -> None:
    with serving(keeper, ports) as url:
        east, west = (machine_in(tmp_path / name, name, url, machines) for name in ("east", "west"))
        east.serve("A-1")
        east.drain()
        keeper.back_up()
        for machine in (east, west):  # the west is offline from here to the end of the drill
            machine.serve("B-1")
        east.drain()
        arrived = held(keeper)[0]
    keeper.restore()
    assert held(keeper)[0].keys() < arrived.keys()
    with serving(keeper, ports, port_of(url)):
        for machine in (east, west):
            machine.booth.clocks.elapse(HOUR_S)
            machine.drain()
    events, sessions = held(keeper)
    assert events.items() >= arrived.items()
    assert events.keys() == east.recorded() | west.recorded()
    assert sessions == sessions_of([*east.booth.events(), *west.booth.events()])
    assert len(sessions) == 3


def test_records_of_long_ago_come_back_from_the_booth_s_own_ledger(
    keeper: Keeper, machines: ExitStack, tmp_path: Path, ports: Ports
) -> None:
    keeper.back_up()  # before anything arrived
    with serving(keeper, ports) as url:
        east = machine_in(tmp_path / "east", "east", url, machines)
        east.serve("A-1")
        east.drain()
        old = east.recorded()
    with serving(keeper, ports, port_of(url), MONTH_S):
        east.booth.clocks.elapse(MONTH_S)
        east.serve("B-1")
        east.drain()
    assert not old & {event for (event,) in east.booth.rows("SELECT event_id FROM outbox")}
    keeper.restore()
    with serving(keeper, ports, port_of(url), MONTH_S):
        for _ in range(2):
            east.booth.clocks.elapse(HOUR_S)
            east.drain()
    events, sessions = held(keeper)
    assert events.keys() == east.recorded()
    assert sessions == sessions_of(east.booth.events())
