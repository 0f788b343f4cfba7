"""How hard to try, and what was found and proven, as values; OR-Tools is not needed to speak of them. Pure.

Upstream: ``problem``, ``rules``.
Downstream: ``solving``, ``running``, ``proposals``, the planner's page.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sync.platform.rostering.problem import Pair
from sync.platform.rostering.rules import Violation

Progress = Callable[[float, int, float], None]  # seconds so far, holes, gap (0 … 1; 1: nothing proven yet)
HAIR = 1e-6  # linear solvers count in floating point


@dataclass(frozen=True, slots=True)
class Effort:
    """How hard to try.

    Attributes:
        seconds: of wall time for all of it, the making of the model included; a little more is needed to end.
        workers: strategies of CP-SAT that take turns; more than there are cores pays, they differ in kind.
        seed: of the solver's chance.
        gap: good enough for a stage, 0 … 1.
        steps: of CP-SAT's deterministic time for each stage, or None. With it the same problem, seed and workers give
            the same roster wherever ``seconds`` suffice for all stages.
    """

    seconds: float = 10.0
    workers: int = 8
    seed: int = 1
    gap: float = 0.0
    steps: float | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    """What one stage found, and what is proven: nothing is below ``bound``."""

    name: str
    found: int
    bound: float

    @property
    def gap(self) -> float:
        """How far what was found may be above the best possible, as a share of it, 0 … 1."""
        return 0.0 if self.found <= self.bound + HAIR else min(1.0, (self.found - self.bound) / self.found)


@dataclass(frozen=True, slots=True)
class Solved:
    """What was found.

    Attributes:
        pairs: the whole roster at the problem's posts, what stays included; no hard rule is broken by what was added.
        dropped: what speaks against places that stood firmly, or were offered, and cannot stay.
        stages: in their order: ``holes``, in a repair ``changes``, ``quality``.
        seconds: wall time, the making of the model included.
    """

    pairs: tuple[Pair, ...]
    dropped: tuple[Violation, ...]
    stages: tuple[Stage, ...]
    seconds: float

    @property
    def holes(self) -> int:
        """How many places stay empty."""
        return self.stages[0].found

    @property
    def gap(self) -> float:
        """The largest gap of all stages."""
        return max(stage.gap for stage in self.stages)

    @property
    def is_proven(self) -> bool:
        """Nothing better exists."""
        return self.gap == 0
