"""When service points are open: weekly hours, and the special days that replace them. Pure.

Upstream: ``hours``, ``model``.
Downstream: ``templates``, ``copying``, ``served`` (coverage), the set-up pages.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise
from types import MappingProxyType

from sync.platform.rostering.hours import day_of, span_of
from sync.platform.rostering.model import EVERYWHERE, Opening, Post, SpecialDay

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Calendar:
    """Opening hours of some points by weekday, and special days; a point's own goes before that of everywhere."""

    openings: Mapping[str, Sequence[Opening]]
    specials: tuple[SpecialDay, ...] = ()

    def special(self, point: str, on: date) -> SpecialDay | None:
        """Return the special day that holds at a point on a local day, or None."""
        return self._special_of.get((point, on)) or self._special_of.get((EVERYWHERE, on))

    def is_special(self, point: str, on: date) -> bool:
        """Tell whether a day carries a label at a point or everywhere."""
        special = self.special(point, on)
        return special is not None and bool(special.label)

    def spans(self, point: str, on: date) -> tuple[tuple[int, int], ...]:
        """Return the spans of a local day at which a point is open, as UTC ms; one may reach into the next day."""
        special = self.special(point, on)
        if special is None:
            return tuple(span_of(on, one.opens, one.closes) for one in self._weekly.get((point, on.weekday()), ()))
        if special.opens is None or special.closes is None:
            return ()
        return (span_of(on, special.opens, special.closes),)

    def is_open(self, post: Post) -> bool:
        """Tell whether all of a post lies within the hours at which its point is open."""
        on, until_ms = day_of(post.starts_ms) - DAY, post.starts_ms
        spans = sorted(span for day in (on, on + DAY, on + DAY * 2) for span in self.spans(post.point, day))
        for begin, end in spans:
            if begin <= until_ms:
                until_ms = max(until_ms, end)
        return until_ms >= post.ends_ms

    @cached_property
    def _special_of(self) -> Mapping[tuple[str, date], SpecialDay]:
        return MappingProxyType({(day.point, day.on): day for day in self.specials})

    @cached_property
    def _weekly(self) -> Mapping[tuple[str, int], Sequence[Opening]]:
        found: dict[tuple[str, int], list[Opening]] = defaultdict(list)
        for point, openings in self.openings.items():
            for one in openings:
                found[point, one.weekday].append(one)
        return found


def overlapping(openings: Iterable[Opening]) -> bool:
    """Tell whether two spans of a weekday overlap; one that ends no later than it begins ends on the next day."""
    ordered = sorted(openings, key=lambda one: (one.weekday, one.opens))
    return any(
        one.weekday == other.weekday and (other.opens < one.closes or one.closes <= one.opens)
        for one, other in pairwise(ordered)
    )
