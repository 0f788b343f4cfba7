"""A proposal as a value: what was asked, how far the run has come, what it found. Pure.

Upstream: ``sync.protocol.vocabulary``.
Downstream: ``proposals``, ``store.proposals``, the planner's page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from sync.protocol.vocabulary import RosterReason


class ProposalState(StrEnum):
    """How far a proposal has come."""

    RUNNING = "running"
    READY = "ready"
    FAILED = "failed"  # ``Proposal.why`` says by what
    APPLIED = "applied"
    DISCARDED = "discarded"


class Failure(StrEnum):
    """Why a run found nothing."""

    ENDED = "ended"  # its process ended by itself
    LOST = "lost"  # nothing was heard of it for longer than it may take: the worker is gone


@dataclass(frozen=True, slots=True)
class Scope:
    """What was asked: points, local days (both included), and how hard to try."""

    points: tuple[str, ...]
    from_on: date
    until_on: date
    repair: bool = False
    seconds: float = 10.0
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is: seconds of wall time, places still empty in the best roster so far, its gap (0 … 1)."""

    seconds: float = 0.0
    holes: int | None = None
    gap: float = 1.0


@dataclass(frozen=True, slots=True)
class Place:
    """One place that is proposed; ``reason`` as ``explaining`` words it."""

    post: str
    volunteer: str
    reason: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Going:
    """A place that stands and would go: the assignment as it was, and the rules that speak against it, if any do."""

    assignment: str
    version: int
    post: str
    volunteer: str
    because: tuple[RosterReason, ...] = ()


@dataclass(frozen=True, slots=True)
class Wrong:
    """A place that was accepted, or that the planner wants, though rules speak against it by now: people decide."""

    post: str
    volunteer: str
    because: tuple[RosterReason, ...]


@dataclass(frozen=True, slots=True)
class Fill:
    """What would fill a hole.

    Attributes:
        kind: ``add`` (can be put there now), ``time`` (one more volunteer free then), ``training``, ``skill``,
            ``weekly_wish``, ``point``, ``consent``, ``team``, ``shorter`` (the post: nobody may serve that long).
        people: by number, for whom that alone is missing; empty where it is about somebody new.
        what: the training or skill.
    """

    kind: str
    people: tuple[str, ...] = ()
    what: str | None = None


@dataclass(frozen=True, slots=True)
class Hole:
    """Places at a post that stay empty: how many, why, and what would fill one.

    Attributes:
        against: rules that keep people away, each with how many people, the most first.
    """

    post: str
    missing: int
    against: tuple[tuple[RosterReason, int], ...] = ()
    fills: tuple[Fill, ...] = ()


@dataclass(frozen=True, slots=True)
class Reached:
    """One stage of the solver: found, and proven that nothing is below ``bound``."""

    name: str
    found: int
    bound: float
    gap: float


@dataclass(frozen=True, slots=True)
class Found:
    """What a run found.

    Attributes:
        places: that are new.
        stays: how many stand and stay.
        goes: that stand and would go.
        wrong: that stand firmly against a rule; not counted as places.
        needed: places of all posts.
        gap: of the whole, 0 … 1 (``solving.Solved``).
    """

    places: tuple[Place, ...] = ()
    stays: int = 0
    goes: tuple[Going, ...] = ()
    wrong: tuple[Wrong, ...] = ()
    holes: tuple[Hole, ...] = ()
    stages: tuple[Reached, ...] = ()
    needed: int = 0
    gap: float = 0.0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Proposal:
    """One run of the solver; times in UTC ms.

    Attributes:
        asked_by: an account's id.
        found: None unless ``state`` is ready or applied.
    """

    id: str
    asked_by: str
    asked_ms: int
    scope: Scope
    state: ProposalState = ProposalState.RUNNING
    progress: Progress = field(default_factory=Progress)
    found: Found | None = None
    why: Failure | None = None
    changed_ms: int = 0
