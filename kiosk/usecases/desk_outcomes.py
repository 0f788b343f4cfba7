"""What can come of an act at the operator's desk: a closed list of values; a refusal is one of them.

Upstream: ``kiosk.domain``.
Downstream: ``kiosk.usecases.…_session``, ``kiosk.presenter.desk``, ``kiosk operator``.

An outcome that says something was recorded is made after the commit returned. ``DeskRefused`` and ``NotRecorded`` say
that nothing was. The port of every act, all of them on ``OperatorsDesk`` (``operator`` is a ``SignedIn``)::

    read_desk(operator, machine=Machine())                                  DeskBoard | DeskRefused
    read_queue(operator, matter=None, page=0)                               QueuePage | DeskRefused
    read_session(operator, session_id)                                      SessionSheet | DeskRefused
    confirm_session(operator, session_id, of=None, beyond_shift=False)      SessionConfirmed | …
    confirm_session.several(operator, session_ids)                          Batch | NotRecorded
    amend_session(operator, session_id, change)                             SessionAmended | …
    void_session(operator, session_id, reason)                              SessionVoided | …
    decide_objection(operator, session_id, ruling)                          ObjectionDecided | …
    dismiss_proposal(operator, session_id, reason, of=None)                 ProposalDismissed | …
    rate_service(operator, session_id, mark)                                SessionRated | …
    rate_service.several(operator, session_ids, mark)                       Batch | NotRecorded
    kit.hand_out / kit.take_back(operator, volunteer, item, count=1)        KitMoved | …
    group.open(operator, service, team=None) · group.close(operator)        GroupOpen | … · GroupDone | …
    drill.start(operator) · drill.end(operator)                             DrillStarted | … · DrillEnded | …

The three that read raise RecordingError where the file cannot be read now, as ``read_board`` does.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kiosk.domain.operator_refusal import DeskRefusal
from kiosk.usecases.outcomes import NotRecorded

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from kiosk.usecases.desk import Awaiting
    from sync.protocol.vocabulary import (
        AmendmentReason,
        DecisionReason,
        Effect,
        KitItem,
        Quality,
        SessionState,
        VoidReason,
    )


@dataclass(frozen=True, slots=True)
class Change:
    """What an operator says is true of a session; None stays as it is. Instants aware UTC, kept to the millisecond."""

    reason: AmendmentReason
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    service: str | None = None


@dataclass(frozen=True, slots=True)
class Ruling:
    """A decision on an objection: dismissed where ``remedy`` is None, else upheld with it.

    ``remedy`` is a correction, a withdrawal or another rating. ``objection`` is its event id; None: the earliest that
    stands.
    """

    reason: DecisionReason
    remedy: Change | VoidReason | Mark | None = None
    objection: str | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """服务质量 and 服务效果: ``counts`` by a word, say a tally kind, 0–9999 each."""

    quality: Quality
    effects: tuple[Effect, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SessionConfirmed:
    """The operator stands for it; ``what`` was confirmed, ``credited_minutes`` is what the session counts now."""

    session_id: str
    name: str
    what: Awaiting
    state: SessionState
    credited_minutes: int


@dataclass(frozen=True, slots=True)
class SessionAmended:
    """A correction stands beside the original; where it does not hold yet it waits for a second person."""

    session_id: str
    name: str
    holds: bool
    credited_minutes: int


@dataclass(frozen=True, slots=True)
class SessionVoided:
    """A withdrawal is on record; where it does not hold yet it waits for a second person."""

    session_id: str
    name: str
    holds: bool


@dataclass(frozen=True, slots=True)
class ObjectionDecided:
    """The volunteer's objection was upheld or dismissed; ``holds`` tells of the remedy as of an amendment or a void."""

    session_id: str
    name: str
    upheld: bool
    holds: bool
    credited_minutes: int


@dataclass(frozen=True, slots=True)
class SessionRated:
    """A rating is on record; the latest holds, the earlier ones stay."""

    session_id: str
    name: str
    quality: Quality
    complete: bool


@dataclass(frozen=True, slots=True)
class ProposalDismissed:
    """A correction or a withdrawal that waited for a second person was turned down; it waits no longer."""

    session_id: str
    name: str
    what: Awaiting


@dataclass(frozen=True, slots=True)
class KitMoved:
    """Caps or armbands were handed out or came back; ``held`` is what the volunteer has now."""

    volunteer: str
    name: str
    item: KitItem
    count: int
    held: int
    returned: bool


@dataclass(frozen=True, slots=True)
class GroupOpen:
    """Members of a visiting team may scan one after another."""

    group: str
    service: str
    team: str | None


@dataclass(frozen=True, slots=True)
class GroupDone:
    """The group is complete with so many members."""

    group: str
    members: int


@dataclass(frozen=True, slots=True)
class DrillStarted:
    """What is scanned from now on is practice; ``ends_at`` it ends by itself, aware UTC."""

    ends_at: datetime


@dataclass(frozen=True, slots=True)
class DrillEnded:
    """Practice is over; so many open drill sessions were closed with it."""

    closed: int


@dataclass(frozen=True, slots=True)
class DeskRefused:
    """Nothing was recorded, or shown."""

    reason: DeskRefusal


@dataclass(frozen=True, slots=True)
class Batch:
    """Several sessions in one transaction, each judged by itself; in the order that was asked.

    ``done`` are what the single act returns; ``refused`` are session ids with the reason.
    """

    done: tuple[SessionConfirmed | SessionRated, ...]
    refused: tuple[tuple[str, DeskRefusal], ...]

    @classmethod
    def of(cls, session_ids: Sequence[str], came: Sequence[SessionConfirmed | SessionRated | DeskRefusal]) -> Batch:
        """Return what came of each session, in the same order."""
        refused = ((each, one) for each, one in zip(session_ids, came, strict=True) if isinstance(one, DeskRefusal))
        return cls(tuple(one for one in came if not isinstance(one, DeskRefusal)), tuple(refused))


DeskDone = (
    SessionConfirmed
    | SessionAmended
    | SessionVoided
    | ObjectionDecided
    | SessionRated
    | ProposalDismissed
    | KitMoved
    | GroupOpen
    | GroupDone
    | DrillStarted
    | DrillEnded
)
DeskOutcome = DeskDone | Batch | DeskRefused | NotRecorded
