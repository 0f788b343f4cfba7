"""A PDF that writes Chinese: the faces of ``assets/fonts``, every character there or refused, texts fitted to boxes.

Upstream: fpdf2, which embeds the CFF-flavoured faces and of them only the characters that are used (docs/adr/0015).
Downstream: ``sheet``.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from fpdf import FPDF
from fpdf.drawing import GraphicsContext, PaintedPath
from fpdf.enums import PathPaintRule
from fpdf.fonts import TTFFont

from sync.platform.errors import PrintError

if TYPE_CHECKING:
    from sync.platform.cards.layout import Box
    from sync.platform.cards.symbol import Rows

FONTS = Path(__file__).parents[3] / "assets" / "fonts"
FACES = {"regular": "NotoSansCJKsc-Regular.otf", "bold": "NotoSansCJKsc-Bold.otf"}
MM_PER_POINT = 25.4 / 72
ASCENT = 0.36  # half the height of a Han character above the baseline, in em
RED, INK, SOFT, WHITE = (179, 20, 29), (29, 27, 26), (98, 93, 89), (255, 255, 255)
Colour = tuple[int, int, int]
SELECTORS = frozenset({*map(chr, range(0xFE00, 0xFE10)), *map(chr, range(0xE0100, 0xE01F0))})  # drawn as nothing


class Paper(FPDF):
    """An A4 document in millimetres, or one of another page size."""

    def __init__(self, made_at: datetime, size: tuple[float, float] | str = "A4") -> None:
        """Take the faces in; nothing is embedded that is not written.

        Args:
            made_at: aware; it stands in the file.
            size: width and height in millimetres, or a name.
        """
        super().__init__("portrait", "mm", size)  # "portrait": width and height stay as they are given
        for family, file in FACES.items():
            self.add_font(family, fname=FONTS / file)
        self.set_auto_page_break(auto=False)
        self.set_creation_date(made_at)

    def written(
        self, text: str, box: Box, face: str, points: tuple[float, float], colour: Colour, align: str = "L"
    ) -> None:
        """Write one line in the middle of a box's height, as large as fits between the largest and least size.

        Raises:
            PrintError: the face lacks a character; a box is never printed for it.
        """
        shown = "".join(character for character in text if character not in SELECTORS)
        self.set_text_color(*colour)
        size = self._fitting(shown, box.width, face, points)
        width = self.get_string_width(shown)
        left = {"L": box.x, "R": box.x + box.width - width, "C": box.x + (box.width - width) / 2}[align]
        self.text(left, box.y + box.height / 2 + size * MM_PER_POINT * ASCENT, shown)

    def filled(self, box: Box, colour: Colour) -> None:
        """Fill a box."""
        self.set_fill_color(*colour)
        self.rect(box.x, box.y, box.width, box.height, style="F")

    def symbol(self, rows: Rows, x: float, y: float, module: float) -> None:
        """Draw dark modules from a corner on, as one path, so that no renderer shows seams between them."""
        path = PaintedPath()
        path.style.fill_color = "#000000"
        path.style.stroke_color = None
        path.style.paint_rule = PathPaintRule.FILL_NONZERO
        for down, row in enumerate(rows):
            for begin, end in _runs(row):
                path.rectangle(x + begin * module, y + down * module, (end - begin) * module, module)
        context = GraphicsContext()
        context.add_item(path)
        self.draw_path(context)

    def emblem(self, file: Path, box: Box) -> None:
        """Place the official picture within a box, its proportions kept.

        Raises:
            PrintError: it cannot be read.
        """
        try:
            self.image(file, box.x, box.y, box.width, box.height, keep_aspect_ratio=True)
        except (OSError, ValueError) as error:
            raise PrintError(f"The emblem {file} cannot be read as a picture. Name a PNG or JPEG file.") from error

    def close(self) -> None:
        """Close the faces' files."""
        for font in self.fonts.values():
            if isinstance(font, TTFFont):
                font.ttfont.close()

    def _fitting(self, text: str, width: float, face: str, points: tuple[float, float]) -> float:
        largest, least = points
        self.set_font(face, size=largest)
        font = self.fonts[face]
        missing = {each for each in text if not isinstance(font, TTFFont) or ord(each) not in font.cmap}
        if missing:
            named = " ".join(f"{character} (U+{ord(character):04X})" for character in sorted(missing))
            raise PrintError(f"The face for cards has no {named}. Have this card written by hand.")
        size = max(least, min(largest, largest * width / max(self.get_string_width(text), 0.01)))
        self.set_font(face, size=size)
        return size


def _runs(row: tuple[bool, ...]) -> list[tuple[int, int]]:
    """Return where dark modules begin and end, neighbours together."""
    edges = [
        place for place in range(len(row) + 1) if (place < len(row) and row[place]) != (place > 0 and row[place - 1])
    ]
    return list(zip(edges[::2], edges[1::2], strict=True))
