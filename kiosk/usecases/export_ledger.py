"""The ledger is brought to a stick: made on the device's own disk, then copied, so that a pulled stick costs nothing.

Upstream: ``export_ports``.
Downstream: the desk, ``kiosk ledger export``.

A generator: each step says how far it is, the last one what came of it. Who wants to stop closes it; who asks again
with the same request goes on where it was, as long as nothing new was recorded.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.domain.refusal import RecordingFault
from kiosk.usecases.errors import RecordingError
from kiosk.usecases.export_ports import (
    Exported,
    ExportFault,
    ExportProgress,
    Format,
    NotExported,
    Phase,
    Sheet,
)
from kiosk.usecases.names import names_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kiosk.usecases.export_ports import (
        ExportLedgerPort,
        ExportReading,
        ExportRequest,
        ExportStep,
        Spool,
        Stick,
        WriteChain,
        Writers,
    )
    from kiosk.usecases.ports import Clock, ReferenceShelf
    from kiosk.usecases.seal_head import SealHead

EVERY = 50  # lines between two steps
A_LINE_BYTES = 4_000  # of all formats together, rounded up: what is asked of the device's own disk beforehand


@dataclass(frozen=True, slots=True)
class ExportLedger:
    """Makes the files of a request and brings them to their target."""

    clock: Clock
    ledger: ExportLedgerPort
    shelf: ReferenceShelf
    seal_head: SealHead
    writers: Writers
    write_chain: WriteChain
    spool: Spool
    stick: Stick

    def __call__(self, request: ExportRequest) -> Iterator[ExportStep]:
        """Yield progress, and at last :class:`Exported` or :class:`NotExported`."""
        fault = self.stick.check(request.target, 0)
        if fault is not None:
            yield fault
            return
        self.seal_head(at_once=True)
        try:
            with self.ledger.reading() as reading:
                sessions, records = reading.count_entries(request.first, request.last), reading.count_events()
                yield from self._made(request, reading, sessions, records)
        except RecordingError as error:
            full = error.fault is RecordingFault.DISK_FULL
            yield NotExported(ExportFault.NO_ROOM_HERE if full else ExportFault.UNREADABLE)
            return
        except OSError:  # of the device's own disk: the stick's come as values
            yield NotExported(ExportFault.NO_ROOM_HERE, needed_bytes=records * A_LINE_BYTES)
            return
        yield from self._brought(request.target, sessions, records)

    def _made(
        self, request: ExportRequest, reading: ExportReading, sessions: int, records: int
    ) -> Iterator[ExportStep]:
        """Make all files on the device's own disk."""
        data = self.shelf.current().data
        made_at = self.clock.now().at
        sheet = Sheet(data.service_point.name, data.device, made_at, names_in(data), request.first, request.last)
        heads = reading.chain_heads()
        key = _key(request, sheet, ",".join(head.h for head in heads))
        folder = self.spool.prepare(key)
        if folder is None:
            return
        total = sessions + (records if Format.CHAIN in request.formats else 0)
        yield ExportProgress(Phase.READ, 0, total)
        yield from self._tables(request, reading, folder, sheet, total)
        if Format.CHAIN in request.formats:
            done = sessions
            for more in self.write_chain(reading, folder / f"{stem_of(request)}.jsonl", sheet):
                done += more
                yield ExportProgress(Phase.READ, min(done, total), total)
        self.spool.finish(key)

    def _tables(
        self, request: ExportRequest, reading: ExportReading, folder: Path, sheet: Sheet, total: int
    ) -> Iterator[ExportStep]:
        tables = sorted(request.formats - {Format.CHAIN})
        writers = [self.writers.open(form, folder, stem_of(request), sheet) for form in tables]
        try:
            for done, entry in enumerate(reading.entries(request.first, request.last) if writers else (), 1):
                for writer in writers:
                    writer.add(entry)
                if done % EVERY == 0:
                    yield ExportProgress(Phase.READ, done, total)
        finally:
            for writer in writers:
                writer.close()

    def _brought(self, target: Path, sessions: int, records: int) -> Iterator[ExportStep]:
        """Copy all files to the target, and remove them here once they stand there."""
        files = self.spool.files()
        total, done = sum(file.stat().st_size for file in files), 0
        fault = self.stick.check(target, total)
        if fault is not None:
            yield fault
            return
        for file in files:
            for step in self.stick.bring(file, target):
                if isinstance(step, NotExported):
                    yield step
                    return
                yield ExportProgress(Phase.COPY, done + step, total, file.name)
            done += file.stat().st_size
        names = tuple(target / file.name for file in files)
        self.spool.clear()
        yield Exported(names, sessions, records)


def stem_of(request: ExportRequest) -> str:
    """Return how the names of the files begin: plain ASCII, for sticks of any make."""
    first, last = (f"{on:%Y%m%d}" if on else "" for on in (request.first, request.last))
    return f"ledger-{first or 'begin'}-{last or 'end'}" if first or last else "ledger"


def _key(request: ExportRequest, sheet: Sheet, heads: str) -> str:
    """Return what tells these files from those of any other request, and of any other state of the ledger."""
    return "|".join((stem_of(request), *sorted(request.formats), sheet.device, heads))
