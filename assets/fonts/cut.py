"""Cuts the two faces of the kiosk from Debian's Noto Sans CJK collections, always to the same bytes.

*Upstream*: `make fonts`, Debian's package fonts-noto-cjk. *Downstream*: the two .otf files beside it, read by kiosk.ui.

The text provider of Kivy's wheel draws without shaping, upright, and takes face 0 of a collection, which is the
Japanese one. So the Simplified Chinese face is taken out by its name, and hinting, layout and vertical tables go.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTCollection, TTFont

FACE = "Noto Sans CJK SC"
HERE = Path(__file__).resolve().parent
DEBIAN = Path("/usr/share/fonts/opentype/noto")
UNUSED_TABLES = ["BASE", "GDEF", "GPOS", "GSUB", "VORG", "vhea", "vmtx"]

# What headings need: Latin, punctuation, symbols, CJK punctuation, every Han character the face has.
HEADINGS = (
    (0x0020, 0x024F), (0x2000, 0x2BFF), (0x3000, 0x303F), (0x3200, 0x4DBF), (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF), (0xFE30, 0xFE4F), (0xFF00, 0xFFEF), (0x20000, 0x3FFFF),
)  # fmt: skip


def take_face(collection: Path, full_name: str) -> TTFont:
    """The face of that name (``Noto Sans CJK SC Bold``: the regular weight leaves its word out)."""
    if not collection.exists():
        message = f"{collection} is missing; install Debian's package fonts-noto-cjk and run 'make fonts' again"
        raise SystemExit(message)
    for face in TTCollection(str(collection), lazy=True).fonts:
        if face["name"].getDebugName(4) == full_name:
            return face
    message = f"{collection} has no face named {full_name}"
    raise SystemExit(message)


def cut(face: TTFont, characters: Iterable[int], target: Path) -> None:
    """Writes the face with these characters alone, without hints and without what the kiosk never draws with."""
    options = Options(
        hinting=False, layout_features=[], drop_tables=[*UNUSED_TABLES, *Options().drop_tables], recalc_timestamp=False
    )
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=characters)
    subsetter.subset(face)
    face.recalcTimestamp = False
    face.save(target)
    print(f"{target.name}: {len(face.getBestCmap())} characters, {target.stat().st_size / 1e6:.1f} MB")


def main() -> int:
    """Cuts both faces."""
    regular = take_face(DEBIAN / "NotoSansCJK-Regular.ttc", FACE)
    cut(regular, list(regular.getBestCmap()), HERE / "NotoSansCJKsc-Regular.otf")
    bold = take_face(DEBIAN / "NotoSansCJK-Bold.ttc", f"{FACE} Bold")
    wanted = [c for c in bold.getBestCmap() if any(low <= c <= high for low, high in HEADINGS)]
    cut(bold, wanted, HERE / "NotoSansCJKsc-Bold.otf")
    return 0


if __name__ == "__main__":
    sys.exit(main())
