"""The roster as files, over real HTTP: taken away, looked at, taken in, printed; and files that mean harm."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import openpyxl
import pypdfium2
import pytest
from icalendar import Calendar

from sync.platform.ports import Ports
from sync.platform.records import Volunteer
from sync.platform.rostering import sheets
from sync.platform.rostering.hours import instant_of
from sync.platform.rostering.lines import MOST_LINES
from sync.platform.rostering.model import Post, Profile
from sync.platform.signin.rights import Role
from tests.integration.platform.conftest import POINT, SQLITE, Running
from tests.support.console import browser, enlist, sign_in, word_of
from tests.support.phones import MONDAY, NAMES, StandingClock, ports_at
from tests.support.rosters import NUMBERS, Town, post_at

SPAN = {"point": POINT.id, "from": "2026-07-06", "until": "2026-07-26"}
HEAD = ("日期", "开始", "结束", "服务项目", "人数", "服务队", "志愿者编号")
RARE = "䶮𬭎㛃·阿不都热合曼"
BOMB = sheets.MOST_UNPACKED + (1 << 20)


@pytest.fixture
def stored_in() -> str:
    return SQLITE


@pytest.fixture
def ports() -> Ports:
    return ports_at(StandingClock(instant_of(MONDAY, 7 * 60)))


@dataclass
class Desk:
    """A planned town, and its head at the page of files."""

    url: str
    town: Town
    head: httpx.Client

    def page(self, client: httpx.Client | None = None) -> str:
        return (client or self.head).get("/roster/files").text

    def export(self, form: str, client: httpx.Client | None = None, **span: str) -> bytes:
        asked = {**SPAN, **span, "as": form, "form": word_of(self.page(client))}
        answer = (client or self.head).post("/roster/files/export", data=asked)
        assert answer.status_code == 200, answer.text
        return answer.content

    def look(self, content: bytes, **fields: str) -> httpx.Response:
        given = {"form": word_of(self.page()), "point": POINT.id, **fields}
        return self.head.post("/roster/files/look", data=given, files={"file": ("x", content)})

    def take(self, content: bytes) -> httpx.Response:
        seen = self.look(content)
        assert seen.status_code == 200, said(seen)
        hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', seen.text.partition("/take")[2]))
        return self.again(hidden)

    def again(self, hidden: dict[str, str]) -> httpx.Response:
        return self.head.post("/roster/files/take", files={name: (None, text) for name, text in hidden.items()})

    def posts(self) -> tuple[Post, ...]:
        with self.town.database.reading() as unit:
            return unit.rosters.posts(0, 1 << 60)

    def changes(self) -> int:
        with self.town.database.reading() as unit:
            return unit.rosters.count_changes()


@pytest.fixture
def desk(platform: Running, ports: Ports) -> Iterator[Desk]:
    town = Town(platform.database, instant_of(MONDAY, 7 * 60) - 60_000).settle()
    named = zip(NUMBERS, (*NAMES[:4], RARE), strict=True)
    with platform.database.writing("registry") as unit:
        unit.registry.add_volunteers(Volunteer(number, name, None, 0) for number, name in named)
    with platform.database.writing("roster") as unit:
        town.bring(unit, Profile(NUMBERS[0], team="=cmd|'/c calc'!A1", skills=frozenset({"急救"})))
    first = town.put(post_at(1, 9, 12, needed=3))
    town.assign(first, NUMBERS[1])
    town.assign(first, NUMBERS[4])
    town.put(post_at(2, 14, 17, service="tea_charging", skill="急救", team="=cmd|'/c calc'!A1"))
    town.publish()
    enlist(platform.database, "head", Role.HEAD, point=POINT.id)
    enlist(platform.database, "captain", Role.CAPTAIN, point=POINT.id, team="youth")
    with browser(platform.url, follow=True) as head:
        sign_in(head, "head")
        yield Desk(platform.url, town, head)


def said(answer: httpx.Response) -> str:
    found = re.search(r'class="notice"[^>]*>([^<]*)<', answer.text)
    return found[1] if found else ""


def sheet(*rows: tuple[Any, ...], head: tuple[str, ...] = HEAD) -> bytes:
    book, file = openpyxl.Workbook(), io.BytesIO()
    for row in (head, *rows):
        book.worksheets[0].append(row)
    book.save(file)
    return file.getvalue()


def cells(content: bytes) -> list[list[object]]:
    return [list(row) for row in openpyxl.load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(values_only=True)]


@pytest.mark.parametrize("form", ["xlsx", "ics"])
def test_what_was_taken_away_and_is_taken_in_again_changes_nothing(desk: Desk, form: str) -> None:
    content, before = desk.export(form), desk.changes()
    seen = desk.look(content)
    assert "已是如此" in seen.text
    assert "roster/files/take" not in seen.text, "there is nothing to take in"
    assert desk.changes() == before


def test_a_spreadsheet_is_text_with_a_head_that_stays_and_no_formulas(desk: Desk) -> None:
    content = desk.export("xlsx")
    head, *rows = cells(content)
    assert head[:7] == ["日期", "星期", "开始", "结束", "服务点", "服务项目", "人数"]
    assert [row[0] for row in rows] == ["2026-07-07", "2026-07-07", "2026-07-08"]
    assert {row[11] for row in rows} == {NAMES[1], RARE, None}
    assert rows[2][7] == "=cmd|'/c calc'!A1"
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        inner = packed.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in inner
    assert 'state="frozen"' in inner


def test_names_leave_only_with_the_right_to_take_them_out(desk: Desk) -> None:
    with browser(desk.url, follow=True) as captain:
        sign_in(captain, "captain")
        for form in ("xlsx", "ics"):
            content = desk.export(form, captain)
            text = content.decode() if form == "ics" else str(cells(content))
            assert NAMES[1] not in text
            assert NUMBERS[1] not in text
        elsewhere = {**SPAN, "point": "point-2", "as": "xlsx", "form": word_of(desk.page(captain))}
        assert captain.post("/roster/files/export", data=elsewhere).status_code == 409
        assert captain.get("/roster/files/print?point=point-2").status_code == 404
    events = Calendar.from_ical(desk.export("ics").decode()).walk("VEVENT")
    assert len(events) == 2
    assert RARE in str(events[0]["description"])


def test_a_file_is_looked_at_line_by_line_and_nothing_is_written(desk: Desk) -> None:
    before = desk.changes()
    content = sheet(
        ("2026-07-14", "9:00", "12:00", "指路问询", 2, None, NUMBERS[2]),
        ("2026/7/15", "14:00", "17:00", "Tea and charging", None, None, None),
        ("2026年7月14日", "10:00", "12:00", "指路问询", 1, None, NUMBERS[2]),
        ("someday", "9:00", "12:00", "指路问询", 1, None, None),
        ("2026-07-16", "noon", "12:00", "指路问询", 1, None, None),
        ("2026-07-16", "9:00", "12:00", "卖茶叶", 1, None, None),
        ("2026-07-16", "9:00", "12:00", "指路问询", -1, None, None),
        ("2026-07-16", "9:00", "12:00", "指路问询", 1, None, 4103022026000000001),
        ("2026-07-16", "9:00", "12:00", "指路问询", 1, None, "nobody"),
        ("2026-07-01", "9:00", "12:00", "指路问询", 1, None, None),
    )
    seen = desk.look(content)
    for words in (
        "新班次",
        "已有其他班次",
        "日期看不懂",
        "时间看不懂",
        "没有这个服务项目",
        "人数应为",
        "取整",
        "没有登记",
        "已经开始",
    ):
        assert words in seen.text, words
    assert desk.changes() == before


def test_what_was_looked_at_is_taken_in_once_and_by_the_rules(desk: Desk) -> None:
    content = sheet(
        ("2026-07-14", "9:00", "12:00", "指路问询", 2, None, NUMBERS[2]),
        ("2026-07-14", "9:00", "12:00", "指路问询", None, None, NUMBERS[3]),
        ("2026-07-14", "9:00", "12:00", "指路问询", None, None, NUMBERS[0]),
        ("2026-07-14", "11:00", "13:00", "茶水充电", 1, None, NUMBERS[2]),
    )
    taken = desk.take(content)
    assert "已导入" in taken.text
    with desk.town.database.reading() as unit:
        (first, second) = unit.rosters.posts(instant_of(MONDAY, 0) + 7 * 86_400_000, 1 << 60)
        there = {place.volunteer: place.state for place in unit.rosters.assignments((first.id, second.id))}
    assert (first.needed, first.state) == (2, "draft")
    assert there == {NUMBERS[2]: "draft", NUMBERS[3]: "draft"}, "never more than needed, never two at once"
    before = desk.changes()
    assert "roster/files/take" not in desk.look(content).text
    assert desk.changes() == before


def test_what_would_come_out_otherwise_by_now_is_not_written(desk: Desk) -> None:
    content = sheet(("2026-07-14", "9:00", "12:00", "指路问询", 1, None, NUMBERS[2]))
    seen = desk.look(content).text.partition("/take")[2]
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', seen))
    desk.town.now_ms = instant_of(MONDAY, 7 * 60)
    desk.town.assign(desk.town.put(post_at(8, 10, 13)), NUMBERS[2])
    before = desk.changes()
    answer = desk.again(hidden)
    assert answer.status_code == 409
    assert "没有写入任何内容" in said(answer)
    assert desk.changes() == before
    assert desk.again(hidden | {"form": "x"}).status_code == 403
    assert desk.head.post("/roster/files/take", data=hidden).status_code == 403, "not a form with parts"


def bomb(name: str = "xl/worksheets/sheet1.xml") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed, packed.open(name, "w") as part:
        for _ in range(BOMB // (1 << 20)):
            part.write(bytes(1 << 20))
    return file.getvalue()


def swapped(content: bytes, part: str, inner: bytes) -> bytes:
    """Return a spreadsheet with one of its parts replaced."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, inner if name == part else old.read(name))
    return file.getvalue()


def test_files_that_mean_harm_are_refused_with_a_sentence(desk: Desk) -> None:
    good, part = sheet(("2026-07-14", "9:00", "12:00", "指路问询", 1, None, None)), "xl/worksheets/sheet1.xml"
    begin, end = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>', b"</row>"
    end += b"</sheetData></worksheet>"
    far = begin + b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c>' + end
    grows = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]>'
    entity = grows + begin + b'<row r="1"><c r="A1" t="inlineStr"><is><t>&a;</t></is></c>' + end
    harmful: tuple[tuple[bytes, str], ...] = (
        (b"", "没有选择文件"),
        (b"PK\x03\x04 not a zip", "打不开"),
        (good[:-40], "打不开"),
        (bytes(range(256)) * 40, "既不是表格"),
        (b"\xd0\xcf\x11\xe0 an older format", "既不是表格"),
        (swapped(good, part, entity), "打不开"),
        (swapped(good, part, entity.decode().encode("utf-16")), "打不开"),
        (swapped(good, part, b"<worksheet>"), "打不开"),
        (swapped(good, part, far), "行数太多"),
        (bomb(), "太大"),
        (sheet(("2026-07-14", "9:00", "12:00"), head=("甲", "乙", "丙")), "列名"),
        (sheet(), "没有内容"),
        (sheet(*[("2026-07-14", "9:00", "12:00")] * (MOST_LINES + 1)), "行数太多"),
        (b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n", "没有内容"),
        (b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:2026", "既不是表格"),
    )
    before = desk.changes()
    for content, words in harmful:
        answer = desk.look(content)
        assert answer.status_code == 409, words
        assert words in said(answer)
    too_large = desk.look(b"x" * (2 * 1024 * 1024))
    assert too_large.status_code == 403
    stranger = desk.look(good, form="elsewhere")
    assert stranger.status_code == 403
    assert desk.changes() == before


def test_the_sheet_for_the_wall_has_whole_names_and_only_what_was_published(desk: Desk) -> None:
    desk.town.assign(desk.town.put(post_at(3, 9, 12)), NUMBERS[3])
    answer = desk.head.get(f"/roster/files/print?point={POINT.id}&from=2026-07-08&span=week")
    assert answer.headers["content-type"] == "application/pdf"
    document = pypdfium2.PdfDocument(answer.content)
    assert len(document) == 1
    width, height = document[0].get_size()
    assert (round(width), round(height)) == (842, 595), "A4 across"
    text = document[0].get_textpage().get_text_range().replace("\r\n", "")
    for words in ("文明使者", "河南学雷锋志愿服务", POINT.name, NAMES[1], RARE[:3], "缺1人", "09:00–12:00"):
        assert words in text, words
    assert NAMES[3] not in text, "a draft"
    assert NUMBERS[1] not in text
    document.close()
    month = desk.head.get(f"/roster/files/print?point={POINT.id}&from=2026-08-08&span=month")
    document = pypdfium2.PdfDocument(month.content)
    assert "还没有发布" in document[0].get_textpage().get_text_range()
    document.close()
