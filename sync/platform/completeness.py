"""How far a device's records are known complete, and when nobody could have been recorded: pure (docs/adr/0033).

Upstream: ``sync.protocol``.
Downstream: ``watermark`` keeps lines up to date, ``rostering.served`` asks.

A statement says: my streams stood at these heads when my clocks read this stamp. The hash of a head stands for every
event before it, so walking back from it finds whatever is missing, in a forked stream too::

    held ──prev──▶ o ──▶ o ──▶ (missing) ──▶ o ──▶ head as said      ▶ everything up to the stamp but a gap of time
    held ─ ─ ─ ─ ─ ─ ─ ─ ─ ─ ─ ─ ─ ─ ─ ─ ─ ─ (head not here yet)     ▶ nothing new

A *line* is what one machine writes: the stream that its file writes to. Another stream of that file continues it; a
second machine with a copy of the disk is another line; a new disk without the old records is another line too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from sync.protocol.contact import Reached, StreamHead
from sync.protocol.envelope import Stamp
from sync.protocol.timeline import Beat, TimeLog, locate

SETTLING_MS = 60_000  # what is stamped just before a statement may still wait for the file (two seconds at most)
FORGOTTEN_MS = 30 * 24 * 3600 * 1000  # a copy of a disk silent for so long is gone; devices keep rows as long
MOST_SPANS = 200  # times without power kept of a line, the newest
MOST_GAPS = 32  # kept of a line; of more, the two oldest become one

Span = tuple[int, int]  # [from, until), UTC ms


@dataclass(frozen=True, slots=True)
class Link:
    """What ties a stored event to the one before it."""

    seq: int
    h: str
    prev: str


@dataclass(frozen=True, slots=True)
class Gap:
    """Events ``first`` to ``last`` of a stream that are not here, and when they can have been recorded (UTC ms)."""

    first: int
    last: int
    lo_ms: int
    hi_ms: int


@dataclass(frozen=True, slots=True)
class Line:
    """What is known of one stream of a device.

    Attributes:
        seq, h: up to which it is held, but for ``gaps``; (0, "") of none.
        complete_to_ms: all recorded up to then is held, but for ``gaps``; by the newest statement that was met.
        begun_ms: its first event was recorded no later, UTC ms; 0: with the device.
        said: the newest statement in which the file wrote to this stream, None once it is met.
        follows: the streams that the file had before.
        first_ms, last_ms: when the first and the newest of those statements came (the platform's time); 0: none did.
        forked: two machines were seen to write to it.
        off: when the machine surely did not run.
        met: the newest statement that was met.
    """

    stream: str
    seq: int = 0
    h: str = ""
    gaps: tuple[Gap, ...] = ()
    complete_to_ms: int = 0
    begun_ms: int = 0
    said: Reached | None = None
    follows: tuple[str, ...] = ()
    first_ms: int = 0
    last_ms: int = 0
    forked: bool = False
    off: tuple[Span, ...] = ()
    met: Reached | None = None

    @property
    def is_open(self) -> bool:
        """Whether events that come now may bring it further."""
        return self.said is not None or bool(self.gaps)


@dataclass(frozen=True, slots=True)
class Reach:
    """How far one device is known complete: up to ``to_ms``, but for ``holes``; ``off``: when it surely did not run."""

    to_ms: int = 0
    holes: tuple[Span, ...] = ()
    off: tuple[Span, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Walk:
    """What a walk back found: the missing (first, last), earliest first; and whether it came to where it was to."""

    missing: tuple[tuple[int, int], ...]
    joins: bool


def walk(links: Iterable[Link], head: StreamHead, seq: int, h: str) -> Walk:
    """Walk back from a head to an event that is held, by the hashes.

    Args:
        links: those stored events of the stream that come after ``seq`` up to the head, of every branch.
        head: where to begin; its ``h`` is the one that was said.
        seq: where to end; 0: before the first.
        h: of the event there; empty: whatever it is.
    """
    by_seq: dict[int, list[Link]] = {}
    for link in links:
        by_seq.setdefault(link.seq, []).append(link)
    wanted: str | None = head.h
    missing: list[int] = []
    for at in range(head.seq, seq, -1):
        found = _found(by_seq.get(at, ()), wanted)
        wanted = None if found is None else found.prev
        if found is None:
            missing.append(at)
    return Walk(_runs(reversed(missing)), not h or wanted is None or wanted == h)


def _found(here: Sequence[Link], wanted: str | None) -> Link | None:
    """The event of a chain at one place; behind a gap nobody knows its hash, so it must be the only one."""
    if wanted is None:
        return here[0] if len(here) == 1 else None
    return next((link for link in here if link.h == wanted), None)


def _runs(numbers: Iterable[int]) -> tuple[tuple[int, int], ...]:
    found: list[tuple[int, int]] = []
    for number in numbers:
        if found and found[-1][1] == number - 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return tuple(found)


def off_spans(log: TimeLog, since: Stamp | None, now: Stamp) -> tuple[Span, ...]:
    """Return when a machine surely did not run between two stamps: from the end of a boot to the begin of the next.

    Args:
        log: what the stream says of time from the one to the other.
        since: where it was looked at last; None: look at all.
        now: the stamp of a statement.
    """
    first = -1 if since is None else since.boot_n
    ends: dict[int, Beat] = {}
    for beat in sorted(log.beats, key=lambda each: (each.boot_n, each.bt_ns, each.boot_id)):
        if first <= beat.boot_n < now.boot_n:
            ends[beat.boot_n] = beat
    starts = {number: Stamp(beat.boot_id, number, 0, 0, "") for number, beat in ends.items()}
    starts[now.boot_n] = Stamp(now.boot_id, now.boot_n, 0, 0, "")
    numbers = sorted(starts)
    found = []
    for before, after in pairwise(numbers):
        end = ends[before]
        until_ms = locate(starts[after], log).lo_ms
        from_ms = locate(Stamp(end.boot_id, before, end.bt_ns // 1000, 0, ""), log).hi_ms
        if until_ms > from_ms:
            found.append((from_ms, until_ms))
    return tuple(found)


def reach_of(lines: Iterable[Line], now_ms: int) -> Reach:
    """Return how far a device is known complete by its lines, at an instant (the platform's time, UTC ms)."""
    known = {line.stream: line for line in lines}
    said = sorted((line for line in known.values() if line.last_ms), key=lambda line: (line.first_ms, line.stream))
    holes = [(gap.lo_ms, gap.hi_ms) for line in known.values() for gap in line.gaps]
    awake: list[int] = []
    for line in said:
        to_ms, end_ms = _own_reach(line, known), _end_ms(line, said, now_ms)
        if end_ms is None:
            awake.append(to_ms)
        else:
            holes.append((to_ms, end_ms))
    off = tuple(sorted({span for line in known.values() for span in line.off}))
    return Reach(min(awake, default=0), tuple(sorted({hole for hole in holes if hole[0] < hole[1]})), off)


def _end_ms(line: Line, said: Sequence[Line], now_ms: int) -> int | None:
    """Return up to when records of a line that has ended may be lost (0: none are), or None where it goes on."""
    followers = [each for each in said if line.stream in each.follows]
    if line.forked and len(followers) < 2:  # noqa: PLR2004 - of two machines that wrote to it each goes on elsewhere
        heard_ms = max([line.last_ms, *(each.first_ms for each in followers)])
        return heard_ms if followers and now_ms - heard_ms >= FORGOTTEN_MS else None
    if followers:
        return 0 if line.said is None or line.forked else max(each.begun_ms for each in followers)
    later = [each for each in said if each.first_ms > line.last_ms]
    stranger = next((each for each in later if not set(each.follows) & {*line.follows, line.stream}), None)
    if stranger is not None:
        return stranger.begun_ms
    return line.last_ms if later and now_ms - line.last_ms >= FORGOTTEN_MS else None


def _own_reach(line: Line, known: Mapping[str, Line]) -> int:
    before = (known[stream].complete_to_ms for stream in line.follows if stream in known)
    return max([line.complete_to_ms, *before])


def with_gaps(line: Line, gaps: Iterable[Gap]) -> Line:
    """Return a line with these gaps, at most :data:`MOST_GAPS`: what they hide only grows by that."""
    found = sorted(gaps, key=lambda gap: gap.first)
    while len(found) > MOST_GAPS:
        one, other, *rest = found
        found = [Gap(one.first, other.last, min(one.lo_ms, other.lo_ms), max(one.hi_ms, other.hi_ms)), *rest]
    return replace(line, gaps=tuple(found))


def lower_ms(bound_ms: int, received_ms: int) -> int:
    """Return up to when a statement vouches: its stamp's lower bound, never beyond when it came, less settling."""
    return max(0, min(bound_ms, received_ms) - SETTLING_MS)
