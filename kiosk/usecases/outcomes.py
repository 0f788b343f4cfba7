"""What can come of a person's act at the kiosk: a closed list of values; a refusal is one of them.

Upstream: ``kiosk.domain``.
Downstream: ``kiosk.presenter`` (words and pictures for each), ``kiosk.cli`` (``kiosk present``).

Every instant is aware UTC. An outcome that says something was recorded is made after the commit returned.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from kiosk.usecases.area_outcome import AreaOutcome

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from kiosk.domain.handing_over import HandOver, NobodyNext
    from kiosk.domain.refusal import MoveRefusal, RecordingFault, RefusalReason, StatementRefusal, UndoRefusal
    from kiosk.domain.roster import Match
    from kiosk.domain.standing import Caution, Want
    from kiosk.domain.unended import Unended
    from sync.protocol.reference import NearbyShift
    from sync.protocol.roster import OpenPost


@dataclass(frozen=True, slots=True)
class RosterNews:
    """What of the roster waits for a volunteer; all of it can wait for ever (asked and never ordered).

    Attributes:
        to_answer: shifts offered, and exchanges asked for.
        impossible: own answers that could not be done, not yet read.
        told: other outcomes, not yet read.
    """

    to_answer: int = 0
    impossible: int = 0
    told: int = 0


@dataclass(frozen=True, slots=True)
class CheckedIn:
    """上岗 is on record.

    Attributes:
        event_id: of the check-in; :class:`~kiosk.usecases.undo_scan.UndoScan` takes it back.
        service: the likely service kind, already recorded; another is one tap away.
        match: the rostered shift, or a walk-in.
        unfinished_since: start of an earlier session of this volunteer that the rules had to close, or None.
        validity_unchecked: a person should know that the clock cannot tell whether the certificate is within its
            dates. (The record is marked whenever nothing bounds the clock; the screen is not, while all looks well.)
        follows: 换岗: it goes on from the session that ended at this very instant.
        answer: what its volunteer has just answered to the question before the card, or None.
        wants: by service kind, the training that it asks for and this volunteer does not hold.
        cautions: what a person should look at, because the clock could not tell.
        paid: a social worker's paid duty, which counts nothing.
        drill: recorded while the station practises; it counts nothing.
        nearby: this volunteer's shift at another point about now, where none is here: the wrong point, perhaps.
        relieves: whose shift ends as this duty begins, or None.
        news: of the roster.
        stays_for: the open post that this duty goes on for, or None.
        post_taken: it was asked for in the same breath, and the platform will say.
    """

    event_id: str
    session_id: str
    volunteer_number: str
    name: str
    at: datetime
    service: str
    match: Match
    unfinished_since: datetime | None = None
    validity_unchecked: bool = False
    follows: bool = False
    answer: EndStated | EndedElsewhere | None = None
    wants: Mapping[str, Want] = field(default_factory=dict)
    cautions: tuple[Caution, ...] = ()
    paid: bool = False
    drill: bool = False
    nearby: NearbyShift | None = None
    relieves: HandOver | None = None
    news: RosterNews = RosterNews()
    stays_for: OpenPost | None = None
    post_taken: bool = False


@dataclass(frozen=True, slots=True)
class Forgotten:
    """An earlier session of this volunteer whose end nobody has said; ``duty`` says when it can have been."""

    session_id: str
    service: str
    duty: Unended


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A session of this volunteer that is open at another service point; ``place`` may be empty. Aware UTC."""

    session_id: str
    place: str
    started_at: datetime


@dataclass(frozen=True, slots=True)
class CheckedInAsking(CheckedIn):
    """上岗 is on record, and there is one question before its card; without an answer nothing more is recorded."""

    asks: Forgotten | Elsewhere = field(kw_only=True)

    @classmethod
    def of(cls, plain: CheckedIn, asks: Forgotten | Elsewhere) -> CheckedInAsking:
        """Return a check-in with a question."""
        return cls(**_fields_of(plain), asks=asks)

    def answered(self) -> CheckedIn:
        """Return the same check-in without the question."""
        return CheckedIn(**_fields_of(self))


@dataclass(frozen=True, slots=True)
class CheckedOut:
    """下岗 is on record.

    Attributes:
        original_s: time served by the events, whole seconds.
        credited_minutes: what counts, by ``rule``; 0 where the session is too short or must be confirmed.
        provisional: the session needs a person's word before it counts (over the cap).
        month_minutes: credited minutes of this volunteer at this device in the local month, this session included.
        total_minutes: credited minutes of this volunteer at this device, all time, this session included.
        tallies: what is counted at the end of this service kind; empty: all that the kiosk knows.
        wants, paid, drill, news: as of :class:`CheckedIn`.
        comes_next: who takes over, or that nobody does; None where nothing is planned here at all.
        stay_on: the open post that this volunteer could go on with, or None.
    """

    event_id: str
    session_id: str
    volunteer_number: str
    name: str
    service: str
    started_at: datetime
    at: datetime
    original_s: int
    credited_minutes: int
    rule: str
    provisional: bool
    month_minutes: int
    total_minutes: int
    tallies: tuple[str, ...] = ()
    wants: Mapping[str, Want] = field(default_factory=dict)
    paid: bool = False
    drill: bool = False
    news: RosterNews = RosterNews()
    comes_next: HandOver | NobodyNext | None = None
    stay_on: OpenPost | None = None


@dataclass(frozen=True, slots=True)
class JustStarted:
    """The volunteer is on duty since a moment ago; nothing was recorded. Keep serving, or undo the check-in."""

    event_id: str
    session_id: str
    volunteer_number: str
    name: str
    started_at: datetime
    service: str
    drill: bool = False


class GroupDeed(StrEnum):
    """What a scan came to while a visiting team's group is open."""

    CAME = "came"
    LEFT = "left"
    ALREADY = "already"  # a moment ago; nothing was recorded


@dataclass(frozen=True, slots=True)
class GroupMember:
    """One of a group, as the group's screen lists them; the presenter masks the name."""

    name: str
    left: bool


@dataclass(frozen=True, slots=True)
class Group:
    """A visiting team's open group: how many came and left, and the latest of them first (duty-rules.md 10)."""

    id: str
    service: str
    team: str | None
    came: int
    left: int
    latest: tuple[GroupMember, ...] = ()


@dataclass(frozen=True, slots=True)
class GroupScanned(AreaOutcome):
    """A scan is on record within an open group, without a card; ``deed`` ALREADY: nothing was recorded again.

    Attributes:
        event_id: of the scan, to be taken back with; of the check-in where nothing was recorded.
        at: when, aware UTC.
    """

    group: Group
    deed: GroupDeed
    event_id: str
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Refused:
    """The scan was not accepted; nothing was recorded."""

    reason: RefusalReason


@dataclass(frozen=True, slots=True)
class CaptainNeeded:
    """What was shown is not enough by itself here; nothing was recorded yet.

    It is recorded when an operator of this service point shows their own certificate within ``DutyPolicy.confirm_s``.
    """

    volunteer_number: str
    name: str


@dataclass(frozen=True, slots=True)
class NotRecorded:
    """The certificate is good, but the device could not write; nothing was half-recorded. Show the card again."""

    fault: RecordingFault


@dataclass(frozen=True, slots=True)
class Undone:
    """An accepted scan was taken back; ``was_check_in`` tells which of the two."""

    session_id: str
    name: str
    was_check_in: bool


@dataclass(frozen=True, slots=True)
class UndoRefused:
    """The scan stands; it was too long ago, or is not known."""

    reason: UndoRefusal


@dataclass(frozen=True, slots=True)
class ServiceChosen:
    """Another service kind is on record for an open session."""

    session_id: str
    service: str


@dataclass(frozen=True, slots=True)
class ChoiceRefused:
    """A service kind asks for ``training`` first; ``service`` is what stands on record."""

    session_id: str
    service: str
    training: str


@dataclass(frozen=True, slots=True)
class MoveRefused:
    """A change of service kind, or an end at another place, was not recorded; everything before it stands."""

    reason: MoveRefusal


@dataclass(frozen=True, slots=True)
class Tallied:
    """Counts are on record for a session; by tally kind."""

    session_id: str
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class EndStated(AreaOutcome):
    """The volunteer's word on the end of an earlier session is on record, as a proposal; aware UTC."""

    session_id: str
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class StatementRefused(AreaOutcome):
    """The volunteer's word was not taken; nothing was recorded, and it is asked again next time."""

    session_id: str
    reason: StatementRefusal


@dataclass(frozen=True, slots=True)
class EndedElsewhere(AreaOutcome):
    """The session at another place ended at the instant of the check-in here."""

    session_id: str


@dataclass(frozen=True, slots=True)
class GroupEnded(AreaOutcome):
    """A visiting team's group is complete."""

    group: str


def _fields_of(outcome: CheckedIn) -> dict[str, Any]:
    return {each.name: getattr(outcome, each.name) for each in fields(CheckedIn)}


ScanOutcome = (
    CheckedIn | CheckedInAsking | CheckedOut | JustStarted | GroupScanned | CaptainNeeded | Refused | NotRecorded
)
UndoOutcome = Undone | UndoRefused | NotRecorded
ChoiceOutcome = ServiceChosen | ChoiceRefused | NotRecorded
ChangeOutcome = CheckedIn | MoveRefused | NotRecorded
TallyOutcome = Tallied | NotRecorded
StatementOutcome = EndStated | StatementRefused | NotRecorded
Outcome = ScanOutcome | UndoOutcome | ChoiceOutcome | ChangeOutcome | TallyOutcome
