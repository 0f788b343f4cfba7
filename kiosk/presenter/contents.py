"""What a screen is about, before it is put into words: the outcome, and what fingers changed since.

Upstream: ``kiosk.usecases.outcomes``.
Downstream: ``kiosk_presenter`` keeps one, the modules of the screens put it into words.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from kiosk.usecases.outcomes import (
    CaptainNeeded,
    CheckedIn,
    CheckedOut,
    JustStarted,
    MoveRefused,
    NotRecorded,
    Refused,
    Undone,
    UndoRefused,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kiosk.presenter.acts import Intent


class CameraSight(StrEnum):
    """How the camera is: the states of ``kiosk.scan.camera_state`` by value, and one for a missing decoder."""

    STARTING = "starting"
    SEEING = "seeing"
    DARK = "dark"
    FROZEN = "frozen"
    GONE = "gone"
    ENDED = "ended"
    UNREADABLE = "unreadable"  # it shows, but no decoder library works here


@dataclass(frozen=True, slots=True)
class CheckInCard:
    """The check-in and the service kind last chosen.

    Attributes:
        saving: until that choice is on record.
        locked: the service kind that was tapped and asks for a training first, or None.
    """

    outcome: CheckedIn
    service: str
    saving: bool = False
    locked: str | None = None


@dataclass(frozen=True, slots=True)
class CheckOutCard:
    """The check-out and what was counted so far; ``staying`` while going on with the next post is being recorded."""

    outcome: CheckedOut
    counts: Mapping[str, int] = field(default_factory=dict)
    staying: bool = False


@dataclass(frozen=True, slots=True)
class FaultNotice:
    """Something could not be written; ``answers`` is the intent it belongs to, None for the scan itself."""

    outcome: NotRecorded
    answers: Intent | None = None


@dataclass(frozen=True, slots=True)
class NumberPad:
    """The digits typed so far; ``asked`` while the answer to them is awaited."""

    digits: str = ""
    asked: bool = False


Content = (
    CheckInCard
    | CheckOutCard
    | JustStarted
    | Refused
    | CaptainNeeded
    | FaultNotice
    | Undone
    | UndoRefused
    | MoveRefused
    | NumberPad
)
Carded = (
    CheckedIn | CheckedOut | JustStarted | CaptainNeeded | Refused | NotRecorded | Undone | UndoRefused | MoveRefused
)


def content_of(outcome: Carded, answers: Intent | None) -> Content:
    """Return what the screen of an outcome is about; ``answers`` is the intent it came of, None for a scan."""
    if isinstance(outcome, CheckedIn):
        return CheckInCard(outcome, outcome.service)
    if isinstance(outcome, CheckedOut):
        return CheckOutCard(outcome)
    if isinstance(outcome, NotRecorded):
        return FaultNotice(outcome, answers)
    return outcome
