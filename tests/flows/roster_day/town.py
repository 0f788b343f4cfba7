"""A real platform behind HTTP, two booths of one service point with their agents, and the clock they all go by.

Upstream: ``sync.platform``, ``sync.agent``, ``clocks``.
Downstream: ``test_roster_day``.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from sync.agent.asking import World
from sync.agent.commands.wiring import Outside, Wiring
from sync.agent.settings import AgentSettings
from sync.platform import phone
from sync.platform.api.routes import Trust
from sync.platform.app import build_app
from sync.platform.keys import Keyring
from sync.platform.ports import Ports
from sync.platform.publishing import publish
from sync.platform.records import Device, IssuedCertificate, Volunteer
from sync.platform.registry import Office
from sync.platform.signin.rights import Role
from sync.platform.store import Database
from sync.protocol.enrolment import Enrolment
from sync.protocol.reference import ServicePoint
from sync.protocol.signing.keys import SigningKey
from sync.protocol.vocabulary import CertificateKind
from tests.flows.roster_day.clocks import FileClocks
from tests.support.community import CLAIMS, KID, REGION, Community, milliseconds
from tests.support.console import enlist
from tests.support.served import served

US, PLATFORM_KEY = Community(), SigningKey(b"p" * 32)
PLACE = ServicePoint("point-1", "王城公园东门岗亭", REGION, "08:00", "22:00")
FIRST, SECOND, THIRD, FOURTH = "4103020000000017", "4103020000000025", "4103020000000033", "4103020000000041"
NAMES = {FIRST: "张晓明", SECOND: "王秀兰", THIRD: "古丽娜尔", FOURTH: "欧阳文博"}
SEEDS = {"device-1": b"d" * 32, "device-2": b"e" * 32}
MOST_STEPS = 80
PHONE_CLAIMS = (milliseconds(CLAIMS.issued_at), milliseconds(CLAIMS.expires_at))


@dataclass(frozen=True, slots=True)
class Town:
    """What the day happens in."""

    folder: Path
    database: Database
    clocks: FileClocks
    url: str

    def home(self, device: str) -> Path:
        """Return the folder of a booth."""
        return self.folder / device

    def enrol(self, device: str) -> Path:
        """Register a device and write its enrolment file; return its folder."""
        home, seed = self.home(device), SEEDS[device]
        with self.database.writing("registry") as unit:
            public = SigningKey(seed).public
            unit.devices.add(Device(device, f"东门触摸机 {device[-1]}", PLACE.id, public, self.clocks.true_ms))
            reference = publish(unit, device, US.root, self.clocks.true_ms)
        keys = US.root.public.hex(), self.url, reference, PLATFORM_KEY.public.hex()
        home.mkdir()
        file = home / "enrolment.json"
        file.touch(0o600)
        file.write_bytes(msgspec.json.encode(Enrolment(device, seed.hex(), *keys)))
        (home / "clock").symlink_to(self.clocks.file)
        return home

    def exchange(self, device: str) -> None:
        """Let a device's agent send what waits, and fetch what is told, until both have nothing to do."""
        wiring = self._wiring(device)
        mailbox = wiring.mailbox()
        status = wiring.status_file(mailbox)
        errands, fetching = wiring.errands(mailbox, status), wiring.fetching(status)
        for _ in range(MOST_STEPS):
            if errands.step():
                break
        else:
            raise AssertionError("the agent never came to rest")
        while fetching.step() == 0.0:
            pass

    def card(self, number: str) -> str:
        """Return a volunteer's certificate."""
        return US.certificate(volunteer_number=number, display_name=NAMES[number])

    def phone_link(self, number: str) -> str:
        """Open a phone's page for a volunteer; return its address."""
        with self.database.writing("registry") as unit:
            card = (REGION, number[-12:], number, KID.hex(), CertificateKind.CARD)
            unit.certificates.add(IssuedCertificate(*card, *PHONE_CLAIMS))
            return f"/my/{phone.open_link(Office(unit, _ports(self.clocks), REGION), number)}"

    def _wiring(self, device: str) -> Wiring:
        home, clocks = self.home(device), self.clocks
        settings = AgentSettings(device_file=home / "device.sqlite", enrolment=home / "enrolment.json")
        world = World(_new_id, clocks.boot_id, clocks.boottime_ns, lambda: 0.5)
        return Wiring(settings, Outside(world, lambda: _now(clocks), lambda: os.urandom(32)))


@contextmanager
def town_in(folder: Path, now: datetime) -> Iterator[Town]:
    """Set up the platform with its people, at an instant (aware), and serve it."""
    clocks = FileClocks.at(folder / "clock", now)
    database = Database.open(f"sqlite:///{folder / 'platform.sqlite'}")
    database.migrate()
    with database.writing("registry") as unit:
        if unit.registry.epoch() is None:
            unit.registry.begin_epoch("epoch-1")
        unit.registry.add_service_point(PLACE)
        unit.registry.put_issuer_key(US.trust_list().keys[0])
        unit.registry.add_volunteers(Volunteer(number, name, None, 0) for number, name in NAMES.items())
    enlist(database, "head", Role.HEAD, point=PLACE.id)
    keys = Keyring(lambda: US.root, lambda: PLATFORM_KEY)
    app = build_app(database, _ports(clocks), trust=Trust(keys))
    try:
        with served(app) as url:
            yield Town(folder, database, clocks, url)
    finally:
        database.close()


def _ports(clocks: FileClocks) -> Ports:
    return Ports(lambda: _now(clocks), _new_id, os.urandom)


def _now(clocks: FileClocks) -> datetime:
    return datetime.fromtimestamp(clocks.true_ms / 1000, UTC)


def _new_id() -> str:
    return str(uuid.uuid4())
