"""What the lines of a printed ledger add up to: each volunteer's union, by how it is known; provisional apart. Pure.

Upstream: ``sync.protocol.totals``.
Downstream: ``pdf_file``.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sync.protocol.sessions import COUNTING_NOTHING
from sync.protocol.totals import Line, totals_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kiosk.usecases.export_ports import LedgerEntry
    from sync.protocol.vocabulary import Provenance

NS_PER_S, S_PER_MIN = 1_000_000_000, 60


class PrintedTotals:
    """Takes entries one after another; a volunteer's overlapping time counts once (duty-rules.md, Crediting)."""

    def __init__(self) -> None:
        """Nothing counts yet."""
        self._lines: defaultdict[str, list[Line]] = defaultdict(list)

    def add(self, entry: LedgerEntry) -> None:
        """Take the next entry."""
        session = entry.history.session
        line = Line(
            session.id,
            session.state,
            session.provenance,
            session.counts_from_ms,
            session.credited_minutes,
            session.original_ns // NS_PER_S,
            apart=bool(session.flags & COUNTING_NOTHING),
        )
        self._lines[session.volunteer].append(line)

    @property
    def minutes(self) -> int:
        """Whole minutes that count."""
        return sum(totals_of(lines).minutes for lines in self._lines.values())

    @property
    def counted(self) -> int:
        """How many sessions they come from."""
        return sum(len(totals_of(lines).counted) for lines in self._lines.values())

    @property
    def provisional(self) -> int:
        """How many sessions count nothing until a person decides."""
        return sum(len(totals_of(lines).provisional) for lines in self._lines.values())

    @property
    def provisional_minutes(self) -> int:
        """Their original time, which counts nowhere."""
        return sum(totals_of(lines).provisional_s for lines in self._lines.values()) // S_PER_MIN

    def shares(self) -> Iterator[tuple[Provenance, int, int]]:
        """Yield provenance, minutes and number of sessions."""
        minutes: defaultdict[Provenance, int] = defaultdict(int)
        sessions: defaultdict[Provenance, int] = defaultdict(int)
        for lines in self._lines.values():
            for provenance, share in totals_of(lines).by_provenance.items():
                minutes[provenance] += share.minutes
                sessions[provenance] += len(share.sessions)
        for provenance in sorted(minutes):
            yield provenance, minutes[provenance], sessions[provenance]
