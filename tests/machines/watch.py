"""What a booth can know of the time, said plainly from the side of somebody with a good watch.

Upstream: ``tests.support.clock``.
Downstream: ``model``, ``duty_machine``.

The good watch is the truth; the booth has a clock that drifts, a wall clock that may say anything, and the answers of
the platform that it has taken up. Where that is enough to tell what the booth must think, ``past_limit`` says so; where
it is not, it says None, and the machine asks only for what is promised then.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta, timezone
from typing import TypeAlias

from tests.support.clock import FakeClocks

SHANGHAI = timezone(timedelta(hours=8))  # no summer time
CLOSES, MIDNIGHT, GRACE = time(22), time(0), timedelta(hours=1)
CAP = timedelta(hours=12)
MINORS_FROM, MINORS_UNTIL, MINORS_GRACE = time(8), time(20), timedelta(minutes=15)
RHO = 0.0005
UNCERTAIN_S = 45.0  # an exchange that narrows less than this need not be recorded (12 h at ρ, and room to spare)
NARROW_S = 300.0
Range: TypeAlias = tuple[float, float]  # seconds since 1970, UTC, of an instant as the booth may take it


@dataclass(frozen=True)
class Instant:
    """A moment by the good watch (seconds since 1970) and by the booth's own clock (µs of its boot)."""

    true_s: float
    boot: int
    bt_us: int
    wall_is_right: bool


@dataclass
class Watch:
    """The truth about the booth's time.

    Attributes:
        lived: by boot, the last instant (µs of it) at which the booth noted that it was alive.
        taken: by boot, the answers of the platform that the booth has taken up: when (µs), and the round trip (s).
        noted: the same, in the mailbox only.
    """

    clocks: FakeClocks
    lived: dict[int, int] = field(default_factory=dict)
    taken: dict[int, list[tuple[int, float]]] = field(default_factory=dict)
    noted: list[tuple[int, int, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """The first boot begins so long before now as its clock says."""
        self.starts_ns = {self.clocks.boot: self.clocks.true_ns - self._true_of(self.clocks.bt_ns)}

    def now(self) -> Instant:
        """Return this moment."""
        clocks = self.clocks
        return Instant(clocks.true_ns / 1e9, clocks.boot, clocks.bt_ns // 1000, clocks.wall_error_ms == 0)

    def alive(self) -> None:
        """The booth wrote something down."""
        self.lived[self.clocks.boot] = self.clocks.bt_ns // 1000

    def booted(self) -> None:
        """The power is back."""
        self.starts_ns[self.clocks.boot] = self.clocks.true_ns - self._true_of(self.clocks.bt_ns)

    def answered(self, rtt_s: float) -> None:
        """The platform has answered; the program has not looked yet."""
        self.noted.append((self.clocks.boot, self.clocks.bt_ns // 1000, rtt_s))

    def take_up(self) -> None:
        """The program looks into the mailbox."""
        for boot, bt_us, rtt_s in self.noted:
            self.taken.setdefault(boot, []).append((bt_us, rtt_s))
        self.noted.clear()

    def truth_ms(self, boot: int, bt_us: int) -> float:
        """Return the true instant, UTC ms, when the clock of a boot read so much."""
        return (self.starts_ns[boot] + self._true_of(bt_us * 1000)) / 1e6

    def slack_s(self, at: Instant) -> float | None:
        """Return how far off the booth may place an instant of an anchored boot, or None: of another."""
        known = self.taken.get(at.boot)
        if not known:
            return None
        return min(2 * rtt_s + UNCERTAIN_S + 4 * RHO * abs(at.bt_us - bt_us) / 1e6 for bt_us, rtt_s in known)

    def range_now(self) -> Range:
        """Return what the booth may take for now."""
        true_s, slack_s = self.clocks.true_ns / 1e9, self.slack_s(self.now())
        if slack_s is not None:
            return true_s - slack_s, true_s + slack_s
        wall_s = true_s + self.clocks.wall_error_ms / 1000
        return (min(wall_s, true_s), max(wall_s, true_s)) if wall_s < true_s else (wall_s, wall_s)

    def range_of(self, at: Instant) -> Range | None:
        """Return what the booth may take for an earlier instant at which it recorded something; None: anything."""
        if at.boot == self.clocks.boot:
            lo_s, hi_s = self.range_now()
            age_s = self.age_s(at)
            return lo_s - age_s, hi_s - age_s
        slack_s = 0.0 if at.wall_is_right else self.slack_s(at)
        return None if slack_s is None else (at.true_s - slack_s, at.true_s + slack_s)

    def age_s(self, at: Instant) -> float:
        """Return how old an instant of this boot is by the booth's clock."""
        return (self.clocks.bt_ns // 1000 - at.bt_us) / 1e6

    def past_limit(self, began: Instant, *, minor: bool) -> bool | None:
        """Tell whether the booth must close a duty that began then; None: it cannot know for sure."""
        lo_s, hi_s = self.range_now()
        if began.boot == self.clocks.boot:
            age_s = self.age_s(began)
            ends = {now_s >= limit_s(now_s - age_s, minor=minor) for now_s in (lo_s, hi_s)}
            certain = len(ends) == 1 and (hi_s - lo_s < NARROW_S or age_s >= CAP.total_seconds())
            return ends.pop() if certain else None
        start = self.range_of(began)
        if start is not None and lo_s >= limit_s(start[1], minor=minor):
            return True
        return False if start is not None and hi_s < limit_s(start[0], minor=minor) else None

    def is_night(self) -> bool | None:
        """Tell whether the booth must know that minors serve no more now; None: it may and may not."""
        if self.slack_s(self.now()) is None:
            return None
        words = {not MINORS_FROM <= _local(s).time() < MINORS_UNTIL for s in self.range_now()}
        return words.pop() if len(words) == 1 else None

    def surely_alive_s(self, begin: Instant, end: Instant) -> float:
        """Return how long the booth knows to have run between two instants, by its own clock."""
        if begin.boot == end.boot:
            return (end.bt_us - begin.bt_us) / 1e6
        rest_us = max(0, self.lived.get(begin.boot, 0) - begin.bt_us)
        between_us = sum(us for boot, us in self.lived.items() if begin.boot < boot < end.boot)
        return (rest_us + between_us + end.bt_us) / 1e6

    def _true_of(self, bt_ns: int) -> int:
        return round(bt_ns / (1 + self.clocks.drift_ppm / 1e6))


def limit_s(began_s: float, *, minor: bool) -> float:
    """Return when a duty that nobody ends is closed: closing time or midnight, plus grace, or the cap."""
    began = _local(began_s)
    limits = [began + CAP, _next(began, CLOSES, GRACE), _next(began, MIDNIGHT, GRACE)]
    if minor:
        limits.append(_next(began, MINORS_UNTIL, MINORS_GRACE))
    return min(limits).timestamp()


def _next(after: datetime, at: time, grace: timedelta) -> datetime:
    days = (after.date() + timedelta(days=days) for days in (-1, 0, 1))
    ends = (datetime.combine(day, at, SHANGHAI) + grace for day in days)
    return min(end for end in ends if end > after)


def _local(seconds: float) -> datetime:
    return datetime.fromtimestamp(max(seconds, 0), UTC).astimezone(SHANGHAI)
