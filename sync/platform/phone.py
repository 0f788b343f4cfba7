"""A phone's code: a secret link opens a page that shows a certificate of minutes, minted anew while it is looked at.

Upstream: ``certificates``, ``store``.
Downstream: ``console.my``, the commands.

The link is the one secret: 128 random bits in the address, their SHA-256 in the database, nothing about the person in
either. A link mints at most once in fifteen seconds, however often its page is asked for; asked sooner, it shows the
same code.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sync.platform.certificates import CertificateDesk, entitled, registered
from sync.platform.ports import MS_PER_SECOND, unix_ms
from sync.platform.records import Phone, Volunteer
from sync.platform.registry import Office
from sync.platform.store import Unit
from sync.protocol.vocabulary import CertificateKind

LINK_BYTES = 16
MAX_LINK = 64  # characters looked at
CODE_LIFE = timedelta(minutes=3)
SHOWN_S = 60  # after that the page asks for a new one, while the old one is good for two minutes more
AGAIN_AFTER_MS = 15_000


@dataclass(frozen=True, slots=True)
class ShownCode:
    """What the page shows: the text of the code, whose it is, and for how many seconds the page may show it."""

    text: str
    volunteer: Volunteer
    fresh_s: int


def open_link(office: Office, number: str) -> str:
    """Open a link for a volunteer's phone, close the earlier ones, and return its secret; it is kept nowhere.

    Raises:
        UnknownError: the volunteer is not registered.
        CardError: the volunteer's card was revoked.
    """
    entitled(office, number)
    now_ms = unix_ms(office.ports.clock())
    secret = base64.urlsafe_b64encode(office.ports.entropy(LINK_BYTES)).decode().rstrip("=")
    office.unit.phones.close_all(number, now_ms)
    office.unit.phones.open(_digest(secret), number, now_ms)
    return secret


def close_links(office: Office, number: str) -> None:
    """Close every link of a volunteer, that of the calendar too, since it was seen behind the phone's.

    Raises:
        UnknownError: the volunteer is not registered.
    """
    registered(office, number)
    office.unit.phones.close_all(number, unix_ms(office.ports.clock()))
    office.unit.calendar_links.close_all(number, unix_ms(office.ports.clock()))


def is_open(office: Office, secret: str) -> bool:
    """Tell whether a link is open."""
    return len(secret) <= MAX_LINK and office.unit.phones.find(_digest(secret)) is not None


def whose(unit: Unit, secret: str) -> Volunteer | None:
    """Return whose an open link is, or None."""
    found = unit.phones.find(_digest(secret)) if len(secret) <= MAX_LINK else None
    return None if found is None else found.volunteer


def show_code(desk: CertificateDesk, secret: str) -> ShownCode | None:
    """Return what the page of a link shows, or None where the link is not open."""
    phone = desk.office.unit.phones.find(_digest(secret[:MAX_LINK]))
    if phone is None:
        return None
    now = desk.office.ports.clock()
    serial, issued_at = _held(phone, unix_ms(now)) or _new(desk, phone, now)
    text = desk.code(phone.volunteer, serial, issued_at, CODE_LIFE)
    passed_s = int((now - issued_at).total_seconds())
    return ShownCode(text, phone.volunteer, max(1, SHOWN_S - passed_s))


def _held(phone: Phone, now_ms: int) -> tuple[bytes, datetime] | None:
    if phone.serial is None or phone.minted_ms is None or not 0 <= now_ms - phone.minted_ms < AGAIN_AFTER_MS:
        return None
    return bytes.fromhex(phone.serial), datetime.fromtimestamp(phone.minted_ms / MS_PER_SECOND, UTC)


def _new(desk: CertificateDesk, phone: Phone, now: datetime) -> tuple[bytes, datetime]:
    serial, issued_at = desk.next_serial(CertificateKind.DYNAMIC), now.replace(microsecond=0)
    desk.office.unit.phones.note_code(phone.link, serial.hex(), unix_ms(issued_at))
    return serial, issued_at


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()
