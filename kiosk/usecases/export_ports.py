"""What the export of the ledger is asked for, what it says on its way, what it needs of the world: values and ports.

Upstream: ``record_ports``, ``sync.protocol``.
Downstream: ``export_ledger``, the desk, ``kiosk ledger export``; ``kiosk.store``, ``kiosk.export`` implement the ports.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from contextlib import AbstractContextManager
    from datetime import date, datetime
    from pathlib import Path

    from kiosk.usecases.record_ports import SessionHistory
    from sync.protocol.checkpoint import Checkpoint
    from sync.protocol.envelope import Envelope, Position


class Format(StrEnum):
    """What is written; ``chain`` is the file that ``kiosk ledger verify`` reads."""

    XLSX = "xlsx"
    CSV = "csv"
    PDF = "pdf"
    CHAIN = "chain"


class Phase(StrEnum):
    """Which part of the work goes on; ``done`` and ``total`` are records while reading, bytes while copying."""

    READ = "read"
    COPY = "copy"


class ExportFault(StrEnum):
    """Why nothing more could be written; each has a sentence of what to do."""

    NO_TARGET = "no_target"  # the stick is not there, or was pulled
    FULL = "full"
    READ_ONLY = "read_only"
    NO_ROOM_HERE = "no_room_here"  # on the device's own disk, where the files are made first
    UNREADABLE = "unreadable"  # the ledger itself cannot be read now
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """What is wanted: a folder that exists, formats, and local dates of the sessions' starts, both included."""

    target: Path
    formats: frozenset[Format] = frozenset(Format)
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class ExportProgress:
    """How far it is; ``file`` is the name of the file that is copied, or empty."""

    phase: Phase
    done: int
    total: int
    file: str = ""


@dataclass(frozen=True, slots=True)
class Exported:
    """All files stand under their final names."""

    files: tuple[Path, ...]
    sessions: int
    records: int


@dataclass(frozen=True, slots=True)
class NotExported:
    """It ended early; asked again, it goes on where it was. ``needed_bytes``: what is lacking, where it is known."""

    fault: ExportFault
    file: str = ""
    needed_bytes: int | None = None


ExportStep = ExportProgress | Exported | NotExported


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One line of the 台账: a session with its history, and the name at the time (empty where it was erased)."""

    history: SessionHistory
    name: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands around the lines.

    Attributes:
        place: the service point's name.
        made_at: aware UTC.
        names: of operators, by volunteer number.
        first, last: as asked for; None: without end.
    """

    place: str
    device: str
    made_at: datetime
    names: Mapping[str, str]
    first: date | None = None
    last: date | None = None


class ExportReading(Protocol):
    """One consistent view of the ledger, read a page at a time."""

    def count_entries(self, first: date | None, last: date | None) -> int:
        """Return how many sessions began on these local dates, drills left out."""
        ...

    def entries(self, first: date | None, last: date | None) -> Iterator[LedgerEntry]:
        """Yield them, earliest first."""
        ...

    def chain_heads(self) -> list[Position]:
        """Return the head of every stream, in the order in which they were begun."""
        ...

    def chain_checkpoints(self) -> list[Checkpoint]:
        """Return every checkpoint, oldest first."""
        ...

    def acknowledged(self) -> list[Position]:
        """Return the heads that the platform acknowledged."""
        ...

    def count_events(self) -> int:
        """Return how many records the chain has."""
        ...

    def events(self) -> Iterable[Envelope]:
        """Return all of them, in order of recording, with the names that still stand."""
        ...


class ExportLedgerPort(Protocol):
    """The device's ledger."""

    def reading(self) -> AbstractContextManager[ExportReading]:
        """Open a consistent view; raises ``RecordingError``."""
        ...


class Writer(Protocol):
    """Takes lines one after another and makes files of them, in the folder it was opened on."""

    def add(self, entry: LedgerEntry) -> None:
        """Take the next line."""
        ...

    def close(self) -> None:
        """Write what is still held."""
        ...


class Writers(Protocol):
    """The formats of tables."""

    def open(self, form: Format, folder: Path, stem: str, sheet: Sheet) -> Writer:
        """Begin the files of one format; their names begin with ``stem``."""
        ...


class WriteChain(Protocol):
    """The file of the chain."""

    def __call__(self, reading: ExportReading, file: Path, sheet: Sheet) -> Iterator[int]:
        """Write it; yields how many records were written since the last step."""
        ...


class Spool(Protocol):
    """Where files are made before they are copied: on the device's own disk, and gone again afterwards."""

    def prepare(self, key: str) -> Path | None:
        """Return an empty folder to make the files of ``key`` in; None where they stand already."""
        ...

    def finish(self, key: str) -> None:
        """Note that all files of ``key`` are made."""
        ...

    def files(self) -> list[Path]:
        """Return the files, by name."""
        ...

    def clear(self) -> None:
        """Remove everything."""
        ...


class Stick(Protocol):
    """The folder that files are brought to. Faults come as values, whatever the system calls them."""

    def check(self, target: Path, needed_bytes: int) -> NotExported | None:
        """Tell why nothing can be written there, or None."""
        ...

    def bring(self, file: Path, target: Path) -> Iterator[int | NotExported]:
        """Copy a file under its name; yields the bytes that stand there so far, or at last why it ended."""
        ...
