"""Promises of the set-up pages: what a station needs is set there, by who may, and stands in the log in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from http import HTTPStatus

import httpx
import pytest

from sync.platform.rostering.hours import day_of
from sync.platform.rostering.model import Days, Opening, Weekly
from sync.platform.rostering.usual import HOURS, Part
from sync.platform.signin.rights import Role
from tests.integration.platform.conftest import POINT, SQLITE, Running
from tests.integration.platform.roster_town import YOUTH, furnish, monday, number
from tests.support.console import browser, enlist, sign_in, word_of

PAGE = "/roster/setup"
TEMPLATE: dict[str, object] = {
    "name": "晚间",
    "service": "directions",
    "weekday": ["0", "2"],
    "days": "weekly",
    "starts": "18:00",
    "ends": "20:00",
    "needed": "2",
    "team": "",
}


@pytest.fixture
def stored_in() -> str:
    return SQLITE


@pytest.fixture
def head(platform: Running) -> Iterator[httpx.Client]:
    """The head of the first point, signed in; volunteers and templates stand already."""
    furnish(platform.database)
    enlist(platform.database, "head", Role.HEAD, point=POINT.id)
    with browser(platform.url, follow=True) as client:
        sign_in(client, "head")
        yield client


def post(client: httpx.Client, path: str, **fields: object) -> httpx.Response:
    """Send a form of the set-up pages."""
    word = word_of(client.get(f"{PAGE}?point={POINT.id}").text)
    return client.post(PAGE + path, data={"form": word, "point": POINT.id, **fields})


def test_hours_and_special_days_are_set_and_posts_keep_within_them(platform: Running, head: httpx.Client) -> None:
    hours = {"opens-0-0": "08:00", "closes-0-0": "12:00", "opens-0-1": "14:00", "closes-0-1": "00:00"}
    saved = post(head, "/hours", **hours)
    assert "开放时间已保存" in saved.text
    closed = post(head, "/special", day=monday().isoformat(), label="重阳节")
    assert "重阳节" in closed.text
    with platform.database.reading() as unit:
        assert unit.openings.own_hours(POINT.id) == (Opening(0, 480, 720), Opening(0, 840, 1440))
        assert unit.openings.special_days(monday(), monday())[0].opens is None
    preview = post(head, "/templates/preview", **TEMPLATE)
    assert preview.status_code == HTTPStatus.OK
    assert f"{monday().month}/{monday().day} 18:00" in preview.text.split("当天不开放，不生成")[1]
    assert "晚间" not in head.get(f"{PAGE}/templates?point={POINT.id}").text  # a preview writes nothing


def test_what_cannot_be_is_said_on_the_page_and_nothing_is_written(platform: Running, head: httpx.Client) -> None:
    overlap = {"opens-0-0": "08:00", "closes-0-0": "12:00", "opens-0-1": "11:00", "closes-0-1": "13:00"}
    slips: list[tuple[str, Mapping[str, object]]] = [
        ("/hours", overlap),
        ("/hours", {"opens-0-0": "08:00"}),
        ("/special", {"day": "soon", "label": "x"}),
        ("/templates", {**TEMPLATE, "weekday": []}),
        ("/templates", {**TEMPLATE, "needed": "0"}),
        (f"/people/{number(1)}", {"deed": "training", "training": ""}),
        (f"/people/{number(1)}", {"deed": "weekly", "starts-0-0": "10:00", "ends-0-0": "09:00"}),
        (f"/people/{number(1)}", {"deed": "none of these"}),
    ]
    for path, fields in slips:
        refused = post(head, path, **fields)
        assert refused.status_code == HTTPStatus.CONFLICT, path
        assert 'role="alert"' in refused.text
    with platform.database.reading() as unit:
        assert unit.openings.own_hours(POINT.id) == ()
        assert len(unit.openings.templates((POINT.id,))) == 4


def test_a_template_is_added_changed_and_ended_and_the_log_tells_each(platform: Running, head: httpx.Client) -> None:
    post(head, "/templates", **TEMPLATE)
    with platform.database.reading() as unit:
        (added,) = (each for each in unit.openings.templates((POINT.id,)) if each.name == "晚间")
    assert added.days is Days.WEEKLY
    post(head, "/templates", **{**TEMPLATE, "template": added.id, "needed": "3"})
    post(head, "/templates/end", template=added.id)
    with platform.database.reading() as unit:
        ended = unit.openings.template(added.id)
    assert ended is not None
    assert (ended.needed, ended.ended, ended.version) == (3, True, 3)
    log = head.get(f"{PAGE}/log?point={POINT.id}").text
    assert "晚间" in log
    assert "<s>2</s> → <b>3</b>" in log


def test_what_a_volunteer_brings_is_written_and_read_again(platform: Running, head: httpx.Client) -> None:
    own, person = number(1), f"/people/{number(1)}"
    post(head, person, deed="weekly", part=["0-morning", "0-afternoon"], **{"starts-2-0": "18:30", "ends-2-0": "20:00"})
    post(
        head,
        person,
        deed="profile",
        skills="英语 手语",
        wish=[POINT.id, ""],
        mates=number(2),
        most="3",
        guide="1",
        team=YOUTH,
    )
    post(head, person, deed="training", training="急救", until=monday().isoformat())
    away = post(head, person, deed="away", **{"from": monday().isoformat(), "reason": "ill"})
    assert "急救" in away.text
    assert "生病" not in away.text  # why somebody is away stays theirs
    with platform.database.reading() as unit:
        profile, people = unit.roster_people.profile(own), unit.roster_people
        assert (profile.skills, profile.points, profile.most_a_week) == (frozenset({"英语", "手语"}), (POINT.id,), 3)
        assert people.weekly((own,))[own] == (
            Weekly(0, HOURS[Part.MORNING][0], HOURS[Part.AFTERNOON][1]),
            Weekly(2, 1110, 1200),
        )
        (deviation,) = people.deviations(0, 1 << 60, (own,))[own]
        assert day_of(deviation.from_ms) == monday()
        assert deviation.reason is None
    dropped = post(head, person, deed="drop", id=deviation.id)
    assert "已保存" in dropped.text
    with platform.database.reading() as unit:
        assert unit.roster_people.deviations(0, 1 << 60, (own,)) == {}


def test_a_captain_sets_up_the_own_team_alone(platform: Running, head: httpx.Client) -> None:
    enlist(platform.database, "captain", Role.CAPTAIN, point=POINT.id, team=YOUTH)
    with browser(platform.url, follow=True) as captain:
        sign_in(captain, "captain")
        beyond: list[tuple[str, Mapping[str, object]]] = [
            ("/hours", {"opens-0-0": "08:00", "closes-0-0": "12:00"}),
            ("/special", {"day": monday().isoformat(), "label": "x"}),
            ("/place", {"address": "x"}),
            ("/templates", TEMPLATE),
            ("/templates", {**TEMPLATE, "team": YOUTH, "template": "morning"}),
            ("/templates/end", {"template": "women"}),
            (f"/people/{number(2)}", {"deed": "weekly"}),
        ]
        for path, fields in beyond:
            assert post(captain, path, **fields).status_code == HTTPStatus.FORBIDDEN, path
        assert post(captain, "/templates", **{**TEMPLATE, "team": YOUTH}).status_code == HTTPStatus.OK
        listed = captain.get(f"{PAGE}/people?point={POINT.id}").text
        assert number(1) in listed
        assert number(2) not in listed
        assert captain.get(f"{PAGE}/people/{number(2)}?point={POINT.id}").status_code == HTTPStatus.FORBIDDEN
    enlist(platform.database, "publicist", Role.PUBLICIST, point=POINT.id)
    with browser(platform.url, follow=True) as publicist:
        sign_in(publicist, "publicist")
        assert publicist.get(PAGE).status_code == HTTPStatus.FORBIDDEN


def test_another_point_is_nobody_elses(platform: Running, head: httpx.Client) -> None:
    word = word_of(head.get(PAGE).text)
    refused = head.post(f"{PAGE}/place", data={"form": word, "point": "point-2", "address": "x"})
    assert refused.status_code == HTTPStatus.FORBIDDEN
