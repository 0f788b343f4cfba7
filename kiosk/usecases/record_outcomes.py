"""What can come of looking at own records, and of a face touched by somebody who was served: values, refusals too.

Upstream: ``kiosk.domain``, ``sync.protocol``.
Downstream: ``kiosk.presenter.records``, ``kiosk.presenter.faces``.

Every instant is aware UTC. An outcome that says something was recorded is made after the commit returned.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from kiosk.domain.own_plan import OwnPlan
from kiosk.usecases.area_outcome import AreaOutcome
from kiosk.usecases.outcomes import NotRecorded, Refused

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from kiosk.domain.recipient_rating import FaceRefusal
    from kiosk.domain.record_refusal import RecordRefusal
    from kiosk.usecases.record_ports import RecordRow
    from sync.protocol.envelope import Stamp
    from sync.protocol.events import Presented
    from sync.protocol.judgements import Rating
    from sync.protocol.totals import Totals
    from sync.protocol.vocabulary import (
        BoundsQuality,
        DecisionReason,
        Face,
        KitItem,
        LeaveReason,
        ObjectionReason,
        Provenance,
        RosterAnswer,
        SessionState,
    )


@dataclass(frozen=True, slots=True)
class FreshScan:
    """A card that was shown at ``stamp``: what lets its volunteer, and nobody after, act on own records."""

    volunteer: str
    name: str
    presented: Presented
    stamp: Stamp


class HoursFrom(StrEnum):
    """Where the confirmed hours on the screen come from: whoever knows of more."""

    PLATFORM = "platform"
    DEVICE = "device"


@dataclass(frozen=True, slots=True)
class StarStanding:
    """How a volunteer stands to the stars.

    Attributes:
        held: the level held, 0–5, as the platform knows.
        confirmed_minutes: the larger of what the platform and what this device knows to be confirmed; never their
            sum, because the platform's hours contain this device's.
        applied: levels applied for here, above the one held.
        may_apply_for: the level that can be applied for now, or None.
    """

    held: int
    confirmed_minutes: int
    hours_from: HoursFrom
    applied: frozenset[int]
    may_apply_for: int | None


@dataclass(frozen=True, slots=True)
class OwnRecords(AreaOutcome):
    """Everything this station knows of one volunteer, for that volunteer alone.

    Attributes:
        rows: the sessions here, latest first.
        plan: what lies ahead on the roster, and what waits for a word.
        trained: trainings held now, each with the instant it lapses, or None.
        kit: caps and armbands held now.
    """

    scan: FreshScan
    at: datetime
    rows: tuple[RecordRow, ...]
    totals: Totals
    star: StarStanding
    plan: OwnPlan = field(default_factory=OwnPlan)
    trained: Mapping[str, datetime | None] = field(default_factory=dict)
    kit: Mapping[KitItem, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Times:
    """What stands of a session: begin, end, service and what is known of it. ``ended_at`` is None without an end."""

    started_at: datetime
    ended_at: datetime | None
    quality: BoundsQuality
    service: str
    original_s: int
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class ObjectionSeen:
    """An objection and what was decided on it; ``upheld`` None: nothing yet."""

    reason: ObjectionReason
    upheld: bool | None = None
    decided: DecisionReason | None = None


@dataclass(frozen=True, slots=True)
class RecordSheet(AreaOutcome):
    """One own session whole: what holds now, and what was first recorded where a correction stands beside it.

    Attributes:
        objections: all of the volunteer's, earliest first.
        may_object: None, or why an objection is not taken now.
    """

    session: str
    state: SessionState
    now: Times
    original: Times | None
    credited_minutes: int
    flags: frozenset[str]
    rating: Rating | None
    faces: Mapping[Face, int]
    objections: tuple[ObjectionSeen, ...]
    may_object: RecordRefusal | None


@dataclass(frozen=True, slots=True)
class Objected(AreaOutcome):
    """An objection is on record and waits for the captain."""

    session: str
    reason: ObjectionReason


@dataclass(frozen=True, slots=True)
class StarAppliedFor(AreaOutcome):
    """An application for a star is on record; the community decides."""

    level: int


@dataclass(frozen=True, slots=True)
class Reply:
    """What a volunteer says to the roster; fields as in ``sync.protocol.roster.RosterResponse``."""

    answer: RosterAnswer
    of: str
    colleague: str | None = None
    in_return: str | None = None
    reason: LeaveReason | None = None


@dataclass(frozen=True, slots=True)
class RosterAnswered(AreaOutcome):
    """An answer to the roster is on record, and the platform decides; ``plan`` is how it looks from now on."""

    reply: Reply
    plan: OwnPlan


@dataclass(frozen=True, slots=True)
class RecordRefused(AreaOutcome):
    """It was not done; nothing was recorded."""

    reason: RecordRefusal


@dataclass(frozen=True, slots=True)
class FaceTaken(AreaOutcome):
    """A face of somebody who was served is on record."""

    face: Face


@dataclass(frozen=True, slots=True)
class FaceRefused(AreaOutcome):
    """A face was not taken; nothing was recorded."""

    reason: FaceRefusal


OpenOutcome = OwnRecords | Refused | NotRecorded
SheetOutcome = RecordSheet | RecordRefused | NotRecorded
ObjectionOutcome = Objected | RecordRefused | NotRecorded
RosterOutcome = RosterAnswered | RecordRefused | NotRecorded
ApplicationOutcome = StarAppliedFor | RecordRefused | NotRecorded
FaceOutcome = FaceTaken | FaceRefused | NotRecorded
