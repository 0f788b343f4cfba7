"""Plan against service as people see it: who may see what, a device offline all day, and what came late."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, timedelta

import httpx
import pytest

from sync.platform.rostering.hours import instant_of
from sync.platform.rostering.model import SpecialDay
from sync.platform.rostering.reviewing import own_record, review
from sync.platform.signin.rights import Role
from sync.protocol.contact import CONTACT_PATH, ContactRequest
from sync.protocol.events import Shift
from tests.integration.platform.conftest import SQLITE, Running
from tests.integration.platform.fleet import send, tell
from tests.support.console import enlist, word_of
from tests.support.served_town import HOUR_MS, MINUTE_MS, PLANNER, SHIFTS, Duty, Town

ON = (datetime.now(UTC) + timedelta(hours=8)).date() - timedelta(days=2)
MORNING = SHIFTS[0]
BEGIN_MS = instant_of(ON, MORNING[0])
END_MS = instant_of(ON, MORNING[1])


@pytest.fixture
def stored_in() -> str:
    """The pages do not look at the database."""
    return SQLITE


@pytest.fixture
def town(platform: Running) -> Town:
    """A point with two devices and one without a device's word; a morning for three, of whom two come."""
    made = Town(platform.database)
    made.found(2, 9, instant_of(ON, 0), devices=2)
    point, other = (each.id for each in made.points)
    made.plan(point, ON, made.people[:3], MORNING, needed=4)
    made.plan(other, ON, made.people[3:4], MORNING, needed=1)
    east = made.devices[point][0]
    named = Shift(f"{point}-{ON}-{MORNING[0]}-0", BEGIN_MS, END_MS)
    duties = [
        Duty(made.people[0], BEGIN_MS - MINUTE_MS, END_MS + MINUTE_MS, shift=named),
        Duty(made.people[1], BEGIN_MS + HOUR_MS, END_MS),
        Duty(made.people[8], BEGIN_MS, END_MS),
    ]
    made.serve(east, duties, END_MS + HOUR_MS)
    return made


def shown(platform: Running, name: str = "keeper", **asked: str) -> str:
    """The page as somebody sees it."""
    given = {"view": "day", "on": ON.isoformat(), **asked}
    answer = httpx.get(
        f"{platform.url}/roster/served", params=given, cookies=platform.cookies(name), timeout=30, trust_env=False
    )
    assert answer.status_code == httpx.codes.OK, answer.text
    return answer.text


def came(page: str) -> list[str]:
    """What became of each place on a page, in order."""
    table = page.partition("<table")[2]
    return [part.partition('"')[0] for part in table.split('<span class="came ')[1:]]


def reports(platform: Running, town: Town, place: int) -> None:
    """Let a device of the first point send all it has, and say so in its sign of life: by the real calls."""
    device = town.devices[town.points[0].id][place]
    assert set(send(platform.url, device).outcomes) <= {"accepted", "duplicate"}
    said = ContactRequest(device.id, None, device.reached(END_MS + HOUR_MS))
    assert tell(platform.url, device, CONTACT_PATH, said).status_code == httpx.codes.OK


def test_a_device_offline_all_day_and_nobody_is_absent_until_it_reports(platform: Running, town: Town) -> None:
    reports(platform, town, 0)
    page = shown(platform, point=town.points[0].id)
    assert came(page) == ["served", "unknown", "unknown", "covered"]
    assert "从未报告数据齐全到何时" in page
    west = town.devices[town.points[0].id][1]
    town.serve(west, [Duty(town.people[1], BEGIN_MS, BEGIN_MS + 50 * MINUTE_MS)], END_MS)
    reports(platform, town, 1)
    page = shown(platform, point=town.points[0].id)
    assert came(page) == ["served", "partly", "covered", "vacant"]
    assert "从未报告" not in page
    town.serve(west, [Duty(town.people[2], BEGIN_MS, END_MS)], END_MS)  # brought back from a stick, say
    reports(platform, town, 1)
    assert came(shown(platform, point=town.points[0].id)) == ["served", "partly", "served", "covered"]


def test_week_and_month_show_coverage_and_the_places_that_differ(platform: Running, town: Town) -> None:
    for place in (0, 1):
        reports(platform, town, place)
    point = town.points[0].id
    month = shown(platform, view="month", point=point)
    assert came(month[month.index('<table class="served"') :]) == [
        "partly",
        "covered",
        "vacant",
    ]
    assert 'class="unsure part-known"' in month  # the afternoon is not known yet
    assert "≥" in month
    assert "/roster/served/coverage.svg?view=month" in month
    assert 'class="together"' in shown(platform, view="week")
    address = f"{platform.url}/roster/served/coverage.svg?view=month&on={ON}"
    drawn = httpx.get(address, cookies=platform.cookies(), timeout=30, trust_env=False)
    assert drawn.headers["content-type"] == "image/svg+xml"


def test_names_and_reliability_are_for_those_who_plan_there_and_figures_for_a_publicist(
    platform: Running, town: Town
) -> None:
    for place in (0, 1):
        reports(platform, town, place)
    point, other = (each.id for each in town.points)
    enlist(platform.database, "head", Role.HEAD, point=point)
    enlist(platform.database, "words", Role.PUBLICIST, point=point)
    enlist(platform.database, "checker", Role.AUDITOR)
    number = town.people[2]
    head = shown(platform, "head", view="week", point=point)
    assert number in head
    assert "已答应班次的到岗情况" in head
    assert "不据此自动处罚" in head
    publicist = shown(platform, "words", point=point)
    assert "37 %" in publicist  # three of the eight hours it was open
    assert not [each for each in town.people if each in publicist]
    assert other not in publicist
    checker = shown(platform, "checker", view="week", point=point)
    assert number in checker
    assert "已答应班次的到岗情况" not in checker


def test_the_lines_leave_as_a_file_and_that_is_noted(platform: Running, town: Town) -> None:
    for place in (0, 1):
        reports(platform, town, place)
    page = shown(platform)
    fields = {"form": word_of(page), "view": "day", "on": ON.isoformat(), "point": ""}
    answer = httpx.post(
        f"{platform.url}/roster/served/export",
        data=fields,
        cookies=platform.cookies(),
        headers={"origin": platform.url},
        timeout=30,
        trust_env=False,
    )
    assert answer.status_code == httpx.codes.OK, answer.text
    head, *lines = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert [line[6] for line in lines] == ["已到岗", "部分在岗", "缺岗，有人顶岗", "空缺", "待数据齐全"]
    assert len(head) == len(lines[0])


def test_opening_hours_special_days_and_a_volunteers_own_record(platform: Running, town: Town) -> None:
    for place in (0, 1):
        reports(platform, town, place)
    point, now_ms = town.points[0].id, END_MS + 20 * HOUR_MS
    with platform.database.reading() as unit:
        before = review(unit, [point], ON, ON, now_ms)
        own, record = own_record(unit, town.people[1], BEGIN_MS - HOUR_MS, END_MS, now_ms)
    assert before.total(point).open_minutes == 480
    assert ([each.came.value for each in own], record.came, record.late, record.absent) == (["partly"], 1, 1, 0)
    with platform.database.writing("roster") as unit:
        unit.openings.put_special(SpecialDay(point, ON, 9 * 60, 12 * 60, "重阳"), PLANNER)
        unit.openings.put_special(SpecialDay("*", ON, None, None, "春节"), PLANNER)
    with platform.database.reading() as unit:
        after = review(unit, [each.id for each in town.points], ON, ON, now_ms)
    assert (after.total(point).percent, after.total().open_minutes) == (100, 180)
    assert after.total(point, ON).is_known
    assert after.total(point, date(2020, 1, 1)).percent is None
