"""The bodies of what persons say of a duty afterwards: statements, confirmations, corrections, ratings, objections.

Upstream: ``events`` (the base), ``vocabulary``.
Downstream: ``kinds``, ``sessions`` (what each does), ``kiosk.usecases``, ``sync.platform``.

Nothing here edits anything: every judgement is an event beside the facts, and names the one it is about in ``of``. Who
says so is a volunteer number; reasons are closed lists, because free text in the chain could never be erased.
"""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from sync.protocol.events import Body, Count, Id, Presented, UnixMs, VolunteerNumber, Word
from sync.protocol.vocabulary import (
    AmendmentReason,
    DecisionReason,
    Effect,
    EntryReason,
    Face,
    ObjectionReason,
    Quality,
    StatementAnswer,
    VoidReason,
)


class CaptainEntry(Body, frozen=True):
    """队长补记: one operator proposes hours that no scan recorded; they count once another has confirmed them.

    ``starts_ms`` and ``ends_ms`` are what ``entered_by`` (a volunteer number) says, UTC milliseconds since 1970.
    """

    session: Id
    volunteer: VolunteerNumber
    name_digest: Word
    service: Word
    service_point: Id
    starts_ms: UnixMs
    ends_ms: UnixMs
    reason: EntryReason
    entered_by: VolunteerNumber
    team: Word | None = None


class Statement(Body, frozen=True):
    """The volunteer's word on a duty that was never ended: a proposal until a captain confirms it (duty-rules.md 3).

    Attributes:
        ends_ms: the instant meant by the answer, UTC milliseconds since 1970; the latest statement holds.
        lasts_ms: how long the duty lasted by the same word. It is what counts where another time was said, or where
            no clock knew when the duty began: a length is true whatever the clock was.
    """

    session: Id
    volunteer: VolunteerNumber
    certificate: Presented
    answer: StatementAnswer
    ends_ms: UnixMs
    lasts_ms: Annotated[int, Meta(ge=0, le=2**53 - 1)] | None = None


class Confirmation(Body, frozen=True):
    """An operator stands for the event ``of``: a check-out, a statement, an entry, an amendment or a withdrawal.

    ``beyond_shift``: time after the end of the shift counts too (duty-rules.md, Crediting).
    """

    session: Id
    of: Id
    confirmed_by: VolunteerNumber
    beyond_shift: bool = False


class Amendment(Body, frozen=True):
    """A correction that stands beside the original; what is None stays as it was.

    It holds once a second person has confirmed it, or at once where it answers a standing objection of the volunteer:
    then the volunteer is the one person and the captain the other.

    Attributes:
        starts_ms, ends_ms: the true times as ``entered_by`` says, UTC milliseconds since 1970.
        objection: the event id of the objection it answers.
    """

    session: Id
    reason: AmendmentReason
    entered_by: VolunteerNumber
    starts_ms: UnixMs | None = None
    ends_ms: UnixMs | None = None
    service: Word | None = None
    objection: Id | None = None


class Void(Body, frozen=True):
    """A record is withdrawn; what counts already needs a second person, what counts nothing yet does not."""

    session: Id
    reason: VoidReason
    voided_by: VolunteerNumber


class Objection(Body, frozen=True):
    """The volunteer disputes the record, by an own certificate (令67 Art 13)."""

    session: Id
    volunteer: VolunteerNumber
    certificate: Presented
    reason: ObjectionReason


class Decision(Body, frozen=True):
    """What an operator decided on the objection ``of``; upheld ones are followed by an amendment or a withdrawal."""

    session: Id
    of: Id
    upheld: bool
    reason: DecisionReason
    decided_by: VolunteerNumber


class Rating(Body, frozen=True):
    """The captain's rating of a duty: quality, and effect in words and counts; the latest holds (REQ 1.5b, 2.6b)."""

    session: Id
    quality: Quality
    rated_by: VolunteerNumber
    effects: list[Effect] = msgspec.field(default_factory=list)
    counts: dict[Word, Count] = msgspec.field(default_factory=dict)


class RecipientRating(Body, frozen=True):
    """One touch by somebody who was served, bound to the duties that were on shift; no identity (REQ 2.7c).

    ``burst``: many came within minutes, a person should look at them.
    """

    face: Face
    service_point: Id
    sessions: Annotated[list[Id], Meta(min_length=1, max_length=64)]
    burst: bool = False
    drill: bool = False


class StarApplication(Body, frozen=True):
    """A volunteer applies for a star; the community decides (REQ 2.7b). ``confirmed_minutes`` as this device knew."""

    volunteer: VolunteerNumber
    certificate: Presented
    level: Annotated[int, Meta(ge=1, le=5)]
    confirmed_minutes: Annotated[int, Meta(ge=0, le=2**53 - 1)]
