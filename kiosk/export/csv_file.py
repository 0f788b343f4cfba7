"""CSV as Excel and every other program reads it: UTF-8 with a byte order mark, CRLF, and nothing that is a formula.

Upstream: ``table``.
Downstream: ``writers``.

A cell that begins with =, +, -, @, tab or carriage return would be calculated by a spreadsheet (OWASP, CSV Injection):
an apostrophe before it makes it a text again.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from kiosk.export.table import COLUMNS

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk.export.table import Cell, Tabulator
    from kiosk.usecases.export_ports import LedgerEntry

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # full-width too: some programs fold them


class CsvFile:
    """The port ``Writer`` for CSV."""

    def __init__(self, file: Path, tabulator: Tabulator) -> None:
        """Begin the file with its headings."""
        self._tabulator = tabulator
        self._file = file.open("w", encoding="utf-8-sig", newline="")
        self._rows = csv.writer(self._file, lineterminator="\r\n")
        self._rows.writerow(tabulator.headings())
        self._rows.writerow(tabulator.english_headings())

    def add(self, entry: LedgerEntry) -> None:
        """Take the next line."""
        row = self._tabulator.row(entry)
        self._rows.writerow([harmless(row[column]) for column in COLUMNS])

    def close(self) -> None:
        """Write what is still held."""
        self._file.close()


def harmless(cell: Cell) -> Cell:
    """Return a cell that no spreadsheet calculates."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(DANGEROUS) else cell
