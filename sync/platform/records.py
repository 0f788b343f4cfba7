"""What the store gives back to those who read: frozen values, nothing of a database.

Upstream: ``sync.protocol``.
Downstream: ``store`` makes them; ``console``, the commands and ``registry`` read them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sync.protocol.reference import Appointment
from sync.protocol.sessions import Session
from sync.protocol.vocabulary import CertificateKind, Provenance, SessionState


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the ledger 台账: a session, the name at the time (None once erased), and where it was."""

    session: Session
    name: str | None
    service_point_name: str | None


@dataclass(frozen=True, slots=True)
class LedgerFilter:
    """Which sessions are asked for; None means all.

    Attributes:
        from_ms, until_ms: the start lies in [from, until), UTC ms.
        volunteer: a number, or a part of a name.
        flag: a remark that the record carries.
        within: service points, each with one team or with all (None), beyond which nothing is shown.
    """

    from_ms: int | None = None
    until_ms: int | None = None
    volunteer: str | None = None
    state: SessionState | None = None
    provenance: Provenance | None = None
    service_point: str | None = None
    service: str | None = None
    team: str | None = None
    flag: str | None = None
    within: tuple[tuple[str, str | None], ...] | None = None


@dataclass(frozen=True, slots=True)
class Total:
    """How many sessions of one state and provenance there are, and the minutes they count.

    ``apart``: ``drill`` or ``paid``, what enters no total; None: it may.
    """

    state: str
    provenance: str
    sessions: int
    credited_minutes: int
    apart: str | None = None


@dataclass(frozen=True, slots=True)
class MonthTotal:
    """What one month's sessions of one state and provenance at one place add up to, every minute once.

    ``month`` is local, as ``2026-07``; ``apart`` is ``drill`` or ``paid``, what enters no total, else empty.
    """

    month: str
    service_point: str
    state: str
    provenance: str
    apart: str
    sessions: int
    minutes: int


@dataclass(frozen=True, slots=True)
class LedgerPage:
    """Some lines of the ledger, and the totals of the whole selection.

    Attributes:
        doubled_minutes: those that the totals hold twice, since a volunteer was recorded at two places at once.
        overlapping: ids of the entries of which that is so.
    """

    entries: tuple[Entry, ...]
    totals: tuple[Total, ...]
    doubled_minutes: int = 0
    overlapping: frozenset[str] = frozenset()

    @property
    def sessions(self) -> int:
        """How many sessions the whole selection has."""
        return sum(total.sessions for total in self.totals)


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event by what identifies it."""

    id: str
    stream: str
    seq: int
    kind: str
    h: str


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A duty that is open at a service point (id and name), and when it began (UTC ms)."""

    session: str
    volunteer: str
    service_point: str
    place: str | None
    started_ms: int


@dataclass(frozen=True, slots=True)
class Faces:
    """How often each face was touched by those who were served; ``bursts``: how many of them came in a burst."""

    satisfied: int = 0
    neutral: int = 0
    dissatisfied: int = 0
    bursts: int = 0


@dataclass(frozen=True, slots=True)
class Person:
    """A volunteer by number, and the registered name where there is one."""

    number: str
    name: str | None


@dataclass(frozen=True, slots=True)
class KitOut:
    """How many caps or armbands a volunteer still has; below 0: more came back than went out."""

    person: Person
    item: str
    count: int


@dataclass(frozen=True, slots=True)
class Application:
    """A star application, whence it came and when it was received (UTC ms); the community decides."""

    person: Person
    level: int
    known_minutes: int
    device_name: str
    received_ms: int


@dataclass(frozen=True, slots=True)
class DeviceRemark:
    """A note of a device as a word, and when it was received (UTC ms)."""

    device_name: str
    word: str
    received_ms: int


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What the platform decided of a volunteer; ``born_on`` is kept here alone, devices learn the day of majority."""

    star: int = 0
    suspended: bool = False
    born_on: date | None = None
    guardian_consent: bool = False
    paid: bool = False


@dataclass(frozen=True, slots=True)
class DayCard:
    """A visitor's card for one day, by issuer and serial (hex); times are UTC ms, ``ended_ms`` None while good."""

    issuer: str
    serial: str
    number: str
    name: str
    team: str
    kid: str
    issued_ms: int
    expires_ms: int
    ended_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Device:
    """A registered device; ``public`` is its 32-byte Ed25519 key, times are UTC ms."""

    id: str
    name: str
    service_point: str
    public: bytes
    registered_ms: int
    revoked_ms: int | None = None
    last_contact_ms: int | None = None


@dataclass(frozen=True, slots=True)
class AlarmCount:
    """How often one alarm was raised, and when last (UTC ms)."""

    word: str
    times: int
    last_ms: int


@dataclass(frozen=True, slots=True)
class DeviceStanding:
    """A device and what its uploads look like.

    Attributes:
        events: stored events.
        missing: records known to exist (a later one arrived) that have not arrived.
        quarantined: refused events.
    """

    device: Device
    service_point_name: str
    events: int
    missing: int
    quarantined: int
    alarms: tuple[AlarmCount, ...]


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A refused event as the keeper sees it; ``refusal`` is a word of ``ingest.Refusal``."""

    device_name: str
    event: str
    kind: str
    refusal: str
    detail: str
    received_ms: int


@dataclass(frozen=True, slots=True)
class Volunteer:
    """A registered volunteer and the usual service kind."""

    number: str
    name: str
    service: str | None
    registered_ms: int


class Ending(StrEnum):
    """Why a card was ended before its date."""

    LOST = "lost"  # 挂失
    REPLACED = "replaced"  # 换发, by a newer card
    REVOKED = "revoked"  # 注销


class CardState(StrEnum):
    """What a volunteer's newest card is worth; ``none``: no card was ever issued."""

    GOOD = "good"
    EXPIRED = "expired"
    LOST = "lost"
    REPLACED = "replaced"
    REVOKED = "revoked"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class IssuedCertificate:
    """An issued card by issuer and serial (hex); times are UTC ms, ``ended_ms`` is None while nothing ended it."""

    issuer: str
    serial: str
    volunteer: str
    kid: str
    kind: CertificateKind
    issued_ms: int
    expires_ms: int
    ended_ms: int | None = None
    ending: Ending | None = None

    def state_at(self, now_ms: int) -> CardState:
        """Return what the card is worth at an instant, UTC ms."""
        if self.ending is not None:
            return CardState(self.ending.value)
        return CardState.EXPIRED if now_ms >= self.expires_ms else CardState.GOOD


@dataclass(frozen=True, slots=True)
class CardHolder:
    """A volunteer, the newest card (None where there is none), and whether a phone of theirs may show a code."""

    volunteer: Volunteer
    card: IssuedCertificate | None
    has_phone: bool

    def state_at(self, now_ms: int) -> CardState:
        """Return what the newest card is worth at an instant, UTC ms."""
        return CardState.NONE if self.card is None else self.card.state_at(now_ms)


@dataclass(frozen=True, slots=True)
class Phone:
    """An open phone link (its SHA-256, hex), whose it is, and the serial and instant (UTC ms) of the code it shows."""

    link: str
    volunteer: Volunteer
    serial: str | None
    minted_ms: int | None


@dataclass(frozen=True, slots=True)
class Term:
    """An appointment with its id and its service point; times are UTC ms, the end excluded."""

    id: str
    service_point: str
    service_point_name: str
    appointment: Appointment
