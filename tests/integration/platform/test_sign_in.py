"""The door of the console over real HTTP: who comes in, how long, and what a stranger can find out."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from click.testing import CliRunner

from sync.platform.__main__ import main
from sync.platform.app import Appearance, build_app
from sync.platform.console import Reach
from sync.platform.console.asks import ASKS
from sync.platform.ports import Ports
from sync.platform.records import Term, Volunteer
from sync.platform.signin.audit import AuditFilter, Deed
from sync.platform.signin.door import Door, Refused, SignedIn
from sync.platform.signin.people import IDLE_MS, WHOLE_MS
from sync.platform.signin.rights import Role
from sync.platform.signin.tries import ALLOWANCES, Kind
from sync.platform.store import Database
from sync.protocol.reference import Appointment
from tests.integration.platform.conftest import POINT, SQLITE, Running
from tests.integration.platform.test_commands import done, run
from tests.support.console import CHEAP, LONG_MS, PASSWORD, PORTS, browser, enlist, sign_in, word_of

OPEN = {"/language/{language}", "/face.otf", "/sign-in", "/my/{secret}", "/healthz"} | {
    "/my/{secret}/roster", "/my/{secret}/language/{language}", "/my/{secret}/times", "/my/{secret}/calendar",
    "/calendar/{secret}.ics",
}  # fmt: skip


@pytest.fixture(params=[SQLITE])
def stored_in(request: pytest.FixtureRequest) -> str:
    """On SQLite alone: sessions are plain rows; ``test_sessions_are_kept_on_either_database`` asks for both."""
    return str(request.param)


@contextmanager
def visiting(platform: Running, name: str = "keeper") -> Iterator[httpx.Client]:
    with browser(platform.url) as client:
        assert sign_in(client, name).status_code == 303
        yield client


def test_without_an_account_the_page_tells_the_command_and_nothing_else(platform: Running) -> None:
    with browser(platform.url) as client:
        assert client.get("/ledger").headers["location"] == "/sign-in?next=%2Fledger"
        page = client.get("/sign-in").text
        assert "python -m sync.platform account add" in page
        assert "<input" not in page
        assert "<nav" not in page or "/ledger" not in page


def test_every_page_asks_who_it_is_and_leads_there_afterwards(platform: Running) -> None:
    enlist(platform.database)
    with browser(platform.url) as client:
        for path in ("/", "/ledger", "/session?id=x", "/volunteer", "/station", "/certificates", "/devices", "/me"):
            answer = client.get(path)
            assert (answer.status_code, answer.headers["location"].split("?")[0]) == (303, "/sign-in"), path
        answer = sign_in(client, next="/ledger?day=2026-07-03")
        assert answer.headers["location"] == "/ledger?day=2026-07-03"
        assert client.get("/ledger").status_code == 200


def test_every_route_stands_in_the_table_of_rights_or_is_open_on_purpose(ports: Ports, database_url: str) -> None:
    database = Database.open(database_url)
    app = build_app(database, ports)
    ways = {
        f"{method.upper()} {path}"
        for path, methods in app.openapi()["paths"].items()
        if not path.startswith("/v1/") and path not in OPEN
        for method in methods
    }
    assert ways == set(ASKS)
    database.close()


@pytest.mark.parametrize("there", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_signing_in_leads_nowhere_else(platform: Running, there: str) -> None:
    enlist(platform.database)
    with browser(platform.url) as client:
        assert sign_in(client, next=there).headers["location"] == "/"


def test_a_name_without_account_a_wrong_password_and_an_ended_term_are_one_answer(platform: Running) -> None:
    enlist(platform.database)
    enlist(platform.database, "ended", Role.HEAD, point=POINT.id, until_ms=1)
    answers = set()
    with browser(platform.url) as client:
        for name, password in (("nobody", PASSWORD), ("keeper", "wrong"), ("ended", PASSWORD), ("a b", "x"), ("", "")):
            answer = sign_in(client, name, password)
            text = re.sub(r'value="[^"]*"|autofocus', "", answer.text)
            answers.add((answer.status_code, re.sub(r"\s+", " ", text).replace(" >", ">"), len(answer.cookies)))
    assert len(answers) == 1, answers


def test_the_cookie_is_only_the_browsers_and_the_database_cannot_be_signed_in_with(platform: Running) -> None:
    enlist(platform.database)
    with browser(platform.url) as client:
        cookie = sign_in(client).headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        assert "Secure" not in cookie
        secret = client.cookies["console"]
    with closing(sqlite3.connect(platform.path)) as connection:
        held = "\n".join(line for line in connection.iterdump() if "console_sessions" in line or "accounts" in line)
    assert secret not in held
    assert PASSWORD not in held


@pytest.mark.parametrize("appearance", [Appearance(reach=Reach.ANYWHERE, costs=CHEAP)])
def test_over_https_the_cookie_is_held_to_this_host_and_over_http_from_elsewhere_nothing_opens(
    platform: Running,
) -> None:
    enlist(platform.database)
    elsewhere = {"host": "platform.example"}
    with browser(platform.url) as client:
        client.headers.update(elsewhere)
        assert client.get("/sign-in").status_code == 403
        client.headers.update({"x-forwarded-proto": "https", "x-forwarded-for": "203.0.113.7"})
        word = word_of(client.get("/sign-in").text)
        fields = {"form": word, "name": "keeper", "password": PASSWORD}
        answer = client.post("/sign-in", data=fields, headers={"cookie": f"form={word}"})
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-console=")
        assert "Secure" in cookie
        assert "Path=/" in cookie
        page = client.get("/me", headers={"cookie": cookie.split(";")[0]})
        assert "203.0.113.7" in page.text


def test_signing_out_ends_it_here_and_everywhere_if_wanted(platform: Running) -> None:
    enlist(platform.database)
    with visiting(platform) as first, visiting(platform) as second, visiting(platform) as third:
        first.post("/sign-out", data={"form": word_of(first.get("/me").text)})
        assert [each.get("/me").status_code for each in (first, second, third)] == [303, 200, 200]
        second.post("/sign-out/everywhere", data={"form": word_of(second.get("/me").text)})
        assert [each.get("/me").status_code for each in (first, second, third)] == [303, 303, 303]


def test_a_given_password_is_good_for_choosing_an_own_one_alone(platform: Running) -> None:
    enlist(platform.database, must_change=True)
    with browser(platform.url) as client:
        assert sign_in(client).headers["location"] == "/me"
        assert client.get("/ledger").headers["location"] == "/me"
        word = word_of(client.get("/me").text)
        own = {"form": word, "present": PASSWORD, "new": "五条小路通向服务站", "again": "五条小路通向服务站"}
        for change, says in (
            ({"new": "short", "again": "short"}, "过于简单"),
            ({"new": PASSWORD, "again": PASSWORD}, "与旧密码相同"),
            ({"again": "something else here"}, "不一致"),
            ({"present": "wrong"}, "当前密码不对"),
        ):
            assert says in client.post("/me/password", data={**own, **change}).text
        long = {"new": "五条小路通向王城公园服务站", "again": "五条小路通向王城公园服务站"}
        assert client.post("/me/password", data={**own, **long}).headers["location"] == "/"
        assert client.get("/ledger").status_code == 200
    with browser(platform.url) as client:
        assert sign_in(client).status_code == 403
        assert sign_in(client, password=long["new"]).status_code == 303


def test_an_own_password_signs_the_other_browsers_out(platform: Running) -> None:
    enlist(platform.database)
    with visiting(platform) as first, visiting(platform) as second:
        new = "三顶红帽子挂在岗亭的门后"
        fields = {"form": word_of(first.get("/me").text), "present": PASSWORD, "new": new, "again": new}
        assert "密码已修改" in first.post("/me/password", data=fields).text
        assert (first.get("/me").status_code, second.get("/me").status_code) == (200, 303)


def test_rights_end_with_the_term_at_once_while_signed_in(platform: Running) -> None:
    enlist(platform.database, "head", Role.HEAD, point=POINT.id)
    with visiting(platform, "head") as client:
        assert client.get("/ledger").status_code == 200
        with platform.database.writing("registry") as unit:
            account = unit.accounts.named("head")
            assert account is not None
            assert account.own is not None
            unit.accounts.put(replace(account, own=replace(account.own, until_ms=account.own.from_ms + 1)))
        assert client.get("/ledger").status_code == 403
        assert "任期已满" in client.get("/ledger").text


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        (Role.PUBLICIST, {"/", "/me"}),
        (Role.ORGANISER, {"/", "/me", "/ledger", "/certificates", "/station"}),
        (Role.AUDITOR, {"/", "/me", "/ledger", "/station", "/devices", "/quarantine"}),
    ],
)
def test_the_menu_and_the_pages_are_those_of_the_role(platform: Running, role: Role, allowed: set[str]) -> None:
    enlist(platform.database, "someone", role, point=POINT.id)
    with visiting(platform, "someone") as client:
        menu = set(re.findall(r'<a href="(/[a-z]+)"', client.get("/me").text.split("</nav>")[0]))
        for path in ("/", "/me", "/ledger", "/certificates", "/station", "/devices", "/quarantine"):
            assert (client.get(path).status_code == 200) == (path in allowed), path
            assert path in menu or path in {"/", "/me"} or path not in allowed, path


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
    ],
)
def test_a_form_from_elsewhere_changes_nothing_even_with_the_right_word(
    platform: Running, headers: dict[str, str]
) -> None:
    enlist(platform.database)
    with visiting(platform) as client:
        word = word_of(client.get("/me").text)
        assert client.post("/sign-out", data={"form": word}, headers=headers).status_code == 403
        assert client.post("/sign-out", data={"form": "x"}).status_code == 403
        assert client.post("/sign-out").status_code == 403
        assert client.get("/me").status_code == 200
        own = {"origin": platform.url}
        assert client.post("/sign-out", data={"form": word}, headers=own).status_code == 303


def test_another_ones_word_opens_no_form(platform: Running) -> None:
    enlist(platform.database)
    enlist(platform.database, "other")
    with visiting(platform) as mine, visiting(platform, "other") as other:
        word = word_of(other.get("/me").text)
        assert mine.post("/sign-out", data={"form": word}).status_code == 403


def test_who_guesses_waits_longer_and_longer_and_the_right_password_does_not_help(platform: Running) -> None:
    enlist(platform.database)
    with browser(platform.url) as client:
        for _ in range(ALLOWANCES[Kind.ACCOUNT].free):
            assert sign_in(client, password="wrong").status_code == 403
        answer = sign_in(client)
        assert answer.status_code == 429
        assert int(answer.headers["retry-after"]) >= 30
        assert "请等待 1 分钟" in answer.text


class Clocked:
    """Ports whose clock is set by the test."""

    def __init__(self) -> None:
        self.at = datetime(2026, 7, 3, 1, 0, tzinfo=UTC)
        self.ports = Ports(lambda: self.at, PORTS.ids, PORTS.entropy)


def door_of(database_url: str) -> tuple[Door, Clocked]:
    clocked = Clocked()
    database = Database.open(database_url)
    with database.writing("registry") as unit:
        unit.registry.begin_epoch("epoch-1")
        unit.registry.add_service_point(POINT)
    return Door(database, clocked.ports, CHEAP), clocked


def enter(door: Door, name: str = "keeper", password: str = PASSWORD, address: str = "192.0.2.1") -> SignedIn | Refused:
    return door.sign_in(name, password, address)


@pytest.mark.parametrize("stored_in", [SQLITE, "postgresql"])
def test_sessions_are_kept_on_either_database_and_end_by_idleness_and_by_age(database_url: str) -> None:
    door, clocked = door_of(database_url)
    enlist(door.database)
    entered = enter(door)
    assert isinstance(entered, SignedIn)
    begun = clocked.at
    clocked.at = begun + timedelta(milliseconds=IDLE_MS - 1)
    assert door.come_back(entered.secret) is not None
    clocked.at = begun + timedelta(milliseconds=2 * IDLE_MS - 1)
    assert door.come_back(entered.secret) is None
    again = enter(door)
    assert isinstance(again, SignedIn)
    begun = clocked.at
    while clocked.at - begun < timedelta(milliseconds=WHOLE_MS - 1):
        assert door.come_back(again.secret) is not None
        clocked.at += timedelta(minutes=20)
    assert door.come_back(again.secret) is None
    assert door.come_back("0" * 64) is None
    third = enter(door)
    assert isinstance(third, SignedIn)
    for _ in range(2):
        clocked.at += timedelta(milliseconds=IDLE_MS * 0.6)
        left = door.come_back(third.secret, awake=False)
    assert left is None, "a page that asks by itself keeps nobody signed in"
    door.database.close()


def test_tries_are_counted_before_they_are_looked_at_and_survive_the_process(database_url: str) -> None:
    door, clocked = door_of(database_url)
    enlist(door.database)
    for number in range(ALLOWANCES[Kind.ACCOUNT].free):
        assert enter(door, password="wrong", address=f"192.0.2.{number}") == Refused()
    reborn = Door(door.database, clocked.ports, CHEAP)
    refused = enter(reborn, address="198.51.100.9")
    assert isinstance(refused, Refused)
    assert refused.wait_ms == 30_000
    clocked.at += timedelta(milliseconds=refused.wait_ms)
    assert isinstance(enter(reborn, address="198.51.100.9"), SignedIn)
    assert enter(reborn, password="wrong") == Refused(), "a right password begins the count anew"
    door.database.close()


def test_names_that_nobody_has_wait_like_those_that_somebody_has(database_url: str) -> None:
    door, _ = door_of(database_url)
    enlist(door.database)
    for name in ("keeper", "nobody"):
        answers = [enter(door, name, "wrong", f"192.0.2.{number}") for number in range(7)]
        assert [each.wait_ms for each in answers if isinstance(each, Refused)] == [0] * 5 + [30_000] * 2
    door.database.close()


def test_one_address_cannot_try_many_names(database_url: str) -> None:
    door, _ = door_of(database_url)
    answers = [enter(door, f"name{number}", "wrong") for number in range(ALLOWANCES[Kind.ADDRESS].free + 1)]
    last = answers[-1]
    assert isinstance(last, Refused)
    assert last.wait_ms > 0
    door.database.close()


def test_a_grave_deed_asks_for_the_password_again_after_five_minutes(database_url: str) -> None:
    door, clocked = door_of(database_url)
    enlist(door.database)
    entered = enter(door)
    assert isinstance(entered, SignedIn)
    visitor = door.come_back(entered.secret)
    assert visitor is not None
    assert door.prove(visitor, "", "192.0.2.1")
    clocked.at += timedelta(minutes=6)
    visitor = door.come_back(entered.secret)
    assert visitor is not None
    assert not door.prove(visitor, "", "192.0.2.1")
    assert not door.prove(visitor, "wrong", "192.0.2.1")
    assert door.prove(visitor, PASSWORD, "192.0.2.1")
    fresh = door.come_back(entered.secret)
    assert fresh is not None
    assert fresh.is_proved
    door.database.close()


def test_an_appointment_gives_a_volunteers_account_its_rights_and_its_end_takes_them(database_url: str) -> None:
    door, clocked = door_of(database_url)
    with door.database.writing("registry") as unit:
        unit.registry.add_volunteers([Volunteer("LY1", "张晓明", None, 0)])
        unit.places.appoint(Term("t1", POINT.id, POINT.name, Appointment("LY1", "", "head", 0, LONG_MS, None)))
    enlist(door.database, "zhang", None, volunteer="LY1")
    entered = enter(door, "zhang")
    assert isinstance(entered, SignedIn)
    with door.database.writing("registry") as unit:
        unit.places.end_term("t1", round(clocked.at.timestamp() * 1000))
    visitor = door.come_back(entered.secret)
    assert visitor is not None
    assert visitor.held == ()
    assert enter(door, "zhang") == Refused()
    door.database.close()


def test_the_log_tells_who_did_what_and_cannot_be_changed(platform: Running) -> None:
    enlist(platform.database)
    with visiting(platform) as client:
        sign_in(client, password="wrong")
        client.post("/sign-out", data={"form": word_of(client.get("/me").text)})
    with platform.database.reading() as unit:
        lines = unit.audit.lines(AuditFilter(), None, 10)
    assert [(each.who, each.done.deed) for each in lines] == [
        ("keeper", Deed.SIGNED_OUT),
        (None, Deed.SIGN_IN_REFUSED),
        ("keeper", Deed.SIGNED_IN),
        (None, Deed.ACCOUNT_ADDED),
    ]
    for statement in ("UPDATE audit SET deed = 'x'", "DELETE FROM audit"):
        with pytest.raises(Exception, match="immutable"):
            platform.sql(statement)


def test_accounts_in_commands(database_url: str) -> None:
    database = Database.open(database_url)
    with database.writing("registry") as unit:
        unit.registry.begin_epoch("epoch-1")
        unit.registry.add_service_point(POINT)
    at = ("--database", database_url)
    said = done("account", "add", *at, "Keeper", "--role", "keeper")
    password = re.search(r"First password, shown this once: (\S+)", said)
    assert password
    door = Door(database, PORTS, CHEAP)
    entered = door.sign_in("keeper", password[1], "192.0.2.1")
    assert entered == SignedIn(entered.secret if isinstance(entered, SignedIn) else "", must_change=True)
    typed = CliRunner().invoke(
        main,
        ["account", "add", *at, "zhang", "--role", "head", "--service-point", POINT.name, "--ask"],
        input=f"{PASSWORD}\n{PASSWORD}\n",
        obj=PORTS,
    )
    assert typed.exit_code == 0, typed.output
    assert PASSWORD not in typed.output
    assert isinstance(door.sign_in("zhang", PASSWORD, "192.0.2.1"), SignedIn)
    for wrong in (("keeper", "--role", "keeper"), ("x", "--role", "keeper"), ("li", "--role", "head"), ("li",)):
        assert run("account", "add", *at, *wrong).exit_code == 2, wrong
    assert password[1] not in done("account", "reset", *at, "keeper")
    assert isinstance(door.sign_in("keeper", password[1], "192.0.2.1"), Refused)
    done("account", "term", *at, "zhang", "--role", "auditor", "--until", "2100-01-01T00:00:00+08:00")
    assert "auditor" in done("account", "list", *at)
    done("account", "close", *at, "zhang")
    assert isinstance(door.sign_in("zhang", PASSWORD, "192.0.2.1"), Refused)
    database.close()
