"""What a booth may live through, drawn by Hypothesis, with the truth kept beside every stamp.

Upstream: ``clock``, ``sync.protocol.timeline``.
Downstream: the tests of time, in the protocol and in the device's file.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from hypothesis import strategies as st

from sync.protocol.envelope import Stamp
from sync.protocol.timeline import AnchorPoint, Beat, TimeLog, log_of
from tests.support.clock import FakeClocks

HOUR = 3600.0
DAY = 24 * HOUR
YEAR_MS = 365 * 24 * 3600 * 1000
WALLS = st.integers(-56 * YEAR_MS, 10 * YEAR_MS)
Made: TypeAlias = tuple[Stamp, int]  # a stamp, and the true time it was made at, ns


@dataclass(frozen=True)
class Wait:
    """Time passes."""

    seconds: float


@dataclass(frozen=True)
class Suspend:
    """The machine sleeps with its power on."""

    seconds: float


@dataclass(frozen=True)
class Beat60:
    """The minute is over: the boot is written down as alive."""


@dataclass(frozen=True)
class Sync:
    """The platform is asked; the way there and the way back take so many seconds."""

    there_s: float
    back_s: float


@dataclass(frozen=True)
class Jump:
    """Somebody, or NTP, sets the wall clock wrong by so many milliseconds."""

    by_ms: int


@dataclass(frozen=True)
class Reboot:
    """The power is cut; afterwards the wall clock is wrong by so many milliseconds (None: as before)."""

    off_s: float
    by_ms: int | None


Deed: TypeAlias = Wait | Suspend | Beat60 | Sync | Jump | Reboot
DEEDS: st.SearchStrategy[Deed] = st.one_of(
    st.builds(Wait, st.floats(0, 40 * HOUR)),
    st.builds(Suspend, st.floats(0, 40 * HOUR)),
    st.just(Beat60()),
    st.builds(Sync, st.floats(0, 30), st.floats(0, 30)),
    st.builds(Jump, WALLS),
    st.builds(Reboot, st.floats(0, 30 * DAY), st.one_of(st.none(), WALLS)),
)
LIVES = st.lists(DEEDS, max_size=25)
DRIFTS = st.integers(-400, 400)


@dataclass
class History:
    """What a machine lived through: a stamp after every deed, and the log as its ledger has it."""

    clocks: FakeClocks
    stamps: list[Made] = field(default_factory=list)
    entries: list[AnchorPoint | Beat] = field(default_factory=list)
    beat_ns: int | None = None

    @property
    def log(self) -> TimeLog:
        """Everything that was noted."""
        return log_of(self.entries)

    def live(self, deeds: list[Deed]) -> History:
        """Live through some deeds, with a stamp after each."""
        self.stamp()
        for deed in deeds:
            self._do(deed)
            self.stamp()
        return self

    def stamp(self) -> None:
        """Record something."""
        now = self.clocks.read()
        made = Stamp(now.boot_id, self.clocks.boot, now.bt_ns // 1000, now.wall_ms, "unknown")
        self.stamps.append((made, self.clocks.true_ns))

    def _do(self, deed: Deed) -> None:
        match deed:
            case Wait(seconds):
                self.clocks.elapse(seconds)
            case Suspend(seconds):
                self.clocks.suspend(seconds)
            case Beat60():
                self.beat_ns = self.clocks.bt_ns
            case Sync(there_s, back_s):
                self._exchange(there_s, back_s)
            case Jump(by_ms):
                self.clocks.wall_error_ms = by_ms
            case Reboot(off_s, by_ms):
                self._reboot(off_s, by_ms)

    def _exchange(self, there_s: float, back_s: float) -> None:
        """Ask the platform: the answer says its time, in whole ms, at the moment of answering."""
        sent_ns = self.clocks.bt_ns
        self.clocks.elapse(there_s)
        server_ms = self.clocks.true_ms
        self.clocks.elapse(back_s)
        now = self.clocks.read()
        rtt_ns = -(-(now.bt_ns - sent_ns) // 1000) * 1000
        self.entries.append(AnchorPoint(now.boot_id, self.clocks.boot, now.bt_ns // 1000 * 1000, server_ms, rtt_ns))

    def _reboot(self, off_s: float, by_ms: int | None) -> None:
        """Cut the power; the next start tells when the boot was last alive."""
        ended, last_ns = self.clocks.read(), self.stamps[-1][0].bt_ns
        alive_ns = max(last_ns, self.beat_ns or 0)
        self.entries.append(Beat(ended.boot_id, self.clocks.boot, alive_ns // 1000 * 1000))
        self.beat_ns = None
        self.clocks.reboot(off_s=off_s)
        if by_ms is not None:
            self.clocks.wall_error_ms = by_ms


@st.composite
def histories(draw: st.DrawFn, lives: st.SearchStrategy[list[Deed]] = LIVES) -> History:
    """Events, waits, suspends, beats, syncs, wall jumps of −56 … +10 years, reboots of unknown length, ±400 ppm."""
    return History(FakeClocks(drift_ppm=draw(DRIFTS))).live(draw(lives))


@st.composite
def known_parts(draw: st.DrawFn, history: History) -> TimeLog:
    """Any part of what was noted, in any order: what has arrived so far."""
    keep = draw(st.lists(st.booleans(), min_size=len(history.entries), max_size=len(history.entries)))
    part = [entry for entry, kept in zip(history.entries, keep, strict=True) if kept]
    return log_of(draw(st.permutations(part)))
