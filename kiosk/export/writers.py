"""The formats of tables, each by its writer, and the file of the chain.

Upstream: ``csv_file``, ``xlsx_file``, ``pdf_file``, ``sync.protocol.chain_file``.
Downstream: ``kiosk.composition``.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.usecases.export_ports import Format
from sync.protocol.chain_file import Heading, Line, encode_line, sign_heading

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import tzinfo
    from pathlib import Path

    from kiosk.presenter.phrases import Phrases
    from kiosk.usecases.export_ports import ExportReading, Sheet, Writer
    from sync.protocol.signing.keys import SigningKey

EVERY = 500  # records between two steps


@dataclass(frozen=True, slots=True)
class TableWriters:
    """The port ``Writers``."""

    words: Phrases
    english: Phrases
    zone: tzinfo

    def open(self, form: Format, folder: Path, stem: str, sheet: Sheet) -> Writer:
        """Begin the files of one format; their names begin with ``stem``."""
        from kiosk.export.csv_file import CsvFile  # noqa: PLC0415 - half a second of libraries that no start waits for
        from kiosk.export.pdf_file import PdfFiles  # noqa: PLC0415 - as above
        from kiosk.export.table import Tabulator  # noqa: PLC0415 - as above
        from kiosk.export.xlsx_file import XlsxFile  # noqa: PLC0415 - as above

        tabulator = Tabulator(self.words, self.english, self.zone, sheet)
        if form is Format.XLSX:
            return XlsxFile(folder / f"{stem}.xlsx", tabulator)
        if form is Format.CSV:
            return CsvFile(folder / f"{stem}.csv", tabulator)
        return PdfFiles(folder, stem, tabulator)


@dataclass(frozen=True, slots=True)
class ChainWriter:
    """The port ``WriteChain``; the heading is signed with the device's key, and names those before it."""

    key: SigningKey
    earlier: Sequence[str] = ()

    def __call__(self, reading: ExportReading, file: Path, sheet: Sheet) -> Iterator[int]:
        """Write it; yields how many records were written since the last step."""
        heads, checkpoints = reading.chain_heads(), reading.chain_checkpoints()
        stamp = checkpoints[-1].stamp if checkpoints else None
        counted, earlier = reading.count_events(), list(self.earlier)
        heading = Heading(sheet.device, self.key.public.hex(), stamp, heads, len(checkpoints), counted, earlier)
        with file.open("wb") as opened:
            opened.write(encode_line(sign_heading(heading, self.key)))
            for checkpoint in checkpoints:
                opened.write(encode_line(Line(checkpoint=checkpoint)))
            for head in reading.acknowledged():
                opened.write(encode_line(Line(acknowledged=head)))
            since = 0
            for envelope in reading.events():
                opened.write(encode_line(Line(event=envelope)))
                since += 1
                if since == EVERY:
                    yield since
                    since = 0
            opened.flush()
            os.fsync(opened.fileno())
        yield since
