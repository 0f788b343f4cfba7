"""The roster of a service point for its wall: A4 across, a table a week, names as large as a wall needs.

Upstream: ``paper``, ``layout``.
Downstream: ``rostering.wall``.

Nothing is cut off: a name that is too long takes more lines, a row that is too high goes on on the next page, with the
days above it again. A character that the face lacks leaves a line to write it on by hand, beside the volunteer's
number; a box is never printed for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from math import ceil
from unicodedata import category

from fpdf.fonts import TTFFont

from sync.platform.cards.layout import Box
from sync.platform.cards.paper import INK, MM_PER_POINT, RED, SELECTORS, SOFT, WHITE, Colour, Paper

TITLE, MOTTO = "文明使者", "河南学雷锋志愿服务"  # the two wordings of 附1.1 (REQ 1.1c)
WIDTH, HEIGHT = 297.0, 210.0  # A4 across
MARGIN, BAND, HEADING, FOOT = 10.0, 13.0, 13.0, 7.0
TOP, BOTTOM = MARGIN + BAND + HEADING, HEIGHT - MARGIN - FOOT
FIRST = 32.0  # width of the column of times
DAY = (WIDTH - 2 * MARGIN - FIRST) / 7
DAYS_HEIGHT = 10.0
LINE, INSET = 6.2, 1.3  # height of a line of a cell; space within its edges
NAME_POINTS, SMALL_POINTS = 12.5, 9.0
LEAST_LINES = 2  # of a row: its time, and what for
GAP = "\u3000"
BLANK = "＿"  # to be filled in by hand
ASKED = "○"
SHADE, RULE = (246, 240, 236), (176, 168, 160)


@dataclass(frozen=True, slots=True)
class Who:
    """A volunteer at a post; ``asked``: has not answered yet."""

    name: str
    number: str
    asked: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """The post of a row on one day; ``missing`` says how many are lacking, or is empty."""

    people: tuple[Who, ...]
    missing: str


@dataclass(frozen=True, slots=True)
class Row:
    """Posts of the same times and kind on the seven days of a week, None where there is none."""

    times: str
    what: str
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """The head of a column: ``label`` of a special day; ``off``: not worked; ``within``: it was asked for."""

    word: str
    label: str
    off: bool
    within: bool


@dataclass(frozen=True, slots=True)
class Week:
    """One table."""

    days: tuple[Day, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """What else stands on the sheet, in the reader's words."""

    heading: str
    span: str
    asked: str
    blank: str
    again: str
    empty: str
    printed: str


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of a row that stands on one page: the lines of each cell, and how many of them are the highest."""

    row: Row
    cells: tuple[tuple[tuple[str, Colour, str], ...], ...]
    is_again: bool

    @property
    def height(self) -> float:
        return max(LEAST_LINES, *map(len, self.cells)) * LINE + 2 * INSET


def pdf_of(weeks: Sequence[Week], words: Words, made_at: datetime) -> bytes:
    """Return the PDF; of weeks without any post, one page that says so."""
    with closing(Paper(made_at, (WIDTH, HEIGHT))) as paper:
        paper.set_title(words.heading)
        drawn = _Drawn(paper)
        pages = [page for week in weeks if week.rows for page in drawn.pages(week)]
        for number, page in enumerate(pages or [None], 1):
            drawn.page(page, words, f"{number} / {max(1, len(pages))}")
        return bytes(paper.output() or b"")


class _Drawn:
    """Draws on one paper, and knows how wide texts are on it."""

    def __init__(self, paper: Paper) -> None:
        self._paper = paper
        self._has_blank = False

    def pages(self, week: Week) -> Iterator[tuple[Week, tuple[_Piece, ...]]]:
        """Yield what stands on each page of a week."""
        room = BOTTOM - TOP - DAYS_HEIGHT
        held: list[_Piece] = []
        for row in week.rows:
            for piece in self._pieces(row, room):
                if held and sum(each.height for each in held) + piece.height > room:
                    yield week, tuple(held)
                    held = []
                held.append(piece)
        yield week, tuple(held)

    def page(self, page: tuple[Week, tuple[_Piece, ...]] | None, words: Words, number: str) -> None:
        """Draw one page, or one that says that there is nothing."""
        paper = self._paper
        paper.add_page()
        paper.filled(Box(0, 0, WIDTH, MARGIN + BAND - 4), RED)
        paper.written(TITLE, Box(MARGIN, 3, 90, MARGIN + BAND - 10), "bold", (24, 24), WHITE)
        motto = Box(WIDTH - MARGIN - 120, 3, 120, MARGIN + BAND - 10)
        paper.written(MOTTO, motto, "regular", (15, 15), WHITE, "R")
        heading = self._held(words.heading, 170, 20.0)
        paper.written(heading, Box(MARGIN, MARGIN + BAND - 2, 170, HEADING), "bold", (20, 9), INK)
        span = Box(WIDTH - MARGIN - 100, MARGIN + BAND - 2, 100, HEADING)
        paper.written(words.span, span, "regular", (14, 9), INK, "R")
        if page is None:
            paper.written(words.empty, Box(MARGIN, TOP, WIDTH - 2 * MARGIN, 40), "regular", (16, 10), SOFT, "C")
        else:
            self._table(*page, words)
        legend = f"{words.asked}{GAP}{words.blank}" if self._has_blank else words.asked
        paper.written(legend, Box(MARGIN, BOTTOM + 2, 190, FOOT), "regular", (9, 7), SOFT)
        foot = Box(WIDTH - MARGIN - 85, BOTTOM + 2, 85, FOOT)
        paper.written(f"{words.printed}{GAP}{number}", foot, "regular", (9, 7), SOFT, "R")

    def _table(self, week: Week, pieces: Sequence[_Piece], words: Words) -> None:
        y, bottom = TOP + DAYS_HEIGHT, TOP + DAYS_HEIGHT + sum(piece.height for piece in pieces)
        for place, day in enumerate(week.days):
            x = MARGIN + FIRST + place * DAY
            if day.off or not day.within:
                self._paper.filled(Box(x, TOP, DAY, bottom - TOP), SHADE)
            shown = f"{day.word} {day.label}".strip()
            head = self._held(shown, DAY - 2 * INSET, 12.0)
            face, colour = ("bold", INK) if day.within else ("regular", SOFT)
            self._paper.written(head, Box(x + INSET, TOP, DAY - 2 * INSET, DAYS_HEIGHT), face, (12, 7), colour, "C")
        for piece in pieces:
            self._row(piece, y, words)
            y += piece.height
        self._rules([TOP, TOP + DAYS_HEIGHT, *_edges(pieces)])

    def _row(self, piece: _Piece, y: float, words: Words) -> None:
        width = FIRST - 2 * INSET
        self._paper.written(piece.row.times, Box(MARGIN, y + INSET, width, LINE), "bold", (13, 8), INK)
        what = f"{piece.row.what}{words.again}" if piece.is_again else piece.row.what
        small = self._held(what, width, SMALL_POINTS + 1)
        self._paper.written(small, Box(MARGIN, y + INSET + LINE, width, LINE), "regular", (10, 6), SOFT)
        for place, lines in enumerate(piece.cells):
            x = MARGIN + FIRST + place * DAY + INSET
            for at, (text, colour, face) in enumerate(lines):
                box = Box(x, y + INSET + at * LINE, DAY - 2 * INSET, LINE)
                self._paper.written(text, box, face, (NAME_POINTS, 6.0), colour)

    def _rules(self, edges: Sequence[float]) -> None:
        paper = self._paper
        paper.set_draw_color(*RULE)
        paper.set_line_width(0.25)
        for y in edges:
            paper.line(MARGIN, y, WIDTH - MARGIN, y)
        for place in range(8):
            x = MARGIN + FIRST + place * DAY
            paper.line(x, edges[0], x, edges[-1])

    def _pieces(self, row: Row, room: float) -> Iterator[_Piece]:
        """Yield a row in parts that fit a page each."""
        cells = [self._lines(cell) for cell in row.cells]
        most = int((room - 2 * INSET) / LINE)
        for part in range(max(1, ceil(max(map(len, cells)) / most))):
            cut = tuple(tuple(lines[part * most : (part + 1) * most]) for lines in cells)
            yield _Piece(row, cut, part > 0)

    def _lines(self, cell: Cell | None) -> list[tuple[str, Colour, str]]:
        """Return the lines of a cell: names side by side as far as they fit, then what is missing."""
        if cell is None:
            return []
        width, found = DAY - 2 * INSET, [""]
        for who in cell.people:
            for part in self._parts(self._shown(who), width):
                joined = f"{found[-1]}{GAP}{part}" if found[-1] else part
                if self._width(joined) <= width:
                    found[-1] = joined
                else:
                    found.append(part)
        lines = [(line, INK, "regular") for line in found if line]
        return [*lines, (cell.missing, RED, "bold")] if cell.missing else lines

    def _shown(self, who: Who) -> str:
        """Return a name as it can be printed; where it cannot, with blanks to be filled in, and the number."""
        kept = "".join(each for each in who.name if each not in SELECTORS and category(each) not in {"Cc", "Cf", "Cs"})
        name = "".join(each if self._has(each) else BLANK for each in kept)
        if name != kept:
            self._has_blank = True
            name += f"({''.join(each for each in who.number if self._has(each))})"
        return name + (ASKED if who.asked else "")

    def _held(self, text: str, width: float, points: float) -> str:
        """Return a text of the sheet itself, shortened where it would not fit even in small letters."""
        kept = "".join(each if self._has(each) else BLANK for each in text if category(each) not in {"Cc", "Cf", "Cs"})
        while len(kept) > 1 and self._width(kept, points / 2) > width:
            kept = f"{kept[: -max(2, len(kept) // 8)]}…"
        return kept

    def _parts(self, text: str, width: float) -> Iterator[str]:
        """Yield a text in parts that fit a line each."""
        begin = 0
        while begin < len(text):
            length = max(1, min(len(text) - begin, int(width / (NAME_POINTS * MM_PER_POINT))))
            while begin + length < len(text) and self._width(text[begin : begin + length + 1]) <= width:
                length += 1
            yield text[begin : begin + length]
            begin += length

    def _has(self, character: str) -> bool:
        fonts = [self._paper.fonts[face] for face in ("regular", "bold")]
        return all(isinstance(font, TTFFont) and ord(character) in font.cmap for font in fonts)

    def _width(self, text: str, points: float = NAME_POINTS) -> float:
        self._paper.set_font("regular", size=points)
        return float(self._paper.get_string_width(text))


def _edges(pieces: Sequence[_Piece]) -> list[float]:
    """Return where rows end, from the top of the page."""
    edges = [TOP + DAYS_HEIGHT]
    for piece in pieces:
        edges.append(edges[-1] + piece.height)
    return [after for _, after in pairwise(edges)]
