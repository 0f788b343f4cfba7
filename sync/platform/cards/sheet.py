"""The PDF of some cards: A4 sheets of ten with cut marks, or one card a page; fronts, and backs if they are wanted.

Upstream: ``card``, ``layout``, ``paper``, ``symbol``.
Downstream: ``printing``.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from math import ceil

from sync.platform.cards import layout
from sync.platform.cards.card import Card, Look
from sync.platform.cards.layout import Box
from sync.platform.cards.paper import INK, MM_PER_POINT, RED, SOFT, WHITE, Paper
from sync.platform.cards.symbol import QUIET_MODULES, modules

TITLE, MOTTO = "文明使者", "河南学雷锋志愿服务"  # the two wordings of 附1.1 (REQ 1.1c)
ONE_DAY = "仅限当日"
BACK = (
    "志愿者证",
    "上岗、下岗时，请将正面二维码对准触摸机的摄像头。",
    "本证仅限本人使用，请勿拍照外传。",
    "如有遗失，请及时向发证单位挂失并申请换发。",
)
NAME_POINTS, NAME_LEAST_POINTS, NAME_LINE_POINTS = 25.0, 7.0, 11.0  # below the last, a name takes another line
NAME_LINES, NAME_LEADING = 3, 1.2
LINE_POINTS = (8.5, 5.0)
LABEL_WIDTH = 12.0
CUT_WIDTH = 0.1


def pdf_of(cards: Sequence[Card], look: Look, made_at: datetime) -> bytes:
    """Return the PDF.

    Raises:
        PrintError: a name holds a character that the face lacks, or the emblem cannot be read.
    """
    size = (layout.CARD_WIDTH, layout.CARD_HEIGHT) if look.single else "A4"
    places = ((0.0, 0.0),) if look.single else layout.places()
    with closing(Paper(made_at, size)) as paper:
        paper.set_title("志愿者证")
        _write(paper, cards, look, places)
        return bytes(paper.output() or b"")


def _write(paper: Paper, cards: Sequence[Card], look: Look, places: Sequence[tuple[float, float]]) -> None:
    for begin in range(0, len(cards), len(places)):
        paged = cards[begin : begin + len(places)]
        _page(paper, look)
        for card, corner in zip(paged, places, strict=False):
            _front(paper, card, look, corner)
        if look.backs:
            _page(paper, look)
            for corner in places[: len(paged)]:
                _back(paper, look, corner)


def _page(paper: Paper, look: Look) -> None:
    paper.add_page()
    if not look.single:
        paper.set_draw_color(*SOFT)
        paper.set_line_width(CUT_WIDTH)
        for mark in layout.cut_marks():
            paper.line(*mark)


def _front(paper: Paper, card: Card, look: Look, corner: tuple[float, float]) -> None:
    paper.filled(layout.BAND.moved(*corner), RED)
    title = layout.TITLE
    if look.emblem is not None:
        paper.emblem(look.emblem, layout.EMBLEM.moved(*corner))
        title = title.moved(layout.EMBLEM.width + layout.EMBLEM_GAP, 0)
    paper.written(TITLE, title.moved(*corner), "bold", (17, 17), WHITE)
    paper.written(MOTTO, layout.MOTTO.moved(*corner), "regular", (10, 8), WHITE, "R")
    _code(paper, card.text, layout.CODE.moved(*corner))
    if card.team:
        _visitor(paper, card, corner)
        return
    _name(paper, card.name, layout.NAME.moved(*corner))
    lines = [("编号", card.number), ("发证单位", look.issuing_unit), ("有效期至", card.until)]
    for place, (label, words) in enumerate(line for line in lines if line[1]):
        box = layout.LINES.moved(corner[0], corner[1] + place * layout.LINES.height)
        paper.written(label, Box(box.x, box.y, LABEL_WIDTH, box.height), "regular", (6.5, 6.5), SOFT)
        rest = Box(box.x + LABEL_WIDTH, box.y, box.width - LABEL_WIDTH, box.height)
        paper.written(words, rest, "regular", LINE_POINTS, INK)


def _visitor(paper: Paper, card: Card, corner: tuple[float, float]) -> None:
    """Write a visitor's card: for whose team and on which day it is good, to be read from an arm's length."""
    paper.written(card.name, layout.DAY_NAME.moved(*corner), "regular", (12.0, 8.0), INK)
    _name(paper, card.team, layout.DAY_TEAM.moved(*corner))
    paper.written(card.until, layout.DAY_DATE.moved(*corner), "bold", (22.0, 12.0), RED)
    paper.written(f"{ONE_DAY} {card.number}", layout.DAY_NUMBER.moved(*corner), "regular", (6.5, 4.5), SOFT)


def _code(paper: Paper, text: str, box: Box) -> None:
    rows = modules(text)
    module = box.width / (len(rows) + 2 * QUIET_MODULES)
    paper.symbol(rows, box.x + QUIET_MODULES * module, box.y + QUIET_MODULES * module, module)


def _name(paper: Paper, name: str, box: Box) -> None:
    needed = len(name) * NAME_LINE_POINTS * MM_PER_POINT
    lines = min(NAME_LINES, max(1, ceil(needed / box.width)))
    length, height = ceil(len(name) / lines), box.height / lines
    points = min(NAME_POINTS, height / MM_PER_POINT / NAME_LEADING), NAME_LEAST_POINTS
    for place in range(lines):
        part = name[place * length : (place + 1) * length]
        paper.written(part, Box(box.x, box.y + place * height, box.width, height), "bold", points, INK)


def _back(paper: Paper, look: Look, corner: tuple[float, float]) -> None:
    left, top = (0.0, 0.0) if look.single else (layout.mirrored(corner[0]), corner[1])
    paper.filled(layout.BAND.moved(left, top), RED)
    paper.written(TITLE, layout.TITLE.moved(left, top), "bold", (17, 17), WHITE)
    paper.written(MOTTO, layout.MOTTO.moved(left, top), "regular", (10, 8), WHITE, "R")
    height = layout.BACK_TEXT.height / len(BACK)
    for place, words in enumerate(BACK):
        box = layout.BACK_TEXT.moved(left, top + place * height)
        face, points, colour = ("bold", (13.0, 9.0), INK) if place == 0 else ("regular", (8.0, 6.0), SOFT)
        paper.written(words, Box(box.x, box.y, box.width, height), face, points, colour, "C")
