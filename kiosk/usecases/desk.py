"""The operator's desk as values: what 值班台 shows of the station and of one session.

Upstream: ``kiosk.usecases.read_desk``, ``read_queue``, ``read_session`` fill them.
Downstream: ``kiosk.presenter.desk``, ``kiosk operator``.

Instants are aware UTC. Names are whole: whoever reads this has signed in. ``by`` is always a volunteer number, beside
it ``by_name`` as the reference data has it, or empty.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from kiosk.domain.operator_refusal import DeskRefusal
    from sync.protocol.vocabulary import (
        AmendmentReason,
        BoundsQuality,
        DecisionReason,
        Effect,
        EntryReason,
        Face,
        KitItem,
        Matter,
        ObjectionReason,
        Provenance,
        Quality,
        SessionState,
        StatementAnswer,
        VoidReason,
    )
    from sync.protocol.working_days import Countdown

TAIL = 4  # digits of a volunteer number that tell two people of one name apart


class DeskAct(StrEnum):
    """What an operator may want to do to a session."""

    CONFIRM = "confirm"
    BEYOND_SHIFT = "beyond_shift"  # confirm, and count the time after the shift too
    AMEND = "amend"
    VOID = "void"
    DECIDE = "decide"
    DISMISS = "dismiss"  # turn down a correction or a withdrawal that waits
    RATE = "rate"


class Awaiting(StrEnum):
    """What a confirmation stands for."""

    HOURS = "hours"  # a check-out that was scanned
    STATEMENT = "statement"  # the volunteer's word on the end
    ENTRY = "entry"  # hours that a captain entered
    AMENDMENT = "amendment"  # a correction by one person
    VOID = "void"  # a withdrawal by one person


@dataclass(frozen=True, slots=True)
class Machine:
    """What only the running program knows of the machine; None: not known.

    Attributes:
        camera: a word of the presenter's ``CameraSight``.
        set_aside: damaged device files that were moved aside and kept.
        signed_to: the number of the record up to which the device has signed its chain.
        version: of this program.
    """

    disk_free_bytes: int | None = None
    camera: str | None = None
    last_beat: datetime | None = None
    set_aside: int | None = None
    signed_to: int | None = None
    version: str | None = None


@dataclass(frozen=True, slots=True)
class DeskHealth:
    """How the device does. ``clock`` is a word of ``ClockQuality``."""

    waiting_to_upload: int
    last_contact: datetime | None
    clock: str
    calibrated: bool
    machine: Machine


@dataclass(frozen=True, slots=True)
class DeskOnDuty:
    """Who is on duty now. ``over_limit``: past closing time or the cap, and not closed yet."""

    session_id: str
    volunteer: str
    name: str
    service: str
    team: str | None
    since: datetime
    over_limit: bool
    flags: frozenset[str] = frozenset()

    @property
    def tail(self) -> str:
        """The end of the volunteer number."""
        return self.volunteer[-TAIL:]


@dataclass(frozen=True, slots=True)
class DeskLine:
    """One session in a list.

    Attributes:
        ended_at: None while open; of a session that the rules closed it is the limit that passed.
        matters: what it waits for, in the order of ``Matter``.
        countdown: working days left to complete it; None where nothing counts down.
        own: it is the operator's own record, about which somebody else decides.
    """

    session_id: str
    volunteer: str
    name: str
    service: str
    team: str | None
    started_at: datetime
    ended_at: datetime | None
    original_minutes: int
    credited_minutes: int
    state: SessionState
    provenance: Provenance
    matters: tuple[Matter, ...]
    quality: Quality | None
    countdown: Countdown | None
    own: bool

    @property
    def tail(self) -> str:
        """The end of the volunteer number."""
        return self.volunteer[-TAIL:]


@dataclass(frozen=True, slots=True)
class QueuePage:
    """One page of what waits, the most urgent first: ``page`` counts from 0, ``pages`` is at least 1."""

    matter: Matter | None
    lines: tuple[DeskLine, ...]
    page: int
    pages: int
    total: int


@dataclass(frozen=True, slots=True)
class KitHeld:
    """Caps or armbands that a volunteer has not brought back."""

    volunteer: str
    name: str
    item: KitItem
    count: int


@dataclass(frozen=True, slots=True)
class DrillState:
    """A drill that runs: since when, by whom, and when it ends by itself."""

    since: datetime
    by: str
    by_name: str
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class GroupState:
    """A visiting team's group that is open; ``members`` scanned in so far."""

    group: str
    service: str
    team: str | None
    since: datetime
    by: str
    by_name: str
    members: int


@dataclass(frozen=True, slots=True)
class DeskBoard:
    """值班台 at one moment.

    Attributes:
        counts: sessions in the operator's reach by what they wait for; every ``Matter`` is a key.
        queue: the first page of all of them.
        overdue: how many of them are past the ten working days.
        rights: words of ``Right`` that the operator has now, so that the screen offers nothing that would be refused.
    """

    now: datetime
    calibrated: bool
    on_duty: tuple[DeskOnDuty, ...]
    counts: Mapping[Matter, int]
    queue: QueuePage
    overdue: int
    kit: tuple[KitHeld, ...]
    drill: DrillState | None
    group: GroupState | None
    health: DeskHealth
    rights: frozenset[str]


@dataclass(frozen=True, slots=True)
class Version:
    """A session at one of its stages: as it was recorded, or as it is judged now."""

    started_at: datetime
    ended_at: datetime | None
    service: str
    state: SessionState
    provenance: Provenance
    original_minutes: int
    credited_minutes: int


@dataclass(frozen=True, slots=True)
class Said:
    """The volunteer's word on the end."""

    answer: StatementAnswer
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Waits:
    """Something that one person said or a scan recorded, and that waits for a person's confirmation."""

    event_id: str
    what: Awaiting
    by: str | None
    by_name: str


@dataclass(frozen=True, slots=True)
class Entered:
    """Who entered the hours by hand, and why."""

    by: str
    by_name: str
    reason: EntryReason


@dataclass(frozen=True, slots=True)
class AmendmentLine:
    """A correction beside the original; what is None stays as it was. ``holds``: a second person stands for it."""

    event_id: str
    by: str
    by_name: str
    reason: AmendmentReason
    starts_at: datetime | None
    ends_at: datetime | None
    service: str | None
    holds: bool


@dataclass(frozen=True, slots=True)
class VoidLine:
    """A withdrawal; ``holds`` as of an amendment."""

    event_id: str
    by: str
    by_name: str
    reason: VoidReason
    holds: bool


@dataclass(frozen=True, slots=True)
class ObjectionLine:
    """What the volunteer disputes (令67 Art 13), and what was decided; ``upheld`` None: nobody has yet."""

    event_id: str
    reason: ObjectionReason
    upheld: bool | None = None
    decided_for: DecisionReason | None = None
    by: str | None = None
    by_name: str = ""


@dataclass(frozen=True, slots=True)
class RatingLine:
    """A captain's rating; the last one holds."""

    quality: Quality
    effects: tuple[Effect, ...]
    counts: Mapping[str, int]
    by: str
    by_name: str


@dataclass(frozen=True, slots=True)
class ClockWords:
    """How surely the times are known: a sentence for each word is in the catalogue (``desk.clock.…``)."""

    start: BoundsQuality
    end: BoundsQuality | None
    wide: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """Whether the operator who reads may do this to the session now; ``refusal`` says why not."""

    act: DeskAct
    refusal: DeskRefusal | None


@dataclass(frozen=True, slots=True)
class SessionSheet:
    """One session whole: as recorded, as judged, and everything that was said of it."""

    line: DeskLine
    recorded: Version
    judged: Version
    flags: frozenset[str]
    tallies: Mapping[str, int]
    clock: ClockWords
    offers: tuple[Offer, ...]
    waits: tuple[Waits, ...] = ()
    statement: Said | None = None
    entered: Entered | None = None
    amendments: tuple[AmendmentLine, ...] = ()
    voids: tuple[VoidLine, ...] = ()
    objections: tuple[ObjectionLine, ...] = ()
    ratings: tuple[RatingLine, ...] = ()
    faces: Mapping[Face, int] = field(default_factory=dict)
    bursts: int = 0

    def refusal_of(self, act: DeskAct) -> DeskRefusal | None:
        """Return why the operator cannot do this now, or None where they can."""
        return next(offer.refusal for offer in self.offers if offer.act is act)
