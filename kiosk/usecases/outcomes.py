"""What can come of a person's act at the kiosk: a closed list of values; a refusal is one of them.

Upstream: ``kiosk.domain``.
Downstream: ``kiosk.presenter`` (words and pictures for each), ``kiosk.__main__`` (``kiosk present``).

Every instant is aware UTC. An outcome that says something was recorded is made after the commit returned.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from kiosk.domain.refusal import RecordingFault, RefusalReason, UndoRefusal
    from kiosk.domain.roster import Match


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


@dataclass(frozen=True, slots=True)
class CheckedOut:
    """下岗 is on record.

    Attributes:
        original_s: time served by the events, whole seconds.
        credited_minutes: what counts, by ``rule``; 0 where the session is too short or must be confirmed.
        provisional: the session needs a person's word before it counts (over the cap).
        month_minutes: credited minutes of this volunteer at this device in the local month, this session included.
        total_minutes: credited minutes of this volunteer at this device, all time, this session included.
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


@dataclass(frozen=True, slots=True)
class JustStarted:
    """The volunteer is on duty since a moment ago; nothing was recorded. Keep serving, or undo the check-in."""

    event_id: str
    session_id: str
    volunteer_number: str
    name: str
    started_at: datetime
    service: str


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
class Tallied:
    """Counts are on record for a session; by tally kind."""

    session_id: str
    counts: Mapping[str, int]


ScanOutcome = CheckedIn | CheckedOut | JustStarted | CaptainNeeded | Refused | NotRecorded
UndoOutcome = Undone | UndoRefused | NotRecorded
ChoiceOutcome = ServiceChosen | NotRecorded
TallyOutcome = Tallied | NotRecorded
Outcome = ScanOutcome | UndoOutcome | ChoiceOutcome | TallyOutcome
