"""What booths send after days of duty: sealed as a kiosk seals, from one seed, so that every run sends the same.

Upstream: ``sync.protocol``.
Downstream: ``bench/upload.py``, ``bench/fleet.py``, tests with several devices.

A day at a booth: some duties one after another, half of them with counts, one in five with another service kind chosen;
the captain confirms and rates each, some are rated by whoever was served, and a few anchors tell the time.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field

from sync.protocol.batch import Batch, encode_batch
from sync.protocol.envelope import Envelope, Position, Stamp, seal
from sync.protocol.events import Anchor, Aside, Body, CheckIn, CheckOut, Choice, Presented, Tally
from sync.protocol.judgements import Confirmation, Rating, RecipientRating
from sync.protocol.signing.keys import SigningKey
from sync.protocol.vocabulary import ClockQuality, Effect, Face, Quality, ServiceKind

STARTING_MS = 1_783_040_400_000  # 2026-07-03 09:00 in Shanghai
HOUR_MS, DAY_MS = 3_600_000, 86_400_000
ANCHORS_A_DAY, REGULARS = 4, 60
NAMES = ("张晓明", "李桂兰", "王建国", "欧阳若兰", "单玉梅", "刘洋", "赵淑珍", "陈志强")
CAPTAIN = "4103020000009999"
KINDS = tuple(kind.value for kind in ServiceKind)


@dataclass
class Traveller:
    """One device: its key, its stream, its one boot, and the head of what it has recorded."""

    number: int
    chance: random.Random = field(init=False)
    id: str = field(init=False)
    key: SigningKey = field(init=False)
    boot_id: str = field(init=False)
    head: Position = field(init=False)
    now_ms: int = STARTING_MS

    def __post_init__(self) -> None:
        self.chance = random.Random(self.number)  # noqa: S311 - the same for every run, on purpose
        self.id, self.boot_id = self.uuid(), self.uuid()
        self.key = SigningKey(self.chance.randbytes(32))
        self.head = Position(self.uuid())

    @property
    def service_point(self) -> str:
        return f"point-{self.number % 50 + 1}"

    def uuid(self) -> str:
        return str(uuid.UUID(bytes=self.chance.randbytes(16), version=4))

    def events(self, count: int, duties_a_day: int = 9) -> Iterator[Envelope]:
        """Yield the next so many events of its life."""
        made = (event for day in self._days(duties_a_day) for event in day)
        for _ in range(count):
            yield next(made)

    def batches(self, count: int, size: int) -> Iterator[Batch]:
        """Yield the next so many batches."""
        made = self.events(count * size)
        for _ in range(count):
            yield self.batch([next(made) for _ in range(size)])

    def batch(self, events: list[Envelope]) -> Batch:
        """Return some events as a batch."""
        return Batch(self.uuid(), self.id, events)

    def body(self, events: list[Envelope]) -> bytes:
        """Return some events as a request's body."""
        return encode_batch(self.batch(events))

    def _days(self, duties: int) -> Iterator[Iterator[Envelope]]:
        while True:
            yield self._day(duties)
            self.now_ms += DAY_MS - self.now_ms % DAY_MS + HOUR_MS

    def _day(self, duties: int) -> Iterator[Envelope]:
        for turn in range(duties):
            if turn % max(1, duties // ANCHORS_A_DAY) == 0:
                us = self._bt_us()
                yield self.seal(Anchor(self.boot_id, 1, us, self.now_ms - 20, 40_000))
            yield from self._duty()

    def _duty(self) -> Iterator[Envelope]:
        chance, session = self.chance, self.uuid()
        who = chance.randrange(REGULARS)
        volunteer = f"4103{self.number:06d}{who:06d}"
        card = Presented("410302", "0a0b", f"{self.number % 50 * REGULARS + who:016x}")
        aside, service = Aside(chance.choice(NAMES), chance.randbytes(16).hex()), chance.choice(KINDS)
        yield self.seal(CheckIn(session, volunteer, card, aside.digest(), service, self.service_point), aside)
        if chance.random() < 0.2:
            yield self.seal(Choice(session, chance.choice(KINDS)))
        self.now_ms += chance.randrange(HOUR_MS // 2, HOUR_MS)
        if chance.random() < 0.2:
            yield self.seal(RecipientRating(Face.SATISFIED, self.service_point, [session]))
        ended = self.seal(CheckOut(session, volunteer, card))
        yield ended
        counts = {"people": chance.randrange(1, 40)}
        if chance.random() < 0.5:
            yield self.seal(Tally(session, counts))
        yield self.seal(Confirmation(session, ended.id, CAPTAIN))
        yield self.seal(Rating(session, Quality.GOOD, CAPTAIN, [next(iter(Effect))], counts))

    def seal(self, body: Body, aside: Aside | None = None) -> Envelope:
        """Record a body now."""
        self.now_ms += self.chance.randrange(500, 9_000)
        stamp = Stamp(self.boot_id, 1, self._bt_us(), self.now_ms, ClockQuality.ANCHORED)
        sealed = seal(body, id_=self.uuid(), at=self.head, stamp=stamp, aside=aside)
        self.head = Position(sealed.stream, sealed.seq, sealed.h)
        return sealed

    def _bt_us(self) -> int:
        return (self.now_ms - STARTING_MS + HOUR_MS) * 1000 + self.chance.randrange(1000)
