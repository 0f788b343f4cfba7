"""The pages over real HTTP: what an official reads, in both languages, whatever a name holds."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import httpx
import msgspec
import pytest

from sync.platform.console.queries import PAGE_LINES
from tests.integration.platform.conftest import SQLITE, START_MS, Running
from tests.integration.platform.fleet import FakeDevice, send

MINUTE_MS = 60_000
BLNS = Path(__file__).parents[4] / "shared" / "vectors" / "blns.json"
NAUGHTY = (
    "<script>alert(1)</script>",
    "';DROP TABLE sessions;--",
    "{{ 7*7 }}",
    "%(num)s",
    "古丽娜尔·阿不都热合曼",
    "李㛃\U0002cb4e",
    "\u202eABC",
)


def get(platform: Running, path: str, **cookies: str) -> httpx.Response:
    with httpx.Client(cookies={**platform.cookies(), **cookies}, trust_env=False) as client:
        return client.get(platform.url + path)


def page(platform: Running, path: str, **cookies: str) -> str:
    response = get(platform, path, **cookies)
    assert response.status_code == 200, response.text
    assert "default-src 'none'" in response.headers["content-security-policy"]
    return response.text


def a_day(platform: Running) -> FakeDevice:
    device = platform.device("东门触摸机")
    for place, name in enumerate(("张晓明", "李㛃", "赵䶮")):
        number, begin_ms = f"LY{place}", START_MS + place * MINUTE_MS
        session = device.check_in(number, name, begin_ms)
        if place == 0:
            device.check_out(session, number, begin_ms + 90 * MINUTE_MS, directions=3)
        elif place == 1:
            device.auto_close(session, begin_ms + 720 * MINUTE_MS)
    send(platform.url, device)
    return device


def test_an_empty_platform_says_what_will_come(platform: Running) -> None:
    assert "没有记录" in page(platform, "/ledger")
    assert "还没有设备" in page(platform, "/devices")
    assert "没有待核查的记录" in page(platform, "/quarantine")
    assert "今日" in page(platform, "/")


def test_the_ledger_shows_time_content_quality_and_provenance(platform: Running) -> None:
    a_day(platform)
    text = page(platform, "/ledger")
    for words in (
        "张晓明",
        "LY0",
        "09:00",
        "10:30",
        "<b>90</b> 分钟",
        "luoyang-1",
        "指路问询",
        "指路\u00a03",
        "两次扫码",
    ):
        assert words in text, words
    assert text.count("待评价") == 3
    assert "一次扫码，按规则结束" in text
    assert "2026年7月3日星期五" in text
    assert "王城公园东门岗亭" in text


def test_provisional_and_open_duty_stand_apart_from_the_total(platform: Running) -> None:
    a_day(platform)
    text = page(platform, "/ledger").replace("\n", "")
    assert '<span class="duration"><b>1</b> 小时 <b>30</b> 分钟</span>' in text
    assert "<dt>在岗</dt><dd>1</dd>" in text
    assert "<dt>待认定</dt><dd>1</dd>" in text


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("?day=2026-07-03", {"张晓明", "李㛃", "赵䶮"}),
        ("?day=2026-07-04", set()),
        ("?volunteer=晓", {"张晓明"}),
        ("?volunteer=LY1", {"李㛃"}),
        ("?volunteer=%25", set()),
        ("?state=open", {"赵䶮"}),
        ("?state=closed&day=2026-07-03", {"张晓明"}),
        ("?state=nonsense", {"张晓明", "李㛃", "赵䶮"}),
        ("?page=99", set()),
    ],
)
def test_the_ledger_can_be_narrowed(platform: Running, query: str, names: set[str]) -> None:
    a_day(platform)
    text = page(platform, f"/ledger{query}")
    assert {name for name in ("张晓明", "李㛃", "赵䶮") if f">{name}<" in text} == names


def test_many_entries_are_paged(platform: Running) -> None:
    device = platform.device()
    for place in range(60):
        device.check_in(f"LY{place}", "马建军", START_MS + place * MINUTE_MS)
    send(platform.url, device)
    first, second = page(platform, "/ledger"), page(platform, "/ledger?page=2")
    assert (first.count(">马建军<"), second.count(">马建军<")) == (50, 10)
    assert "第 1 页，共 2 页" in first


def test_the_devices_page_tells_contact_gaps_and_alarms(platform: Running) -> None:
    device = a_day(platform)
    platform.device("西门触摸机")
    copy = FakeDevice(device.id, device.key, device.service_point, device.started_ms, device.stream, device.boot_id)
    copy.check_in("LY9", "刘洋", START_MS)
    send(platform.url, copy)
    changed = msgspec.structs.replace(device.log[0], kind="tally")
    send(platform.url, device, [changed])
    text = page(platform, "/devices")
    for words in ("东门触摸机", "西门触摸机", "从未联系", "存储卡是否被复制过", 'class="contact fresh"', "秒钟前"):
        assert words in text, words
    assert "记录生成后被改动过" in page(platform, "/quarantine")
    with platform.database.writing(device.id) as unit:
        unit.devices.revoke(device.id, START_MS)
    assert "已停用" in page(platform, "/devices")


def test_english_is_one_switch_away(platform: Running) -> None:
    a_day(platform)
    response = get(platform, "/language/en?back=/ledger%3Fday%3D2026-07-03")
    assert (response.status_code, response.headers["location"]) == (303, "/ledger?day=2026-07-03")
    assert "language=en" in response.headers["set-cookie"]
    text = page(platform, "/ledger", language="en")
    for words in ("Service ledger", "Not rated yet", "Start and end scanned", "Friday, July 3, 2026"):
        assert words in text, words


@pytest.mark.parametrize("back", ["//example.org", "https://example.org", "/\\example.org", "/%0d%0aX-Y: z"])
def test_the_switch_leads_nowhere_else(platform: Running, back: str) -> None:
    assert get(platform, f"/language/en?back={back}").headers["location"] == "/"


def test_an_unknown_page_and_language_are_met_kindly(platform: Running) -> None:
    response = get(platform, "/nothing")
    assert (response.status_code, "没有这个页面" in response.text) == (404, True)
    assert "set-cookie" not in get(platform, "/language/xx").headers
    assert "服务台账" in page(platform, "/ledger", language="xx")


def test_names_survive_to_the_page_and_do_nothing_there(platform: Running) -> None:
    names_survive(platform, NAUGHTY)


@pytest.mark.external
@pytest.mark.parametrize("stored_in", [SQLITE], indirect=True)
def test_the_big_list_of_naughty_strings_survives_to_the_page(platform: Running) -> None:
    if not BLNS.exists():
        pytest.skip(f"{BLNS} is not on this machine")
    every = [text[:200] for text in msgspec.json.decode(BLNS.read_bytes(), type=list[str]) if text]
    names_survive(platform, every)


LINE = re.compile(r'<bdi class="name">(.*?)</bdi><a class="under code" href="/volunteer\?number=([^"]+)">', re.DOTALL)


def names_survive(platform: Running, names: Sequence[str]) -> None:
    kept: dict[str, str] = {}
    for begin in range(0, len(names), 40):
        kept |= recorded(platform, names[begin : begin + 40])
    shown = dict(lines_of(platform, len(kept)))
    assert {number: html.unescape(cell) for number, cell in shown.items()} == kept
    assert not any("<" in cell for cell in shown.values())


def recorded(platform: Running, names: Sequence[str]) -> dict[str, str]:
    """Let a device record these names; return those that were taken, by volunteer number."""
    device = platform.device()
    numbers = [f"N{device.id[:4]}-{place}" for place in range(len(names))]
    for place, (number, name) in enumerate(zip(numbers, names, strict=True)):
        device.check_in(number, name, START_MS + place * MINUTE_MS)
    outcomes = send(platform.url, device).outcomes
    kept = {
        number: name for number, name, outcome in zip(numbers, names, outcomes, strict=True) if outcome == "accepted"
    }
    assert len(kept) >= len(names) - 1  # a name with U+0000 is set apart
    return kept


def lines_of(platform: Running, count: int) -> Iterator[tuple[str, str]]:
    """Yield number and name, as it stands in the page's source, of so many lines of the ledger."""
    for number in range(1, -(-count // PAGE_LINES) + 1):
        for name, volunteer in LINE.findall(page(platform, f"/ledger?page={number}")):
            yield volunteer, name


def test_from_elsewhere_the_console_stays_closed(platform: Running) -> None:
    a_day(platform)
    for headers in ({"host": "rebound.example.org"}, {"x-forwarded-for": "192.0.2.7"}):
        response = httpx.get(f"{platform.url}/ledger", headers=headers, trust_env=False)
        assert response.status_code == 403
        assert "控制台不能以这种方式打开" in response.text
        assert "张晓明" not in response.text
