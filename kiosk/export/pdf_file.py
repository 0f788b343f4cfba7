"""The printable 台账: A4 across, one file a calendar month, headings and page x of y on every page, lines to sign on.

Upstream: fpdf2, which embeds of a face only the characters that are used (docs/adr/0015); ``table``, ``totals``.
Downstream: ``writers``.

One file a month keeps what must be held in memory small, and is how a ledger is signed. A character that the face lacks
is written as its code point, never as an empty box or a question mark.
"""

from __future__ import annotations

from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING

from fpdf import FPDF
from fpdf.fonts import TTFFont

from kiosk.export.totals import PrintedTotals

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kiosk.export.table import Row, Tabulator
    from kiosk.usecases.export_ports import LedgerEntry

FONTS = Path(__file__).parents[2] / "assets" / "fonts"
FACES = {"regular": "NotoSansCJKsc-Regular.otf", "bold": "NotoSansCJKsc-Bold.otf"}
WIDTH, HEIGHT, MARGIN = 297.0, 210.0, 10.0  # mm, A4 across
TOP, ROW_HEIGHT, LINE_HEIGHT, HEAD_HEIGHT = 30.0, 8.4, 3.6, 9.0
POINTS, SMALL, TITLE = 7.0, 6.0, 15.0
FOOT = 12.0  # page number
ENDING = 44.0  # totals and the lines to sign on, at the end of the last page
LINES = 2
INK, SOFT, RULE, SHADE = (29, 27, 26), (98, 93, 89), (190, 184, 180), (246, 238, 236)
SELECTORS = frozenset({*map(chr, range(0xFE00, 0xFE10)), *map(chr, range(0xE0100, 0xE01F0))})  # drawn as nothing
SIGNED_BY = ("recorder", "captain", "head", "date")
SHOWN = (
    ("number", 9.0),
    ("date", 17.0),
    ("name", 24.0),
    ("volunteer", 28.0),
    ("service", 18.0),
    ("times", 20.0),
    ("original", 11.0),
    ("credited", 11.0),
    ("recorded_by", 25.0),
    ("team", 20.0),
    ("quality", 12.0),
    ("in_charge", 24.0),
    ("state", 16.0),
    ("corrections", 42.0),
)  # 277 mm
ROWS = int((HEIGHT - TOP - HEAD_HEIGHT - FOOT) // ROW_HEIGHT)
ROWS_LAST = int((HEIGHT - TOP - HEAD_HEIGHT - FOOT - ENDING) // ROW_HEIGHT)


class PdfFiles:
    """The port ``Writer`` for PDF: ``stem-2026-12.pdf`` and so on."""

    def __init__(self, folder: Path, stem: str, tabulator: Tabulator) -> None:
        """Nothing is written before the first line."""
        self._folder, self._stem, self._tabulator = folder, stem, tabulator
        self._month = ""
        self._rows: list[Row] = []
        self._totals = PrintedTotals()

    def add(self, entry: LedgerEntry) -> None:
        """Take the next line."""
        row = self._tabulator.row(entry)
        month = str(row["date"])[:7]
        if month != self._month:
            self._finish()
            self._month = month
        self._rows.append(row)
        self._totals.add(entry)

    def close(self) -> None:
        """Write the last month; without any line, one page that says so."""
        if self._rows or not self._month:
            self._finish(even_empty=True)

    def _finish(self, *, even_empty: bool = False) -> None:
        if self._rows or (even_empty and not self._month):
            name = f"{self._stem}-{self._month}.pdf" if self._month else f"{self._stem}.pdf"
            paper = _Paper(self._tabulator, self._month, page_count(len(self._rows)))
            try:
                paper.print(self._rows, self._totals)
                paper.output(str(self._folder / name))
            finally:
                paper.close()
        self._rows, self._totals = [], PrintedTotals()


def page_count(rows: int) -> int:
    """Return how many pages so many lines take, the totals and the lines to sign on with them."""
    if rows <= ROWS_LAST:
        return 1
    return ceil((rows - ROWS_LAST) / ROWS) + 1


class _Paper(FPDF):
    """One month."""

    def __init__(self, tabulator: Tabulator, month: str, pages: int) -> None:
        super().__init__("landscape", "mm", "A4")
        for family, file in FACES.items():
            self.add_font(family, fname=FONTS / file)
        self.set_auto_page_break(auto=False)
        self.set_margin(MARGIN)
        self.set_creation_date(tabulator.sheet.made_at)
        self.set_title(tabulator.words.say("ledger_sheet.title"))
        self._tabulator, self._words = tabulator, tabulator.words
        self._month, self._pages = month, pages

    def print(self, rows: Sequence[Row], totals: PrintedTotals) -> None:
        """Write all pages."""
        full = self._pages - 1
        for page in range(self._pages):
            begin = page * ROWS
            self._page(page + 1)
            self._table(rows[begin : begin + ROWS] if page < full else rows[full * ROWS :], begin)
        self._ending(totals)

    def close(self) -> None:
        """Close the faces' files."""
        for font in self.fonts.values():
            if isinstance(font, TTFFont):
                font.ttfont.close()

    def _page(self, number: int) -> None:
        sheet, words = self._tabulator.sheet, self._words
        self.add_page()
        self._write(MARGIN, 10, WIDTH - 2 * MARGIN, words.say("ledger_sheet.title"), "bold", TITLE, align="C")
        made = sheet.made_at.astimezone(self._tabulator.zone)
        line = words.say(
            "ledger_sheet.heading", place=sheet.place, period=self._month or "—", made=f"{made:%Y-%m-%d %H:%M}"
        )
        self._write(MARGIN, 20, WIDTH - 2 * MARGIN, line, "regular", 8.5, SOFT, "C")
        foot = words.say("ledger_sheet.page", page=number, pages=self._pages)
        self._write(MARGIN, HEIGHT - 10, WIDTH - 2 * MARGIN, foot, "regular", POINTS, SOFT, "R")
        self._write(MARGIN, HEIGHT - 10, 180, words.say("ledger_sheet.note"), "regular", SMALL, SOFT)

    def _table(self, rows: Sequence[Row], numbered_from: int) -> None:
        self.set_draw_color(*RULE)
        self.set_line_width(0.15)
        self.set_fill_color(*SHADE)
        if rows:
            self.rect(MARGIN, TOP, WIDTH - 2 * MARGIN, HEAD_HEIGHT, style="F")
        left = MARGIN
        for column, width in SHOWN if rows else ():
            self._boxed(left, TOP, width, HEAD_HEIGHT, self._words.of("ledger_sheet", column), "bold")
            left += width
        for place, row in enumerate(rows):
            top, left = TOP + HEAD_HEIGHT + place * ROW_HEIGHT, MARGIN
            for column, width in SHOWN:
                self._boxed(left, top, width, ROW_HEIGHT, _shown(row, column, numbered_from + place + 1))
                left += width
            self.line(MARGIN, top + ROW_HEIGHT, WIDTH - MARGIN, top + ROW_HEIGHT)

    def _ending(self, totals: PrintedTotals) -> None:
        words, top = self._words, HEIGHT - FOOT - ENDING + 4
        shares = "；".join(
            words.say(
                "ledger_sheet.share", how=words.of("provenance", how.value), hours=_hours(minutes), sessions=count
            )
            for how, minutes, count in totals.shares()
        )
        counted = words.say(
            "ledger_sheet.counted", hours=_hours(totals.minutes), sessions=totals.counted, shares=shares or "—"
        )
        apart = words.say(
            "ledger_sheet.provisional", sessions=totals.provisional, hours=_hours(totals.provisional_minutes)
        )
        for place, text in enumerate((counted, apart)):
            self._boxed(MARGIN, top + place * ROW_HEIGHT, WIDTH - 2 * MARGIN, ROW_HEIGHT, text, points=8.0)
        for place, role in enumerate(SIGNED_BY):
            left = MARGIN + place * 69
            self._write(left, top + 26, 30, words.of("ledger_sheet", f"sign_{role}"), "regular", 8.5)
            self.line(left + 24, top + 30, left + 62, top + 30)

    def _boxed(  # noqa: PLR0913, PLR0917 - a box, its text and how it looks
        self,
        left: float,
        top: float,
        width: float,
        height: float,
        text: str,
        face: str = "regular",
        points: float = POINTS,
    ) -> None:
        """Write at most two lines within a box; what does not fit is smaller, then shortened with an ellipsis."""
        for size in (points, SMALL, 5.0):
            self.set_font(face, size=size)
            lines = self._broken(self._printable(text, face), width - 1.4)
            if len(lines) <= LINES:
                break
        if len(lines) > LINES:
            lines = [lines[0], f"{lines[1][:-1]}…"]
        lead = size * 25.4 / 72 * 1.15
        begin = top + (height - lead * len(lines)) / 2
        self.set_text_color(*INK)
        for place, line in enumerate(lines):
            self.text(left + 0.7, begin + lead * (place + 0.82), line)

    def _broken(self, text: str, width: float) -> list[str]:
        """Break a text anywhere, as Chinese is; measures every character once."""
        lines, line, filled = [], "", 0.0
        for character in text:
            needs = self.get_string_width(character)
            if line and filled + needs > width:
                lines.append(line)
                line, filled = "", 0.0
            line, filled = line + character, filled + needs
        return [*lines, line]

    def _write(  # noqa: PLR0913, PLR0917 - as above
        self,
        left: float,
        top: float,
        width: float,
        text: str,
        face: str,
        points: float,
        colour: tuple[int, int, int] = INK,
        align: str = "L",
    ) -> None:
        self.set_font(face, size=points)
        self.set_text_color(*colour)
        shown = self._printable(text, face)
        room = width - self.get_string_width(shown)
        self.text(left + {"L": 0.0, "C": room / 2, "R": room}[align], top + points * 25.4 / 72, shown)

    def _printable(self, text: str, face: str) -> str:
        """Return a text without what is drawn as nothing, and with the code point of what the face lacks."""
        font = self.fonts[face]
        known = font.cmap if isinstance(font, TTFFont) else {}
        spaced = text.replace("\u3000", "  ")
        kept = (character for character in spaced if character not in SELECTORS and character.isprintable())
        return "".join(each if ord(each) in known else f"〔U+{ord(each):04X}〕" for each in kept)


def _shown(row: Row, column: str, number: int) -> str:
    if column == "number":
        return str(number)
    if column == "times":
        return f"{row['started'] or '—'} – {row['ended'] or '—'}"
    cell = row[column]
    return "" if cell is None else str(cell)


def _hours(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02d}"
