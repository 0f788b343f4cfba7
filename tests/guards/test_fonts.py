"""Fonts, icons and chimes are whole, and every asset has its licence beside it."""

import json
import wave
from functools import cache
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from tests.guards import tree

ASSETS = tree.ROOT / "assets"
REGULAR = ASSETS / "fonts" / "NotoSansCJKsc-Regular.otf"
BOLD = ASSETS / "fonts" / "NotoSansCJKsc-Bold.otf"
NEED_A_LICENCE = {".otf", ".ttf", ".wav", ".ogg", ".mp3", ".png", ".jpg"}
SERVICE_KINDS = ("guidance", "tea", "poverty-relief", "legal-advice", "tutoring", "culture-sports", "environment")

ASCII = "".join(map(chr, range(0x20, 0x7F)))
# GB 2312 level 1: the 3,755 commonest characters, in rows 16 to 55 of its table.
COMMON = b"".join(bytes((0xA0 + row, 0xA0 + cell)) for row in range(16, 56) for cell in range(1, 95))[: 3755 * 2]
ON_SCREENS = "，。、；：？！「」『』《》（）…—·＊〔〕％℃→←↑↓●○★☆✓×"
RARE_IN_NAMES = "䶮㑇堃喆犇淼璟玥昇頔曌祎仝逄芈"


@cache
def characters(font: Path) -> frozenset[int]:
    with TTFont(font, lazy=True) as face:
        return frozenset(face.getBestCmap())


@pytest.mark.parametrize("font", [REGULAR, BOLD], ids=lambda font: font.stem)
def test_a_face_draws_what_screens_say(font: Path) -> None:
    wanted = ASCII + COMMON.decode("gb2312") + ON_SCREENS + RARE_IN_NAMES
    assert len(COMMON.decode("gb2312")) == 3755
    assert [character for character in wanted if ord(character) not in characters(font)] == []


def test_the_regular_face_has_all_of_the_unified_ideographs() -> None:
    missing = [code for code in range(0x4E00, 0x9FA6) if code not in characters(REGULAR)]
    assert missing == []


@pytest.mark.parametrize(("font", "name"), [(REGULAR, "Noto Sans CJK SC"), (BOLD, "Noto Sans CJK SC Bold")])
def test_it_is_the_simplified_chinese_face(font: Path, name: str) -> None:
    with TTFont(font, lazy=True) as face:
        assert face["name"].getDebugName(4) == name
    assert font.stat().st_size <= 16_000_000


def test_every_named_icon_is_in_the_icon_font() -> None:
    names = json.loads((ASSETS / "icons" / "icons.json").read_text("utf-8"))
    drawn = characters(ASSETS / "icons" / "duty-icons.ttf")
    assert [name for name, code in names.items() if int(code, 16) not in drawn] == []
    assert [kind for kind in SERVICE_KINDS if kind not in names] == []


@pytest.mark.parametrize("name", ["start", "end", "question", "refusal"])
def test_a_chime_is_short_and_plain(name: str) -> None:
    path = ASSETS / "sounds" / f"{name}.wav"
    with wave.open(str(path)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (44_100, 1, 2)
        assert 0.3 <= file.getnframes() / file.getframerate() <= 1.5
    assert path.stat().st_size <= 100_000


def test_every_asset_has_its_licence_beside_it() -> None:
    folders = {
        (tree.ROOT / path).parent
        for path in tree.files()
        if path.parts[0] == "assets" and path.suffix in NEED_A_LICENCE
    }
    assert [str(folder) for folder in folders if not has_licence(folder)] == []


def has_licence(folder: Path) -> bool:
    return any(file.stem.upper().startswith(("LICENSE", "OFL", "COPYING")) for file in folder.iterdir())
