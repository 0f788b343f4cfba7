"""What a finger can ask for at the desk: a closed list of values.

Upstream: ``acts``, ``sync.protocol.vocabulary``.
Downstream: the pages' modules say which mean something where; ``kiosk.ui`` only sends them back.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kiosk.presenter.acts import AreaTap
from sync.protocol.vocabulary import Matter


class Place(StrEnum):
    """Where the home page leads."""

    ON_DUTY = "on_duty"
    QUEUE = "queue"
    GROUP = "group"
    KIT = "kit"
    ENTER_HOURS = "enter_hours"
    EXPORT = "export"
    HEALTH = "health"
    DRILL = "drill"


class Act(StrEnum):
    """What can be done with a page as a whole."""

    GO_ON = "go_on"
    ALL = "all"  # mark every row of the segment, or none
    CONFIRM = "confirm"
    BEYOND = "beyond"  # confirm, and let the time after the shift count too
    AMEND = "amend"
    RATE = "rate"
    VOID = "void"
    DECIDE = "decide"
    DISMISS = "dismiss"
    BEGIN = "begin"
    END = "end"
    SEARCH = "search"


@dataclass(frozen=True, slots=True)
class TapDesk(AreaTap):
    """值班台: an operator comes to the desk; from the idle screen."""


@dataclass(frozen=True, slots=True)
class TapBack(AreaTap):
    """One page back."""


@dataclass(frozen=True, slots=True)
class TapLock(AreaTap):
    """Leave the desk at once."""


@dataclass(frozen=True, slots=True)
class TapPlace(AreaTap):
    """Open what a tile of the home page stands for."""

    place: Place


@dataclass(frozen=True, slots=True)
class TapPick(AreaTap):
    """This row, tile or mark, by its key."""

    key: str


@dataclass(frozen=True, slots=True)
class TapMark(AreaTap):
    """Mark a row, or take its mark away."""

    key: str


@dataclass(frozen=True, slots=True)
class TapMatter(AreaTap):
    """Another segment of the queue."""

    matter: Matter


@dataclass(frozen=True, slots=True)
class TapStep(AreaTap):
    """Turn a dial by so many of its units; sent again and again while a finger rests on it."""

    dial: str
    by: int


@dataclass(frozen=True, slots=True)
class TapTurn(AreaTap):
    """Another sheet of a long list: 1 forth, -1 back."""

    by: int


@dataclass(frozen=True, slots=True)
class TapAct(AreaTap):
    """Do this with the page as a whole."""

    act: Act


DeskTap = TapDesk | TapBack | TapLock | TapPlace | TapPick | TapMark | TapMatter | TapStep | TapTurn | TapAct
