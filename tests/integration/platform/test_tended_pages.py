"""The console for those who tend devices, decide on what was set apart, take the ledger away and keep accounts."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import msgspec
import pytest

from sync.platform import console
from sync.platform.app import Appearance, build_app
from sync.platform.console import Issuing
from sync.platform.ports import Ports
from sync.platform.records import Term, Volunteer
from sync.platform.signin.audit import AuditFilter, Deed
from sync.platform.signin.rights import Role
from sync.platform.upward.targets import Target, TargetKind
from sync.protocol.contact import CONTACT_PATH, ContactRequest, DeviceReport
from sync.protocol.reference import Appointment, ServicePoint
from tests.integration.platform.conftest import POINT, SQLITE, START_MS, Running
from tests.integration.platform.fleet import FakeDevice, send, tell
from tests.support.console import CHEAP, LONG_MS, PASSWORD, browser, enlist, sign_in, word_of
from tests.support.served import served

STATIC = Path(console.__file__).parent / "static"
MINUTE_MS = 60_000
WEST = ServicePoint("point-2", "周王城广场岗亭", "410302")


@pytest.fixture
def stored_in() -> str:
    """On SQLite; ``test_hours_by_hand_on_either_database`` asks for both."""
    return SQLITE


@contextmanager
def enter(platform: Running, name: str = "keeper") -> Iterator[httpx.Client]:
    with browser(platform.url, follow=True) as client:
        assert sign_in(client, name).status_code == 303
        yield client


def staff(platform: Running) -> None:
    """A keeper, and two people of the station with numbers and appointments: a head and a captain."""
    enlist(platform.database)
    with platform.database.writing("registry") as unit:
        unit.registry.add_volunteers(
            Volunteer(number, name, None, 0) for number, name in (("LY1", "张晓明"), ("OP1", "王秀兰"), ("OP2", "李㛃"))
        )
        for term, number, role, team in (("t1", "OP1", "head", None), ("t2", "OP2", "captain", "youth")):
            given = Appointment(number, "", role, 0, LONG_MS, team)
            unit.places.appoint(Term(term, POINT.id, POINT.name, given))
    enlist(platform.database, "head", None, volunteer="OP1")
    enlist(platform.database, "captain", None, volunteer="OP2")


def set_apart(platform: Running) -> tuple[FakeDevice, int]:
    """A device whose check-in was changed after it was made; return it and the record's number."""
    device = platform.device("东门触摸机")
    device.check_in("LY1", "张晓明", START_MS)
    changed = msgspec.structs.replace(device.log[0], body={**device.log[0].body, "volunteer": "LY1 "})
    send(platform.url, device, [changed])
    with platform.database.reading() as unit:
        (record,) = unit.decisions.queue(None, decided=False, before=None, limit=9)
    return device, record.id


def decide(client: httpx.Client, record: int, verdict: str, **fields: str) -> httpx.Response:
    page = client.get(f"/quarantine/{record}").text
    word = word_of(page) if 'name="form"' in page else word_of(client.get("/me").text)
    return client.post(f"/quarantine/{record}", data={"form": word, "verdict": verdict, **fields})


def hours(**change: str) -> dict[str, str]:
    times = {"starts": "", "ends": ""}
    return {"volunteer": "LY1", "service": "directions", "reason": "kiosk_failed", "team": "youth", **times, **change}


def recent(minutes: int) -> str:
    at = datetime.now(ZoneInfo("Asia/Shanghai")) - timedelta(minutes=minutes)
    return at.strftime("%Y-%m-%dT%H:%M")


# Devices


def test_a_device_tells_how_it_is_and_who_needs_somebody_stands_first(platform: Running) -> None:
    well, ill = platform.device("一切正常"), platform.device("摄像头坏了")
    good = DeviceReport("1.2.3", waiting=7, clock="anchored", camera="seeing", free_mb=9000, boots=3)
    bad = DeviceReport("1.2.3", waiting=0, parked=2, clock="floor", camera="gone", free_mb=90)
    for device, report in ((well, good), (ill, bad)):
        assert tell(platform.url, device, CONTACT_PATH, ContactRequest(device.id, report)).status_code == 200
    platform.device("从未联系过")
    enlist(platform.database)
    with enter(platform) as client:
        page = client.get("/devices").text
        assert page.index("摄像头坏了") < page.index("从未联系过") < page.index("一切正常")
        for words in ("需要检查", "未连接", "未校准", "磁盘空间不足", "本机有 2 条被拒记录", "平台已校准", "9,000 MB"):
            assert words in page, words
        own = client.get(f"/devices/{well.id}").text
        for words in ("<b>7</b>", "1.2.3", "正常", "平台已校准"):
            assert words in own, words
        chart = client.get(f"/devices/{well.id}/events.svg")
        assert chart.headers["content-type"] == "image/svg+xml"
        assert b"<script" not in chart.content


def test_an_alarm_is_seen_by_somebody_with_a_note_and_shown_again_when_it_comes_again(platform: Running) -> None:
    device = platform.device("东门触摸机")
    device.check_in("LY1", "张晓明", START_MS)
    send(platform.url, device)
    enlist(platform.database)

    def fork() -> None:
        copy = FakeDevice(device.id, device.key, device.service_point, device.started_ms, device.stream, device.boot_id)
        copy.check_in("LY9", "刘洋", START_MS)
        send(platform.url, copy)

    fork()
    with enter(platform) as client:
        assert "有警报" in client.get("/devices").text
        word = word_of(client.get(f"/devices/{device.id}").text)
        assert (
            client.post(f"/devices/{device.id}/alarm", data={"form": word, "word": "stream_forked"}).status_code == 409
        )
        fields = {"form": word, "word": "stream_forked", "note": "换过存储卡，已核实"}
        assert "换过存储卡，已核实" in client.post(f"/devices/{device.id}/alarm", data=fields).text
        assert "有警报" not in client.get("/devices").text
        fork()
        assert "有警报" in client.get("/devices").text


def test_a_device_is_revoked_with_a_reason_and_a_fresh_password_alone(platform: Running) -> None:
    device = platform.device("东门触摸机")
    enlist(platform.database)
    with enter(platform) as client:
        platform.sql("UPDATE console_sessions SET proved_ms = 0")
        page = client.get(f"/devices/{device.id}").text
        assert 'name="password"' in page
        fields = {"form": word_of(page), "note": "机器已送修"}
        for password in ("", "wrong"):
            answer = client.post(f"/devices/{device.id}/revoke", data={**fields, "password": password})
            assert answer.status_code == 409
        assert "已停用" not in client.get("/devices").text
        assert "已停用" in client.post(f"/devices/{device.id}/revoke", data={**fields, "password": PASSWORD}).text
    answer = tell(platform.url, device, CONTACT_PATH, ContactRequest(device.id, DeviceReport()))
    assert answer.status_code == 403


def test_a_head_sees_the_own_point_alone(platform: Running) -> None:
    with platform.database.writing("registry") as unit:
        unit.registry.add_service_point(WEST)
    device, _ = set_apart(platform)
    device.check_in("LY1", "张晓明", START_MS)
    send(platform.url, device, device.log[-1:])
    session = str(device.log[-1].body["session"])
    enlist(platform.database, "west", Role.HEAD, point=WEST.id)
    with enter(platform, "west") as client:
        assert "东门触摸机" not in client.get("/devices").text
        assert "东门触摸机" not in client.get("/quarantine").text
        assert "张晓明" not in client.get("/ledger").text
        for path in (f"/devices/{device.id}", f"/session?id={session}", "/quarantine/1"):
            assert client.get(path).status_code == 404, path
        word = word_of(client.get("/me").text)
        revoked = client.post(f"/devices/{device.id}/revoke", data={"form": word, "note": "x"})
        assert revoked.status_code == 403
        made = client.post("/enrol", data={"form": word, "service_point": POINT.id, "name": "x", "hours": "1"})
        assert made.status_code == 403


def test_a_code_is_shown_once_listed_without_itself_and_withdrawn(platform: Running) -> None:
    enlist(platform.database)
    with enter(platform) as client:
        word = word_of(client.get("/enrol").text)
        page = client.post("/enrol", data={"form": word, "service_point": POINT.id, "name": "南门", "hours": "1"}).text
        code = re.search(r"data-code>([0-9A-Z-]{14})<", page)
        assert code
        assert "60 分钟内有效" in page
        listed = client.get("/enrol").text
        assert "南门" in listed
        assert code[1] not in listed
        withdraw = re.search(r'action="(/enrol/[\w-]+/withdraw)"', listed)
        assert withdraw
        assert "已撤回" in client.post(withdraw[1], data={"form": word}).text
        assert client.post("/enrol", data={"form": word, "service_point": "none", "name": "x"}).status_code == 409


# Decisions


@pytest.mark.parametrize("stored_in", [SQLITE, "postgresql"])
def test_hours_by_hand_count_once_a_second_person_has_confirmed_them(platform: Running) -> None:
    staff(platform)
    _, record = set_apart(platform)
    given = hours(starts=recent(150), ends=recent(60))
    with enter(platform, "head") as head, enter(platform, "captain") as captain, enter(platform) as keeper:
        page = head.get(f"/quarantine/{record}").text
        for words in ("记录生成后被改动过", "张晓明", "指路问询", "hash does not match"):
            assert words in page, words
        assert decide(keeper, record, "propose", **given).status_code == 403
        assert "补记待第二人确认" in decide(head, record, "propose", **given).text
        assert "须由服务点的另一人确认" in decide(head, record, "confirm").text
        ledger = head.get("/ledger").text
        assert "<b>90</b> 分钟" not in ledger
        assert "手工补记时长" in decide(captain, record, "confirm").text
        assert "<b>90</b> 分钟" in head.get("/ledger").text
        assert "没有待核查的记录" in head.get("/quarantine").text
        assert "手工补记时长" in head.get("/quarantine?decided=1").text
        assert "控制台补记" not in head.get("/devices").text
    with platform.database.reading() as unit:
        done = [(each.who, each.done.deed) for each in unit.audit.lines(AuditFilter(), None, 99)]
    assert ("head", Deed.HOURS_PROPOSED) in done
    assert ("captain", Deed.HOURS_CONFIRMED) in done


def test_a_captain_enters_and_confirms_hours_of_the_own_team_alone(platform: Running) -> None:
    staff(platform)
    _, record = set_apart(platform)
    with enter(platform, "head") as head, enter(platform, "captain") as captain:
        given = hours(starts=recent(150), ends=recent(60))
        assert "本队" in decide(captain, record, "propose", **{**given, "team": "party"}).text
        decide(head, record, "propose", **{**given, "team": ""})
        assert decide(captain, record, "confirm").status_code == 403
        assert "您的职务只能查看" in captain.get(f"/quarantine/{record}").text
        decide(head, record, "decline", note="写上服务队")
        decide(captain, record, "propose", **{**given, "team": ""})
        assert "手工补记时长" in decide(head, record, "confirm").text


def test_declined_hours_count_nothing_and_the_record_waits_again(platform: Running) -> None:
    staff(platform)
    _, record = set_apart(platform)
    with enter(platform, "head") as head, enter(platform, "captain") as captain:
        decide(head, record, "propose", **hours(starts=recent(150), ends=recent(60)))
        assert "待处理" in decide(captain, record, "decline", note="当天下雨，没有人上岗").text
        assert "当天下雨，没有人上岗" in head.get(f"/quarantine/{record}").text
        assert "<b>90</b> 分钟" not in head.get("/ledger").text


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"volunteer": "nobody"}, "没有登记这位志愿者"),
        ({"ends": "2020-01-01T08:00"}, "结束时间须晚于开始时间"),
        ({"starts": "2020-01-01T08:00", "ends": "2020-01-01T09:00"}, "不超过 90 天"),
        ({"starts": "yesterday"}, "请填写志愿者编号和起止时间"),
        ({"service": "flying"}, "请填写志愿者编号和起止时间"),
    ],
)
def test_hours_that_cannot_be_are_said_and_the_record_waits_on(
    platform: Running, change: dict[str, str], says: str
) -> None:
    staff(platform)
    _, record = set_apart(platform)
    with enter(platform, "head") as head:
        given = {**hours(starts=recent(150), ends=recent(60)), **change}
        answer = decide(head, record, "propose", **given)
        assert (answer.status_code, says in answer.text) == (409, True)
        assert "待处理" in head.get("/quarantine").text


def test_a_record_is_rejected_with_a_reason_leaves_the_queue_and_can_be_taken_up_again(platform: Running) -> None:
    enlist(platform.database)
    _, record = set_apart(platform)
    with enter(platform) as client:
        assert decide(client, record, "reject").status_code == 409
        assert "请服务点核实" in decide(client, record, "ask", note="当天谁在岗？").text
        assert "已请服务点核实" in client.get("/quarantine").text
        decide(client, record, "reject", note="测试卡")
        assert "没有待核查的记录" in client.get("/quarantine").text
        assert decide(client, record, "reject", note="再来一次").status_code == 409
        assert "待处理" in decide(client, record, "reopen", note="弄错了").text
    for statement in ("UPDATE quarantine_decisions SET note = 'x'", "DELETE FROM quarantine_decisions"):
        with pytest.raises(Exception, match="immutable"):
            platform.sql(statement)


def test_who_only_reads_is_offered_no_decision(platform: Running) -> None:
    enlist(platform.database, "auditor", Role.AUDITOR)
    _, record = set_apart(platform)
    with enter(platform, "auditor") as client:
        page = client.get(f"/quarantine/{record}").text
        assert "您的职务只能查看" in page
        assert "<textarea" not in page
        assert decide(client, record, "reject", note="x").status_code == 403


# The ledger as a file, filters


def a_few(platform: Running) -> FakeDevice:
    device = platform.device("东门触摸机")
    for place, name in enumerate(("=HYPERLINK(1)", "李㛃", "赵䶮")):
        begin_ms = START_MS + place * MINUTE_MS
        session = device.check_in(f"LY{place}", name, begin_ms, "directions" if place else "tutoring")
        if place < 2:
            device.check_out(session, f"LY{place}", begin_ms + 90 * MINUTE_MS)
    send(platform.url, device)
    return device


def test_the_file_holds_what_the_filter_shows_and_runs_nothing(platform: Running) -> None:
    a_few(platform)
    enlist(platform.database)
    with enter(platform) as client:
        word = word_of(client.get("/ledger").text)
        answer = client.post("/ledger/export", data={"form": word, "as": "csv", "month": "2026-07"})
        assert answer.content.startswith("\ufeff".encode())
        rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
        assert (len(rows), rows[0][1]) == (4, "志愿者编号")
        assert [row[2] for row in rows[1:]] == ["赵䶮", "李㛃", "'=HYPERLINK(1)"]
        one = client.post("/ledger/export", data={"form": word, "as": "csv", "service": "tutoring"})
        assert (len(one.text.splitlines()), one.headers["x-lines"]) == (2, "1")
        sheet = client.post("/ledger/export", data={"form": word, "as": "xlsx", "month": "2026-07"})
        with zipfile.ZipFile(io.BytesIO(sheet.content)) as book:
            cells = book.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in cells
        assert "李㛃" in cells
        assert client.post("/ledger/export", data={"form": word, "as": "exe"}).status_code == 409
    with platform.database.reading() as unit:
        lines = unit.audit.lines(AuditFilter(deed=Deed.LEDGER_EXPORTED), None, 9)
    assert [(each.done.subject, each.done.detail) for each in lines] == [("xlsx", "3"), ("csv", "1"), ("csv", "3")]


def test_an_export_longer_than_a_page_of_the_database_has_every_line_once(platform: Running) -> None:
    device = platform.device()
    for place in range(620):
        device.check_in(f"LY{place}", "马建军", START_MS + place // 2)
    for begin in range(0, 620, 310):
        send(platform.url, device, device.log[begin : begin + 310])
    enlist(platform.database)
    with enter(platform) as client:
        answer = client.post("/ledger/export", data={"form": word_of(client.get("/ledger").text), "as": "csv"})
        numbers = [row[1] for row in csv.reader(io.StringIO(answer.text))][1:]
    assert len(numbers) == len(set(numbers)) == 620


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("?month=2026-07", 3),
        ("?month=2026-08", 0),
        ("?service=tutoring", 1),
        ("?provenance=two_scans", 2),
        (f"?point={POINT.id}", 3),
        ("?point=elsewhere", 0),
        ("?team=youth", 0),
        ("?flag=typed", 0),
        ("?month=nonsense", 3),
    ],
)
def test_the_ledger_is_narrowed_by_more(platform: Running, query: str, shown: int) -> None:
    a_few(platform)
    enlist(platform.database)
    with enter(platform) as client:
        page = client.get(f"/ledger{query}").text
        assert len(re.findall(r'<bdi class="name">', page)) == shown
        assert ("一部分无法识别" in page or 'role="alert"' in page) == ("nonsense" in query)


# Accounts, the log


def test_the_keeper_makes_an_account_that_signs_in_and_closes_it(platform: Running) -> None:
    enlist(platform.database)
    with enter(platform) as client, browser(platform.url) as other:
        word = word_of(client.get("/accounts").text)
        days = {"begin": "2020-01-01", "end": "2099-12-31"}
        fields = {"form": word, "name": "Auditor.Li", "role": "auditor", **days}
        page = client.post("/accounts", data=fields).text
        password = re.search(r"data-password>([0-9A-Z-]{19})<", page)
        assert password
        assert client.post("/accounts", data=fields).status_code == 409
        assert client.post("/accounts", data={**fields, "name": "x y"}).status_code == 409
        assert client.post("/accounts", data={**fields, "name": "head", "role": "head"}).status_code == 409
        assert sign_in(other, "auditor.li", password[1]).headers["location"] == "/me"
        assert client.post("/accounts/keeper/close", data={"form": word}).status_code == 409
        again = client.post("/accounts/auditor.li/reset", data={"form": word}).text
        assert "data-password" in again
        assert password[1] not in again
        assert other.get("/me").status_code == 303
        assert "已注销" in client.post("/accounts/auditor.li/close", data={"form": word}).text
        log = client.get("/audit").text
        for words in ("新增账户", "重设密码", "注销账户", "auditor.li"):
            assert words in log, words
        assert password[1] not in log
        assert "新增账户" not in client.get("/audit?deed=account_closed").text.split("<tbody>")[1]
        assert "<tbody>" not in client.get("/audit?who=nobody").text


# What is served


def test_the_one_script_is_the_one_that_was_looked_at(platform: Running) -> None:
    script, said = (STATIC / "htmx.min.js").read_bytes(), (STATIC / "htmx.LICENSE.txt").read_text("utf-8")
    assert hashlib.sha256(script).hexdigest() in said
    assert re.search(rb'version:"([\d.]+)"', script)[1].decode() in said  # type: ignore[index]
    enlist(platform.database)
    with enter(platform) as client:
        page = client.get("/").text
        assert '"allowEval":false' in page
        assert not re.search(r"\son\w+=|<style|style=|javascript:", page)
        policy = client.get("/").headers["content-security-policy"]
        assert "unsafe" not in policy
        assert client.get("/face.otf").headers["content-type"] == "font/otf"


def test_the_first_page_tells_how_far_the_next_platform_is_told(
    platform: Running, tmp_path: Path, ports: Ports
) -> None:
    with platform.database.writing("upward") as unit:
        unit.targets.put(Target("city", TargetKind.FILES, names=False, basis="", made_ms=START_MS))
    enlist(platform.database)
    app = build_app(platform.database, ports, Appearance(costs=CHEAP), Issuing(upward=tmp_path))
    with served(app) as url, browser(url, follow=True) as client:
        sign_in(client)
        page = client.get("/").text
    assert "上报完成" in page
    assert ">city<" in page
