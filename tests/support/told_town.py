"""A platform's database with people, a service point and one device, and the ways its booth is told of what changes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec

from sync.agent.changes import Changes, Fetched, Told
from sync.agent.transport import HttpAnswer, HttpTransport, Limits, Transport
from sync.mailbox.agent_inbox import AgentInbox
from sync.platform import certificates
from sync.platform.feed import Feed, Freshness, Question
from sync.platform.keys import Keyring
from sync.platform.ports import Ports
from sync.platform.present import told_at
from sync.platform.publishing import publish
from sync.platform.records import Circumstances, Device, IssuedCertificate, Volunteer
from sync.platform.registry import Office
from sync.platform.rostering.agreed import write_down
from sync.platform.store import Database
from sync.platform.store.rosters import By
from sync.protocol.changes import Scope, Upsert
from sync.protocol.enrolment import Enrolment
from sync.protocol.entries import entries_of
from sync.protocol.problems import Problem
from sync.protocol.reference import RosteredShift, ServicePoint
from sync.protocol.signing.documents import SignedDocument
from sync.protocol.signing.keys import SigningKey
from sync.protocol.vocabulary import CertificateKind
from tests.support.clock import FakeClocks
from tests.support.community import CLAIMS, KID, REGION, Community, milliseconds

US = Community()
PLATFORM = SigningKey(b"p" * 32)
KEYS = Keyring(lambda: US.root, lambda: PLATFORM)
PLACE = ServicePoint("point-1", "王城公园东门岗亭", REGION, "08:00", "22:00")
FIRST, SECOND, THIRD = "4103020000000017", "4103020000000025", "4103020000000033"
NAMES = {FIRST: "张晓明", SECOND: "王秀兰", THIRD: "古丽娜尔"}
HOUR_MS = 3_600_000


@dataclass(slots=True)
class Town:
    """The platform's side: deeds of its keeper, at the time of ``clocks``."""

    database: Database
    clocks: FakeClocks
    fresh_ms: int = 0
    keys: Keyring = KEYS
    device: Device = field(init=False)

    def __post_init__(self) -> None:
        """Register everything; an epoch and the service point may stand there already."""
        public = SigningKey(US.device_seed).public
        self.device = Device(US.device, "东门触摸机", PLACE.id, public, self.now_ms)
        with self.database.writing("registry") as unit:
            if unit.registry.epoch() is None:
                unit.registry.begin_epoch("epoch-1")
            if unit.registry.service_point(PLACE.id) is None:
                unit.registry.add_service_point(PLACE)
            unit.registry.put_issuer_key(US.trust_list().keys[0])
            unit.registry.add_volunteers(Volunteer(number, name, None, 0) for number, name in NAMES.items())
            unit.devices.add(self.device)
            period = milliseconds(CLAIMS.issued_at), milliseconds(CLAIMS.expires_at)
            card = (REGION, CLAIMS.serial.hex(), FIRST, KID.hex(), CertificateKind.CARD)
            unit.certificates.add(IssuedCertificate(*card, *period))

    @property
    def now_ms(self) -> int:
        """The platform's time, UTC ms."""
        return self.clocks.true_ms

    @property
    def ports(self) -> Ports:
        """What the platform asks of the world."""
        return Ports(lambda: datetime.fromtimestamp(self.now_ms / 1000, UTC), lambda: "id", lambda size: b"e" * size)

    @property
    def feed(self) -> Feed:
        """What answers devices."""
        return Feed(self.database, self.ports.clock, self.keys, Freshness(self.fresh_ms))

    def publish(self) -> SignedDocument:
        """Return the device's reference data as a signed file."""
        with self.database.writing("registry") as unit:
            return publish(unit, self.device.id, US.root, self.now_ms)

    def enrolment(self, url: str = "http://127.0.0.1:9") -> Enrolment:
        """Return the device's enrolment, with the platform's own key."""
        own = US.enrolment(url, self.publish())
        return msgspec.structs.replace(own, platform_public=PLATFORM.public.hex())

    def enrol(self, folder: Path, url: str = "http://127.0.0.1:9") -> None:
        """Write the enrolment file of the booth in a folder."""
        file = folder / "enrolment.json"
        folder.mkdir(exist_ok=True)
        file.touch(0o600)
        file.write_bytes(msgspec.json.encode(self.enrolment(url)))

    def notices(self, *texts: str) -> None:
        """Write the notices anew."""
        with self.database.writing("registry") as unit:
            unit.places.put_notices(PLACE.id, texts)

    def shift(self, id_: str, volunteer: str, begins_h: float = 0, hours: float = 3) -> None:
        """Roster somebody, from so many hours after now."""
        starts_ms = self.now_ms + round(begins_h * HOUR_MS)
        shift = RosteredShift(id_, volunteer, "", "directions", starts_ms, starts_ms + round(hours * HOUR_MS))
        with self.database.writing("registry") as unit:
            write_down(unit, PLACE.id, [shift], By("captain", self.now_ms, "page"))

    def decide(self, volunteer: str, **decided: Any) -> None:
        """Write what was decided of a volunteer anew."""
        with self.database.writing("registry") as unit:
            unit.standings.put(volunteer, Circumstances(**decided))

    def lose(self, volunteer: str) -> None:
        """Take a lost card back."""
        with self.database.writing("registry") as unit:
            certificates.report_lost(Office(unit, self.ports, REGION), volunteer)

    def present(self) -> list[Upsert]:
        """Return what the booth must be told now."""
        with self.database.reading() as unit:
            return sorted(entries_of(told_at(unit, PLACE, self.now_ms)), key=lambda each: (each.topic, each.key))

    def line(self) -> Line:
        """Return a way to the feed without a network."""
        return Line(self)


@dataclass(slots=True)
class Line:
    """The port ``Transport`` straight into the feed; ``fails`` answers in its place while it is set."""

    town: Town
    fails: HttpAnswer | Exception | None = None
    asked: list[str] = field(default_factory=list)

    def exchange(self, method: str, target: str, body: bytes | None) -> HttpAnswer:
        """Ask for a page."""
        assert (method, body) == ("GET", None)
        self.asked.append(target)
        if isinstance(self.fails, Exception):
            raise self.fails
        if self.fails is not None:
            return self.fails
        query = {name: values[0] for name, values in parse_qs(urlsplit(target).query).items()}
        question = Question(Scope(query["scope"]), query.get("cursor"), int(query["limit"]))
        page = self.town.feed.page(self.town.device, question)
        if isinstance(page, Problem):
            return HttpAnswer(page.status, msgspec.json.encode(page), None)
        return HttpAnswer(200, msgspec.json.encode(page), None)


def changes_of(file: Path, transport: Transport, limit: int = 500) -> Changes:
    """Return the agent's way down on a device file."""
    return Changes(AgentInbox(file), transport, US.device, PLATFORM.public, limit)


def http(url: str) -> HttpTransport:
    """Return the device's real transport."""
    return HttpTransport(url, US.device, SigningKey(US.device_seed), lambda: datetime.now(UTC), Limits(2, 5, 10))


def poll(changes: Changes) -> Fetched:
    """Fetch until the round is over."""
    while (fetched := changes.step()).told is Told.MORE:
        pass
    return fetched
