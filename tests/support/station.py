"""A whole station without screen and camera: the real use cases on a real device file, under clocks a test sets."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from kiosk.composition import open_station
from kiosk.settings import KioskSettings
from kiosk.station import Station
from kiosk.store.device_file import migrate
from kiosk.usecases.outcomes import CheckedIn, CheckedOut
from kiosk.usecases.ports import Ids, RecordedSession
from sync.mailbox import link
from sync.mailbox.engine import open_engine, writing
from sync.protocol.envelope import Envelope, Position, verify_chain
from tests.support.clock import FakeClocks
from tests.support.community import Community


@cache
def empty_device_file() -> bytes:
    """Return the bytes of a device file with its tables and nothing in them (migrating takes a third of a second)."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "device.sqlite"
        engine = open_engine(file)
        migrate(engine)
        engine.dispose()
        return file.read_bytes()


def settings_in(folder: Path, certificates: dict[str, Any] | None = None, **duty: Any) -> KioskSettings:
    """Return the settings of a kiosk whose files are in a folder; ``duty`` are keys of ``[duty]``."""
    device = {"file": folder / "device.sqlite", "enrolment": folder / "enrolment.json"}
    return KioskSettings.load(None, device=device, duty=duty, certificates=certificates or {})


@dataclass
class Booth:
    """One booth: its folder, its clocks, its community; the station of the running program in ``station``."""

    folder: Path
    community: Community = field(default_factory=Community)
    clocks: FakeClocks = field(default_factory=FakeClocks)
    duty: dict[str, Any] = field(default_factory=dict)
    certificates: dict[str, Any] = field(default_factory=dict)
    ids: Ids | None = None
    migrated: bool = True

    def __post_init__(self) -> None:
        """Enrol the device, make its file and start the program."""
        self.file = self.folder / "device.sqlite"
        if not (self.folder / "enrolment.json").exists():
            self.community.write_enrolment(self.folder / "enrolment.json")
        if self.migrated and not self.file.exists():
            self.file.write_bytes(empty_device_file())
        self.station: Station = self.opened()

    @classmethod
    def new(cls, folder: Path, **changes: Any) -> Booth:
        """Start the program on a folder as it is: where no device file stands, the program makes it."""
        return cls(folder, migrated=False, **changes)

    def opened(self) -> Station:
        """Open another station on the same file, as another process would."""
        return open_station(settings_in(self.folder, self.certificates, **self.duty), self.clocks, self.ids)

    def restart(self) -> None:
        """End the program and start it again."""
        self.station.close()
        self.station = self.opened()

    def reboot(self, *, off_s: float = 30.0, wall_ms: int | None = None) -> None:
        """Cut the power for a while and start the program again."""
        self.clocks.reboot(off_s=off_s, wall_ms=wall_ms)
        self.restart()

    def card(self, number: str = "4103020000000017", **changes: Any) -> str:
        """Return a good certificate of a volunteer."""
        return self.community.certificate(volunteer_number=number, **changes)

    def check_in(self, number: str = "4103020000000017", service: str | None = None) -> CheckedIn:
        """Show a card that must begin duty."""
        outcome = self.station.present(self.card(number), service)
        assert isinstance(outcome, CheckedIn), outcome
        return outcome

    def check_out(self, number: str = "4103020000000017") -> CheckedOut:
        """Show a card that must end duty."""
        outcome = self.station.present(self.card(number))
        assert isinstance(outcome, CheckedOut), outcome
        return outcome

    def exchange(self) -> None:
        """Let the agent note an exchange with a platform that knows the truth."""
        now = self.clocks.read()
        engine = open_engine(self.file)
        with writing(engine) as connection:
            link.put_exchange(connection, link.Exchange(now.boot_id, now.bt_ns, self.clocks.true_ms, 0))
        engine.dispose()

    def events(self) -> Sequence[Envelope]:
        """Return every envelope of the ledger, after checking its chain."""
        with self.station.device.ledger.reading() as reading:
            found = list(reading.events())
        if found:
            verify_chain(found, Position(found[0].stream))
        return found

    def kinds(self) -> list[str]:
        """Return the kinds of the recorded events, in order."""
        return [envelope.kind for envelope in self.events()]

    def session(self, session_id: str) -> RecordedSession:
        """Return a session that must be there."""
        with self.station.device.ledger.reading() as reading:
            found = reading.session(session_id)
        assert found is not None
        return found

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Return what a plain SQLite client sees in the file."""
        with closing(sqlite3.connect(self.file)) as connection:
            return connection.execute(query).fetchall()

    @contextmanager
    def tampering(self) -> Iterator[sqlite3.Connection]:
        """Open the file as a forger would, its triggers taken away."""
        with closing(sqlite3.connect(self.file)) as connection, connection:
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                connection.execute(f"DROP TRIGGER {name}")
            yield connection


@contextmanager
def booth_in(folder: Path, **changes: Any) -> Iterator[Booth]:
    """Open a booth in a folder and close it afterwards."""
    booth = Booth(folder, **changes)
    try:
        yield booth
    finally:
        booth.station.close()
