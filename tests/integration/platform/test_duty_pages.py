"""The pages behind the ledger: the original beside its correction, objections, totals of a volunteer, kit and stars."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from sync.protocol.events import CheckIn, CheckOut, DeviceNote, Kit
from sync.protocol.judgements import (
    Amendment,
    Confirmation,
    Decision,
    Objection,
    Rating,
    RecipientRating,
    StarApplication,
    Statement,
)
from sync.protocol.vocabulary import (
    AmendmentReason,
    DecisionReason,
    Effect,
    Face,
    KitItem,
    ObjectionReason,
    Quality,
    StatementAnswer,
)
from tests.integration.platform.conftest import POINT, START_MS, Running
from tests.integration.platform.fleet import CARD, FakeDevice, send
from tests.integration.platform.test_console import get, page

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS


def a_duty(device: FakeDevice, begin_ms: int = START_MS, number: str = "LY1", minutes: int = 90) -> str:
    session = device.check_in(number, "张晓明", begin_ms)
    device.check_out(session, number, begin_ms + minutes * MINUTE_MS, directions=3)
    return session


def test_a_session_shows_its_correction_beside_the_original_and_everything_that_was_said(platform: Running) -> None:
    device, later_ms = platform.device("东门触摸机"), START_MS + 5 * HOUR_MS
    session = a_duty(device)
    asked = device.record(Objection(session, "LY1", CARD, ObjectionReason.WRONG_TIME), later_ms)
    reason = AmendmentReason.WRONG_END
    device.record(Amendment(session, reason, "OP1", None, START_MS + 3 * HOUR_MS, objection=asked.id), later_ms)
    device.record(Rating(session, Quality.EXCELLENT, "OP1", [Effect.ORDER_KEPT], {"tea": 4}), later_ms)
    device.record(RecipientRating(Face.SATISFIED, POINT.id, [session]), later_ms)
    second = device.record(Objection(session, "LY1", CARD, ObjectionReason.WRONG_SERVICE), later_ms)
    device.record(Decision(session, second.id, False, DecisionReason.RECORDS_AGREE, "OP1"), later_ms)
    send(platform.url, device)
    text = page(platform, f"/session?id={session}")
    for words in (
        "已更正",
        '<td class="time">12:00</td>',  # what counts now
        '<td class="time">10:30</td>',  # what was scanned
        "原始记录",
        "两次扫码",
        "异议",
        "时间有误",
        "不成立",
        "记录一致",
        "优秀",
        "秩序良好",
        "满意",
        "OP1",
        "<b>180</b> 分钟",
    ):
        assert words in text, words
    line = page(platform, "/ledger")
    assert f"/session?id={session}" in line
    assert "优秀" in line


def test_what_a_record_waits_for_is_said_with_its_working_days(platform: Running) -> None:
    device = platform.device(started_ms=START_MS - 40 * 24 * HOUR_MS)
    now_ms = int(datetime.now(UTC).timestamp() * 1000)
    a_duty(device, now_ms - 2 * HOUR_MS)
    old = device.check_in("LY2", "李㛃", START_MS - 30 * 24 * HOUR_MS)
    device.auto_close(old, START_MS - 30 * 24 * HOUR_MS + 12 * HOUR_MS)
    send(platform.url, device)
    text = page(platform, "/ledger")
    assert "待办：队长确认、质量与效果评价" in text
    assert "还剩 10 个工作日" in text
    assert "待办：本人说明下岗时间" in text
    assert "已超期" in text


def test_a_stated_end_stands_on_the_page_and_does_not_count_before_it_is_confirmed(platform: Running) -> None:
    device = platform.device()
    session = device.check_in("LY1", "张晓明", START_MS)
    device.auto_close(session, START_MS + 12 * HOUR_MS)
    said = Statement(session, "LY1", CARD, StatementAnswer.OTHER_TIME, START_MS + 2 * HOUR_MS)
    event = device.record(said, START_MS + 24 * HOUR_MS)
    send(platform.url, device)
    text = page(platform, f"/session?id={session}")
    assert "本人说明：2026-07-03 11:00" in text
    assert "尚未计入" in text
    device.record(Confirmation(session, event.id, "OP1"), START_MS + 25 * HOUR_MS)
    send(platform.url, device)
    text = page(platform, f"/session?id={session}")
    assert "<b>120</b> 分钟" in text
    assert "上岗扫码，下岗时间由本人说明并经确认" in text


def test_a_volunteer_at_two_places_sees_each_minute_once_and_both_records(platform: Running) -> None:
    east, west = platform.device("east"), platform.device("west")
    first, second = a_duty(east, START_MS, minutes=120), a_duty(west, START_MS + HOUR_MS, minutes=120)
    for device in (east, west):
        send(platform.url, device)
    text = page(platform, "/volunteer?number=LY1")
    assert "<b>3</b> 小时 <b>0</b> 分钟" in text
    assert "同一时间在两处" in text
    assert text.count(f"/session?id={first}") == text.count(f"/session?id={second}") == 2
    ledger = page(platform, "/ledger")
    assert "同时在两处，只计一次" in ledger
    assert "<b>3</b> 小时 <b>0</b> 分钟" in ledger


def test_drill_and_paid_duty_stand_apart_and_say_so(platform: Running) -> None:
    device = platform.device()
    for place, (drill, paid) in enumerate(((True, False), (False, True))):
        begin = CheckIn(f"s{place}", "LY1", CARD, "0" * 64, "directions", POINT.id, drill=drill, paid=paid)
        device.record(begin, START_MS)
        device.record(CheckOut(f"s{place}", "LY1", CARD), START_MS + HOUR_MS)
    send(platform.url, device)
    text = page(platform, "/ledger")
    for words in ("<dt>演练</dt><dd>1</dd>", "<dt>有偿工作</dt><dd>1</dd>", "演练，不计时长", "有偿工作，不计时长"):
        assert words in text, words
    assert "待评价" not in text


def test_kit_applications_faces_and_notes_are_listed(platform: Running) -> None:
    device = platform.device("东门触摸机")
    session = a_duty(device)
    device.record(Kit("LY1", KitItem.CAP, 2, returned=False, by="OP1"), START_MS)
    device.record(StarApplication("LY1", CARD, 3, 36_000), START_MS)
    for burst in (False, True):
        device.record(RecipientRating(Face.DISSATISFIED, POINT.id, [session], burst=burst), START_MS)
    device.record(DeviceNote("recovered_from_damage"), START_MS)
    send(platform.url, device)
    text = page(platform, "/station")
    for words in (
        "小红帽",
        "★★★",
        "<b>600</b> 小时",
        "由社区评定",
        "不满意 2",
        "其中 1 次短时间内集中出现",
        POINT.name,
    ):
        assert words in text, words
    assert "设备文件曾损坏，已恢复" in page(platform, "/devices")


@pytest.mark.parametrize("path", ["/session?id=none", "/session", "/volunteer?number=none", "/volunteer"])
def test_what_is_not_there_is_said(platform: Running, path: str) -> None:
    assert get(platform, path).status_code == 404


def test_an_empty_station_and_english_read_well(platform: Running) -> None:
    assert "已全部归还" in page(platform, "/station")
    device = platform.device()
    session = a_duty(device)
    send(platform.url, device)
    text = page(platform, f"/session?id={session}", language="en")
    for words in ("Nothing was corrected", "certificate scanned", "Ended", "waits for: the captain&#39;s confirmation"):
        assert words in text, words
