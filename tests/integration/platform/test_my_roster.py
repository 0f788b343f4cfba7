"""The volunteer's part of the roster on a phone and in a calendar, over real HTTP."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from icalendar import Calendar

from sync.platform import phone as phones
from sync.platform.console.misses import MOST
from sync.platform.ports import Ports
from sync.platform.records import Volunteer
from sync.platform.registry import Office
from sync.platform.rostering.hours import instant_of
from sync.platform.rostering.model import Assignment, Post
from sync.protocol.vocabulary import AssignmentState
from tests.integration.platform.conftest import SQLITE, Running
from tests.support.phones import MONDAY, NAMES, Phone, StandingClock, ports_at
from tests.support.rosters import NUMBERS, Town, post_at

OWN, COLLEAGUE, THIRD = NUMBERS[:3]
DAY_MS = 86_400_000
SLIPS: tuple[tuple[dict[str, str], str], ...] = (
    ({"deed": "weekly", "starts-0-0": "08:30"}, "完整的起止时间"),
    ({"deed": "weekly", "starts-0-0": "12:00", "ends-0-0": "08:00"}, "结束时间早于"),
    ({"deed": "away", "from": "2026-07-05"}, "已过去"),
    ({"deed": "away", "from": "9999-12-31"}, "看不懂"),
    ({"deed": "wishes", "mates": "nobody", "most": "2"}, "没有在本平台登记"),
    ({"deed": "wishes", "mates": OWN, "most": "2"}, "没有在本平台登记"),
    ({"deed": "wishes", "point": "nowhere", "most": "2"}, "已不存在"),
    ({"deed": "wishes", "most": "99"}, "0到7"),
)


@pytest.fixture
def stored_in() -> str:
    return SQLITE


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock(instant_of(MONDAY, 7 * 60))


@pytest.fixture
def ports(clock: StandingClock) -> Ports:
    return ports_at(clock)


@dataclass
class Place:
    """A town with a phone: what is offered to its owner, what is open, what a colleague has."""

    town: Town
    phone: Phone
    colleague: Phone
    clock: StandingClock
    offered: Assignment
    theirs: Assignment
    free: Post
    barred: Post

    def state(self, of: Assignment) -> AssignmentState:
        return self.town.place(of).state

    def calendar(self, address: str) -> dict[str, tuple[str, int]]:
        """Return status and sequence by UID."""
        events = Calendar.from_ical(self.phone.browser.get(address).text).walk("VEVENT")
        return {str(each["uid"]): (str(each["status"]), int(str(each["sequence"]))) for each in events}

    def open_calendar(self) -> str:
        found = re.search(r"data-address>(\S+?)<", self.phone.send("calendar", deed="open").text)
        assert found
        return found[1]


@pytest.fixture
def place(platform: Running, ports: Ports, clock: StandingClock) -> Iterator[Place]:
    town = Town(platform.database, clock.now_ms).settle()
    with platform.database.writing("registry") as unit:
        unit.registry.add_volunteers(
            Volunteer(number, name, None, 0) for number, name in zip(NUMBERS, NAMES, strict=True)
        )
    first, second = (town.put(post_at(day, 9, 12)) for day in (1, 2))
    free = town.put(post_at(3, 9, 12, needed=2))
    barred = town.put(post_at(4, 9, 12, skill="急救"))
    offered, theirs = town.assign(first), town.assign(second, COLLEAGUE)
    town.publish()
    clock.now_ms = town.now_ms + 60_000
    town.now_ms = clock.now_ms
    own, other = (Phone.of(town, platform.url, ports, number) for number in (OWN, COLLEAGUE))
    yield Place(town, own, other, clock, offered, theirs, free, barred)
    own.browser.close()
    other.browser.close()


def test_the_page_shows_own_places_and_leaks_nobody(place: Place) -> None:
    answer = place.phone.page()
    assert answer.status_code == 200
    for words in (
        "张＊＊",
        "等您答复",
        "7月7日",
        "09:00–12:00",
        "王城公园东门岗亭",
        "我来报名",
        "还缺2人",
        "需要的技能",
    ):
        assert words in answer.text
    for hidden in ("晓明", "秀兰", OWN, COLLEAGUE):
        assert hidden not in answer.text
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    assert "noindex" in answer.headers["x-robots-tag"]
    assert "<script" not in answer.text
    english = place.phone.browser.get(f"/my/{place.phone.secret}/language/en?to=roster")
    assert "You are asked" in english.text
    assert english.url.path.endswith("/roster")


def test_what_is_pressed_is_decided_at_once_and_said(place: Place) -> None:
    (form,) = place.phone.forms("accept")
    said = place.phone.send("roster", **form)
    assert "您接受了 · 已办好" in said.text
    assert place.state(place.offered) is AssignmentState.ACCEPTED
    assert "我来报名" in said.text
    (take,) = place.phone.forms("take")
    assert take["of"] == place.free.id
    place.phone.send("roster", **take)
    assert len([each for each in place.town.places() if each.post == place.free.id]) == 1
    refused = place.phone.say("take", place.barred.id)
    assert "办不了" in refused.text
    assert "需要的技能还没有为您登记" in refused.text
    (seen,) = place.phone.forms("seen")
    assert "办不了" not in place.phone.send("roster", **seen).text
    place.phone.say("leave", place.offered.id, reason="ill")
    assert place.state(place.offered) is AssignmentState.LEFT


def test_an_exchange_holds_once_the_colleague_agrees(place: Place) -> None:
    place.phone.say("accept", place.offered.id)
    place.colleague.say("accept", place.theirs.id)
    page = place.phone.page().text
    wanted = f"{COLLEAGUE}|{place.theirs.id}"
    assert f'value="{wanted}"' in page
    assert "与王＊＊ (011)换" in page
    place.phone.say("ask_swap", place.offered.id, colleague=wanted)
    assert "换班请求等同事答复" in place.phone.page().text
    assert place.state(place.offered) is AssignmentState.ACCEPTED
    assert "张＊＊想和您换班" in place.colleague.page().text
    (agree,) = place.colleague.forms("agree_swap")
    place.colleague.send("roster", **agree)
    assert place.state(place.offered) is AssignmentState.SWAPPED
    assert place.state(place.theirs) is AssignmentState.SWAPPED


def test_a_form_from_elsewhere_says_nothing(place: Place) -> None:
    word = {"answer": "accept", "of": place.offered.id}
    elsewhere = ({"origin": "null", "sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"})
    for headers in elsewhere:
        assert place.phone.post("roster", word, headers).status_code == 403
        assert place.state(place.offered) is AssignmentState.OFFERED
    for headers in ({"origin": "null"}, {"origin": "null", "sec-fetch-site": "same-origin"}):
        assert place.phone.post("roster", word, headers).status_code == 200
        assert place.state(place.offered) is AssignmentState.ACCEPTED


def test_a_form_of_another_link_or_of_nonsense_says_nothing(place: Place) -> None:
    fields = {"answer": "accept", "of": place.offered.id}
    stolen = place.phone.browser.post(f"/my/{place.phone.secret}/roster", data=fields | {"form": place.colleague.word})
    assert stolen.status_code == 403
    assert "没有作任何更改" in stolen.text
    for nonsense in ({"answer": "order"}, {"of": ""}, {"of": "x" * 65}, {"version": "1e9"}, {"reason": "bored"}):
        assert place.phone.send("roster", **(fields | nonsense)).status_code == 403
    assert place.phone.send("times", deed="nonsense").status_code == 403
    assert place.colleague.say("accept", place.offered.id).status_code == 200, "said, refused and told"
    assert place.state(place.offered) is AssignmentState.OFFERED


def test_who_guesses_links_or_calendars_has_to_wait(place: Place) -> None:
    address = place.open_calendar()
    ways = ("/my/guess{}/roster", "/my/guess{}/times", "/calendar/guess{}.ics")
    statuses = [place.phone.browser.get(ways[count % 3].format(count)).status_code for count in range(MOST)]
    assert set(statuses) == {404}
    for there in (f"/my/{place.phone.secret}/roster", address):
        refused = place.phone.browser.get(there)
        assert refused.status_code == 429
        assert "retry-after" in refused.headers


def test_a_usual_week_days_away_and_wishes_are_kept_as_they_were_set(place: Place) -> None:
    week: dict[str, Any] = {
        "part": ["0-morning", "0-afternoon", "5-evening"],
        "starts-2-0": "08:30",
        "ends-2-0": "11:30",
    }
    assert "已保存" in place.phone.send("times", deed="weekly", **week).text
    with place.town.database.reading() as unit:
        spans = [(one.weekday, one.starts, one.ends) for one in unit.roster_people.weekly((OWN,))[OWN]]
    assert spans == [(0, 480, 1080), (2, 510, 690), (5, 1080, 1320)]
    page = place.phone.page("times").text
    assert re.findall(r'value="(\d-\w+)" aria-label="[^"]*" checked', page) == week["part"]
    assert 'name="starts-2-0" value="08:30"' in page
    place.phone.send("times", deed="away", **{"from": "2026-07-20", "until": "2026-07-22"}, reason="travel")
    assert "7月20日周一 – 7月22日周三" in place.phone.page("times").text
    (away,) = (form for form in map(dict, _hidden(place.phone.page("times").text)) if form.get("deed") == "drop")
    assert "7月20日" not in place.phone.send("times", **away).text
    place.phone.send("times", deed="wishes", point=["point-2", ""], mates=f"{COLLEAGUE}，{THIRD}", most="2")
    with place.town.database.reading() as unit:
        profile = unit.roster_people.profile(OWN)
    assert (profile.points, profile.mates, profile.most_a_week) == (("point-2",), frozenset({COLLEAGUE, THIRD}), 2)


def test_a_slip_is_said_and_nothing_is_written(place: Place) -> None:
    with place.town.database.reading() as unit:
        before = unit.rosters.count_changes()
    for fields, says in SLIPS:
        answer = place.phone.post("times", fields)
        assert answer.status_code == 400, fields
        assert says in answer.text
    with place.town.database.reading() as unit:
        assert unit.rosters.count_changes() == before


def test_a_calendar_tells_of_own_places_and_of_what_became_of_them(place: Place) -> None:
    address = place.open_calendar()
    uid = f"{place.offered.id}@roster.wenming"
    first = place.calendar(address)
    assert {status for status, _ in first.values()} == {"TENTATIVE"}
    assert set(first) == {uid}, "own places alone"
    content = place.phone.browser.get(address)
    assert content.headers["content-type"] == "text/calendar; charset=utf-8"
    assert OWN not in content.text
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT1H" in content.text
    tag = {"if-none-match": content.headers["etag"]}
    assert place.phone.browser.get(address, headers=tag).status_code == 304
    assert place.phone.browser.head(address).headers["etag"] == content.headers["etag"]
    place.phone.say("accept", place.offered.id)
    after = place.phone.browser.get(address, headers=tag)
    assert after.status_code == 200
    assert place.calendar(address)[uid][0] == "CONFIRMED"
    place.phone.say("leave", place.offered.id)
    gone = place.calendar(address)[uid]
    assert gone[0] == "CANCELLED"
    assert gone[1] > first[uid][1]
    place.clock.now_ms += 31 * DAY_MS
    assert place.calendar(address) == {}


def test_a_post_that_is_cancelled_is_cancelled_in_calendars_and_a_draft_was_never_told(place: Place) -> None:
    address = place.open_calendar()
    draft = place.town.assign(place.free)
    place.town.plan(lambda planner: planner.unassign(draft.id))
    place.town.plan(lambda planner: planner.cancel_post(place.offered.post))
    assert {status for status, _ in place.calendar(address).values()} == {"CANCELLED"}
    assert set(place.calendar(address)) == {f"{place.offered.id}@roster.wenming"}


def test_a_calendars_address_opens_nothing_else_and_ends_when_it_is_closed(place: Place, ports: Ports) -> None:
    first, second = place.open_calendar(), place.open_calendar()
    key = second.rpartition("/")[2].removesuffix(".ics")
    assert place.phone.browser.get(first).status_code == 404, "a new address ends the one before"
    assert place.phone.browser.get(f"/my/{key}/roster").status_code == 404
    assert place.phone.browser.get(f"/calendar/{place.phone.secret}.ics").status_code == 404
    with place.town.database.reading() as unit:
        assert unit.calendar_links.find(key) is None, "what is kept is a digest"
    assert key not in place.phone.page("calendar").text, "shown once"
    place.phone.send("calendar", deed="close")
    assert place.phone.browser.get(second).status_code == 404
    third = place.open_calendar()
    with place.town.database.writing("registry") as unit:
        phones.close_links(Office(unit, ports, "410302"), OWN)
    assert httpx.get(third, trust_env=False).status_code == 404, "a phone that is lost has seen it"
    assert place.phone.page().status_code == 404


def _hidden(page: str) -> list[list[tuple[str, str]]]:
    forms = re.findall(r"<form.*?</form>", page, re.DOTALL)
    return [re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form) for form in forms]
