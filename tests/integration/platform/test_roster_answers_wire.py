"""Answers to the roster over the wire and under two workers: no upload waits for them, and none is decided twice."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from sync.platform.ports import Ports, unix_ms
from sync.platform.records import Volunteer
from sync.platform.rostering import answering
from sync.platform.rostering.answering import Said
from sync.platform.rostering.hours import day_of, span_of
from sync.platform.rostering.model import Answer, Post, PostState
from sync.platform.store import Database
from sync.platform.store.rosters import OWNER, By
from sync.protocol.changes import CHANGES_PATH
from sync.protocol.roster import RosterResponse
from sync.protocol.vocabulary import AnswerOutcome, AssignmentState, RosterAnswer
from tests.integration.platform.conftest import POINT, POSTGRESQL, Running
from tests.integration.platform.fleet import CARD, FakeDevice, ask, send

PATIENCE_S = 20.0
NUMBERS = [f"410302000000{number:04d}" for number in range(8)]
TAKE = RosterAnswer.TAKE


@pytest.fixture
def stored_in() -> str:
    """SQLite has one writer: nothing happens at once there."""
    return POSTGRESQL


@pytest.fixture
def other(platform: Running) -> Iterator[Database]:
    """Another worker's database."""
    database = Database.open(platform.database_url)
    yield database
    database.close()


def open_post(platform: Running, needed: int) -> Post:
    """A post of tomorrow, and the volunteers who would serve there."""
    now_ms = unix_ms(datetime.now(UTC))
    on = day_of(now_ms) + timedelta(days=1)
    post = Post("post", POINT.id, "directions", *span_of(on, 540, 720), on, needed, state=PostState.PUBLISHED)
    with platform.database.writing(OWNER) as unit:
        unit.registry.add_volunteers(Volunteer(number, "张三", None, 0) for number in NUMBERS)
        return unit.rosters.put_post(post, By("planner", now_ms, "page"))


def recorded(platform: Running, name: str, numbers: list[str]) -> FakeDevice:
    """A booth at which some volunteers took the post."""
    now_ms = unix_ms(datetime.now(UTC))
    device = platform.device(name, now_ms - 60_000)
    for number in numbers:
        device.record(RosterResponse(number, CARD, TAKE, "post"), now_ms)
    return device


def answers_of(platform: Running, device: FakeDevice) -> list[Answer]:
    with platform.database.reading() as unit:
        found = [unit.roster_answers.find(event.id) for event in device.log]
    return [answer for answer in found if answer is not None]


def outcomes_of(platform: Running, device: FakeDevice) -> list[AnswerOutcome | None]:
    return [answer.outcome for answer in answers_of(platform, device)]


def given(platform: Running) -> list[str]:
    with platform.database.reading() as unit:
        return [place.volunteer for place in unit.rosters.assignments(["post"], {AssignmentState.ACCEPTED})]


def until_settled(platform: Running, device: FakeDevice) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while None in outcomes_of(platform, device):
        assert time.monotonic() < deadline, "nothing was settled"
        time.sleep(0.01)


def test_an_upload_waits_for_no_planner_and_its_answers_are_settled_afterwards(platform: Running) -> None:
    open_post(platform, needed=3)
    device = recorded(platform, "east", NUMBERS[:5])
    with platform.database.writing(OWNER):  # a planner holds the roster
        assert send(platform.url, device).outcomes == ["accepted"] * 5
        assert outcomes_of(platform, device) == [None] * 5
    until_settled(platform, device)
    assert outcomes_of(platform, device) == [AnswerOutcome.DONE] * 3 + [AnswerOutcome.LOST] * 2
    assert send(platform.url, device).outcomes == ["duplicate"] * 5
    assert given(platform) == NUMBERS[:3]


def test_what_a_crash_left_waiting_is_settled_when_a_booth_asks_for_news(platform: Running) -> None:
    open_post(platform, needed=1)
    device = platform.device("east")
    with platform.database.writing(OWNER) as unit:
        unit.roster_answers.put(Answer("left", NUMBERS[0], TAKE, "post", "page", unix_ms(datetime.now(UTC))))
    assert ask(platform.url, device, f"{CHANGES_PATH}?scope=station&limit=500").status_code == 200
    assert given(platform) == [NUMBERS[0]]


def test_two_workers_decide_every_answer_once_and_one_after_another(
    platform: Running, other: Database, ports: Ports
) -> None:
    open_post(platform, needed=3)
    device = recorded(platform, "east", NUMBERS[:4])
    with ThreadPoolExecutor(4) as pool:
        with platform.database.writing(OWNER):  # so that all of them stand at the door
            send(platform.url, device)
            said = [
                pool.submit(answering.say, database, ports, Said(number, TAKE, "post"))
                for number, database in zip(NUMBERS[4:], (platform.database, other) * 2, strict=True)
            ]
        on_pages = [each.result(PATIENCE_S).outcome for each in said]
    until_settled(platform, device)
    outcomes = [*outcomes_of(platform, device), *on_pages]
    assert sorted(outcomes, key=str) == [AnswerOutcome.DONE] * 3 + [AnswerOutcome.LOST] * 5
    assert len(given(platform)) == 3
    nonsense = Said(NUMBERS[0], RosterAnswer.ASK_SWAP, "a\x00", colleague="b\x00", in_return="\x00")
    assert answering.say(other, ports, nonsense).outcome is AnswerOutcome.VOID
    with platform.database.reading() as unit:
        assert len(unit.rosters.changes_of("post", "post")) == 1
        assert len(unit.rosters.assignments(["post"], None)) == 3
