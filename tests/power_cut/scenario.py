"""A booth's hours, recorded: the first start, scans, second thoughts, the agent's receipts, checkpoints, restarts.

*Upstream*: `tests.support.station` (the real use cases on a real file), `recorder`. *Downstream*: `images`.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random
from uuid import UUID

from sqlalchemy import Engine, event

from sync.mailbox.agent_side import AgentMailbox
from sync.mailbox.link import Exchange
from sync.protocol.batch import EventReceipt, Receipt
from sync.protocol.vocabulary import EventOutcome
from tests.power_cut.recorder import Recorder, recording
from tests.power_cut.trace import Trace
from tests.support.station import Booth

HOUR = 3600
MEMORY = Path("/dev/shm")  # noqa: S108 - images are opened by the hundred; where it is not there, anywhere


@dataclass(frozen=True, slots=True)
class SeededIds:
    """The port `Ids`: chance that can be had again."""

    chance: Random = field(default_factory=lambda: Random(1))  # noqa: S311 - no secret

    def new_id(self) -> str:
        return str(UUID(int=self.chance.getrandbits(128), version=4))

    def new_salt(self) -> str:
        return self.chance.randbytes(16).hex()


@dataclass(frozen=True, slots=True)
class Recording:
    """What stood on the disk before, what was asked of it, and where the booth was whole for the first time."""

    before: dict[str, bytes]
    trace: Trace
    enrolment: bytes
    begins: int


@contextmanager
def workplace() -> Iterator[Path]:
    """Lend a folder that is quick to write."""
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        yield Path(folder)


def record(synchronous: str = "FULL") -> Recording:
    """Run the scenario once on a disk that is new, and record it.

    Args:
        synchronous: how each connection is told to sync; anything but FULL is what the tests must find out.
    """
    with workplace() as folder, recording(folder) as recorder:
        before = recorder.before
        booth = Booth.new(folder, ids=SeededIds())
        hours = _Hours(booth, recorder, synchronous)
        begins = hours.begin()
        hours.morning()
        hours.noon()
        hours.evening()
        booth.station.close()
        enrolment = (folder / "enrolment.json").read_bytes()
        return Recording(before, recorder.trace, enrolment, begins)


def soften(engine: Engine, synchronous: str) -> None:
    """Tell every connection of an engine how to sync."""

    def tell(connection: object, *_: object) -> None:
        connection.execute(f"PRAGMA synchronous={synchronous}")  # type: ignore[attr-defined]

    event.listen(engine, "checkout", tell)


class _Hours:
    def __init__(self, booth: Booth, recorder: Recorder, synchronous: str) -> None:
        self._booth, self._recorder, self._synchronous = booth, recorder, synchronous
        self._settled: set[str] = set()

    def begin(self) -> int:
        """Take over the booth that has just started for the first time."""
        soften(self._booth.station.device.engine, self._synchronous)
        self._say()
        return len(self._recorder.trace)

    def morning(self) -> None:
        booth = self._booth
        for number in range(5):
            began = booth.check_in(f"V{number}")
            self._say()
            self._do(partial(booth.station.choose, began.session_id, "tutoring"))
        wrong = booth.check_in("V9")
        self._do(lambda: booth.station.undo(wrong.event_id))
        self._agent(4)
        booth.exchange()
        self._do(booth.station.tend)

    def noon(self) -> None:
        booth = self._booth
        booth.clocks.elapse(3 * HOUR)
        for number in range(3):
            ended = booth.check_out(f"V{number}")
            self._do(partial(booth.station.tally, ended.session_id, {"tea": 2}))
        self._checkpoint("PASSIVE")
        self._do(lambda: booth.check_in("V5"))
        self._agent(100)
        self._restart()
        self._do(lambda: booth.check_out("V3"))

    def evening(self) -> None:
        booth = self._booth
        for number in range(10, 16):
            self._do(partial(booth.check_in, f"V{number}"))
        self._checkpoint("TRUNCATE")
        self._agent(3)
        booth.clocks.reboot(off_s=600)
        self._restart()
        booth.exchange()
        self._do(booth.station.tend)
        booth.clocks.elapse(2 * HOUR)
        for number in range(10, 13):
            self._do(partial(booth.check_out, f"V{number}"))
        self._agent(100)
        booth.clocks.elapse(13 * HOUR)
        self._do(booth.station.tend)  # the rules close what nobody ended

    def _do(self, deed: Callable[[], object]) -> None:
        deed()
        self._say()

    def _say(self) -> None:
        recorded = frozenset(envelope.id for envelope in self._booth.events())
        self._recorder.acknowledge(recorded, frozenset(self._settled))

    def _restart(self) -> None:
        self._booth.restart()
        soften(self._booth.station.device.engine, self._synchronous)
        self._say()

    def _checkpoint(self, mode: str) -> None:
        with self._booth.station.device.engine.connect().execution_options(lyz_begin="SELECT 1") as connection:
            connection.exec_driver_sql(f"PRAGMA wal_checkpoint({mode})")
        self._say()

    def _agent(self, limit: int) -> None:
        """Another connection, as the agent's process has it, sends what waits and gets a receipt."""
        agent = AgentMailbox(self._booth.file)
        soften(agent._engine, self._synchronous)
        now = self._booth.clocks.read()
        claimed = agent.claim("lease", limit)
        self._say()
        done = [EventReceipt(envelope.id, EventOutcome.ACCEPTED) for envelope in claimed]
        receipt = Receipt("batch", "00" * 32, done, self._booth.clocks.true_ms, "epoch")
        agent.settle(receipt, claimed, Exchange(now.boot_id, now.bt_ns, self._booth.clocks.true_ms, 0))
        self._settled |= {envelope.id for envelope in claimed}
        self._say()
        agent.close()


def copy_to(folder: Path, files: dict[str, bytes], enrolment: bytes) -> None:
    """Make a folder hold these files and a device's enrolment, and nothing else."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    (folder / "enrolment.json").touch(0o600)
    (folder / "enrolment.json").write_bytes(enrolment)
