"""A planned town with two booths that may be off the network, and a page: where volunteers say what they say.

Upstream: ``tests.support.rosters``, ``sync.platform.taking``, ``sync.platform.rostering.answering``.
Downstream: tests of answers to the roster.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from sync.platform.ports import Ports
from sync.platform.present import told_at
from sync.platform.rostering import answering
from sync.platform.rostering.answering import Said
from sync.platform.rostering.model import Answer, Assignment, Post
from sync.platform.rostering.outlook import Outlook
from sync.platform.store import Database
from sync.platform.store.rosters import OWNER
from sync.platform.store.tables import AssignmentRow, RosterAnswerRow, RosterLogRow, SwapRow
from sync.platform.taking import take
from sync.protocol.batch import Batch, Delivery
from sync.protocol.entries import Told
from sync.protocol.envelope import Envelope
from sync.protocol.roster import RosterResponse
from sync.protocol.signing.keys import SigningKey
from sync.protocol.vocabulary import AssignmentState, RosterAnswer
from tests.integration.platform.emptied import DEVICES, POINT, driver_of, fresh_file
from tests.integration.platform.fleet import CARD, FakeDevice
from tests.support.rosters import Town

HOUR_MS = 3_600_000
EARLY, LATE = DEVICES  # the two booths
KEPT = (AssignmentRow, RosterAnswerRow, SwapRow, RosterLogRow)


@dataclass(slots=True)
class Booths:
    """Two booths of a town and the page; a booth keeps what it recorded until it is brought."""

    town: Town
    devices: dict[str, FakeDevice] = field(init=False)
    brought: list[tuple[str, list[Envelope]]] = field(default_factory=list)
    _batches: int = 0

    def __post_init__(self) -> None:
        began_ms = self.town.now_ms - HOUR_MS
        key = SigningKey(b"\x01" * 32)
        self.devices = {
            name: FakeDevice(name, key, POINT.id, began_ms, f"of {name}", f"boot of {name}") for name in DEVICES
        }

    @property
    def ports(self) -> Ports:
        """The town's time and ids."""
        return Ports(lambda: datetime.fromtimestamp(self.town.now_ms / 1000, UTC), self.town.ids, bytes)

    def anchored(self) -> Booths:
        """Let both booths have met the platform: from now on their time is known."""
        for name, device in self.devices.items():
            device.anchor(self.town.now_ms)
            self.bring(name, device.log)
        return self

    def says(self, booth: str, volunteer: str, answer: RosterAnswer, of: str, **more: Any) -> str:
        """Let a volunteer say something at a booth, a second later; return the id of the answer."""
        self.town.now_ms += 1000
        body = RosterResponse(volunteer, CARD, answer, of, **more)
        return self.devices[booth].record(body, self.town.now_ms).id

    def on_page(self, volunteer: str, answer: RosterAnswer, of: str, **more: Any) -> Answer:
        """Let a volunteer say something on the page, a second later."""
        self.town.now_ms += 1000
        return self.says_at_once(Said(volunteer, answer, of, **more))

    def says_at_once(self, said: Said) -> Answer:
        """Let a volunteer say something on the page, in the same instant."""
        return answering.say(self.town.database, self.ports, said)

    def bring(self, booth: str, events: Sequence[Envelope] | None = None) -> None:
        """Take what a booth recorded, a second later, without settling anything."""
        self.town.now_ms += 1000
        self._batches += 1
        device = self.devices[booth]
        some = list(device.log if events is None else events)
        self.brought.append((booth, some))
        with self.town.database.writing(booth) as unit:
            batch = Batch(f"batch-{self._batches}", booth, some)
            take(Delivery(batch), "0" * 64, unit, self.town.now_ms)

    def settle(self) -> int:
        """Decide what waits."""
        return answering.settle(self.town.database, self.ports)

    def arrives(self, booth: str, events: Sequence[Envelope] | None = None) -> None:
        """Take what a booth recorded, and decide it."""
        self.bring(booth, events)
        self.settle()

    def answer(self, id_: str) -> Answer:
        """Return an answer as it stands."""
        with self.town.database.reading() as unit:
            found = unit.roster_answers.find(id_)
        assert found is not None
        return found

    def outlook(self, volunteer: str) -> Outlook:
        """Return what a volunteer sees on the page."""
        with self.town.database.reading() as unit:
            return answering.outlook(unit, volunteer, self.town.now_ms)

    def told(self, point: str = POINT.id) -> Told:
        """Return what booths of a point are told."""
        with self.town.database.reading() as unit:
            place = unit.registry.service_point(point)
            assert place is not None
            return told_at(unit, place, self.town.now_ms)

    def offer(self, post: Post, number: str) -> Assignment:
        """Ask a volunteer for a post; it is published."""
        placed = self.town.assign(post, number)
        self.town.publish()
        return self.town.place(placed)

    def holder(self, post: Post) -> list[str]:
        """Return who was given a place at a post."""
        with self.town.database.reading() as unit:
            return [place.volunteer for place in unit.rosters.assignments([post.id], {AssignmentState.ACCEPTED})]

    def kept(self) -> dict[str, list[str]]:
        """Return all that answers can change."""
        with self.town.database._engine.connect() as connection:
            return {
                row.__tablename__: sorted(str(tuple(each)) for each in connection.execute(sa.select(row.__table__)))
                for row in KEPT
            }

    def lift(self) -> None:
        """Write anew what stands beside events, as a newer version of the program does once."""
        with self.town.database.writing(OWNER) as unit:
            unit.events.add_beside_again("", 1000)


@lru_cache(maxsize=1)
def _one() -> Database:
    """One database for all examples: another engine would compile every statement anew."""
    return Database.open("sqlite://")


@lru_cache(maxsize=1)
def _settled() -> bytes:
    """A town without a post, as bytes."""
    with fresh_file() as database:
        Town(database).settle()
        return driver_of(database).serialize()


def another_town() -> Booths:
    """Return a town whose booths have met the platform; the one that was given out before is gone."""
    driver_of(_one()).deserialize(_settled())
    return Booths(Town(_one())).anchored()
