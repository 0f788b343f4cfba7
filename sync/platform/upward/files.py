"""Files of lines, XLSX or CSV: the first adapter, for platforms that take an upload by hand.

Upstream: XlsxWriter, ``lines``.
Downstream: ``commands.upward``.

A parcel is one file, ``NAME-000001.xlsx``: written under another name, on the disk before it is noted, and given its
name afterwards, so that a file that can be seen is whole and counts. Texts are texts, whatever they look like: cells of
XLSX are written as strings, and in CSV what a spreadsheet would calculate (OWASP, CSV Injection) gets an apostrophe.
"""

from __future__ import annotations

import csv
import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from sync.platform.upward.adapter import AdapterError, Taken
from sync.platform.upward.lines import COLUMNS, NUMBERS, Cell
from sync.platform.upward.targets import FileFormat

if TYPE_CHECKING:
    from sync.platform.upward.lines import ReportLine

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # full-width too: some programs fold them
CELL_MOST = 32_767  # characters of a cell in XLSX
WIDE = {"record": 38, "volunteer": 20, "content": 28, "effect": 28, "recorded_by": 28, "corrections": 60}
WIDTH = 16
OWNER_ONLY = 0o600  # names stand in it


@dataclass(frozen=True, slots=True)
class FileAdapter:
    """The port ``Adapter`` for a folder of files.

    Attributes:
        folder: where they go; it is there.
        stem: what their names begin with.
        format: XLSX or CSV.
        headings: one or more rows of headings, a heading a column.
    """

    folder: Path
    stem: str
    format: FileFormat
    headings: Sequence[Sequence[str]]

    def take(self, parcel: int, lines: Iterable[ReportLine]) -> Taken:
        """Write a parcel under its provisional name; the proof is the SHA-256 of the file."""
        part = self._part(parcel)
        with _translated(part):
            part.unlink(missing_ok=True)
            os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY))
            rows = (_row(line) for line in lines)
            if self.format is FileFormat.CSV:
                self._write_csv(part, rows)
            else:
                self._write_xlsx(part, rows)
            _bring_to_disk(part)
            return Taken(_sha256(part))

    def settle(self, parcel: int, proof: str) -> bool:
        """Give a parcel its name."""
        part, file = self._part(parcel), self.file_of(parcel)
        with _translated(file):
            if part.is_file() and _sha256(part) == proof:
                part.replace(file)
                _bring_to_disk(self.folder)
                return True
            return file.is_file() and _sha256(file) == proof

    def file_of(self, parcel: int) -> Path:
        """Return where a settled parcel stands."""
        return self.folder / f"{self.stem}-{parcel:06d}.{self.format.value}"

    def _part(self, parcel: int) -> Path:
        return self.folder / f".{self.stem}-{parcel:06d}.{self.format.value}.part"

    def _write_csv(self, file: Path, rows: Iterable[Sequence[Cell]]) -> None:
        with file.open("w", encoding="utf-8-sig", newline="") as opened:
            self._write_rows(opened, rows)

    def _write_rows(self, opened: TextIO, rows: Iterable[Sequence[Cell]]) -> None:
        writer = csv.writer(opened, lineterminator="\r\n")
        writer.writerows(self.headings)
        writer.writerows([harmless(cell) for cell in row] for row in rows)

    def _write_xlsx(self, file: Path, rows: Iterable[Sequence[Cell]]) -> None:
        import xlsxwriter  # noqa: PLC0415 - loaded only where it is asked for

        book = xlsxwriter.Workbook(str(file), {"constant_memory": True, "tmpdir": str(self.folder)})
        try:
            self._write_sheet(book, rows)
        finally:
            try:
                book.close()
            except xlsxwriter.exceptions.XlsxWriterException as error:
                raise AdapterError(f"{file} cannot be written: {error}.") from error

    def _write_sheet(self, book: Any, rows: Iterable[Sequence[Cell]]) -> None:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True, "bg_color": "#F3E3E1", "text_wrap": True, "valign": "top"})
        for place, column in enumerate(COLUMNS):
            sheet.set_column(place, place, WIDE.get(column, WIDTH))
        sheet.freeze_panes(len(self.headings), 3)
        for number, headings in enumerate(self.headings):
            for place, heading in enumerate(headings):
                sheet.write_string(number, place, heading, bold)
        for number, row in enumerate(rows, start=len(self.headings)):
            for place, cell in enumerate(row):
                if isinstance(cell, int):
                    sheet.write_number(number, place, cell)
                elif cell:
                    sheet.write_string(number, place, cell[:CELL_MOST])


def harmless(cell: Cell) -> Cell:
    """Return a cell that no spreadsheet calculates."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(DANGEROUS) else cell


def _row(line: ReportLine) -> list[Cell]:
    return [line.cells[column] if column in NUMBERS else str(line.cells[column]) for column in COLUMNS]


def _sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _bring_to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _translated(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise AdapterError(f"{file} cannot be written: {error}.") from error
