"""The ledger brought to a stick: what stands in the files, and what happens when the stick is full, locked, pulled."""

from __future__ import annotations

import csv
import errno
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO
from xml.etree import ElementTree as ET

import pypdfium2
import pytest

from kiosk.commands import verify as checking
from kiosk.export.csv_file import harmless
from kiosk.export.pdf_file import ROWS, ROWS_LAST, page_count
from kiosk.export.stick import FolderSpool, FolderStick
from kiosk.export.table import COLUMNS
from kiosk.usecases.export_ports import (
    Exported,
    ExportFault,
    ExportProgress,
    ExportRequest,
    ExportStep,
    Format,
    NotExported,
    Phase,
)
from tests.support.programs import kiosk
from tests.support.station import Booth, booth_in, settings_in

HOUR = 3600
EVIL = "=HYPERLINK(A1)"
RARE = "王㐂𠮷"
TABLES = frozenset({Format.XLSX, Format.CSV, Format.PDF})


@pytest.fixture
def booth(tmp_path: Path) -> Iterator[Booth]:
    """A booth where three people served, one never checked out, and one has an odd name."""
    with booth_in(tmp_path / "booth") as opened:
        for number, name in (("A-1", "张晓明"), ("A-2", EVIL), ("A-3", RARE)):
            opened.station.present(opened.card(number, display_name=name))
            opened.clocks.elapse(HOUR)
            opened.station.present(opened.card(number, display_name=name))
        opened.check_in("A-4")
        opened.clocks.elapse(20 * HOUR)
        opened.station.tend()
        yield opened


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


def bring(booth: Booth, stick: Path, formats: frozenset[Format] = frozenset(Format), **dates: date) -> list[ExportStep]:
    return list(booth.station.keeping.export(ExportRequest(stick, formats, **dates)))


def brought(
    booth: Booth, stick: Path, formats: frozenset[Format] = frozenset(Format), **dates: date
) -> dict[str, Path]:
    done = bring(booth, stick, formats, **dates)[-1]
    assert isinstance(done, Exported), done
    return {file.suffix: file for file in done.files}


def is_good(booth: Booth, file: Path) -> bool:
    found = checking.verify(settings_in(booth.folder), file, None, lambda _phase, _total: lambda _steps: None)
    return found.exit_code == 0


def rows_of(file: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(file.read_bytes().decode("utf-8-sig"), newline="")))


def cells_of(file: Path) -> list[ET.Element]:
    with zipfile.ZipFile(file) as book:
        sheet = ET.fromstring(book.read("xl/worksheets/sheet1.xml"))  # noqa: S314 - of our own making
    return [cell for cell in sheet.iter() if cell.tag.endswith("}c")]


# What stands in the files


def test_every_column_of_the_policy_has_its_value(booth: Booth, stick: Path) -> None:
    chinese, english, *rows = rows_of(brought(booth, stick)[".csv"])
    assert len(chinese) == len(english) == len(COLUMNS)
    assert all("ledger_" not in heading for heading in (*chinese, *english))
    line = dict(zip(COLUMNS, rows[0], strict=True))
    assert line | {"record": ""} == {
        "record": "",
        "volunteer": "A-1",
        "name": "张晓明",
        "service": "指路问询",
        "date": "2026-12-02",
        "place": "王城公园东门岗亭",
        "content": "指路问询",
        "started": "08:00",
        "ended": "09:00",
        "original": "60",
        "credited": "60",
        "rule": "luoyang-1",
        "team": "",
        "in_charge": "",
        "recorded_by": "两次扫码",
        "recipients": "",
        "effect": "",
        "quality": "",
        "quality_by": "",
        "state": "已下岗",
        "corrections": "",
        "complete": "待完善，余9个工作日",
    }
    assert dict(zip(COLUMNS, rows[3], strict=True))["credited"] == "0"


def test_csv_opens_in_excel_and_calculates_nothing(booth: Booth, stick: Path) -> None:
    file = brought(booth, stick, TABLES)[".csv"]
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")
    assert file.read_bytes().count(b"\r\n") == file.read_bytes().count(b"\n") == 6
    assert [row[2] for row in rows_of(file)[2:]] == ["张晓明", f"'{EVIL}", RARE, "张晓明"]


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@A", "\tx", "\rx", "＝1"])
def test_what_a_spreadsheet_would_calculate_is_a_text(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"
    assert harmless(f"张{cell}") == f"张{cell}"
    assert (harmless(-5), harmless(None)) == (-5, None)


def test_xlsx_holds_texts_as_texts_and_minutes_as_numbers(booth: Booth, stick: Path) -> None:
    file = brought(booth, stick, TABLES)[".xlsx"]
    cells = cells_of(file)
    assert not [cell for cell in cells if any(child.tag.endswith("}f") for child in cell)]
    numbers = [float(cell[0].text or "") for cell in cells if cell.get("t") is None and len(cell)]
    assert numbers == [60, 60, 60, 60, 60, 60, 0, 0]
    with zipfile.ZipFile(file) as book:
        assert "hyperlink" not in book.read("xl/worksheets/sheet1.xml").decode().lower().replace(EVIL.lower(), "")


def test_the_printed_ledger_says_who_what_page_and_where_to_sign(booth: Booth, stick: Path) -> None:
    document = pypdfium2.PdfDocument(brought(booth, stick, TABLES)[".pdf"])
    page = document[0]
    text = page.get_textpage().get_text_bounded()
    width, height = page.get_size()
    document.close()
    assert (round(width), round(height)) == (842, 595)  # A4 across, in points
    for words in (
        "志愿服务记录台账",
        "王城公园东门岗亭",
        "张晓明",
        "第 1 页",
        "共 1 页",
        "站长：",
        "两次扫码 3:00（3条）",
        "另有待确认 1 条",
    ):
        assert words in text, text
    assert all(each in text or f"U+{ord(each):04X}" in text for each in RARE)


@pytest.mark.parametrize("rows", [0, 1, ROWS_LAST, ROWS_LAST + 1, ROWS, ROWS + ROWS_LAST, ROWS + ROWS_LAST + 1, 500])
def test_pages_are_counted_before_they_are_printed(rows: int) -> None:
    pages = page_count(rows)
    assert (pages - 1) * ROWS + ROWS_LAST >= rows
    assert pages == 1 or (pages - 2) * ROWS + ROWS_LAST < rows


def test_dates_are_local_and_both_included(booth: Booth, stick: Path) -> None:
    day = date(2026, 12, 2)
    file = brought(booth, stick, frozenset({Format.CSV}), first=day, last=day)[".csv"]
    assert file.name == "ledger-20261202-20261202.csv"
    assert len(rows_of(file)) == 2 + 4
    other = date(2026, 12, 3)
    assert len(rows_of(brought(booth, stick, frozenset({Format.CSV}), first=other)[".csv"])) == 2


def test_a_ledger_of_nothing_is_a_ledger_too(tmp_path: Path, stick: Path) -> None:
    with booth_in(tmp_path / "empty") as booth:
        assert set(brought(booth, stick)) == {".csv", ".jsonl", ".pdf", ".xlsx"}


# On its way


def test_progress_goes_forward_to_its_end_and_nothing_is_left_here(booth: Booth, stick: Path) -> None:
    *steps, done = bring(booth, stick)
    assert isinstance(done, Exported)
    assert (done.sessions, len(done.files)) == (4, 4)
    for phase in Phase:
        told = [step for step in steps if isinstance(step, ExportProgress) and step.phase is phase]
        assert [step.done for step in told] == sorted(step.done for step in told)
        assert told[-1].done == told[-1].total or phase is Phase.READ
    assert sorted(each.name for each in booth.folder.iterdir() if "export" in each.name) == []
    assert {each.suffix for each in stick.iterdir()} == {".csv", ".jsonl", ".pdf", ".xlsx"}


class Pulled:
    """A stick that is pulled, or fails, once so many bytes were written to parts."""

    def __init__(self, after: int, error: int) -> None:
        self.left, self.error = after, error

    def open(self, file: Path, mode: str) -> BinaryIO:
        opened = file.open(mode, buffering=0)
        return self._watched(opened) if file.name.endswith(".part") and mode != "rb" else opened  # type: ignore[return-value]

    def _watched(self, opened: Any) -> BinaryIO:
        pulled, write = self, opened.write

        class Watched(io.RawIOBase):
            def write(self, content: Any) -> int:
                if pulled.left <= 0:
                    raise OSError(pulled.error, "pulled")
                taken: int = write(bytes(content)[: pulled.left])
                pulled.left -= taken
                return taken

            def __getattribute__(self, name: str) -> Any:
                if name in {"write", "__class__"}:
                    return object.__getattribute__(self, name)
                return getattr(opened, name)

        return Watched()  # type: ignore[return-value]


def with_stick(booth: Booth, stick: FolderStick) -> Callable[[ExportRequest], Iterator[ExportStep]]:
    return replace(booth.station.keeping.export, stick=stick)


@pytest.mark.parametrize(
    ("error", "fault"),
    [
        (errno.EIO, ExportFault.NO_TARGET),
        (errno.ENODEV, ExportFault.NO_TARGET),
        (errno.ENOSPC, ExportFault.FULL),
        (errno.EROFS, ExportFault.READ_ONLY),
    ],
)
def test_a_half_file_never_stands_under_its_name(booth: Booth, stick: Path, error: int, fault: ExportFault) -> None:
    request = ExportRequest(stick, frozenset({Format.CHAIN}))
    *_, ended = with_stick(booth, FolderStick(Pulled(5_000, error).open, chunk=1000))(request)
    assert ended == NotExported(fault, "ledger.jsonl")
    assert not (stick / "ledger.jsonl").exists()
    *_, done = booth.station.keeping.export(request)
    assert isinstance(done, Exported)
    assert sorted(each.name for each in stick.iterdir()) == ["ledger.jsonl"]
    assert is_good(booth, done.files[0])


def test_what_stands_on_the_stick_already_is_not_written_again(booth: Booth, stick: Path) -> None:
    request = ExportRequest(stick, frozenset({Format.CHAIN}))
    list(with_stick(booth, FolderStick(Pulled(3_000, errno.EIO).open, chunk=1000))(request))
    again = Pulled(10**9, errno.EIO)
    *steps, _done = with_stick(booth, FolderStick(again.open, chunk=1000))(request)
    copied = [step.done for step in steps if isinstance(step, ExportProgress) and step.phase is Phase.COPY]
    assert copied[0] == 3_000
    assert 10**9 - again.left == copied[-1] - 3_000


@pytest.mark.parametrize("spoil", ["part", "state"])
def test_a_part_that_is_not_of_this_file_is_begun_anew(booth: Booth, stick: Path, spoil: str) -> None:
    request = ExportRequest(stick, frozenset({Format.CHAIN}))
    list(with_stick(booth, FolderStick(Pulled(3_000, errno.EIO).open, chunk=1000))(request))
    part, state = stick / "ledger.jsonl.part", stick / "ledger.jsonl.part.json"
    if spoil == "part":
        part.write_bytes(b"x" * 2_000)
    else:
        state.write_text(json.dumps({"sha256": "other"}))
    done = bring(booth, stick, frozenset({Format.CHAIN}))[-1]
    assert isinstance(done, Exported)
    assert is_good(booth, done.files[0])


def test_a_stick_that_vanishes_between_two_chunks_is_noticed(booth: Booth, stick: Path) -> None:
    steps = with_stick(booth, FolderStick(chunk=500))(ExportRequest(stick, frozenset({Format.CHAIN})))
    for step in steps:
        if isinstance(step, ExportProgress) and step.phase is Phase.COPY and step.done > 1_000:
            stick.rename(stick.with_name("elsewhere"))
            break
    *_, ended = steps
    assert ended == NotExported(ExportFault.NO_TARGET, "ledger.jsonl")
    assert not stick.exists()  # it is never made: it would be on the device's own disk


def test_who_stops_may_go_on_later(booth: Booth, stick: Path) -> None:
    steps = booth.station.keeping.export(ExportRequest(stick))
    next(iter(steps))
    steps.close()  # type: ignore[attr-defined]
    assert list(stick.iterdir()) == []
    assert isinstance(bring(booth, stick)[-1], Exported)


def test_a_stick_that_is_not_there_is_said_before_anything_is_made(booth: Booth, tmp_path: Path) -> None:
    assert bring(booth, tmp_path / "nowhere") == [NotExported(ExportFault.NO_TARGET)]


def test_a_stick_without_room_is_said_before_anything_is_copied(stick: Path) -> None:
    lacking = FolderStick().check(stick, 10**15)
    assert lacking is not None
    assert lacking.fault is ExportFault.FULL
    assert lacking.needed_bytes


def test_files_that_never_reached_their_stick_are_gone_after_a_day(tmp_path: Path) -> None:
    spool = FolderSpool(tmp_path / "spool")
    folder = spool.prepare("key")
    assert folder is not None
    made = folder.stat().st_mtime
    spool.expire(made + 23 * HOUR)
    assert folder.exists()
    spool.expire(made + 25 * HOUR)
    assert not folder.exists()


# The command


def test_the_command_brings_the_files_and_says_so(booth: Booth, stick: Path) -> None:
    done = kiosk(booth.folder, "ledger", "export", str(stick), "--format", "csv,chain", "--from", "2026-12-01")
    assert (done.code, "已导出 2 个文件" in done.out) == (0, True), done
    assert kiosk(booth.folder, "ledger", "verify", str(stick / "ledger-20261201-end.jsonl")).code == 0
    missing = kiosk(booth.folder, "ledger", "export", str(stick / "nowhere"))
    assert (missing.code, "没有找到U盘" in missing.err) == (4, True)


@pytest.mark.parametrize(
    "options", [["--format", "doc"], ["--format", ""], ["--from", "2026-12-02", "--to", "2026-12-01"]]
)
def test_the_command_refuses_what_makes_no_sense(tmp_path: Path, stick: Path, options: list[str]) -> None:
    assert kiosk(tmp_path, "ledger", "export", str(stick), *options).code == 2
