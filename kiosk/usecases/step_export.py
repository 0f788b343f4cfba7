"""The export from the desk, a small step at a time, so that a volunteer at the camera never waits for it.

Upstream: ``export_ledger``, ``know_operator``, the ports.
Downstream: ``kiosk.composition``, ``kiosk.presenter.desk``.

::

    look ──▶ which sticks ── begin ──▶ progress ── go_on ──▶ … ──▶ Exported
                                            └── the stick was pulled ──▶ NotExported ── begin again ──▶ goes on there
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from kiosk.domain.operator_refusal import DeskRefusal
from kiosk.domain.operators import Right
from kiosk.usecases.desk_outcomes import DeskRefused
from kiosk.usecases.export_ports import ExportFault, ExportProgress, ExportRequest, NotExported

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from datetime import date, tzinfo

    from kiosk.usecases.export_ledger import ExportLedger
    from kiosk.usecases.export_ports import ExportStep, Format
    from kiosk.usecases.know_operator import KnowOperator
    from kiosk.usecases.operator_outcomes import SignedIn
    from kiosk.usecases.ports import Clock

AT_ONCE = 4  # steps of the export in one turn of the duty thread: some 200 records


class Months(StrEnum):
    """Which records are wanted, by the local month of their start."""

    THIS = "this"
    LAST = "last"
    ALL = "all"


class FindSticks(Protocol):
    """Which sticks are plugged in."""

    def __call__(self) -> tuple[Path, ...]:
        """Return the folders that can be written to."""
        ...


@dataclass(frozen=True, slots=True)
class Sticks:
    """What is plugged in now, and ``today``'s local date."""

    folders: tuple[Path, ...]
    today: date


@dataclass(slots=True)
class StepExport:
    """The use case of 台账导出 at the desk; at most one export runs, and a new one takes its place."""

    know: KnowOperator
    clock: Clock
    export: ExportLedger
    find: FindSticks
    zone: tzinfo
    steps: Generator[ExportStep] | None = None

    def look(self) -> Sticks:
        """Return what is plugged in now."""
        return Sticks(self.find(), self.clock.now().at.astimezone(self.zone).date())

    def begin(
        self, operator: SignedIn, target: Path, formats: frozenset[Format], months: Months
    ) -> ExportStep | DeskRefused:
        """Begin, or go on where a pulled stick ended it."""
        moment = self.clock.now()
        if not self.know.may(operator.operator, Right.EXPORT, moment):
            return DeskRefused(DeskRefusal.NOT_ALLOWED)
        first, last = month_of(moment.at.astimezone(self.zone).date(), months)
        self.stop()
        self.steps = _steps(self.export(ExportRequest(target, formats, first, last)))
        return self.go_on()

    def go_on(self) -> ExportStep:
        """Take the next few steps, and return the last of them."""
        last: ExportStep = NotExported(ExportFault.CANCELLED)
        for step in islice(self.steps or (), AT_ONCE):
            last = step
        if not isinstance(last, ExportProgress):
            self.stop()
        return last

    def stop(self) -> None:
        """Let go of an export that runs."""
        steps, self.steps = self.steps, None
        if steps is not None:
            steps.close()


def _steps(export: Iterator[ExportStep]) -> Generator[ExportStep]:
    """Make a generator of any iterator, so that it can be let go of."""
    yield from export


def month_of(today: date, months: Months) -> tuple[date | None, date | None]:
    """Return the first and the last local date of what is wanted; None: without end."""
    if months is Months.ALL:
        return None, None
    first = today.replace(day=1)
    if months is Months.LAST:
        first = (first.replace(month=first.month - 1)) if first.month > 1 else first.replace(first.year - 1, 12)
    return first, first.replace(day=calendar.monthrange(first.year, first.month)[1])
