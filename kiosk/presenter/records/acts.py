"""The taps and intents of 我的记录.

Upstream: ``kiosk.presenter.acts``, ``kiosk.usecases.record_outcomes``.
Downstream: the pages; ``kiosk.commands.deeds`` carries out the intents.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from kiosk.presenter.acts import AreaIntent, AreaTap

if TYPE_CHECKING:
    from kiosk.usecases.record_outcomes import FreshScan, Reply
    from sync.protocol.vocabulary import LeaveReason, ObjectionReason, RosterAnswer


class Tab(StrEnum):
    """The three pages that lie side by side."""

    LIST = "list"
    HOURS = "hours"
    PLAN = "plan"


class Part(StrEnum):
    """The lists of the own plan."""

    OWN = "own"
    OPEN = "open"
    THINGS = "things"


@dataclass(frozen=True, slots=True)
class TapMyRecords(AreaTap):
    """我的记录, on the idle screen."""


@dataclass(frozen=True, slots=True)
class TapTab(AreaTap):
    """Another of the pages that lie side by side."""

    tab: Tab


@dataclass(frozen=True, slots=True)
class TapTurn(AreaTap):
    """Turn to a page of the list, counted from 0."""

    page: int


@dataclass(frozen=True, slots=True)
class TapRecord(AreaTap):
    """Show one session whole."""

    session: str


@dataclass(frozen=True, slots=True)
class TapWrong(AreaTap):
    """有误: this record is not right."""


@dataclass(frozen=True, slots=True)
class TapReason(AreaTap):
    """What is wrong with it."""

    reason: ObjectionReason


@dataclass(frozen=True, slots=True)
class TapApply(AreaTap):
    """申请: for this star."""

    level: int


@dataclass(frozen=True, slots=True)
class TapBack(AreaTap):
    """One page back."""


@dataclass(frozen=True, slots=True)
class TapPart(AreaTap):
    """Another list of the own plan."""

    part: Part


@dataclass(frozen=True, slots=True)
class TapPlace(AreaTap):
    """Show one own shift whole, by its assignment."""

    assignment: str


@dataclass(frozen=True, slots=True)
class TapSwap(AreaTap):
    """Show an exchange that a colleague asks for."""

    swap: str


@dataclass(frozen=True, slots=True)
class TapPost(AreaTap):
    """Show an open post whole."""

    post: str


@dataclass(frozen=True, slots=True)
class TapOutcome(AreaTap):
    """Show what became of an answer."""

    id: str


@dataclass(frozen=True, slots=True)
class TapSay(AreaTap):
    """Answer what is shown."""

    answer: RosterAnswer


@dataclass(frozen=True, slots=True)
class TapLeaveFor(AreaTap):
    """请假, for a reason or for none."""

    reason: LeaveReason | None


@dataclass(frozen=True, slots=True)
class TapStandIns(AreaTap):
    """请人代班 instead of 换班, or the other way round."""

    wanted: bool


@dataclass(frozen=True, slots=True)
class TapColleague(AreaTap):
    """This colleague's shift, by its assignment; for 代班 it stands for the colleague alone."""

    assignment: str


@dataclass(frozen=True, slots=True)
class AnswerIntent(AreaIntent):
    """Record an answer to the roster."""

    scan: FreshScan
    reply: Reply


@dataclass(frozen=True, slots=True)
class OpenRecordsIntent(AreaIntent):
    """Open the own records of whoever this code names; what a scan becomes while the card is asked for."""

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ReadRecordIntent(AreaIntent):
    """Read one own session whole."""

    scan: FreshScan
    session: str


@dataclass(frozen=True, slots=True)
class ObjectIntent(AreaIntent):
    """Record an objection to an own session."""

    scan: FreshScan
    session: str
    reason: ObjectionReason


@dataclass(frozen=True, slots=True)
class ApplyIntent(AreaIntent):
    """Record an application for a star."""

    scan: FreshScan
    level: int
