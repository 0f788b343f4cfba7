"""Files for platforms that speak otherwise: a decided duty once, changes as corrections, a file whole or not there."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import pytest

from sync.platform.store.targets import Period
from sync.platform.upward.adapter import Adapter, AdapterError, Taken
from sync.platform.upward.delivering import Delivered, Delivery, Writing
from sync.platform.upward.files import FileAdapter, harmless
from sync.platform.upward.lines import COLUMNS, Clerk, ReportLine
from sync.platform.upward.statuses import statuses
from sync.platform.upward.targets import FileFormat, Target, TargetKind
from sync.protocol.judgements import Amendment, Confirmation, Rating, Void
from sync.protocol.vocabulary import AmendmentReason, Effect, Quality, VoidReason
from tests.integration.platform.conftest import SQLITE, START_MS
from tests.integration.platform.fleet import FakeDevice
from tests.integration.platform.relayed import KEY, Platform

HOUR = 3600_000
ZONE = ZoneInfo("Asia/Shanghai")
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
PORTAL = Target("portal", TargetKind.FILES, names=True, basis="条例 Art 22", made_ms=0, format=FileFormat.CSV)


@dataclass(slots=True)
class Office:
    """A platform with one device, and a target that takes files."""

    folder: Path
    platform: Platform
    device: FakeDevice
    target: Target = PORTAL
    sizes: list[int] = field(default_factory=list)

    def serve(self, number: str, at_ms: int, *, confirmed: bool = True, name: str = "张晓明") -> str:
        session = self.device.check_in(number, name, at_ms)
        self.device.check_out(session, number, at_ms + 2 * HOUR, tea=3)
        if confirmed:
            out = next(each for each in reversed(self.device.log) if each.kind == "check_out")
            self.device.record(Confirmation(session, out.id, "LY9"), at_ms + 3 * HOUR)
        return session

    def judge(self, body: Amendment | Void | Rating, at_ms: int = START_MS + 9 * HOUR) -> None:
        said = self.device.record(body, at_ms)
        if not isinstance(body, Rating):
            self.device.record(Confirmation(body.session, said.id, "LY8"), at_ms)

    def adapter(self) -> FileAdapter:
        self.folder.mkdir(exist_ok=True)
        headings = [Clerk("zh_CN", ZONE, "", {}).headings()]
        return FileAdapter(self.folder, self.target.name, self.target.format, headings)

    def export(self, adapter: Adapter | None = None, *, parcel: int = 100, period: Period | None = None) -> Delivered:
        if self.device.log:
            self.platform.take(self.device.id, self.device.log)
        with self.platform.database.writing("registry") as unit:
            unit.targets.put(self.target)
        writing = Writing("zh_CN", ZONE, "西工区文明办")
        now = datetime(2026, 8, 1, tzinfo=UTC)
        delivery = Delivery(
            self.platform.database, lambda: now, self.target, adapter or self.adapter(), writing, parcel
        )
        return delivery.run(period or Period(), lambda done: self.sizes.append(done.lines))

    def rows(self, number: int) -> list[dict[str, str]]:
        file = self.folder / f"portal-{number:06d}.csv"
        assert file.read_bytes().startswith(b"\xef\xbb\xbf")
        with file.open(encoding="utf-8-sig", newline="") as opened:
            headings, *rows = csv.reader(opened)
        assert headings[4] == "姓名（服务时）"
        return [dict(zip(COLUMNS, row, strict=True)) for row in rows]

    def all_rows(self) -> list[dict[str, str]]:
        return [row for number in range(1, 1 + len(list(self.folder.glob("portal-*")))) for row in self.rows(number)]


@pytest.fixture
def office(tmp_path: Path, database_url: str) -> Iterator[Office]:
    platform = Platform(database_url, ("east",))
    device = FakeDevice("east", KEY, "point-1", START_MS - HOUR)
    device.anchor(START_MS - 1000)
    yield Office(tmp_path / "out", platform, device)
    platform.database.close()


@dataclass(slots=True)
class Failing:
    """A way that breaks where it is told to."""

    files: FileAdapter
    at: str

    def take(self, parcel: int, lines: Iterable[ReportLine]) -> Taken:
        taken = self.files.take(parcel, lines)
        if self.at == "taken":
            raise AdapterError("the power went")
        return taken

    def settle(self, parcel: int, proof: str) -> bool:
        if self.at == "noted":
            raise AdapterError("the power went")
        if self.at == "lost":
            for part in self.files.folder.glob(".*.part"):
                part.unlink()
            self.at = "never again"
        return self.files.settle(parcel, proof)


def test_a_decided_duty_goes_once_with_all_that_a_record_must_say(office: Office) -> None:
    session = office.serve("LY1", START_MS + 30_000)
    office.judge(Rating(session, Quality.GOOD, "LY9", [Effect.ORDER_KEPT]))
    office.serve("LY2", START_MS + HOUR, confirmed=False)
    assert office.export() == Delivered(parcels=1, lines=1)
    (row,) = office.rows(1)
    assert {name: row[name] for name in ("record", "volunteer", "name", "kind", "credited", "original", "unit")} == {
        "record": session,
        "volunteer": "LY1",
        "name": "张晓明",
        "kind": "新增",
        "credited": "120",
        "original": "120",
        "unit": "西工区文明办",
    }
    assert (row["date"], row["started"], row["ended"]) == ("2026-07-03", "2026-07-03 09:00", "2026-07-03 11:00")
    assert (row["place"], row["content"]) == ("王城公园东门岗亭", "指路问询，茶水 3")
    assert (row["in_charge"], row["quality"], row["rated_by"], row["effect"]) == ("LY9", "良好", "LY9", "秩序良好")
    assert row["state"] == "已确认"
    assert office.export() == Delivered(), "a second time there is nothing to say"


def test_what_changed_goes_as_a_correction_that_names_what_it_corrects(office: Office) -> None:
    session, other = office.serve("LY1", START_MS), office.serve("LY2", START_MS)
    office.export()
    office.judge(Amendment(session, AmendmentReason.WRONG_END, "LY9", ends_ms=START_MS + HOUR))
    office.judge(Void(other, VoidReason.TRIAL, "LY9"))
    assert office.export() == Delivered(parcels=1, lines=2, corrections=2)
    amended, void = sorted(office.rows(2), key=lambda row: row["record"] != session)
    assert (amended["kind"], amended["corrects"], amended["credited"]) == ("更正", "1", "60")
    assert "LY9" in amended["corrections"]
    assert (void["kind"], void["credited"], void["state"]) == ("更正", "0", "已撤销")
    assert len(office.rows(1)) == 2, "what was said before stays as it was said"


@pytest.mark.parametrize("stored_in", [SQLITE], indirect=True)
def test_the_undecided_go_marked_where_they_are_wanted_and_are_corrected_when_decided(office: Office) -> None:
    office.target = replace(PORTAL, undecided=True, names=False)
    session = office.serve("LY1", START_MS, confirmed=False)
    office.export()
    assert [(row["state"], row["credited"], row["name"]) for row in office.rows(1)] == [("已下岗", "0", "")]
    out = next(each for each in office.device.log if each.kind == "check_out")
    office.device.record(Confirmation(session, out.id, "LY9"), START_MS + 3 * HOUR)
    office.export()
    assert [(row["kind"], row["credited"]) for row in office.rows(2)] == [("更正", "120")]


@pytest.mark.parametrize("stored_in", [SQLITE], indirect=True)
def test_a_month_is_a_month_of_the_country_and_the_rest_goes_later(office: Office) -> None:
    july = datetime(2026, 7, 31, 23, 30, tzinfo=ZONE)
    begins = round(datetime(2026, 7, 1, tzinfo=ZONE).timestamp() * 1000)
    ends = round(datetime(2026, 8, 1, tzinfo=ZONE).timestamp() * 1000)
    office.serve("LY1", round(july.timestamp() * 1000))
    office.serve("LY2", ends + HOUR)
    assert office.export(period=Period(begins, ends)).lines == 1
    assert [row["volunteer"] for row in office.rows(1)] == ["LY1"]
    assert office.export().lines == 1


@pytest.mark.parametrize("at", ["taken", "noted", "lost"])
@pytest.mark.parametrize("stored_in", [SQLITE], indirect=True)
def test_a_crash_anywhere_neither_loses_nor_doubles_a_line(office: Office, at: str) -> None:
    sessions = {office.serve(f"LY{number}", START_MS + number * HOUR) for number in range(5)}
    failing = Failing(office.adapter(), at)
    if at == "lost":
        assert office.export(failing, parcel=2).lines == 5
    else:
        with pytest.raises(AdapterError):
            office.export(failing, parcel=2)
    office.export(parcel=2)
    rows = office.all_rows()
    assert {row["record"] for row in rows} == sessions
    assert len(rows) == 5
    assert {row["kind"] for row in rows} == {"新增"}
    assert not list(office.folder.glob(".*"))


@pytest.mark.parametrize("stored_in", [SQLITE], indirect=True)
def test_a_correction_whose_parcel_was_lost_goes_again_as_a_correction(office: Office) -> None:
    session = office.serve("LY1", START_MS)
    office.export()
    office.judge(Amendment(session, AmendmentReason.WRONG_END, "LY9", ends_ms=START_MS + HOUR))
    office.export(Failing(office.adapter(), "lost"))
    assert office.export() == Delivered(1, 1, 1)
    assert [(row["kind"], row["corrects"]) for row in office.rows(2)] == [("更正", "1")]


@dataclass(slots=True)
class Choosy:
    """A platform that refuses some lines."""

    refuses: str
    seen: list[str] = field(default_factory=list)

    def take(self, parcel: int, lines: Iterable[ReportLine]) -> Taken:
        taken = [line for line in lines]  # noqa: C416 - an iterator, read once
        self.seen += [line.session for line in taken]
        return Taken("proof", {line.session: "不认识的项目" for line in taken if line.session == self.refuses})

    def settle(self, parcel: int, proof: str) -> bool:
        return proof == "proof"


@pytest.mark.parametrize("stored_in", [SQLITE], indirect=True)
def test_a_line_that_is_refused_stops_no_other_and_is_shown_with_its_reason(office: Office) -> None:
    sessions = [office.serve(f"LY{number}", START_MS + number * HOUR) for number in range(3)]
    choosy = Choosy(sessions[1])
    assert office.export(choosy) == Delivered(1, 3, 0, 1)
    assert office.export(choosy) == Delivered(), "it goes again when it is another, or when it is asked for"
    with office.platform.database.reading() as unit:
        (status,) = statuses(unit, office.folder)
    assert [(one.id, one.reason) for one in status.set_aside] == [(sessions[1], "不认识的项目")]
    assert (status.told, status.is_through) == (3, False)


@pytest.mark.parametrize("stored_in", [SQLITE], indirect=True)
def test_xlsx_holds_texts_as_texts_and_minutes_as_numbers(office: Office) -> None:
    office.target = replace(PORTAL, format=FileFormat.XLSX)
    office.serve("LY1", START_MS, name="=1+1")
    office.export()
    file = office.folder / "portal-000001.xlsx"
    assert file.stat().st_mode & 0o077 == 0
    with zipfile.ZipFile(file) as book:
        sheet = ET.fromstring(book.read("xl/worksheets/sheet1.xml"))  # noqa: S314 - our own file
    assert not list(sheet.iter(f"{SHEET}f")), "no formula"
    cells = {cell.get("r"): cell for cell in sheet.iter(f"{SHEET}c")}
    column = {name: chr(ord("A") + place) for place, name in enumerate(COLUMNS)}
    name, credited = cells[f"{column['name']}2"], cells[f"{column['credited']}2"]
    assert "".join(name.itertext()) == "=1+1"
    assert name.get("t") == "inlineStr"
    assert ("".join(credited.itertext()), credited.get("t")) == ("120", None)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1"])
def test_in_csv_nothing_is_calculated(text: str) -> None:
    assert str(harmless(text)).startswith("'")
    assert harmless("张晓明") == "张晓明"
    assert harmless(-5) == -5


@pytest.mark.parametrize("stored_in", [SQLITE], indirect=True)
def test_a_folder_that_cannot_be_written_is_a_sentence_and_notes_nothing(office: Office) -> None:
    office.serve("LY1", START_MS)
    office.folder.write_text("a file is here")
    adapter = FileAdapter(office.folder, "portal", FileFormat.XLSX, [["x"]])
    with pytest.raises(AdapterError, match="cannot be written"):
        office.export(adapter)
    office.folder.unlink()
    assert office.export().lines == 1


def test_lines_are_brought_page_by_page_and_told_as_they_go(office: Office) -> None:
    many: Sequence[str] = [office.serve(f"LY{number}", START_MS + number * HOUR) for number in range(7)]
    office.export(parcel=3)
    assert office.sizes == [3, 6, 7]
    assert [row["record"] for row in office.all_rows()] == list(many)
