"""What the town must have come to: nothing lost, nothing doubled, every session the fold of what the booths recorded.

Upstream: ``town``, ``tests.machines.wire_promises`` (the one fold, in plain order).
Downstream: ``__main__``, tests/flows/test_process_run.py.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

import msgspec

from sync.platform.store import Database
from sync.protocol.envelope import Envelope
from tests.machines.wire_promises import sessions_of
from tests.process_run.town import Town
from tests.process_run.writer import TOLD

_envelope = msgspec.json.Decoder(Envelope)


@dataclass(frozen=True)
class Verdict:
    """What was found.

    Attributes:
        recorded: events in the booths' ledgers.
        told: events of which a person was told that they are recorded.
        untrue: of those, how many the ledger does not hold.
        held: events in the platform's ledger.
        lost: recorded, but not held with the same content.
        doubled: rows at the platform beyond one an event.
        forks: events at one place of a stream, of machines with one card.
        unparted: machines with one card that write to one stream, of which none was told; who was told parts when it
            tends itself next.
        foreign: held, but recorded by nobody.
        gaps: missing sequence numbers below a stream's last.
        waiting: not drained.
        parked: set aside by an agent.
        sessions: in the platform's ledger.
        sessions_wrong: that are not the fold of their events, or are missing.
    """

    recorded: int
    told: int
    untrue: int
    held: int
    lost: int
    doubled: int
    forks: int
    unparted: int
    foreign: int
    gaps: int
    waiting: int
    parked: int
    sessions: int
    sessions_wrong: int

    @property
    def is_good(self) -> bool:
        """Whether nothing was lost, doubled, left over or wrong, and something was there to be lost."""
        wrong = (
            self.untrue,
            self.lost,
            self.doubled,
            self.foreign,
            self.gaps,
            self.unparted,
            self.waiting,
            self.parked,
        )
        return not any(wrong) and not self.sessions_wrong and self.recorded > 0 and self.sessions > 0

    def as_dict(self) -> dict[str, int]:
        """Return it as plain values."""
        return asdict(self)


@dataclass(frozen=True)
class Device:
    """What a booth's file holds.

    Attributes:
        records: every record, by id.
        told: those of which a person was told.
        states: of the rows of its outbox.
        stream: which it writes to.
        told_forked: whether it was told that another machine writes there too.
    """

    records: dict[str, Envelope]
    told: frozenset[str]
    states: Counter[str]
    stream: str
    told_forked: bool


def judge(town: Town) -> Verdict:
    """Compare the platform's database with the booths' files; everything has stopped or is idle."""
    devices = [read_booth(booth) for booth in town.booths]
    recorded = {id_: envelope for device in devices for id_, envelope in device.records.items()}
    told = frozenset[str]().union(*(device.told for device in devices))
    states = sum((device.states for device in devices), Counter[str]())
    database = Database.open(town.cluster.url)
    with database.reading() as unit:
        held = list(unit.events.all())
        sessions = {entry.session.id: entry.session for entry in unit.ledger.all()}
    database.close()
    hashes = {each.id: each.h for each in held}
    expected = sessions_of(recorded.values())
    places = Counter((each.stream, each.seq) for each in held)
    highest: dict[str, int] = {}
    for stream, seq in places:
        highest[stream] = max(highest.get(stream, 0), seq)
    return Verdict(
        recorded=len(recorded),
        told=len(told),
        untrue=len(told - recorded.keys()),
        held=len(held),
        lost=sum(hashes.get(id_) != envelope.h for id_, envelope in recorded.items()),
        doubled=len(held) - len(hashes),
        forks=sum(count - 1 for count in places.values()),
        unparted=_unparted(devices),
        foreign=len(hashes.keys() - recorded.keys()),
        gaps=sum(highest.values()) - len(places),
        waiting=states["pending"] + states["leased"],
        parked=states["parked"],
        sessions=len(sessions),
        sessions_wrong=sum(sessions.get(name) != expected.get(name) for name in sessions.keys() | expected.keys()),
    )


def _unparted(devices: Sequence[Device]) -> int:
    told_of = {device.stream for device in devices if device.told_forked}
    writers = Counter(device.stream for device in devices)
    return sum(count - 1 for stream, count in writers.items() if stream not in told_of)


def read_booth(booth: Path) -> Device:
    """Read a booth's file as it stands, without our programs."""
    with closing(sqlite3.connect(booth / "device.sqlite")) as connection:
        rows = connection.execute("SELECT event_id, envelope, state FROM outbox").fetchall()
        ledger = dict(connection.execute("SELECT id, h FROM ledger").fetchall())
        (stream,) = connection.execute("SELECT stream FROM streams ORDER BY number DESC LIMIT 1").fetchone()
        forked = "SELECT count(*) FROM stream_alarms WHERE stream = ? AND word = 'stream_forked'"
        (alarms,) = connection.execute(forked, (stream,)).fetchone()
    records = {event_id: _envelope.decode(envelope) for event_id, envelope, _ in rows}
    assert {id_: each.h for id_, each in records.items()} == ledger, "the outbox holds what the ledger holds"
    told = frozenset((booth / TOLD).read_text("ascii").split())
    return Device(records, told, Counter(state for _, _, state in rows), stream, alarms > 0)
