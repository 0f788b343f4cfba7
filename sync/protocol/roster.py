"""The roster on the wire: what volunteers answer, and what devices are told of open posts, exchanges and outcomes.

Upstream: ``events``, ``vocabulary``.
Downstream: ``kinds``, ``reference``, ``kiosk.usecases`` (asks and answers), ``sync.platform.rostering`` (decides).

A device records what a volunteer says; the platform decides what comes of it, since it alone sees all answers
(docs/adr/0031). Until then the screen says that the answer is noted, never that the place is given.
"""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from sync.protocol.events import Body, Id, Presented, UnixMs, VolunteerNumber, Word
from sync.protocol.vocabulary import AnswerOutcome, LeaveReason, RosterAnswer, RosterReason, SwapState

Version = Annotated[int, Meta(ge=0, le=2**53 - 1)]


class RosterResponse(Body, frozen=True):
    """A volunteer's word on the roster, by an own certificate; asked and never ordered (条例 Art 25).

    Attributes:
        of: the id of an assignment, a post, a swap or an answer, as ``answer`` says.
        version: of that, as the device knew it.
        colleague: who is asked to serve instead (``ask_swap``).
        in_return: the colleague's assignment that is wanted for it, or None.
        reason: of a leave, where the volunteer likes to say.
    """

    volunteer: VolunteerNumber
    certificate: Presented
    answer: RosterAnswer
    of: Id
    version: Version = 0
    colleague: VolunteerNumber | None = None
    in_return: Id | None = None
    reason: LeaveReason | None = None


class OpenPost(msgspec.Struct, frozen=True):
    """A published post at this service point with places left; UTC ms, end excluded.

    Attributes:
        id: of the post.
        wanted: places left.
        team: the one it is meant for, or None for all.
        skill, training: what it asks for, or None.
        daytime: minors may serve.
    """

    id: Id
    service: Word
    starts_ms: UnixMs
    ends_ms: UnixMs
    wanted: Annotated[int, Meta(ge=1, le=9999)]
    version: Version = 0
    team: Word | None = None
    skill: Word | None = None
    training: Word | None = None
    daytime: bool = True


class SwapAsked(msgspec.Struct, frozen=True):
    """An exchange between two volunteers of this service point, of the last fortnight or still open.

    Attributes:
        id: of the swap.
        assignment: whose place is offered.
        volunteer, colleague: who asks, and who is asked.
        in_return: the colleague's assignment wanted for it, or None.
    """

    id: Id
    assignment: Id
    volunteer: VolunteerNumber
    colleague: VolunteerNumber
    state: SwapState
    version: Version = 0
    in_return: Id | None = None


class AnswerSettled(msgspec.Struct, frozen=True):
    """What became of an answer, for the volunteer to read; no longer told once it was seen.

    Attributes:
        id: of the answer: the id of its event, where a device recorded it.
        answer, of: as it was given.
        starts_ms, ends_ms, service: of the post it was about; UTC ms.
        why: what spoke against it, or None where it is done.
    """

    id: Id
    volunteer: VolunteerNumber
    answer: RosterAnswer
    of: Id
    outcome: AnswerOutcome
    starts_ms: UnixMs
    ends_ms: UnixMs
    service: Word
    why: RosterReason | None = None
