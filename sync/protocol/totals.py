"""What the sessions of one volunteer add up to, every minute once and traceable to its session: pure.

Upstream: ``vocabulary``, ``sessions`` (which states count).
Downstream: ``kiosk.usecases`` (own records), ``sync.platform``.

Where credited intervals overlap, both sessions stay and the union counts until a person decides (duty-rules.md,
Crediting). So that parts add up to the whole, an instant that several sessions claim is given to one of them: to a
decided session before one that waits, then to the earlier start, then to the lower id. The order in which sessions
come changes nothing. What is provisional credits nothing, and stands apart by its original time; practice, paid work
and withdrawn records never enter.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from sync.protocol.sessions import COUNTING, DECIDED
from sync.protocol.vocabulary import SessionState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sync.protocol.vocabulary import Provenance

MS_PER_MINUTE = 60_000


@dataclass(frozen=True, slots=True)
class Line:
    """One session, as far as totals ask.

    Attributes:
        counts_from_ms: where its credited time begins, UTC ms; it lasts ``credited_minutes``.
        original_s: time by the events, whole seconds.
        apart: practice or paid work; it enters no total.
    """

    session: str
    state: SessionState
    provenance: Provenance
    counts_from_ms: int
    credited_minutes: int
    original_s: int
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a total: whole minutes, and the ids of the sessions they come from, earliest first."""

    minutes: int = 0
    sessions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Totals:
    """What a volunteer's sessions add up to.

    Attributes:
        counted: minutes of the union by session id, none of them 0; everything below is made of it.
        confirmed: decided by a person; ``waiting``: scanned and waiting for the captain. Together they are all.
        by_provenance: the same minutes by how they are known.
        provisional: ids of those that count nothing yet; ``provisional_s`` is their original time, never counted.
        overlapping: ids of the sessions whose credited time another claims too.
    """

    counted: Mapping[str, int] = field(default_factory=dict)
    confirmed: Share = Share()
    waiting: Share = Share()
    by_provenance: Mapping[Provenance, Share] = field(default_factory=dict)
    provisional: tuple[str, ...] = ()
    provisional_s: int = 0
    overlapping: tuple[str, ...] = ()

    @property
    def minutes(self) -> int:
        """All that counts now: the union of the credited intervals, in whole minutes."""
        return sum(self.counted.values())


def totals_of(lines: Iterable[Line]) -> Totals:
    """Return what the sessions of one volunteer add up to, in whatever order they come; each id counts once."""
    unique = {line.session: line for line in lines if not line.apart and line.state is not SessionState.VOID}
    ordered = sorted(unique.values(), key=lambda line: (line.counts_from_ms, line.session))
    counting = [line for line in ordered if line.state in COUNTING and line.credited_minutes > 0]
    counted = _shared_out(counting)
    by_provenance = {
        provenance: _share([line for line in counting if line.provenance is provenance], counted)
        for provenance in sorted({line.provenance for line in counting})
    }
    provisional = [line for line in ordered if line.state is SessionState.PROVISIONAL]
    return Totals(
        counted={session: minutes for session, minutes in counted.items() if minutes},
        confirmed=_share([line for line in counting if line.state in DECIDED], counted),
        waiting=_share([line for line in counting if line.state not in DECIDED], counted),
        by_provenance=by_provenance,
        provisional=tuple(line.session for line in provisional),
        provisional_s=sum(line.original_s for line in provisional),
        overlapping=_overlapping(counting),
    )


def _share(lines: Sequence[Line], counted: Mapping[str, int]) -> Share:
    return Share(sum(counted[line.session] for line in lines), tuple(line.session for line in lines))


def _ends_ms(line: Line) -> int:
    return line.counts_from_ms + line.credited_minutes * MS_PER_MINUTE


def _shared_out(counting: Sequence[Line]) -> dict[str, int]:
    """Return every session's minutes of the union; milliseconds are carried on, so that nothing is lost by rounding."""
    strength = {line.session: (line.state not in DECIDED, line.counts_from_ms, line.session) for line in counting}
    own_ms = dict.fromkeys(strength, 0)
    for run in _runs(counting):
        for session, ms in _shared_run(run, strength):
            own_ms[session] += ms
    minutes, past_ms = {}, 0
    for session in sorted(own_ms, key=strength.__getitem__):
        minutes[session] = (past_ms + own_ms[session]) // MS_PER_MINUTE - past_ms // MS_PER_MINUTE
        past_ms += own_ms[session]
    return minutes


def _runs(counting: Sequence[Line]) -> list[list[Line]]:
    """Return the sessions in groups whose intervals hang together; most are alone."""
    runs: list[list[Line]] = []
    until_ms = -1
    for line in counting:
        if runs and line.counts_from_ms < until_ms:
            runs[-1].append(line)
        else:
            runs.append([line])
        until_ms = max(until_ms, _ends_ms(line))
    return runs


def _shared_run(run: Sequence[Line], strength: Mapping[str, tuple[bool, int, str]]) -> list[tuple[str, int]]:
    """Return stretches of the run's union, each given to the strongest session that claims it."""
    if len(run) == 1:
        return [(run[0].session, run[0].credited_minutes * MS_PER_MINUTE)]
    edges = sorted({edge for line in run for edge in (line.counts_from_ms, _ends_ms(line))})
    given = []
    for begin_ms, end_ms in pairwise(edges):
        claiming = [line.session for line in run if line.counts_from_ms <= begin_ms and end_ms <= _ends_ms(line)]
        given.append((min(claiming, key=strength.__getitem__), end_ms - begin_ms))
    return given


def _overlapping(counting: Sequence[Line]) -> tuple[str, ...]:
    found = set()
    for run in _runs(counting):
        for place, line in enumerate(run):
            for other in run[place + 1 :]:
                if other.counts_from_ms < _ends_ms(line):
                    found |= {line.session, other.session}
    return tuple(line.session for line in counting if line.session in found)
