"""What the use cases need of the world, as protocols; the store, the clock and the tests' fakes implement them.

Upstream: ``kiosk.timekeeping.moment``, ``sync.protocol``.
Downstream: every use case; ``kiosk.store``, ``kiosk.timekeeping``, ``kiosk.composition``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from kiosk.certificate.verify import NOTHING_REVOKED
from kiosk.usecases.operator_ports import DeskReading
from kiosk.usecases.record_ports import RecordsReading
from kiosk.usecases.scan_ports import ScanReading

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from contextlib import AbstractContextManager
    from datetime import date, datetime

    from kiosk.timekeeping.moment import Moment
    from kiosk.usecases.operator_ports import KeptPin
    from sync.protocol.envelope import Envelope, Stamp
    from sync.protocol.events import Anchor, Aside, Body, Heartbeat
    from sync.protocol.reference import ReferenceData
    from sync.protocol.revocation import RevocationList
    from sync.protocol.sessions import Session
    from sync.protocol.signing.documents import SignedDocument
    from sync.protocol.timeline import Span, TimeLog
    from sync.protocol.trust import TrustList


class Clock(Protocol):
    """The device's trusted time."""

    def now(self) -> Moment:
        """Return the present moment; never raises, never blocks."""
        ...


class Ids(Protocol):
    """Randomness, by its two uses."""

    def new_id(self) -> str:
        """Return a UUIDv4 as text."""
        ...

    def new_salt(self) -> str:
        """Return 16 random bytes as hex."""
        ...


@dataclass(frozen=True, slots=True)
class Reference:
    """What the platform last told this device, already verified."""

    data: ReferenceData
    trust: TrustList
    revocations: RevocationList = NOTHING_REVOKED


class ReferenceShelf(Protocol):
    """Where the current reference data stands."""

    def current(self) -> Reference:
        """Return it.

        Raises:
            NotEnrolledError: none has arrived yet.
        """
        ...


@dataclass(frozen=True, slots=True)
class RecordedSession:
    """A session as the device's ledger has it, with what only the device keeps beside it.

    Attributes:
        session: the fold of its events.
        name: the name at the time, empty where it was erased.
        check_in: the envelope of its check-in.
    """

    session: Session
    name: str
    check_in: Envelope


@dataclass(frozen=True, slots=True)
class Minutes:
    """Credited minutes of one volunteer at this device: in one local month, and in all."""

    month: int
    total: int


@dataclass(frozen=True, slots=True)
class DynamicCode:
    """What tells one dynamic certificate from every other, and until when it is good; aware UTC, whole seconds."""

    issuer: str
    serial: bytes
    issued_at: datetime
    expires_at: datetime


class Reading(RecordsReading, DeskReading, ScanReading, Protocol):
    """What can be asked of the ledger."""

    def session(self, session_id: str) -> RecordedSession | None:
        """Return a session by id, or None."""
        ...

    def event(self, event_id: str) -> Envelope | None:
        """Return an event by id, or None."""
        ...

    def open_sessions(self) -> Sequence[RecordedSession]:
        """Return all open sessions, earliest first."""
        ...

    def sessions_since(self, at: datetime) -> Sequence[RecordedSession]:
        """Return the sessions that started at or after an aware UTC instant, earliest first."""
        ...

    def minutes_of(self, volunteer: str, month: date) -> Minutes:
        """Return the credited minutes of a volunteer; ``month`` is any local date in it."""
        ...

    def minutes_by_day(self, month: date) -> Mapping[date, int]:
        """Return the credited minutes of all volunteers by local start date within a month."""
        ...

    def provisional_count(self) -> int:
        """Return how many sessions wait for a person's word."""
        ...

    def name_of(self, volunteer: str) -> str | None:
        """Return the name that the latest session of a volunteer carries at this device, or None."""
        ...

    def sessions_of(self, volunteer: str, since: datetime) -> Sequence[RecordedSession]:
        """Return a volunteer's sessions that started at or after an aware UTC instant, earliest first."""
        ...

    def unconfirmed_entries(self) -> Sequence[RecordedSession]:
        """Return the hours entered by hand that wait for a second person, earliest first."""
        ...

    def pin_of(self, operator: str) -> KeptPin:
        """Return what is kept of an operator's PIN."""
        ...

    def time_log(self, stamp: Stamp) -> TimeLog:
        """Return what places a stamp of this device in time."""
        ...

    def lasted(self, event: Envelope, until: Stamp) -> Span:
        """Return the time from an event of the ledger to a stamp of this device."""
        ...

    def untold_beats(self, boot_n: int) -> Sequence[Heartbeat]:
        """Return what the chain does not know yet of the boots before this one: when each was last surely alive."""
        ...

    def floor_ms(self) -> int:
        """Return the latest instant that had surely passed at any beat, UTC ms; 0 where none was kept."""
        ...


class Writing(Reading, Protocol):
    """One transaction: what is appended is durable when the context ends, or nothing is."""

    def append(self, body: Body, stamp: Stamp, aside: Aside | None = None) -> Envelope:
        """Seal an event onto the chain, put it into the outbox and bring its session up to date."""
        ...

    def keep_beat(self, stamp: Stamp, floor_ms: int) -> None:
        """Keep that this boot is alive, and an instant (UTC ms) that has surely passed."""
        ...

    def take_code(self, code: DynamicCode) -> bool:
        """Remember a dynamic certificate; False where it was taken before, or had ended as the newest was issued."""
        ...

    def keep_pin(self, operator: str, pin: KeptPin) -> None:
        """Keep this of an operator's PIN, instead of what was kept."""
        ...


class Ledger(Protocol):
    """The device's ledger."""

    def reading(self) -> AbstractContextManager[Reading]:
        """Open a consistent view.

        Raises:
            RecordingError: on entering or within, when the file cannot be read.
        """
        ...

    def writing(self) -> AbstractContextManager[Writing]:
        """Open a transaction that commits when the block ends and rolls back when it raises.

        Raises:
            RecordingError: on entering, within or at the commit; nothing was recorded.
        """
        ...


@dataclass(frozen=True, slots=True)
class LinkState:
    """What the agent last left in the mailbox about the way to the platform.

    Attributes:
        waiting: events not yet acknowledged.
        last_contact: when the platform last answered with a receipt, aware UTC, or None.
    """

    waiting: int
    last_contact: datetime | None


@dataclass(frozen=True, slots=True)
class KioskState:
    """How the kiosk is: its version, its clock's word, its camera's, the wall clock (UTC ms), and its boots.

    ``at`` is the stamp up to which it vouches for its records, None where it does not.
    """

    version: str
    clock: str
    camera: str
    seen_ms: int
    boots: int
    at: Stamp | None = None


class Mailbox(Protocol):
    """The device's side of the mailbox that it shares with the agent."""

    def link(self) -> LinkState:
        """Return what is known of the way to the platform."""
        ...

    def take_anchors(self) -> Sequence[Anchor]:
        """Return the exchanges with the platform that the agent noted and the ledger has not yet."""
        ...

    def drop_anchors(self, anchors: Sequence[Anchor]) -> None:
        """Forget the anchors that were taken and dealt with."""
        ...

    def tell_how(self, state: KioskState) -> None:
        """Replace what was said last of how the kiosk is."""
        ...

    def bring_back(self, limit: int) -> int:
        """Offer up to so many older events to the platform again where it asks for all; return how many."""
        ...


class ReferenceStore(ReferenceShelf, Protocol):
    """A shelf that can be refilled."""

    def replace(self, document: SignedDocument, reference: Reference) -> None:
        """Keep newer reference data whole, in one transaction."""
        ...
