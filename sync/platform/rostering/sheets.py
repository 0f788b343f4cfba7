"""Rosters as spreadsheets: the posts of a point with who is there, and the lines of a file that people bring.

Upstream: XlsxWriter (writes), openpyxl (reads), ``lines``, ``wording``.
Downstream: ``console.roster_files_pages``.

A file that is brought may be anything. It is bounded before it is opened: bytes, parts, and what they unpack to (zip
bombs), no declaration of a document type (entities that grow), and of its sheet so many rows and columns, whatever it
says of its size. Cells that go out are text or numbers, never formulas.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from xml.etree.ElementTree import ParseError

import openpyxl
import xlsxwriter
from openpyxl.utils.exceptions import InvalidFileException

from sync.platform.rostering.hours import MINUTES_A_DAY, minutes_of
from sync.platform.rostering.lines import MOST_LINES, MOST_TEXT, Fault, Line, UnreadableError, Whole, read_needed
from sync.platform.wording import LANGUAGES, marked, words_in

MOST_BYTES = 1024 * 1024
MOST_UNPACKED = 24 * 1024 * 1024  # a full sheet of MOST_LINES takes less than a tenth
MOST_PARTS = 200
MOST_COLUMNS = 40
HEAD_WITHIN = 10  # rows in which the names of the columns are looked for
CELL_TEXT = 32_767  # characters that a cell holds; XlsxWriter leaves a longer one out
EXACT_DIGITS = 15  # of a number in a spreadsheet; longer ones are rounded
COLUMNS: Mapping[str, tuple[str, int]] = {
    "on": (marked("Date"), 12),
    "weekday": (marked("Weekday"), 9),
    "starts": (marked("Start"), 9),
    "ends": (marked("End"), 9),
    "point": (marked("Service point"), 24),
    "service": (marked("Service kind"), 16),
    "needed": (marked("Needed"), 8),
    "team": (marked("Team"), 14),
    "skill": (marked("Skill"), 14),
    "training": (marked("Training"), 14),
    "volunteer": (marked("Volunteer number"), 22),
    "name": (marked("Name"), 16),
    "state": (marked("State"), 14),
}
DEMANDED = ("on", "starts", "ends")
FAULTY = (
    KeyError, ValueError, TypeError, IndexError, AttributeError, OverflowError, EOFError, OSError, RuntimeError,
    NotImplementedError, zipfile.BadZipFile, zlib.error, ParseError, InvalidFileException,
)  # fmt: skip
Cell = str | int


def write_sheet(title: str, rows: Iterable[Mapping[str, Cell]], language: str) -> bytes:
    """Return a spreadsheet of rows by column; a column that a row lacks stays empty."""
    file, words = io.BytesIO(), words_in(language)
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet()
        head = book.add_format({"bold": True, "bg_color": "#F3E4E1", "bottom": 1})
        for column, (name, width) in enumerate(COLUMNS.values()):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, words.gettext(name), head)
        count = 0
        for count, row in enumerate(rows, 1):
            _write_row(sheet, count, row)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(count, 1), len(COLUMNS) - 1)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        sheet.set_header(f"&L{title.replace('&', '&&')[:200]}&R&P / &N")
        book.set_properties({"title": title[:200]})
    return file.getvalue()


def read_sheet(content: bytes) -> tuple[Line, ...]:
    """Return the lines of the first sheet of a file that people bring; what is wrong with one stands in it.

    Raises:
        UnreadableError: it is not a spreadsheet, too large, or without the names of the columns.
    """
    _look_before_opening(content)
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        try:
            rows = list(_rows_of(book))
        finally:
            book.close()
    except FAULTY as error:
        raise UnreadableError(Whole.NO_SHEET) from error
    if len(rows) > MOST_LINES + 1:
        raise UnreadableError(Whole.TOO_MANY)
    head = next((place for place, row in enumerate(rows[:HEAD_WITHIN]) if _is_head(row)), None)
    if head is None:
        raise UnreadableError(Whole.NO_HEAD)
    named = _named(rows[head])
    filled = [(place, row) for place, row in enumerate(rows, 1) if place > head + 1 and any(map(_text, row))]
    return tuple(_line_of(place, {key: row[at] for key, at in named.items()}) for place, row in filled)


def _write_row(sheet: xlsxwriter.worksheet.Worksheet, at: int, row: Mapping[str, Cell]) -> None:
    for column, key in enumerate(COLUMNS):
        cell = row.get(key, "")
        if isinstance(cell, int):
            sheet.write_number(at, column, cell)
        elif cell:
            sheet.write_string(at, column, cell[:CELL_TEXT])


def _look_before_opening(content: bytes) -> None:
    """Refuse what would grow, before anything of it is parsed."""
    if len(content) > MOST_BYTES:
        raise UnreadableError(Whole.TOO_LARGE)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
                raise UnreadableError(Whole.TOO_LARGE)
            for part in parts:  # no more is read of a part than its size says, which was bounded above
                if part.filename.endswith((".xml", ".rels")) and _is_unsafe(packed.read(part)):
                    raise UnreadableError(Whole.NO_SHEET)
    except FAULTY as error:
        raise UnreadableError(Whole.NO_SHEET) from error


def _is_unsafe(xml: bytes) -> bool:
    """Tell whether XML declares a document type or entities, or is in a code in which that cannot be seen."""
    return b"<!DOCTYPE" in xml or b"<!ENTITY" in xml or b"\0" in xml


def _rows_of(book: openpyxl.Workbook) -> Iterator[tuple[object, ...]]:
    sheet = book.worksheets[0]
    sheet.reset_dimensions()  # what it says of its own size is not believed
    for place, row in enumerate(sheet.iter_rows(values_only=True, max_row=MOST_LINES + 2, max_col=MOST_COLUMNS)):
        if place > MOST_LINES + 1:
            return
        yield tuple(row[:MOST_COLUMNS])


def _is_head(row: Sequence[object]) -> bool:
    return set(DEMANDED) <= set(_named(row))


def _named(row: Sequence[object]) -> dict[str, int]:
    """Return at which place a column stands, by its name in any language."""
    names = {words_in(language).gettext(name): key for language in LANGUAGES for key, (name, _) in COLUMNS.items()}
    found: dict[str, int] = {}
    for at, cell in enumerate(row):
        if (key := names.get(_text(cell))) is not None:
            found.setdefault(key, at)
    return found


def _line_of(row: int, cells: Mapping[str, object]) -> Line:
    texts = {key: _text(cells.get(key)) for key in COLUMNS}
    where, on = str(row), _day(cells.get("on"))
    starts, ends = _minutes(cells.get("starts")), _minutes(cells.get("ends"))
    fault = _fault_of(cells, texts)
    if on is None or starts is None or ends is None or fault is not None:
        missing = Fault.DAY if on is None else Fault.TIME if starts is None or ends is None else None
        return Line(where, on=on, volunteer=texts["volunteer"][:MOST_TEXT], fault=missing or fault)
    return Line(
        where,
        on=on,
        starts=starts,
        ends=ends,
        point=texts["point"],
        service=texts["service"],
        needed=read_needed(texts["needed"]),
        team=texts["team"],
        skill=texts["skill"],
        training=texts["training"],
        volunteer=texts["volunteer"],
    )


def _fault_of(cells: Mapping[str, object], texts: Mapping[str, str]) -> Fault | None:
    number = cells.get("volunteer")
    if isinstance(number, (int, float)) and len(texts["volunteer"]) > EXACT_DIGITS:
        return Fault.ROUNDED
    if texts["name"] and not texts["volunteer"]:
        return Fault.NUMBER
    if any(len(text) > MOST_TEXT for key, text in texts.items() if key not in {"name", "state"}):
        return Fault.TOO_LONG
    try:
        read_needed(texts["needed"])
    except ValueError:
        return Fault.NEEDED
    return None


def _text(cell: object) -> str:
    """Return a cell as people read it; whole numbers without a decimal point."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _day(cell: object) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = _text(cell).replace("年", "-").replace("月", "-").removesuffix("日")
    parts = text.replace("/", "-").replace(".", "-").split("-")
    try:
        year, month, day = (int(part) for part in parts)
        return date(year, month, day)
    except ValueError:
        return None


def _minutes(cell: object) -> int | None:
    """Return a time of a cell as minutes of the day; spreadsheets keep times as parts of a day."""
    if isinstance(cell, datetime):
        return cell.hour * 60 + cell.minute
    if isinstance(cell, time):
        return cell.hour * 60 + cell.minute
    if isinstance(cell, timedelta):
        minutes = round(cell.total_seconds() / 60)
        return minutes if 0 <= minutes <= MINUTES_A_DAY else None
    if isinstance(cell, float) and 0 <= cell <= 1:
        return round(cell * MINUTES_A_DAY)
    try:
        return minutes_of(_text(cell))
    except ValueError:
        return None
