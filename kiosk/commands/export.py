"""``kiosk ledger export``: the ledger brought to a folder, through the same use case as the operator's desk.

Upstream: ``kiosk.composition``, ``kiosk.usecases.export_ledger``.
Downstream: ``kiosk.cli``.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.composition import open_catalogues, open_station
from kiosk.presenter.phrases import Language, Phrases
from kiosk.usecases.export_ports import Exported, ExportFault, ExportProgress, ExportRequest, Format, NotExported

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime
    from pathlib import Path

    from kiosk.settings import KioskSettings
    from kiosk.usecases.export_ports import ExportStep

NOT_EXPORTED = 4


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command line asks for."""

    request: ExportRequest

    @classmethod
    def of(cls, target: Path, formats: str, first: datetime | None, last: datetime | None) -> Wanted:
        """Return it.

        Raises:
            ValueError: a format that there is not, or a last date before the first; the sentence says which.
        """
        named = [name.strip() for name in formats.split(",") if name.strip()]
        unknown = sorted(set(named) - {form.value for form in Format})
        if unknown or not named:
            raise ValueError(f"formats are {', '.join(Format)}, not {', '.join(unknown) or 'none'}")
        begin, end = (at and at.date() for at in (first, last))
        if begin and end and end < begin:
            raise ValueError("the last date is before the first")
        return cls(ExportRequest(target, frozenset(map(Format, named)), begin, end))


@dataclass(frozen=True, slots=True)
class Answer:
    """A sentence in Chinese, and the exit code."""

    sentence: str
    code: int


def export(settings: KioskSettings, wanted: Wanted, progress: Callable[[str, int], Callable[[int], None]]) -> Answer:
    """Bring the files and say what came of it.

    Raises:
        StoreError: the kiosk itself is not ready.
    """
    words = Phrases(open_catalogues()[Language.CHINESE])
    with closing(open_station(settings)) as station:
        last = _watched(station.keeping.export(wanted.request), words, progress)
    if isinstance(last, Exported):
        lines = [words.say("export.done", files=len(last.files), sessions=last.sessions), *map(str, last.files)]
        return Answer("\n".join(lines), 0)
    fault = last.fault if isinstance(last, NotExported) else ExportFault.CANCELLED
    return Answer(words.of("export", "fault", fault.value), NOT_EXPORTED)


def _idle(_steps: int) -> None:
    """Nothing is shown before the first phase."""


def _watched(
    steps: Iterable[ExportStep], words: Phrases, progress: Callable[[str, int], Callable[[int], None]]
) -> ExportStep | None:
    step: ExportStep | None = None
    phase, seen = "", 0
    advance: Callable[[int], None] = _idle
    for step in steps:
        if isinstance(step, ExportProgress):
            if step.phase.value != phase:
                phase, seen = step.phase.value, 0
                advance = progress(words.of("export", "progress", phase), step.total)
            advance(step.done - seen)
            seen = step.done
    return step
