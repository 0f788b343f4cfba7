"""The planner's pages without a script: who may plan what, every deed by a form, and two planners at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from threading import Event

import httpx
import pytest

from sync.platform.signin.audit import AuditFilter, Deed
from sync.platform.signin.rights import Role
from sync.platform.store.rosters import OWNER
from sync.protocol.vocabulary import AssignmentState
from tests.integration.platform.conftest import POINT, SQLITE, Running
from tests.integration.platform.roster_town import (
    AFTERNOON,
    MORNING,
    NAMES,
    NOON,
    SOUTH,
    WOMEN,
    YOUTH,
    add_post,
    furnish,
    held,
    monday,
    number,
    planner,
    posts,
    put,
)
from tests.support.console import browser, enlist, word_of

WIDE = (MORNING[0], NOON[1])


@pytest.fixture
def stored_in() -> str:
    return SQLITE


class Forms(HTMLParser):
    """The forms of a page: where each goes, and what it carries."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self._select = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append((given.get("action", ""), {}))
        elif tag == "select":
            self._select = given.get("name", "")
        elif tag == "option" and self._select and self.found:
            fields = self.found[-1][1]
            if "selected" in given or self._select not in fields:
                fields[self._select] = given.get("value", "")
        elif tag == "input" and self.found and given.get("name"):
            self.found[-1][1][given["name"]] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""


def form(page: str, action: str, **known: str) -> dict[str, str]:
    """Return what the form carries that goes to an address and has these values."""
    for way, fields in Forms(page).found:
        if way == action and known.items() <= fields.items():
            return fields
    raise AssertionError(f"no form to {action} with {known}")


@contextmanager
def signed_in(platform: Running, name: str) -> Iterator[httpx.Client]:
    with browser(platform.url, follow=True) as client:
        client.cookies.update(platform.cookies(name))
        yield client


@pytest.fixture
def town(platform: Running) -> Running:
    furnish(platform.database)
    enlist(platform.database, "head", Role.HEAD, point=POINT.id)
    enlist(platform.database, "captain", Role.CAPTAIN, point=POINT.id, team=YOUTH)
    return platform


def week(**more: str) -> str:
    return str(httpx.URL("/roster", params={"point": POINT.id, "from": monday().isoformat(), **more}))


def send(client: httpx.Client, way: str, page: str, **fields: str) -> httpx.Response:
    common = {"form": word_of(page), "point": POINT.id, "view": "week", "from": monday().isoformat()}
    return client.post(way, data={**common, **fields})


def test_the_roster_is_open_to_who_plans_and_to_nobody_else(town: Running) -> None:
    enlist(town.database, "south", Role.HEAD, point=SOUTH.id)
    post = add_post(town.database, monday(), MORNING)
    for name, role in (("publicist", Role.PUBLICIST), ("auditor", Role.AUDITOR), ("steward", Role.KEEPER)):
        enlist(town.database, name, role, point=POINT.id)
        with signed_in(town, name) as client:
            assert client.get(week()).status_code == 403, name
            word = word_of(client.get("/me").text)
            asked = {"form": word, "point": POINT.id, "post": post.id, "stamp": "1", "volunteer": number(1)}
            assert client.post("/roster/place", data=asked).status_code == 403, name
    with signed_in(town, "south") as client:
        page = client.get(week(post=post.id)).text
        assert POINT.name not in page
        assert SOUTH.name in page
        asked = {"post": post.id, "stamp": "1", "volunteer": number(1)}
        assert send(client, "/roster/place", page, **asked).status_code == 403
        assert send(client, "/roster/place", page, **asked, point=SOUTH.id).status_code == 403
        assert send(client, "/roster/cancel", page, post=post.id, stamp="1", point=SOUTH.id).status_code == 403
    with browser(town.url) as stranger:
        assert stranger.get(week()).headers["location"].startswith("/sign-in")
    assert held(town.database, post) == {}


def test_a_captain_plans_posts_and_people_of_the_own_team(town: Running) -> None:
    with signed_in(town, "captain") as client:
        page = client.get(week()).text
        assert "新增了 14 个班次" in send(client, "/roster/make", page).text, "noon and afternoon, not the women's"
        shared = add_post(town.database, monday(), MORNING, 2)
        theirs = add_post(town.database, monday(), MORNING, team=WOMEN)
        page = client.get(week(post=shared.id)).text
        assert NAMES[1] in page
        assert NAMES[2] not in page, "a volunteer of another team"
        asked = form(page, "/roster/place", volunteer=number(1))
        assert client.post("/roster/place", data={**asked, "volunteer": number(2)}).status_code == 403
        assert client.post("/roster/place", data=asked).status_code == 200
        page = client.get(week(post=theirs.id)).text
        assert "这是其他服务队的班次" in page
        asked = {"post": theirs.id, "stamp": "1", "volunteer": number(1)}
        assert send(client, "/roster/place", page, **asked).status_code == 403
        assert send(client, "/roster/cancel", page, post=theirs.id, stamp="1").status_code == 403
        put(town.database, theirs, number(2))
        page = client.get(week().replace("/roster", "/roster/publish")).text
        assert "已发布" in client.post("/roster/publish", data=form(page, "/roster/publish")).text
    assert held(town.database, shared) == {number(1): "offered"}
    assert held(town.database, theirs) == {number(2): "draft"}


def test_a_form_from_elsewhere_changes_nothing(town: Running) -> None:
    post = add_post(town.database, monday(), MORNING)
    with signed_in(town, "head") as client:
        page = client.get(week(post=post.id)).text
        asked = form(page, "/roster/place", volunteer=number(2))
        assert client.post("/roster/place", data={**asked, "form": "0" * 32}).status_code == 403
        evil = client.post("/roster/place", data=asked, headers={"origin": "http://evil.example"})
        assert evil.status_code == 403
    assert held(town.database, post) == {}


def test_what_another_planner_changed_meanwhile_is_said_and_nothing_is_written(town: Running) -> None:
    post, other = (add_post(town.database, monday(), span, 2) for span in (MORNING, AFTERNOON))
    mine = put(town.database, other, number(3))
    with signed_in(town, "head") as client:
        page = client.get(week(post=post.id)).text
        put(town.database, post, number(4))
        for way, fields in (
            ("/roster/place", form(page, "/roster/place", volunteer=number(2))),
            ("/roster/cancel", form(page, "/roster/cancel", post=post.id)),
            ("/roster/post", {**form(page, "/roster/post", post=post.id), "needed": "7", "service": "directions"}),
        ):
            answer = client.post(way, data=fields)
            assert answer.status_code == 409, way
            assert "刚刚有了新的变动" in answer.text
            assert f"安排 {NAMES[4]}" in answer.text, "what was changed"
        going = client.get(week().replace("/roster", "/roster/publish")).text
        page = client.get(week(post=other.id)).text
        with town.database.writing(OWNER) as unit:
            unit.rosters.put_assignment(replace(mine, state=AssignmentState.ACCEPTED), planner(unit).by)
        answer = client.post("/roster/remove", data=form(page, "/roster/remove", assignment=mine.id))
        assert answer.status_code == 409
        assert f"{NAMES[3]}：已接受" in answer.text
        assert held(town.database, other) == {number(3): "accepted"}
        with town.database.writing(OWNER) as unit:
            planner(unit).unassign(mine.id)
        answer = client.post("/roster/remove", data=form(page, "/roster/remove", assignment=mine.id))
        assert answer.status_code == 409
        assert f"{NAMES[3]}：" in answer.text
        assert client.post("/roster/publish", data=form(going, "/roster/publish")).status_code == 409
    assert held(town.database, post) == {number(4): "draft"}


def test_a_rule_that_speaks_against_a_place_is_a_sentence_with_the_other_posts_time(town: Running) -> None:
    post, clash = add_post(town.database, monday(), WIDE), add_post(town.database, monday(), NOON)
    put(town.database, clash, number(1))
    with signed_in(town, "head") as client:
        page = client.get(week(post=post.id)).text
        answer = send(client, "/roster/place", page, post=post.id, stamp="1", volunteer=number(1))
        assert answer.status_code == 409
        on = f"周一 {monday().month}/{monday().day}"
        assert f"{NAMES[1]} 不能安排在 {on} 08:30–14:00；没有作任何改动。" in answer.text
        assert f"（{on} 11:30–14:00，{POINT.name}）" in answer.text
        fits = client.get(
            "/roster/fits", params={"point": POINT.id, "from": monday().isoformat(), "volunteer": number(1)}
        )
        assert f"{on} 11:30–14:00" in fits.json()[post.id]
    assert held(town.database, post) == {}


def test_a_week_is_planned_by_forms_alone_and_every_deed_is_in_the_log(town: Running) -> None:
    with signed_in(town, "head") as client:
        page = client.get(week()).text
        assert "这一周还没有班次" in page
        page = client.post("/roster/make", data=form(page, "/roster/make")).text
        assert "新增了 22 个班次" in page
        morning, noon, afternoon, *_ = posts(town.database)
        page = client.get(week(post=morning.id)).text
        page = client.post("/roster/place", data=form(page, "/roster/place", volunteer=number(1))).text
        assert held(town.database, morning) == {number(1): "draft"}
        moving = form(page, "/roster/place", volunteer=number(1))
        assert moving["to"].startswith(noon.id), "the first post with room for one more"
        page = client.post("/roster/place", data={**moving, "to": f"{afternoon.id} 1"}).text
        assert (held(town.database, morning), held(town.database, afternoon)) == ({}, {number(1): "draft"})
        page = client.post("/roster/undo", data=form(page, "/roster/undo")).text
        assert held(town.database, morning) == {number(1): "draft"}, "the move was taken back"
        page = client.get(week(post=morning.id)).text
        page = client.post("/roster/remove", data=form(page, "/roster/remove")).text
        assert held(town.database, morning) == {}
        edited = {**form(page, "/roster/post", post=morning.id), "needed": "3", "service": "environment"}
        page = client.post("/roster/post", data=edited).text
        assert "需要人数 2 改为 3" in page
        page = client.post("/roster/cancel", data=form(page, "/roster/cancel", post=morning.id)).text
        assert len(posts(town.database)) == 21
        fresh = {**form(page, "/roster/post", needed="2"), "service": "tutoring", "starts": "18:00", "ends": "19:30"}
        page = client.post("/roster/post", data=fresh).text
        assert "18:00–19:30" in page
        later = (monday() + timedelta(days=7)).isoformat()
        page = client.post("/roster/copy", data={**form(page, "/roster/copy"), "to": later}).text
        assert "已复制 22 个班次" in page
        page = client.get(week().replace("/roster", "/roster/publish")).text
        assert "22" in page
        assert "已发布：新班次 22 个" in client.post("/roster/publish", data=form(page, "/roster/publish")).text
        month = client.get(week(view="month")).text
        assert "还缺人的班次" in month
        assert "22个班次" in client.get(week()).text
    with town.database.reading() as unit:
        deeds = [line.done.deed for line in unit.audit.lines(AuditFilter(), None, 50) if "roster" in line.done.deed]
    wanted = [Deed.ROSTER_POSTS_MADE, Deed.ROSTER_PLACED, Deed.ROSTER_PLACED, Deed.ROSTER_UNDONE, Deed.ROSTER_TAKEN_OFF]
    wanted += [Deed.ROSTER_POST_WRITTEN, Deed.ROSTER_POST_CANCELLED, Deed.ROSTER_POST_WRITTEN, Deed.ROSTER_WEEK_COPIED]
    assert deeds[::-1] == [*wanted, Deed.ROSTER_PUBLISHED]


def test_many_volunteers_are_a_short_list_and_a_search(platform: Running) -> None:
    furnish(platform.database, 300)
    enlist(platform.database, "head", Role.HEAD, point=POINT.id)
    post = add_post(platform.database, monday(), MORNING)
    with signed_in(platform, "head") as client:
        page = client.get(week(post=post.id)).text
        assert page.count('class="fits"') == 30
        assert "另有 270 人" in page
        found = client.get(week(post=post.id, q=number(299))).text
        assert found.count('class="fits"') == 1
        assert number(299) in found
        assert "没有找到志愿者" in client.get(week(post=post.id, q="没有这个人")).text


def test_a_proposal_is_for_who_plans_there_and_changes_nothing_before_it_is_taken_over(town: Running) -> None:
    enlist(town.database, "south", Role.HEAD, point=SOUTH.id)
    post = add_post(town.database, monday(), MORNING, 2)
    theirs = add_post(town.database, monday(), MORNING, team=WOMEN)
    with signed_in(town, "captain") as client, signed_in(town, "south") as other:
        page = client.get(week()).text
        assert send(other, "/roster/propose", other.get("/roster").text).status_code == 403
        begun = client.post("/roster/propose", data={**form(page, "/roster/propose"), "seconds": "1"})
        path = begun.url.path
        assert other.get(path).status_code == other.get(f"{path}/watch").status_code == 404
        assert send(other, f"{path}/apply", other.get("/roster").text).status_code == 404
        while "hx-refresh" not in client.get(f"{path}/watch").headers:
            Event().wait(0.2)
        ready = client.get(path).text
        assert "另有 3 处由其他排班人安排" in ready
        assert held(town.database, post) == held(town.database, theirs) == {}
        done = client.post(f"{path}/apply", data=form(ready, f"{path}/apply"))
        assert "新增草稿 0 人次" in done.text
        assert client.post(f"{path}/apply", data=form(ready, f"{path}/apply")).status_code == 409
    assert held(town.database, post) == held(town.database, theirs) == {}
