"""The notebook of somebody who stands beside the booth all year, has a good watch, and counts by hand.

Nothing of the product is used here: lines are written from what truly happened, and minutes are counted with the plain
rules of duty-rules.md, so that kiosk and notebook can only agree by both being right.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

MINUTE_S = 60
LEAST_MIN, CAP_MIN = 5, 12 * 60


@dataclass
class Line:
    """One duty as it truly was, in seconds of the good watch; ``counts`` None: nobody has said when it ended.

    ``sure_s`` is how long the booth was surely running during it: what it can prove of a duty with a power cut in it.
    """

    volunteer: str
    starts_s: float
    ends_s: float | None = None
    counts_s: float | None = None
    sure_s: float | None = None
    struck: bool = False
    how: str = "two_scans"

    @property
    def minutes(self) -> int:
        """What it counts: whole minutes, nothing under five, twelve hours at most."""
        if self.struck or self.counts_s is None:
            return 0
        return counted(self.counts_s)

    @property
    def sure_minutes(self) -> int:
        """What it counts at least where the power went within it."""
        measured = self.how == "two_scans" and self.sure_s is not None and self.minutes > 0
        return counted(self.sure_s or 0.0) if measured else self.minutes


@dataclass
class Notebook:
    """All lines by session id."""

    lines: dict[str, Line] = field(default_factory=dict)

    def totals(self) -> dict[str, int]:
        """Return the minutes of every volunteer."""
        minutes: dict[str, int] = defaultdict(int)
        for line in self.lines.values():
            minutes[line.volunteer] += line.minutes
        return dict(minutes)


def counted(seconds: float) -> int:
    """Return whole minutes: nothing under five, twelve hours at most."""
    minutes = int(round(seconds, 3) // MINUTE_S)
    return 0 if minutes < LEAST_MIN else min(minutes, CAP_MIN)
