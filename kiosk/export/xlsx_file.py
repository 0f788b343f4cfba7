"""XLSX, written row by row so that ten years need no memory; texts are texts, whatever they look like.

Upstream: XlsxWriter, ``table``.
Downstream: ``writers``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import xlsxwriter

from kiosk.export.table import COLUMNS, NUMBERS

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk.export.table import Tabulator
    from kiosk.usecases.export_ports import LedgerEntry

WIDE = {
    "record": 38,
    "volunteer": 20,
    "content": 28,
    "effect": 28,
    "in_charge": 24,
    "recorded_by": 28,
    "corrections": 60,
}
WIDTH = 14
ROW_MOST = 1_048_576 - 2  # rows of a sheet; more go to another
CELL_MOST = 32_767  # characters of a cell


class XlsxFile:
    """The port ``Writer`` for XLSX."""

    def __init__(self, file: Path, tabulator: Tabulator) -> None:
        """Begin the file with its headings."""
        self._tabulator = tabulator
        options = {"constant_memory": True, "tmpdir": str(file.parent), "default_date_format": "yyyy-mm-dd"}
        self._book = xlsxwriter.Workbook(str(file), options)
        self._book.set_properties(
            {"title": tabulator.words.say("ledger_sheet.title"), "company": tabulator.sheet.place}
        )
        self._head = self._book.add_format({"bold": True, "bg_color": "#F3E3E1", "text_wrap": True, "valign": "top"})
        self._begin()

    def add(self, entry: LedgerEntry) -> None:
        """Take the next line."""
        if self._next > ROW_MOST:
            self._begin()
        row = self._tabulator.row(entry)
        for place, column in enumerate(COLUMNS):
            cell = row[column]
            if column in NUMBERS and isinstance(cell, int):
                self._sheet.write_number(self._next, place, cell)
            elif cell:
                self._sheet.write_string(self._next, place, str(cell)[:CELL_MOST])
        self._next += 1

    def close(self) -> None:
        """Write what is still held."""
        self._book.close()

    def _begin(self) -> None:
        sheet = self._sheet = self._book.add_worksheet()
        for place, column in enumerate(COLUMNS):
            sheet.set_column(place, place, WIDE.get(column, WIDTH))
        sheet.freeze_panes(2, 3)
        for row, headings in enumerate((self._tabulator.headings(), self._tabulator.english_headings())):
            for place, heading in enumerate(headings):
                sheet.write_string(row, place, heading, self._head)
        self._next = 2
