"""Where everything stands on a card and cards on a sheet, in millimetres from the top left. Pure.

Upstream: nothing.
Downstream: ``sheet``.

The code takes 38 mm of the 53.98 mm a card is high, quiet zone within. A usual certificate (version 8) has 57 modules
with the quiet zone: 0.67 mm each; the longest name there can be (version 13) still 0.5 mm. A 720p camera with a field
of 60° sees 4.4 pixels a millimetre at 25 cm and 3.7 at 30 cm, so a module has 2.9 and 2.5 pixels (1.8 at worst); the
decoder reads from two pixels a module on, with blur and noise from about 2.3. At 0.4 mm, the least that such cards are
printed with, a module would have 1.5 pixels at 30 cm and could not be read. Hence as large as the card allows.
"""

from __future__ import annotations

from dataclasses import dataclass

CARD_WIDTH, CARD_HEIGHT = 85.60, 53.98  # ID-1, ISO/IEC 7810
PAGE_WIDTH, PAGE_HEIGHT = 210.0, 297.0  # A4
COLUMNS, ROWS = 2, 5
CODE_SIDE = 38.0  # quiet zone within
CUT_GAP, CUT_LENGTH = 2.0, 6.0  # a mark begins so far from the corner and is so long


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle: left, top, width, height."""

    x: float
    y: float
    width: float
    height: float

    def moved(self, x: float, y: float) -> Box:
        """Return the same box so far to the right and down."""
        return Box(self.x + x, self.y + y, self.width, self.height)


BAND = Box(0, 0, CARD_WIDTH, 11.2)
TITLE = Box(4.2, 1.4, 30, 8.4)  # 文明使者; the emblem, where there is one, stands left of it
EMBLEM = Box(4.2, 1.4, 8.4, 8.4)
EMBLEM_GAP = 2.0
MOTTO = Box(40, 1.4, CARD_WIDTH - 40 - 4.2, 8.4)  # 河南学雷锋志愿服务, set to the right
CODE = Box(CARD_WIDTH - CODE_SIDE - 2.4, BAND.height + 2.4, CODE_SIDE, CODE_SIDE)
NAME = Box(4.2, 14.4, CODE.x - 4.2 - 1.2, 13.0)
LINES = Box(4.2, 29.6, CODE.x - 4.2 - 1.2, 7.3)  # the first of three: number, issuing unit, valid until
DAY_NAME = Box(4.2, 13.2, CODE.x - 4.2 - 1.2, 6.0)  # of a visitor's card: who, the team, the one day, its number
DAY_TEAM = Box(4.2, 19.6, CODE.x - 4.2 - 1.2, 15.0)
DAY_DATE = Box(4.2, 35.2, CODE.x - 4.2 - 1.2, 9.4)
DAY_NUMBER = Box(4.2, 45.4, CODE.x - 4.2 - 1.2, 5.0)
BACK_TEXT = Box(8, 20, CARD_WIDTH - 16, 26)


def places() -> tuple[tuple[float, float], ...]:
    """Return the top left corners of a sheet's ten cards, row by row; the cards touch, one cut parts two."""
    left = (PAGE_WIDTH - COLUMNS * CARD_WIDTH) / 2
    top = (PAGE_HEIGHT - ROWS * CARD_HEIGHT) / 2
    return tuple(
        (left + column * CARD_WIDTH, top + row * CARD_HEIGHT) for row in range(ROWS) for column in range(COLUMNS)
    )


def mirrored(x: float) -> float:
    """Return where a card's left edge stands on the back of a sheet that is turned over its long edge."""
    return PAGE_WIDTH - x - CARD_WIDTH


def cut_marks() -> tuple[tuple[float, float, float, float], ...]:
    """Return the lines (x1, y1, x2, y2) outside the cards that show where to cut."""
    left, top = places()[0]
    right, bottom = PAGE_WIDTH - left, PAGE_HEIGHT - top
    upright = (left + column * CARD_WIDTH for column in range(COLUMNS + 1))
    across = (top + row * CARD_HEIGHT for row in range(ROWS + 1))
    marks = [
        (x, y, x, y + way * CUT_LENGTH) for x in upright for y, way in ((top - CUT_GAP, -1), (bottom + CUT_GAP, 1))
    ]
    marks += [
        (x, y, x + way * CUT_LENGTH, y) for y in across for x, way in ((left - CUT_GAP, -1), (right + CUT_GAP, 1))
    ]
    return tuple(marks)
