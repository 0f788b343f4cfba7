"""Parcels of lines to a target that speaks otherwise: what is due, in pieces that a crash neither loses nor doubles.

Upstream: ``store``, ``lines``, ``adapter``.
Downstream: the ``upward export`` command.

::

    due lines ── take ──▶ (on disk, or there) ── noted in one transaction ── settle ──▶ done
        ▲                      │ crash                    │ crash: settled at the next start
        └──────────────────────┘ same number again        └─ nothing to settle: taken back, goes again

The ledger is gone through by start and id, a page at a time; a line goes where its fingerprint is not the one that the
target was told, so that an interrupted run goes on where it was and a repeated one does nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sync.platform.ports import Clock, unix_ms
from sync.platform.store.targets import Period, Place
from sync.platform.upward.lines import Clerk, EntryKind, fingerprint_of, people_in
from sync.platform.upward.targets import Parcel, Reported

if TYPE_CHECKING:
    from sync.platform.store import Database, Unit
    from sync.platform.upward.adapter import Adapter
    from sync.platform.upward.lines import ReportLine
    from sync.platform.upward.targets import Target

PAGE = 500  # lines read at once
PARCEL = 20_000  # lines of a parcel: some 3 MB as a file, and what is noted of it in one transaction


@dataclass(frozen=True, slots=True)
class Writing:
    """How lines are written: the language, the zone of local times, and the organising unit."""

    language: str
    zone: ZoneInfo
    unit: str


@dataclass(frozen=True, slots=True)
class Delivered:
    """What a run brought: parcels, lines, how many of those were corrections, and how many were refused."""

    parcels: int = 0
    lines: int = 0
    corrections: int = 0
    refused: int = 0

    def with_parcel(self, parcel: Parcel, refused: int) -> Delivered:
        """Return it with one more parcel."""
        lines, corrections = self.lines + parcel.lines, self.corrections + parcel.corrections
        return Delivered(self.parcels + 1, lines, corrections, self.refused + refused)


Progress = Callable[[Delivered], None]


@dataclass(slots=True)
class _Tally:
    """What went by while a parcel was written."""

    reported: list[Reported] = field(default_factory=list)
    corrections: int = 0

    def counted(self, lines: Iterator[tuple[ReportLine, int]]) -> Iterator[ReportLine]:
        for line, before in lines:
            self.reported.append(Reported(line.session, line.fingerprint, 0, before))
            self.corrections += line.kind is EntryKind.CORRECTION
            yield line


@dataclass(frozen=True, slots=True)
class Delivery:
    """Brings one target what is due.

    Attributes:
        database: where the ledger is.
        clock: the platform's time.
        target: who is told.
        adapter: how.
        writing: in which words.
        parcel: lines of a parcel.
    """

    database: Database
    clock: Clock
    target: Target
    adapter: Adapter
    writing: Writing
    parcel: int = PARCEL

    def run(self, period: Period, progress: Progress) -> Delivered:
        """Finish what an earlier run left, then bring all that is due of a period.

        Raises:
            AdapterError: the way there cannot be used now; what was brought stands, the rest goes next time.
        """
        self._settle_open()
        done, lines = Delivered(), self._due(period)
        for first in lines:
            parcel, refused = self._bring(chain((first,), islice(lines, self.parcel - 1)))
            done = done.with_parcel(parcel, refused)
            progress(done)
        return done

    def _bring(self, lines: Iterator[tuple[ReportLine, int]]) -> tuple[Parcel, int]:
        name, tally = self.target.name, _Tally()
        with self.database.reading() as unit:
            number = unit.targets.next_parcel(name)
        taken = self.adapter.take(number, tally.counted(lines))
        reported = [
            Reported(one.session, one.fingerprint, number, one.before, taken.refused.get(one.session))
            for one in tally.reported
        ]
        parcel = Parcel(number, len(reported), tally.corrections, taken.proof, unix_ms(self.clock()))
        with self.database.writing(f"upward {name}") as unit:
            unit.targets.note_taken(name, parcel, reported)
        self._settle(parcel)
        return parcel, len(taken.refused)

    def _settle_open(self) -> None:
        with self.database.reading() as unit:
            left = unit.targets.open_parcels(self.target.name)
        for parcel in left:
            self._settle(parcel)

    def _settle(self, parcel: Parcel) -> None:
        is_there = self.adapter.settle(parcel.number, parcel.proof)
        with self.database.writing(f"upward {self.target.name}") as unit:
            if is_there:
                unit.targets.settle(self.target.name, parcel.number)
            else:
                unit.targets.take_back(self.target.name, parcel.number)

    def _due(self, period: Period) -> Iterator[tuple[ReportLine, int]]:
        """Yield what the target does not know, each line with the parcel that held what it knew before."""
        place: Place | None = Place()
        while place is not None:
            with self.database.reading() as unit:
                due, place = self._page(unit, place, period)
            yield from due

    def _page(self, unit: Unit, after: Place, period: Period) -> tuple[list[tuple[ReportLine, int]], Place | None]:
        found = unit.targets.standing(self.target, after, period, PAGE)
        due = [each for each in found if each.told is None or each.told.fingerprint != fingerprint_of(each.session)]
        histories = unit.outgoing.histories(each.session.id for each in due)
        names = unit.targets.names_of(sorted(people_in(histories))) if self.target.names else {}
        clerk = Clerk(self.writing.language, self.writing.zone, self.writing.unit, names)
        lines = []
        for each in due:
            known = each.told.parcel if each.told else 0
            lines.append((clerk.line(each.entry, histories.get(each.session.id, []), known), known))
        return lines, found[-1].place if len(found) == PAGE else None
