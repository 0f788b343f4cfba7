"""The printed card is read back by the booth's own scanner: as a sharp scan, and as a 720p camera sees it in a hand."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pypdfium2
import pytest

from kiosk.commands.decode import decode
from kiosk.scan.offline import FrameRead
from sync.platform.cards import layout
from sync.platform.cards.card import Card, Look
from sync.platform.cards.sheet import pdf_of
from sync.platform.errors import PrintError
from tests.support.community import Community

Pixels = np.ndarray[Any, np.dtype[np.uint8]]
MADE_AT = datetime(2026, 11, 23, tzinfo=UTC)
NAMES = (
    "张晓明",
    "李㛃",
    "赵䶮",
    "孙𬭎",
    "古丽娜尔·阿不都热合曼",
    "扎西·次仁",
    "王",
    "欧阳文博",
    "陈思琪",
    "单玉梅",
    "刘洋",
)
POINTS_PER_INCH = 72
MM_PER_INCH = 25.4
PIXELS_PER_MM = {20: 5.5, 25: 4.4, 30: 3.7}  # of a 720p camera with a field of 60°, by distance in cm


def card(name: str = "张晓明", number: str = "4103020000000017") -> Card:
    text = Community().certificate(display_name=name, volunteer_number=number, serial=b"\0\0\0\1")
    return Card(text, name, number, "2029.11.22")


def drawn(pdf: bytes, page: int = 0, dpi: float = 300) -> Pixels:
    """Return a page as (H, W) uint8 pixels."""
    document = pypdfium2.PdfDocument(pdf)
    bitmap = document[page].render(scale=dpi / POINTS_PER_INCH, grayscale=True)
    pixels = np.array(bitmap.to_numpy()).reshape(bitmap.height, bitmap.width)
    document.close()
    return np.asarray(pixels, np.uint8)


def texts_of(pdf: bytes, page: int = 0) -> str:
    document = pypdfium2.PdfDocument(pdf)
    found = document[page].get_textpage().get_text_range()
    document.close()
    return str(found)


def read(picture: Pixels, folder: Path) -> list[str]:
    """Return what the booth's scanner reads in a picture."""
    cv2.imwrite(str(folder / "frame.png"), picture)
    return [
        text for each in decode([folder / "frame.png"]) if isinstance(each, FrameRead) for text in each.reading.texts
    ]


def seen_in_a_hand(printed: Pixels, pixels_per_mm: float, turned: float, seed: int) -> Pixels:
    """Return a 720p frame with the card in it: at its size there, turned (degrees), blurred, dimmed, with noise."""
    scale = pixels_per_mm * layout.CARD_WIDTH / printed.shape[1]
    small = cv2.resize(printed, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    middle = (small.shape[1] / 2, small.shape[0] / 2)
    turn = cv2.getRotationMatrix2D(middle, turned, 1)
    turn[:, 2] += (640 - middle[0], 360 - middle[1])
    frame = cv2.warpAffine(small, turn, (1280, 720), borderValue=90.0)
    dim = cv2.GaussianBlur(frame, (0, 0), 0.6).astype(np.float64) * 0.7 + 20
    return np.asarray((dim + np.random.default_rng(seed).normal(0, 4, dim.shape)).clip(0, 255), np.uint8)


def test_a_sheet_holds_ten_cards_and_every_one_reads_back(tmp_path: Path) -> None:
    cards = [card(name, f"41030200000000{place:02d}") for place, name in enumerate(NAMES)]
    pdf = pdf_of(cards, Look("洛阳市老城区文明办"), MADE_AT)
    assert len(pypdfium2.PdfDocument(pdf)) == 2
    sheet, scale = drawn(pdf), 300 / MM_PER_INCH
    for (x, y), each in zip(layout.places(), cards[:10], strict=True):
        width, height = layout.CARD_WIDTH, layout.CARD_HEIGHT
        cut = sheet[round(y * scale) : round((y + height) * scale), round(x * scale) : round((x + width) * scale)]
        assert read(cut, tmp_path) == [each.text]


def test_what_a_card_must_say_stands_on_it_with_rare_characters() -> None:
    pdf = pdf_of([card(name) for name in NAMES[:10]], Look("洛阳市老城区文明办"), MADE_AT)
    said = "".join(texts_of(pdf).split())
    for words in (*(name for name in NAMES[:10] if "·" not in name), "文明使者", "河南学雷锋志愿服务", "2029.11.22"):
        assert words in said, words
    assert said.count("洛阳市老城区文明办") == 10
    assert "发证单位" not in texts_of(pdf_of([card()], Look(), MADE_AT))


@pytest.mark.parametrize("character", ["㛃", "䶮", "𬭎"])
def test_a_rare_character_has_a_shape_of_its_own(character: str) -> None:
    shapes = [drawn(pdf_of([card(name)], Look(single=True), MADE_AT)) for name in (character, "龘", "明")]
    name = [shape[round(14 * 11.8) : round(28 * 11.8), : round(12 * 11.8)] for shape in shapes]
    assert all(np.count_nonzero(each < 128) > 500 for each in name)
    assert all(np.count_nonzero(name[0] != other) > 500 for other in name[1:])


@pytest.mark.parametrize("name", ["ئەلى", "བཀྲ་ཤིས", "\U0002ceb0"], ids=["Uyghur", "Tibetan", "extension F"])
def test_a_character_that_no_face_has_is_said_and_never_printed_as_a_box(name: str) -> None:
    with pytest.raises(PrintError, match=r"U\+[0-9A-F]{4,6}"):
        pdf_of([card(name)], Look(), MADE_AT)


@pytest.mark.parametrize(
    ("name", "distance"), [("张晓明", 20), ("张晓明", 25), ("张晓明", 30), ("𬭎" * 40, 20), ("𬭎" * 40, 25)]
)
def test_a_720p_camera_reads_a_single_card_in_a_hand(tmp_path: Path, distance: int, name: str) -> None:
    shown = card(name)
    printed = drawn(pdf_of([shown], Look("洛阳市老城区文明办", single=True), MADE_AT))
    for seed, turned in enumerate((0, 4, -9, 25, 90)):
        frame = seen_in_a_hand(printed, PIXELS_PER_MM[distance], turned, seed)
        assert read(frame, tmp_path) == [shown.text], turned


def test_the_emblems_place_closes_up_where_there_is_none(tmp_path: Path) -> None:
    emblem = tmp_path / "emblem.png"
    cv2.imwrite(str(emblem), np.zeros((64, 64, 3), np.uint8))
    with_it, without = (drawn(pdf_of([card()], Look(emblem=file, single=True), MADE_AT)) for file in (emblem, None))
    scale = 300 / MM_PER_INCH
    box = layout.EMBLEM
    middle = round((box.y + box.height / 2) * scale), round((box.x + box.width / 2) * scale)
    assert with_it[middle] < 10
    title = round(layout.TITLE.x * scale), round((layout.TITLE.x + layout.EMBLEM.width) * scale)
    assert without[: round(10 * scale), title[0] : title[1]].max() > 200  # the title's white stands there now
    emblem.write_bytes(b"no picture")
    with pytest.raises(PrintError, match="cannot be read as a picture"):
        pdf_of([card()], Look(emblem=emblem), MADE_AT)


def test_backs_are_mirrored_so_that_both_sides_meet() -> None:
    pdf = pdf_of([card()], Look(backs=True), MADE_AT)
    front, back = drawn(pdf, 0, 72), drawn(pdf, 1, 72)
    half = front.shape[1] // 2
    assert np.count_nonzero(front[:, :half] < 128) > 10 * np.count_nonzero(front[:, half + 60 : -60] < 128)
    assert np.count_nonzero(back[:, half:] < 128) > 10 * np.count_nonzero(back[:, 60 : half - 60] < 128)
    assert layout.mirrored(layout.places()[0][0]) == pytest.approx(layout.places()[1][0])


def test_the_code_is_as_large_as_the_docstring_says() -> None:
    assert layout.CODE_SIDE / 57 > 0.66
    assert layout.CODE.y + layout.CODE.height < layout.CARD_HEIGHT - 2
    assert layout.CODE.x > layout.NAME.x + layout.NAME.width
