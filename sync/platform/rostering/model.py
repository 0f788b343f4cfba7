"""What a roster is made of, as values: opening hours, templates, posts, places at them, and what volunteers bring.

Upstream: ``sync.protocol.vocabulary``.
Downstream: all of ``rostering``, ``store.rosters``.

Instants are UTC ms, the end of a span excluded. Days are local (Asia/Shanghai); a day's times are minutes from its
midnight, 0 … 1440. Weekdays count from 0, Monday. ``version`` rises by one with every change, and every change is in
the log with who made it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from sync.protocol.vocabulary import AnswerOutcome, AssignmentState, LeaveReason, RosterAnswer, RosterReason, SwapState

MS_PER_MINUTE = 60_000
EVERYWHERE = "*"  # of a special day: at all service points
LIVE = frozenset({AssignmentState.DRAFT, AssignmentState.OFFERED, AssignmentState.ACCEPTED})  # a place is taken
TOLD = frozenset({AssignmentState.OFFERED, AssignmentState.ACCEPTED})  # devices and volunteers know of it


class PostState(StrEnum):
    """How far a post has come."""

    DRAFT = "draft"  # on the planner's page alone
    PUBLISHED = "published"
    CANCELLED = "cancelled"


class Days(StrEnum):
    """On which days a template makes posts; holidays and make-up days as ``sync.protocol.working_days`` knows them."""

    WEEKLY = "weekly"  # its weekdays, whatever the calendar says
    WORKED = "worked"  # its weekdays where they are worked, and make-up days 调休 as the weekday they stand for
    OFF = "off"  # public holidays and weekends that are not worked
    SPECIAL = "special"  # days that carry a label at this point or everywhere (3月5日, 重阳 …)


@dataclass(frozen=True, slots=True)
class Opening:
    """One span at which a point is open on a weekday, minutes of the day."""

    weekday: int
    opens: int
    closes: int


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A day unlike its weekday; ``opens`` None: closed. ``point`` may be :data:`EVERYWHERE`."""

    point: str
    on: date
    opens: int | None
    closes: int | None
    label: str


@dataclass(frozen=True, slots=True)
class PlaceNote:
    """How a service point is found: its host unit and address (REQ 1.1a), in words."""

    point: str
    host_unit: str = ""
    address: str = ""
    version: int = 0


@dataclass(frozen=True, slots=True)
class Template:
    """A weekly pattern of posts at a point; ``from_on``, ``until_on`` are inclusive, None: unbounded."""

    id: str
    point: str
    name: str
    service: str
    weekdays: tuple[int, ...]
    starts: int
    ends: int
    needed: int = 1
    days: Days = Days.WEEKLY
    team: str | None = None
    skill: str | None = None
    training: str | None = None
    from_on: date | None = None
    until_on: date | None = None
    ended: bool = False
    version: int = 1


@dataclass(frozen=True, slots=True)
class Post:
    """班次: a span at a service point that needs volunteers.

    Attributes:
        on: the local day it begins on.
        needed: how many volunteers.
        team: the one it is meant for, or None for all.
        skill, training: what whoever serves there must have, or None.
        daytime: all of it lies in the hours in which minors serve (duty-rules.md).
        template: from which it was made, or None.
    """

    id: str
    point: str
    service: str
    starts_ms: int
    ends_ms: int
    on: date
    needed: int = 1
    team: str | None = None
    skill: str | None = None
    training: str | None = None
    daytime: bool = True
    state: PostState = PostState.DRAFT
    template: str | None = None
    version: int = 1

    @property
    def minutes(self) -> int:
        """How long it lasts."""
        return (self.ends_ms - self.starts_ms) // MS_PER_MINUTE

    @property
    def week(self) -> tuple[int, int]:
        """The ISO year and week of its day."""
        year, week, _ = self.on.isocalendar()
        return year, week


@dataclass(frozen=True, slots=True)
class Assignment:
    """A volunteer's place at a post.

    Attributes:
        pinned: the planner put it there; a new proposal keeps it.
        reason: why it was proposed, as words and numbers for one sentence (``explaining``), or None.
        changed_by: an account's id, a volunteer's number, or ``solver``.
    """

    id: str
    post: str
    volunteer: str
    state: AssignmentState
    pinned: bool = False
    reason: Mapping[str, Any] | None = None
    version: int = 1
    changed_ms: int = 0
    changed_by: str = ""


@dataclass(frozen=True, slots=True)
class Weekly:
    """服务时间: a span of a weekday at which a volunteer can come, minutes of the day."""

    weekday: int
    starts: int
    ends: int


@dataclass(frozen=True, slots=True)
class Deviation:
    """A span at which a volunteer can come though the pattern says no (``free``), or cannot."""

    id: str
    from_ms: int
    until_ms: int
    free: bool
    reason: LeaveReason | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """What a volunteer brings and would like.

    Attributes:
        team: 服务队, or None.
        points: where to serve, the dearest first; empty: anywhere. Nobody is proposed for another point.
        mates: with whom, by number.
        most_a_week: at most so many posts a week; never exceeded.
        guide: 骨干, who can stand beside a newcomer.
    """

    volunteer: str
    team: str | None = None
    skills: frozenset[str] = frozenset()
    points: tuple[str, ...] = ()
    mates: frozenset[str] = frozenset()
    most_a_week: int = 7
    guide: bool = False
    newcomer: bool = False
    version: int = 0


@dataclass(frozen=True, slots=True)
class Swap:
    """换班: ``volunteer`` asks ``colleague`` to take ``assignment``, for ``in_return`` or for nothing."""

    id: str
    assignment: str
    volunteer: str
    colleague: str
    in_return: str | None
    state: SwapState
    asked_ms: int
    why: RosterReason | None = None
    version: int = 1
    settled_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """When something was said, as well as is known: the true instant lies in [lo, hi], UTC ms."""

    lo_ms: int
    est_ms: int
    hi_ms: int


@dataclass(frozen=True, slots=True)
class Answer:
    """A volunteer's word and what became of it; ``outcome`` None: it waits.

    Attributes:
        id: of its event, or of the page's own making.
        of: the id it is said of; may be of nothing that exists.
        source: ``device``, ``page`` or ``planner``.
        post: what it was about, once that was found.
    """

    id: str
    volunteer: str
    answer: RosterAnswer
    of: str
    source: str
    received_ms: int
    version: int = 0
    colleague: str | None = None
    in_return: str | None = None
    reason: LeaveReason | None = None
    given: Given | None = None
    post: str | None = None
    outcome: AnswerOutcome | None = None
    why: RosterReason | None = None
    settled_ms: int | None = None
    seen_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the log: what became what, by whom; ``before`` or ``after`` None: there was none.

    Attributes:
        kind: ``post``, ``assignment``, ``template``, ``opening``, ``special_day``, ``profile``, ``availability``,
            ``deviation``, ``swap``, ``place``.
        source: ``page``, ``device``, ``solver``, ``command``, ``import``.
    """

    at_ms: int
    by: str
    source: str
    kind: str
    subject: str
    version: int
    point: str | None = None
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = field(default=None)
