"""What the store gives back to those who read: frozen values, nothing of a database.

Upstream: ``sync.protocol``.
Downstream: ``store`` makes them; ``console``, the commands and ``registry`` read them.
"""

from __future__ import annotations

from dataclasses import dataclass

from sync.protocol.sessions import Session
from sync.protocol.vocabulary import CertificateKind, SessionState


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
    """

    from_ms: int | None = None
    until_ms: int | None = None
    volunteer: str | None = None
    state: SessionState | None = None


@dataclass(frozen=True, slots=True)
class Total:
    """How many sessions of one state and provenance there are, and the minutes they count."""

    state: str
    provenance: str
    sessions: int
    credited_minutes: int


@dataclass(frozen=True, slots=True)
class LedgerPage:
    """Some lines of the ledger, and the totals of the whole selection."""

    entries: tuple[Entry, ...]
    totals: tuple[Total, ...]

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


@dataclass(frozen=True, slots=True)
class IssuedCertificate:
    """A certificate that was issued, by its serial (hex); times are UTC ms."""

    serial: str
    volunteer: str
    kid: str
    kind: CertificateKind
    issued_ms: int
    expires_ms: int
