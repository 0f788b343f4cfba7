"""A demo community in a folder: keys, people, one device, today's roster. Every one is its own; nobody in it exists.

Upstream: ``registry``, ``keys``, ``store``, ``sync.protocol``.
Downstream: ``__main__`` (demo-community), tests.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

from sync.platform import keys, passwords
from sync.platform.appointments import Role, appoint
from sync.platform.certificates import CertificateDesk, CertificateOrder
from sync.platform.errors import PlatformError
from sync.platform.passwords import SALT_BYTES, Costs
from sync.platform.ports import Ports, unix_ms
from sync.platform.records import Volunteer
from sync.platform.registry import DevicePlan, Office, write_enrolment
from sync.platform.rostering.agreed import write_down
from sync.platform.signin.enlisting import Enlisting, generated
from sync.platform.signin.rights import Holding
from sync.platform.signin.rights import Role as ConsoleRole
from sync.platform.store import Database
from sync.platform.store.rosters import By
from sync.protocol.certificate.claims import Claims
from sync.protocol.certificate.mint import mint
from sync.protocol.reference import Appointment, RosteredShift, ServicePoint
from sync.protocol.signing.keys import SEED_BYTES, SigningKey
from sync.protocol.vocabulary import CertificateKind, ServiceKind

REGION = "410302"  # 老城区: the district of the demo's imagined booth
POINT_NAME = "王城公园东门岗亭"
DEVICE_NAME = "东门触摸机"
NOTICES = ("请佩戴小红帽和袖标上岗", "周六上午环境保护活动招募志愿者，欢迎报名")
PEOPLE: Sequence[
    tuple[str, ServiceKind]
] = (  # invented names: common, rare characters, long ones of other nationalities
    ("张晓明", ServiceKind.DIRECTIONS),
    ("王秀兰", ServiceKind.TEA_CHARGING),
    ("李㛃", ServiceKind.TUTORING),
    ("赵䶮", ServiceKind.DIRECTIONS),
    ("孙𬭎", ServiceKind.LEGAL_ADVICE),
    ("古丽娜尔·阿不都热合曼", ServiceKind.CULTURE_SPORTS),
    ("欧阳文博", ServiceKind.ENVIRONMENT),
    ("扎西·次仁", ServiceKind.POVERTY_RELIEF),
    ("陈思琪", ServiceKind.TUTORING),
    ("马建军", ServiceKind.DIRECTIONS),
    ("单玉梅", ServiceKind.TEA_CHARGING),
    ("刘洋", ServiceKind.ENVIRONMENT),
)
SHIFTS: Sequence[tuple[int, int, int]] = (  # person, begins and ends in minutes from now
    (0, -20, 160),
    (1, -10, 170),
    (2, -5, 115),
    (3, 60, 240),
    (5, 120, 300),
    (6, 180, 360),
    (8, -240, -60),
    (9, -180, -30),
)
KEEPER, HEAD = "demo", "demo-head"  # sign-in names: one who sees all, and the station's head
OPERATORS = {0: (Role.CAPTAIN, "community"), 1: (Role.HEAD, None)}  # person: role, team
IN_OFFICE = timedelta(days=365)
GOOD_FOR = timedelta(days=2 * 365)
SINCE = timedelta(hours=1)
LONG_AGO = timedelta(days=400)
TRUSTED_SINCE = timedelta(days=2 * 365)
QUARTER_SECONDS = 15 * 60
NOT_CERTIFICATES = {
    "payment_alipay": "281234567890123456",
    "payment_wechat": "134567890123456789",
    "web": "https://example.org/",
    "chinese": "学习雷锋好榜样",
}


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """Who may open the demo's console; its password is no secret, since nobody in the demo exists."""

    name: str
    password: str


@dataclass(frozen=True, slots=True)
class Desk:
    """What is needed to set a demo community up: its office, its keys (``own`` is the platform's), one instant."""

    office: Office
    root: SigningKey
    issuer: SigningKey
    now: datetime
    own: SigningKey

    def volunteers(self) -> tuple[Volunteer, ...]:
        """Return the invented people; their numbers begin with letters, as no real ones do."""
        registered_ms = unix_ms(self.now)
        return tuple(
            Volunteer(f"{REGION}{self.now.year}{place:06d}", name, service, registered_ms)
            for place, (name, service) in enumerate(PEOPLE, 1)
        )

    def order(self, volunteer: Volunteer) -> CertificateOrder:
        """Return the order of a good card."""
        return CertificateOrder(volunteer, self.now - SINCE, self.now + GOOD_FOR)

    def roster(self, volunteers: Sequence[Volunteer]) -> list[RosteredShift]:
        """Return shifts around the present, beginning and ending at quarters of an hour."""
        ids = self.office.ports.ids
        return [
            RosteredShift(
                id=ids(),
                volunteer=volunteers[person].number,
                display_name=volunteers[person].name,
                service=volunteers[person].service or ServiceKind.DIRECTIONS,
                starts_ms=self._quarter_ms(begins),
                ends_ms=self._quarter_ms(ends),
            )
            for person, begins, ends in SHIFTS
        ]

    def term(self, number: str, role: Role, team: str | None) -> Appointment:
        """Return an appointment for a year from now."""
        return Appointment(number, "", role, unix_ms(self.now - SINCE), unix_ms(self.now + IN_OFFICE), team)

    def wrong_texts(self, volunteer: Volunteer) -> dict[str, str]:
        """Return a forged, an expired and another issuer's certificate, each signed for real."""
        entropy, kid = self.office.ports.entropy, keys.kid_of(self.issuer)
        stranger = SigningKey(entropy(SEED_BYTES))
        good = self._claims(volunteer, self.now - SINCE, self.now + GOOD_FOR)
        past = self._claims(volunteer, self.now - LONG_AGO, self.now - timedelta(days=1))
        return {
            "forged": mint(good, kid, stranger),
            "expired": mint(past, kid, self.issuer),
            "other_issuer": mint(good, _another_kid(kid), stranger),
        }

    def _claims(self, volunteer: Volunteer, issued_at: datetime, expires_at: datetime) -> Claims:
        serial = self.office.ports.entropy(8)
        return Claims(REGION, volunteer.number, volunteer.name, serial, issued_at, expires_at, CertificateKind.CARD)

    def _quarter_ms(self, minutes: int) -> int:
        seconds = (self.now + timedelta(minutes=minutes)).timestamp()
        return int(seconds // QUARTER_SECONDS * QUARTER_SECONDS * 1000)


def make_community(
    folder: Path, ports: Ports, platform_url: str, database_url: str = "", *, costs: Costs | None = None
) -> DemoAccount:
    """Set a demo community up in a new or empty folder, and return who may open its console.

    Args:
        folder: is made where it is missing.
        ports: the world.
        platform_url: where its device will look for the platform.
        database_url: an empty database of SQLAlchemy's; default: a SQLite file in the folder.
        costs: of the console's passwords; default: those of a real platform.

    Raises:
        PlatformError: the folder holds something already or cannot be written, or the address is not one.
    """
    now, settings = ports.clock().replace(microsecond=0), _settings_text(platform_url, database_url)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise PlatformError(f"{folder} is not empty. Name a new folder, or empty this one.")
        keys.write_secret(folder / "platform.toml", settings.encode())  # a database's URL may hold a password
    except OSError as error:
        raise PlatformError(f"{folder} cannot be written: {error.strerror}.") from error
    root, issuer = (keys.create_key(folder / "keys", name, ports.entropy) for name in (keys.ROOT, keys.ISSUER))
    own = keys.create_key(folder / "keys", keys.PLATFORM, ports.entropy)
    database = Database.open(database_url or f"sqlite:///{folder.absolute() / 'platform.sqlite'}")
    database.migrate()
    with database.writing("registry") as unit:
        unit.registry.begin_epoch(ports.ids())
        office = Office(unit, ports, REGION)
        _fill(folder, Desk(office, root, issuer, now, own), platform_url)
        account = _enlist(office, costs or Costs())
    database.close()
    return account


def _enlist(office: Office, costs: Costs) -> DemoAccount:
    """Add the keeper, and the station's head whose appointment gives the rights; both keep the password shown."""

    def hashed(password: str) -> str:
        return passwords.hashed(password, office.ports.entropy(SALT_BYTES), costs)

    now_ms, password = unix_ms(office.ports.clock()), generated(office.ports)
    term = Holding(ConsoleRole.KEEPER, now_ms, now_ms + int(IN_OFFICE.total_seconds() * 1000))
    enlisting = Enlisting(office.unit, office.ports, hashed)
    head = next(each.appointment.volunteer for each in office.unit.places.terms() if each.appointment.role == Role.HEAD)
    for made in (enlisting.add(KEEPER, password, own=term), enlisting.add(HEAD, password, volunteer=head)):
        office.unit.accounts.put(replace(made, must_change=False))
    return DemoAccount(KEEPER, password)


def _fill(folder: Path, desk: Desk, platform_url: str) -> None:
    point = ServicePoint(desk.office.ports.ids(), POINT_NAME, REGION)
    desk.office.unit.registry.add_service_point(point)
    desk.office.trust(desk.issuer, desk.now - TRUSTED_SINCE)
    people = desk.volunteers()
    cards = CertificateDesk(desk.office, desk.issuer)
    texts = [cards.issue(desk.order(volunteer)) for volunteer in people]
    by = By(KEEPER, unix_ms(desk.now), "command")
    write_down(desk.office.unit, point.id, desk.roster(people), by)
    desk.office.unit.places.put_notices(point.id, NOTICES)
    for place, (role, team) in OPERATORS.items():
        term = desk.term(people[place].number, role, team)
        appoint(desk.office, point, term)
    plan = DevicePlan(DEVICE_NAME, point, platform_url)
    write_enrolment(folder / "enrolment.json", desk.office.enrol(plan, desk.root, desk.own))
    shown: dict[str, Any] = {
        "volunteers": [
            {"name": volunteer.name, "number": volunteer.number, "text": text, "service": volunteer.service}
            for volunteer, text in zip(people, texts, strict=True)
        ],
        **desk.wrong_texts(people[0]),
        "not_certificates": NOT_CERTIFICATES,
    }
    keys.write_secret(folder / "certificates.json", msgspec.json.format(msgspec.json.encode(shown)) + b"\n")


def _another_kid(kid: bytes) -> bytes:
    return bytes(byte ^ 0xFF for byte in kid)


def _port_of(platform_url: str) -> int:
    try:
        port = urlsplit(platform_url).port
    except ValueError:
        port = None
    if not platform_url.startswith(("http://", "https://")) or port is None:
        raise PlatformError(f"{platform_url} is not an address with a port, such as http://127.0.0.1:8420.")
    return port


def _settings_text(platform_url: str, database_url: str) -> str:
    return (
        "# A demo community: nobody in it exists. The database and the keys stand beside this file.\n"
        f"# Its device looks for the platform at {platform_url}\n"
        f'host = "127.0.0.1"\nport = {_port_of(platform_url)}\nregion = "{REGION}"\nlanguage = "zh_CN"\n'
        'time_zone = "Asia/Shanghai"\n'
    ) + (f"database = {msgspec.json.encode(database_url).decode()}\n" if database_url else "")
