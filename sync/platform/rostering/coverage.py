"""Hours staffed of the hours open, and how often a volunteer came: figures of what was decided, pure.

Upstream: ``served``, ``spans``.
Downstream: ``reviewing``, the pages of ``console.served_pages``.

Neither has a consequence by itself: nobody is suspended, passed over or marked by a number here (条例 Art 25).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sync.platform.rostering.model import MS_PER_MINUTE
from sync.platform.rostering.served import Came, Outcome, Stay, Watch
from sync.platform.rostering.spans import Span, Spans, length, within, without


@dataclass(frozen=True, slots=True)
class Coverage:
    """Of some time at a point, minutes.

    Attributes:
        open_minutes: it was open, up to now.
        staffed_minutes: somebody was surely there while it was open, however many.
        known_minutes: of those it was open, in which everything recorded is here.
        unconfirmed_minutes: only somebody was there whose hours nobody has confirmed; not in ``staffed_minutes``.
    """

    open_minutes: int = 0
    staffed_minutes: int = 0
    known_minutes: int = 0
    unconfirmed_minutes: int = 0

    def __add__(self, other: Coverage) -> Coverage:
        """Return both together."""
        return Coverage(
            self.open_minutes + other.open_minutes,
            self.staffed_minutes + other.staffed_minutes,
            self.known_minutes + other.known_minutes,
            self.unconfirmed_minutes + other.unconfirmed_minutes,
        )

    @property
    def percent(self) -> int | None:
        """Hours staffed of hours open, in whole per cent; None where it was not open."""
        return None if self.open_minutes == 0 else self.staffed_minutes * 100 // self.open_minutes

    @property
    def is_known(self) -> bool:
        """Whether every record of it is here."""
        return self.known_minutes == self.open_minutes


def coverage(opened: Spans, present: Iterable[Span], likely: Iterable[Span], watches: Collection[Watch]) -> Coverage:
    """Return the figures of some opening hours that have passed.

    Args:
        opened: when the point was open.
        present: when somebody was surely there.
        likely: when somebody was there whose hours nobody has confirmed.
        watches: the devices of the point, of any time.
    """
    there = within(opened, present)
    maybe = without(within(opened, likely), there)
    known = [span for each in opened for span in _known(each, watches)]
    parts = (opened, there, within(opened, known), maybe)
    return Coverage(*(length(part) // MS_PER_MINUTE for part in parts))


def _known(span: Span, watches: Iterable[Watch]) -> Spans:
    stood = [each for each in watches if each.stood(span)]
    unknown = [part for each in stood for part in each.unknown(span)]
    return without(within([span], [each.part_of(span) for each in stood]), unknown)


@dataclass(frozen=True, slots=True)
class Reliability:
    """How one volunteer kept the places that were accepted; a figure to talk about, with no consequence by itself.

    Attributes:
        came: to how many of ``known`` places.
        late, early: of those, came late, left early.
        absent: not there, whether somebody stood in or not.
        open: not decided: unconfirmed, or records are still to come.
    """

    came: int = 0
    late: int = 0
    early: int = 0
    absent: int = 0
    open: int = 0

    @property
    def known(self) -> int:
        """How many places it is known of."""
        return self.came + self.absent


def reliability_of(outcomes: Sequence[Outcome]) -> Reliability:
    """Return how the places of one volunteer were kept; what is ahead, and what was never accepted, is left out."""
    past = [each for each in outcomes if each.came not in {Came.AHEAD, Came.RUNNING, Came.UNANSWERED}]
    came = [each for each in past if each.came in {Came.SERVED, Came.PARTLY}]
    held = [each for each in past if each.accepted]
    return Reliability(
        came=len(came),
        late=sum(each.late for each in came),
        early=sum(each.early for each in came),
        absent=sum(each.came in {Came.ABSENT, Came.COVERED} for each in held),
        open=sum(each.came in {Came.UNCONFIRMED, Came.UNKNOWN} for each in held),
    )


def presence(stays: Iterable[Stay], sure: Iterable[Span], now_ms: int) -> tuple[list[Span], list[Span]]:
    """Return when people were surely at a point, and when people were whose hours nobody has confirmed."""
    present, likely = [], []
    for stay, span in zip(stays, sure, strict=True):
        if stay.confirmed:
            present.append(span)
        else:
            likely.append(stay.likely(now_ms))
    return present, likely
