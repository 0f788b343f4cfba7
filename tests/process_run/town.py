"""A town of processes: booths that record, their agents, a platform of several processes, and everything in between.

Upstream: ``cluster``, ``writer``, ``tests.support.faulty_proxy``, the programs themselves.
Downstream: ``__main__``, tests/flows/test_process_run.py.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sync.mailbox.agent_side import AgentMailbox
from sync.platform import keys
from sync.platform.demo import REGION, make_community
from sync.platform.passwords import Costs
from sync.platform.ports import Ports
from sync.platform.registry import DevicePlan, Office, write_enrolment
from sync.platform.store import Database
from sync.protocol.certificate.mint import mint
from sync.protocol.enrolment import read_enrolment
from tests.process_run.cluster import Cluster, running_cluster
from tests.support import postgres
from tests.support.community import CLAIMS
from tests.support.faulty_proxy import FaultyProxy, by_chance, proxying
from tests.support.programs import agent_in, environment, eventually, kiosk_in

ROOT = Path(__file__).parents[2]
PEOPLE = 12
QUICK_COSTS = Costs(1, 8, 1)
WRITE_EVERY_S = 0.1
HURRY = {
    "SYNC_AGENT_POLL_S": "0.1",
    "SYNC_AGENT_CONNECT_S": "1",
    "SYNC_AGENT_READ_S": "0.7",
    "SYNC_AGENT_WHOLE_S": "2",
    "SYNC_AGENT_BACKOFF_FIRST_S": "0.05",
    "SYNC_AGENT_BACKOFF_MOST_S": "0.5",
}


@dataclass
class Program:
    """One of our programs as a process, which is killed and started again.

    Attributes:
        name: what it is, and whose.
        arguments: of Python.
        variables: of its environment.
        log: where it says what it says.
        kills: how often it was killed by us.
        children_killed: how often a process that it started was.
        ends: how often it ended by itself.
    """

    name: str
    arguments: Sequence[str]
    variables: dict[str, str]
    log: Path
    kills: int = 0
    children_killed: int = 0
    ends: int = 0
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it."""
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, *self.arguments],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                env=environment(**self.variables),
                cwd=ROOT,
                start_new_session=True,
            )

    def kill(self) -> None:
        """Kill it, if it runs."""
        if self.process is not None:
            if self.process.poll() is None:
                self.process.kill()
                self.kills += 1
            self.process.wait()
            self.process = None

    def kill_a_child(self, chance: random.Random) -> bool:
        """Kill one process that it started, if there is one; it starts another by itself."""
        if self.process is None or self.process.poll() is not None:
            return False
        pid = self.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
        if children:
            with suppress(ProcessLookupError):
                os.kill(int(chance.choice(children)), signal.SIGKILL)
            self.children_killed += 1
        return bool(children)

    def keep_up(self) -> None:
        """Start it again where it ended by itself, as systemd does."""
        if self.process is not None and self.process.poll() is not None:
            self.ends += 1
            self.start()


@dataclass
class Town:
    """Everything that runs."""

    folder: Path
    cluster: Cluster
    proxy: FaultyProxy
    booths: list[Path]
    writers: list[Program]
    agents: list[Program]
    crew: Program
    chance: random.Random = field(default_factory=random.Random)

    @property
    def programs(self) -> list[Program]:
        """Every one of our programs."""
        return [*self.writers, *self.agents, self.crew]

    def suffer(self, seconds: float, pause_s: tuple[float, float], *, clones: bool = False) -> None:
        """Kill something every while, and start it again after a moment; in the middle the database crashes.

        Args:
            seconds: how long.
            pause_s: the shortest and the longest time from one blow to the next.
            clones: early on somebody puts a copy of a booth's card into another machine.
        """
        begin, crashed = time.monotonic(), False
        while (past_s := time.monotonic() - begin) < seconds:
            if clones and past_s > seconds / 5:
                self.clone()
                clones = False
            if not crashed and past_s > seconds / 2:
                self.cluster.restart_after_a_crash()
                crashed = True
            self._strike(self.chance.uniform(*pause_s) / 2)
            self._wait(self.chance.uniform(*pause_s) / 2)

    def clone(self) -> None:
        """Copy the first booth's card while nothing of it runs, and let both machines go on."""
        original, copy = self.booths[0], self.folder / "booth-copy"
        for program in (self.writers[0], self.agents[0]):
            program.kill()
        shutil.copytree(original, copy, ignore=shutil.ignore_patterns("*-shm", "*.log"))
        number = len(self.booths)
        self.booths.append(copy)
        self.writers.append(_writer(copy, number, number))
        self.agents.append(_agent(copy, number))
        for program in (self.writers[0], self.agents[0], self.writers[-1], self.agents[-1]):
            program.start()

    def _strike(self, down_s: float) -> None:
        """Kill a booth, an agent, a worker of the platform, or seldom the platform as a whole."""
        group = self.chance.choices([self.writers, self.agents, [], [self.crew]], weights=(4, 4, 4, 1))[0]
        if not group:
            self.crew.kill_a_child(self.chance)
            return
        chosen = self.chance.choice(group)
        chosen.kill()
        self._wait(down_s)
        chosen.start()

    def heal(self, patience_s: float, *, hurry: bool = False) -> float:
        """Nobody records any more, nothing breaks any more; return the seconds until nothing waits.

        Args:
            patience_s: after so long it has failed.
            hurry: the agents are killed once more, so that they forget for how long a busy platform sent them away.
        """
        for program in (*self.writers, *(self.agents if hurry else ())):
            program.kill()
        self.proxy.heal()
        for agent in self.agents if hurry else ():
            agent.start()
        begin = time.monotonic()
        while not self._is_drained():
            assert time.monotonic() - begin < patience_s, f"it never drained\n{self.last_words()}"
            time.sleep(0.1)
        return time.monotonic() - begin

    def last_words(self) -> str:
        """Return what each program said last."""
        said = {each.name: each.log.read_text("utf-8", "replace").splitlines()[-4:] for each in self.programs}
        return "\n".join(f"{name}: {line}" for name, lines in said.items() for line in lines)

    def stop(self) -> None:
        """End everything of ours."""
        for program in self.programs:
            program.kill()

    def _wait(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while (left_s := until - time.monotonic()) > 0:
            for program in self.programs:
                program.keep_up()
            time.sleep(min(0.1, left_s))

    def _is_drained(self) -> bool:
        for program in (*self.agents, self.crew):
            program.keep_up()
        return all(waiting_in(booth) == 0 for booth in self.booths)


def waiting_in(booth: Path) -> int:
    """Return how many events of a booth wait to be sent."""
    mailbox = AgentMailbox(booth / "device.sqlite")
    try:
        return mailbox.waiting()
    finally:
        mailbox.close()


@contextmanager
def town_in(folder: Path, seed: int, *, booths: int = 4, workers: int = 2) -> Iterator[Town]:
    """Put up a town and let it work; everything of it has ended after the block."""
    chance = random.Random(seed)  # noqa: S311 - repeatable on purpose
    with ExitStack() as opened:
        cluster = opened.enter_context(running_cluster())
        port = postgres._free_port()
        choice = by_chance(chance.randrange(2**32))
        proxy = opened.enter_context(proxying([("127.0.0.1", port)], choice, hold_s=0.5))
        places = found(folder, cluster.url, proxy.url, booths)
        town = Town(folder, cluster, proxy, places, [], [], _crew(folder, port, workers), chance)
        opened.callback(town.stop)
        town.agents = [_agent(place, number) for number, place in enumerate(places)]
        town.writers = [_writer(place, number, seed) for number, place in enumerate(places)]
        for program in town.programs:
            program.start()
        eventually(lambda: all((place / "told").exists() for place in places), within_s=60)
        yield town


def found(folder: Path, database_url: str, platform_url: str, booths: int) -> list[Path]:
    """Make a community on a database, and a folder with enrolment and cards for each booth."""
    ports = Ports(lambda: datetime.now(UTC), lambda: str(uuid.uuid4()), os.urandom)
    make_community(folder / "community", ports, platform_url, database_url, costs=QUICK_COSTS)
    root, issuer, own = (
        keys.load_key(folder / "community" / "keys", name) for name in (keys.ROOT, keys.ISSUER, keys.PLATFORM)
    )
    now = datetime.now(UTC).replace(microsecond=0)
    claims = replace(CLAIMS, issued_at=now - timedelta(days=1), expires_at=now + timedelta(days=700))
    cards = [
        mint(replace(claims, volunteer_number=f"41030200000002{number:02d}"), keys.kid_of(issuer), issuer)
        for number in range(PEOPLE)
    ]
    places = []
    database = Database.open(database_url)
    for number in range(booths):
        place = folder / f"booth-{number}"
        place.mkdir()
        with database.writing("registry") as unit:
            office = Office(unit, ports, REGION)
            plan = DevicePlan(f"booth {number}", unit.registry.service_points()[0], platform_url)
            write_enrolment(place / "enrolment.json", office.enrol(plan, root, own))
        (place / "cards.json").write_text(json.dumps(cards), "utf-8")
        places.append(place)
    database.close()
    return places


def device_of(booth: Path) -> str:
    """Return the id of a booth's device."""
    return read_enrolment((booth / "enrolment.json").read_bytes(), 0o600).device


def _crew(folder: Path, port: int, workers: int) -> Program:
    config = str(folder / "community" / "platform.toml")
    arguments = ["-m", "sync.platform", "serve", "--config", config, "--port", str(port), "--workers", str(workers)]
    return Program("platform", arguments, {}, folder / "platform.log")


def _agent(place: Path, number: int) -> Program:
    variables = agent_in(place, **HURRY)
    return Program(f"agent {number}", ["-m", "sync.agent", "run"], variables, place / "agent.log")


def _writer(place: Path, number: int, seed: int) -> Program:
    arguments = ["-m", "tests.process_run.writer", str(place), str(seed * 1000 + number), str(WRITE_EVERY_S)]
    variables = {**kiosk_in(place), "KIOSK_DUTY__JUST_STARTED_S": "0"}
    return Program(f"booth {number}", arguments, variables, place / "booth.log")
